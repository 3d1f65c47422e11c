"""The first safety net: obvious words of danger, in English and Spanish, mixed too.

The patterns are data (first_net.yml, with word lists in first_net_words.yml), read by category from the worst
to the least. This net is coarse: it looks for the plain words only, and a message that it passes is not
thereby safe.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import Pattern
from typing import Any

import yaml

RULES = Path(__file__).with_name("first_net.yml")
WORDS = Path(__file__).with_name("first_net_words.yml")

_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07]")
_LOOKALIKES = str.maketrans("аеіорсухкмтнвԁԛ", "aeiopcyxkmthbdq")
_REPEATED = re.compile(r"(?<!\\)([a-z])\1+")
#: "k i l l", "k.i.l.l", "k-i-l-l": three letters or more, each alone.
_SPELT_OUT = re.compile(r"(?<![a-z0-9])[a-z](?:[ .\-_*][a-z]){2,}(?![a-z0-9])")
_LEET = str.maketrans({"@": "a", "$": "s", "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "!": "i", "|": "i"})
#: A "1" stands for an i in "su1c1de" and for an l in "ki11": both are tried.
_ONES = ("i", "l")
_MAYBE_LEET = re.compile(r"[a-z0-9@$|!]+")
_SENTENCE_END = re.compile(r"[.?!;:\n]+")
_GROUP = re.compile(r"<([a-z]+)>")
#: Stands where an exception was cut out, so that the words on its two sides do not meet.
_CUT = " | "


@dataclass(frozen=True)
class Rule:
    """One category: shown when a sign matches in what is left after the exceptions are cut out."""

    category: str
    signs: Pattern[str]
    exceptions: Pattern[str] | None


@dataclass(frozen=True)
class Spellings:
    """Each way of typing, and the word that the patterns know."""

    typed: Pattern[str]
    read: Mapping[str, str]

    def respell(self, text: str) -> str:
        return self.typed.sub(lambda match: self.read[match.group()], text)


def screen(text: str) -> str | None:
    """The worst category whose plain signs stand in `text`, or None. Never raises for any string."""
    sentences = [sentence for reading in _readings(text) for sentence in _SENTENCE_END.split(reading)]
    for rule in _rules():
        if any(_shows(rule, sentence) for sentence in sentences):
            return rule.category
    return None


def normalise(text: str) -> str:
    """The words as the patterns know them: lower case, no accents, no apostrophes, no double letters."""
    return _to_words(_fold(text))


def _readings(text: str) -> list[str]:
    """The message as it stands, and with leetspeak undone where letters and digits are mixed in one word."""
    folded = _fold(text)
    undone = [folded, *(_undo_leet(folded, one) for one in _ONES)]
    return [_to_words(reading) for reading in dict.fromkeys(undone)]


def _fold(text: str) -> str:
    """Letters without case, accents, apostrophes, invisible characters or letters that only look Latin."""
    text = _APOSTROPHES.sub("", text)
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in text if _is_seen(character)).translate(_LOOKALIKES)


def _is_seen(character: str) -> bool:
    """Not an accent, a zero-width character, a variation selector or a filler. A line break is seen."""
    if character < "\u007f":
        return True
    return unicodedata.category(character) not in ("Cf", "Mn", "Me") and character not in "\u115f\u1160\u3164"


def _undo_leet(text: str, one: str) -> str:
    table = {**_LEET, ord("1"): one}
    return _MAYBE_LEET.sub(lambda word: _leet_word(word.group(), table), text)


def _leet_word(word: str, table: Mapping[int, Any]) -> str:
    """A word that mixes letters and signs, all in letters. Exclamation marks at its end end the sentence."""
    body = word.rstrip("!")
    if not any("a" <= character <= "z" for character in body):
        return word
    return body.translate(table) + word[len(body) :]


def _to_words(text: str) -> str:
    text = _SPELT_OUT.sub(lambda letters: re.sub(r"[^a-z]", "", letters.group()), _squeeze(text))
    text = re.sub(r"(?<=[a-z])\*+(?=[a-z])", "", text)
    text = re.sub(r"[^a-z0-9.?!;:,\n]+", " ", text)
    text = re.sub(r" ?,[ ,]*", ", ", _squeeze(text))
    return _spellings().respell(text)


def _squeeze(text: str) -> str:
    """One letter for a run of the same: "diiie" is "die", and "kill" is "kil", in the patterns too."""
    return _REPEATED.sub(r"\1", text)


def _shows(rule: Rule, sentence: str) -> bool:
    if not rule.signs.search(sentence):
        return False
    return rule.exceptions is None or bool(rule.signs.search(rule.exceptions.sub(_CUT, sentence)))


@lru_cache(maxsize=1)
def _spellings() -> Spellings:
    read = {_squeeze(typed): _squeeze(word) for word, ways in _words()["spellings"].items() for typed in ways}
    longest_first = sorted(read, key=len, reverse=True)
    return Spellings(re.compile(rf"\b(?:{'|'.join(longest_first)})\b"), read)


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    entries: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return tuple(
        Rule(entry["category"], _any_of(entry["signs"]), _any_of(exceptions) if exceptions else None)
        for entry in entries
        for exceptions in [entry.get("exceptions")]
    )


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words


def _any_of(patterns: list[str]) -> Pattern[str]:
    return re.compile(rf"\b(?=[a-z0-9])(?:{'|'.join(_guarded(_expand(pattern)) for pattern in patterns)})\b")


def _expand(pattern: str) -> str:
    """The pattern with its <groups> written out and its double letters made single, as in the messages."""
    groups = _words()["groups"]
    return _squeeze(_GROUP.sub(lambda name: re.sub(r"\| +", "|", groups[name.group(1)]), pattern))


def _guarded(pattern: str) -> str:
    """The pattern behind a look at the letters it can begin with: most words are then passed over at once."""
    letters = _first_letters(pattern)
    return f"(?=[{''.join(sorted(letters))}]){pattern}" if letters else pattern


def _first_letters(pattern: str) -> set[str]:
    """The letters and digits that a match can begin with; empty when that is not plain to see."""
    if not pattern.startswith("("):
        return {pattern[0]} if re.match(r"[a-z0-9](?![?*{])", pattern) else set()
    end = _closing(pattern)
    if pattern.startswith("(?") or pattern[end + 1 : end + 2] in ("*", "{"):
        return set()
    starts = [_first_letters(choice) for choice in _choices(pattern[1:end])]
    if pattern[end + 1 : end + 2] == "?":
        starts.append(_first_letters(pattern[end + 2 :].lstrip()))
    return set().union(*starts) if all(starts) else set()


def _choices(inside: str) -> list[str]:
    """ "a|b(c|d)" is "a" and "b(c|d)"."""
    choices, depth = [""], 0
    for character in inside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and not depth:
            choices.append("")
        else:
            choices[-1] += character
    return choices


def _closing(pattern: str) -> int:
    """Where the bracket that opens the pattern is closed."""
    depth = 0
    for place, character in enumerate(pattern):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if not depth:
            return place
    raise ValueError(f"a bracket is not closed: {pattern}")
