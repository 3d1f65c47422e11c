"""Numbers that must never be shown (resources/denylist.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from porchlight.texts import load_yaml

#: No number of a phone is as large.
_LONGEST = 10**12
_NOT_DIGITS = re.compile(r"\D")


def digits(number: str) -> str:
    """The digits of a number, without the country's 1: "+1 (800) 555-0100" is "8005550100"."""
    found = _NOT_DIGITS.sub("", number)
    return found[1:] if len(found) == 11 and found.startswith("1") else found


def denied(number: str, state: str | None = None) -> str | None:
    """Why a number must not be shown (in a state); None when it may be."""
    entry = _entries().get(digits(number))
    if entry is None or (state and entry.get("only_for") == state):
        return None
    return entry["why"]


WITHDRAWN = "[number withdrawn]"

#: What people put between the parts of a number: blanks, brackets, dots, strokes of all lengths. And how the web
#: writes these.
_GAP = r"(?:[\s().\[\]/*_\-\u00ad\u00b7\u2010-\u2015\u2022\u2212\u200b\u2060]|%2[\dDEde]|&nbsp;|&#160;){0,4}"
#: Ten digits as people write them, with or without the country's 1. A longer number is another one.
_NUMBERS = re.compile(
    rf"(?:(?<!\d)|(?<=%20))(?:(?:\+|%2[Bb]|00)?1{_GAP})?(?:\(\d{{3}}\)|\d{{3}}){_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)"
)
_LAST_FOUR = re.compile(r"[0-9]{4}(?![0-9])")
#: A short code that is a ZIP code of Houston, too: after the name of Texas, after "zip", and among others of that city.
_ZIPS = {"77054"}
_NO_ZIP = (
    r"(?<!\btx )(?<!\btx\. )(?<!\btx, )(?<!\btexas )(?<!\btexas, )(?<!\bhouston )(?<!\bzip )(?<!\bzip code )"
    r"(?<!\b77\d{3}, )(?<!\b77\d{3} )(?<!\b77\d{3},)",
    r"(?!,? ?77\d{3}\b)",
)


def without_denied(text: str, codes: bool = True) -> str:
    """`text`, in which each number that must be shown nowhere is replaced. One that is right in a state only stays:
    which state a text is about, only its reader knows (`porchlight directory check` names it).

    `codes`: short codes are replaced, too; not where ZIP codes stand.
    """
    if _ends().isdisjoint(_LAST_FOUR.findall(text)):
        return text  # nearly all texts, and in a tenth of the time
    text = _NUMBERS.sub(_withdrawn, text)
    return _codes().sub(WITHDRAWN, text) if codes else text


def all_without_denied(value: Any) -> Any:
    """The same for what HSDS does not know, however it is nested, and for numbers that are no text: of these, one that
    is right in a state only is replaced, too."""
    if isinstance(value, str):
        return without_denied(value)
    if isinstance(value, Mapping):
        return {without_denied(str(key)): all_without_denied(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [all_without_denied(each) for each in value]
    is_line = isinstance(value, (int, float)) and abs(value) < _LONGEST and denied(str(int(value)))
    return WITHDRAWN if is_line else value


def _withdrawn(found: re.Match[str]) -> str:
    # %20 and the like hold digits, too.
    written = re.sub("%2[0-9A-F]|&#160;", " ", found[0], flags=re.IGNORECASE)
    entry = _entries().get(digits(written.removeprefix("00")))
    return WITHDRAWN if entry and "only_for" not in entry else found[0]


@cache
def _ends() -> frozenset[str]:
    return frozenset(number[-4:] for number in _entries())


@cache
def _codes() -> re.Pattern[str]:
    """Short codes that stand alone: no part of a word, an amount or a longer number."""
    numbers = [number for number, entry in _entries().items() if len(number) < 10 and "only_for" not in entry]
    before, after = _NO_ZIP
    either = "|".join(f"{before}{each}{after}" if each in _ZIPS else each for each in numbers)
    return re.compile(rf"(?:(?<![\w$])|(?<=%20))(?<!\d[-.,])(?:{either})(?!\w)(?![-.,]\d)", re.IGNORECASE)


@cache
def _entries() -> dict[str, dict[str, str]]:
    return {entry["number"]: entry for entry in load_yaml("denylist.yml")}
