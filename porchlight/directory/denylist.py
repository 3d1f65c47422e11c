"""Numbers that must never be shown (resources/denylist.yml)."""

from __future__ import annotations

import re
from functools import cache

from porchlight.texts import load_yaml

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


@cache
def _entries() -> dict[str, dict[str, str]]:
    return {entry["number"]: entry for entry in load_yaml("denylist.yml")}
