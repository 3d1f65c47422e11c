"""The rules: what a classifier may not miss, as data that a clinician can read and change (rules/*.yml).

A rule looks for its signs in each sentence of a message, in every reading of it. A context (rules/_contexts.yml)
is a kind of talk in which a sign often means nothing: school, songs, a plan, a past that is over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from re import Pattern
from typing import Any, Callable, Dict, Generic, Iterator, List, Tuple, TypeVar

import yaml

from porchlight.screening.model import CATEGORIES, SEVERITIES, Category, Severity
from porchlight.screening.patterns import Patterns, first
from porchlight.screening.spelling import Loader, readings

FOLDER = Path(__file__).parent / "rules"
CONTEXTS = FOLDER / "_contexts.yml"

SENTENCE_END = re.compile(r"[.?!;:\n]+")


class BrokenRules(Exception):
    """A file of rules cannot be used. The message names the file, the rule and what is wrong in it."""


@dataclass(frozen=True)
class Rule:
    """One concern that has signs. `sure`: a person is answered; else they are weak, and ask a soft question."""

    name: str
    category: Category
    severity: Severity
    sure: bool


@dataclass(frozen=True)
class Context:
    """A kind of talk. `leaves`: its rules leave the message to the classifier; `lowers`: what they find is past;
    `denies`: the person says that it is not so."""

    name: str
    effect: str


Entry = TypeVar("Entry", Rule, Context)


class Book(Generic[Entry]):
    """Rules or contexts, with the patterns for their signs and for what is none."""

    def __init__(self) -> None:
        self.entries: Dict[str, Entry] = {}
        self._signs, self._unless = Patterns(), Patterns()

    def add(self, entry: Entry, signs: List[str], unless: List[str]) -> None:
        """Raises ValueError for a pattern that is none."""
        self.entries[entry.name] = entry
        for pattern in signs:
            self._signs.add(entry.name, pattern)
        for pattern in unless:
            self._unless.add(entry.name, pattern)

    def find(self, sentence: str) -> Iterator[Tuple[Entry, List[Pattern[str]], List[Pattern[str]]]]:
        """Each entry that a sentence may be about, with the patterns to search for: its signs, and what is none."""
        signs = self._signs.find(sentence)
        unless = self._unless.find(sentence) if signs else {}
        for name, patterns in signs.items():
            yield self.entries[name], patterns, unless.get(name, [])

    def compile(self) -> None:
        """Raises re.error for a broken pattern."""
        self._signs.compile()
        self._unless.compile()


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
    for sentence in sentences(text):
        effects = tuple(context.effect for context in contexts_in(sentence))
        denial = denial or "denies" in effects
        for rule, words in _rules_in(sentence):
            known = best.get(rule.name)
            if not known or len(effects) < len(known.effects):
                best[rule.name] = Hit(rule, words.strip(" ,"), effects)
    return Reading(tuple(best.values()), denial)


def sentences(text: str) -> List[str]:
    """The sentences of a message, in every reading of it."""
    said = (part.strip() for reading in readings(text) for part in SENTENCE_END.split(reading))
    return [sentence for sentence in dict.fromkeys(said) if sentence]


def contexts_in(sentence: str) -> Iterator[Context]:
    """The kinds of talk that a sentence belongs to."""
    for context, signs, unless in _contexts().find(sentence):
        if first(signs, sentence) is not None and first(unless, sentence) is None:
            yield context


def _rules_in(sentence: str) -> Iterator[Tuple[Rule, str]]:
    """The rules that find their signs in a sentence, and the words that show them."""
    for rule, signs, unless in _rules().find(sentence):
        words = first(signs, sentence)
        if words is not None and unless:
            words = first(signs, _without(unless, sentence))
        if words is not None:
            yield rule, words


def _without(patterns: List[Pattern[str]], sentence: str) -> str:
    """The sentence with bars for what the patterns match, so that the words on two sides do not meet."""
    letters = list(sentence)
    for pattern in patterns:
        for match in pattern.finditer(sentence):
            letters[match.start() : match.end()] = "|" * len(match.group())
    return "".join(letters)


def rules() -> Tuple[Rule, ...]:
    """The rules of all categories. Raises BrokenRules."""
    return tuple(_rules().entries.values())


def entries(category: str) -> List[Dict[str, Any]]:
    """The rules of a category as they are written. Raises BrokenRules."""
    return _load(FOLDER / f"{category}.yml")


def compile_rules() -> None:
    """Compile every pattern, which else waits until it is needed. Raises BrokenRules."""
    try:
        _rules().compile()
        _contexts().compile()
    except re.error as error:
        raise BrokenRules(f"The pattern {error.pattern!r} cannot be used: {error}") from error


@lru_cache(maxsize=1)
def _rules() -> Book[Rule]:
    book: Book[Rule] = Book()
    for category in CATEGORIES:
        _add_file(book, FOLDER / f"{category}.yml", partial(_rule, category))
    return book


@lru_cache(maxsize=1)
def _contexts() -> Book[Context]:
    book: Book[Context] = Book()
    _add_file(book, CONTEXTS, _context)
    return book


def _add_file(book: Book[Entry], path: Path, made: Callable[[Dict[str, Any]], Entry]) -> None:
    for written in _load(path):
        try:
            book.add(made(written), written["signs"], written.get("unless") or [])
        except (KeyError, ValueError) as error:
            raise BrokenRules(f"{path.name}, {written.get('name')!r}: {error}") from error


def _rule(category: Category, written: Dict[str, Any]) -> Rule:
    if written["severity"] not in SEVERITIES:
        raise ValueError(f"severity {written['severity']!r}")
    return Rule(written["name"], category, written["severity"], bool(written["sure"]))


def _context(written: Dict[str, Any]) -> Context:
    return Context(written["name"], written["effect"])


def _load(path: Path) -> List[Dict[str, Any]]:
    try:
        content: List[Dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader)
    except (OSError, yaml.YAMLError) as error:
        raise BrokenRules(f"{path.name} cannot be read: {error}") from error
    return content
