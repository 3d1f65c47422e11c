"""The rules: what a classifier may not miss, as data that a clinician can read and change (rules/*.yml).

A rule looks for its signs in each sentence of a message, in every reading of it. A context (rules/_contexts.yml)
is a kind of talk in which a sign often means nothing: school, songs, a plan, a past that is over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import Pattern
from typing import Any, Dict, Iterator, List, Optional, Tuple

import yaml

from porchlight.screening.model import CATEGORIES, SEVERITIES, Category, Severity
from porchlight.screening.spelling import Loader, readings, squeeze, word_lists

FOLDER = Path(__file__).parent / "rules"
CONTEXTS = FOLDER / "_contexts.yml"

SENTENCE_END = re.compile(r"[.?!;:\n]+")
_CAPTURING = re.compile(r"\((?!\?)")
_GROUP = re.compile(r"<([a-z]+)>")
#: Stands where an exception was cut out, so that the words on its two sides do not meet.
_CUT = " | "


class BrokenRules(Exception):
    """A file of rules cannot be used. The message names the file, the rule and what is wrong in it."""


@dataclass(frozen=True)
class Rule:
    """Signs of one concern. `sure`: a person is answered; else it is a weak sign, and asks a soft question."""

    name: str
    category: Category
    severity: Severity
    sure: bool
    signs: Pattern[str]
    unless: Optional[Pattern[str]]

    def find(self, sentence: str) -> Optional[str]:
        """The words of the sentence that show the concern, or None."""
        found = self.signs.search(sentence)
        if found and self.unless:
            found = self.signs.search(self.unless.sub(_CUT, sentence))
        return found.group() if found else None


@dataclass(frozen=True)
class Context:
    """A kind of talk. `leaves`: its rules leave the message to the classifier; `lowers`: what they find is past;
    `denies`: the person says that it is not so."""

    name: str
    effect: str
    signs: Pattern[str]
    unless: Optional[Pattern[str]]

    def holds(self, sentence: str) -> bool:
        return bool(self.signs.search(sentence)) and not (self.unless and self.unless.search(sentence))


@dataclass(frozen=True)
class Hit:
    """A rule that found its signs, in words of the message, and the effects of the talk they stand in."""

    rule: Rule
    words: str
    effects: Tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """A sure rule, in talk that takes nothing away from it."""
        return self.rule.sure and not self.effects


@dataclass(frozen=True)
class Reading:
    """What the rules found in a message."""

    hits: Tuple[Hit, ...]
    denial: bool


def read(text: str) -> Reading:
    """All that the rules find in `text`, one hit a rule, the plainest one. Never raises for any string."""
    best: Dict[str, Hit] = {}
    denial = False
    for sentence in _sentences(text):
        effects = tuple(context.effect for context in contexts() if context.holds(sentence))
        denial = denial or "denies" in effects
        for rule in rules():
            known = best.get(rule.name)
            if known and len(known.effects) <= len(effects):
                continue
            words = rule.find(sentence)
            if words is not None:
                best[rule.name] = Hit(rule, words.strip(" ,"), effects)
    return Reading(tuple(best.values()), denial)


@lru_cache(maxsize=1)
def rules() -> Tuple[Rule, ...]:
    """The rules of all categories. Raises BrokenRules."""
    return tuple(_rule(category, entry) for category in CATEGORIES for entry in entries(category))


@lru_cache(maxsize=1)
def contexts() -> Tuple[Context, ...]:
    """The contexts of all rules. Raises BrokenRules."""
    return tuple(_context(entry) for entry in _load(CONTEXTS))


def entries(category: str) -> List[Dict[str, Any]]:
    """The rules of a category as they are written. Raises BrokenRules."""
    return _load(FOLDER / f"{category}.yml")


def _load(path: Path) -> List[Dict[str, Any]]:
    try:
        content: List[Dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader)
    except (OSError, yaml.YAMLError) as error:
        raise BrokenRules(f"{path.name} cannot be read: {error}") from error
    return content


def _rule(category: Category, entry: Dict[str, Any]) -> Rule:
    try:
        if entry["severity"] not in SEVERITIES:
            raise ValueError(f"severity {entry['severity']!r}")
        return Rule(entry["name"], category, entry["severity"], bool(entry["sure"]), *_signs(entry))
    except (KeyError, ValueError, re.error) as error:
        raise BrokenRules(f"{category}.yml, rule {entry.get('name')!r}: {error}") from error


def _context(entry: Dict[str, Any]) -> Context:
    try:
        return Context(entry["name"], entry["effect"], *_signs(entry))
    except (KeyError, re.error) as error:
        raise BrokenRules(f"{CONTEXTS.name}, context {entry.get('name')!r}: {error}") from error


def _signs(entry: Dict[str, Any]) -> Tuple[Pattern[str], Optional[Pattern[str]]]:
    """What is looked for, and its exceptions. Raises re.error, KeyError."""
    return any_of(entry["signs"]), any_of(entry["unless"]) if entry.get("unless") else None


def _sentences(text: str) -> Iterator[str]:
    said = dict.fromkeys(sentence for reading in readings(text) for sentence in SENTENCE_END.split(reading))
    return (sentence for sentence in said if sentence.strip())


def any_of(patterns: List[str]) -> Pattern[str]:
    """One pattern for all of `patterns`, as the messages are read. Raises re.error, KeyError."""
    guarded = "|".join(_guarded(expand(pattern)) for pattern in patterns)
    # Nothing is asked of the brackets but to hold together: not capturing is faster.
    return re.compile(_CAPTURING.sub("(?:", rf"\b(?=[a-z0-9])(?:{guarded})\b"))


def expand(pattern: str) -> str:
    """The pattern with its <groups> written out and its double letters made single, as in the messages."""
    groups = word_lists()["groups"]
    written = _GROUP.sub(lambda name: re.sub(r"\| +", "|", groups[name.group(1)]), pattern)
    return squeeze(written)


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
