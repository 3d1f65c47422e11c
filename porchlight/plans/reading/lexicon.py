"""The words of resources/reading/ as sets and as one spaCy phrase matcher over both languages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language as Pipeline
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from .text import Token, fold, shorten_runs, tokenise

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "reading"
LANGUAGES = ("en", "es")
# Stands for every word we do not list, so that nothing a youth writes stays in spaCy's string store.
OTHER = "\u2022"

# Lists whose single words never are somebody's name in lower case.
FUNCTION_LISTS = (
    "lead",
    "negation",
    "verbs",
    "govern",
    "note_start",
    "question",
    "filler",
    "hedge",
    "possessives",
    "pronouns",
    "join",
    "join_or",
    "others",
    "own",
    "link",
    "deny",
    "affirm",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A listed phrase found at tokens [start, end)."""

    label: str
    start: int
    end: int


class Lexicon:
    def __init__(self, books: Mapping[str, Mapping[str, Any]]) -> None:
        self._books = books
        self.given = _read_words("given_names.txt")
        self.surnames = _read_words("surnames.txt")
        self.ordinary = _read_words("ordinary_words.txt")
        self.spellings = {fold(k): fold(v) for book in books.values() for k, v in book["spellings"].items()}
        self._sets: dict[str, frozenset[str]] = {}
        self._matchers: dict[str, PhraseMatcher] = {}
        self._nlp: Pipeline = spacy.blank("xx")
        self._vocabulary = frozenset({OTHER, *_every_word(books)})
        self.function = frozenset(w for name in FUNCTION_LISTS for w in self.words(name) if " " not in w)
        self.plurals = self._plurals()
        self.positions = self._numbers("positions")
        self.digits = self._numbers("digits")
        self.in_english: dict[str, str] = {fold(k): v for k, v in books["es"]["in_english"].items()}

    def words(self, name: str, language: str | None = None) -> frozenset[str]:
        """A list as folded phrases, of both languages or of one. "moves.skip.whole" goes down the tree."""
        key = f"{language}:{name}"
        if key not in self._sets:
            self._sets[key] = frozenset(self._phrases(name, language))
        return self._sets[key]

    def _phrases(self, name: str, language: str | None) -> Iterator[str]:
        for code in (language,) if language else LANGUAGES:
            node: Any = self._books[code]
            for part in name.split("."):
                node = node.get(part, []) if isinstance(node, Mapping) else []
            for phrase in node:
                yield " ".join(token.key for token in tokenise(phrase))

    def _plurals(self) -> dict[str, str]:
        pairs = (book["plurals"].items() for book in self._books.values())
        return {fold(plural): one for items in pairs for plural, one in items}

    def _numbers(self, name: str) -> dict[str, int]:
        return {fold(word): int(n) for book in self._books.values() for word, n in book[name].items()}

    def matcher(self, *names: str) -> PhraseMatcher:
        """A matcher over the named lists, each a label; made once."""
        key = "|".join(names)
        if key not in self._matchers:
            matcher = PhraseMatcher(self._nlp.vocab, attr="ORTH")
            for name in names:
                matcher.add(name, [self._doc(phrase.split()) for phrase in sorted(self.words(name))])
            self._matchers[key] = matcher
        return self._matchers[key]

    def _doc(self, words: list[str]) -> Doc:
        return Doc(self._nlp.vocab, words=words)

    def doc(self, keys: list[str]) -> Doc:
        return self._doc([k if k in self._vocabulary else OTHER for k in keys])

    def find(self, doc: Doc, *names: str) -> list[Phrase]:
        """The longest phrases of the named lists, none overlapping, in order."""
        spans = filter_spans(self.matcher(*names)(doc, as_spans=True))
        return [Phrase(span.label_, span.start, span.end) for span in spans]

    def key(self, token: Token) -> str:
        """The token's key with common slips mended: "freind" -> "friend", "plssss" -> "pls"."""
        key = self.spellings.get(token.key, token.key)
        if token.kind != "word" or key in self.listed:
            return key
        short = shorten_runs(key)
        if short != key:
            return self.spellings.get(short, short)
        return self._slips.get(key, key) if len(key) > 5 and key not in self.given else key

    @property
    def listed(self) -> frozenset[str]:
        return self._once("#listed", lambda: (w for name in (*FUNCTION_LISTS, *KIN) for w in self.words(name)))

    @property
    def _slips(self) -> dict[str, str]:
        """Relationship and place words with one letter left out or two changed places."""
        if not hasattr(self, "_slip_table"):
            words = [w for name in (*KIN, "places.words") for w in self.words(name) if len(w) > 6 and " " not in w]
            self._slip_table = {slip: word for word in sorted(words) for slip in _slips_of(word)}
            for word in self.ordinary | self.given | self.surnames:
                self._slip_table.pop(word, None)
        return self._slip_table

    def _once(self, key: str, make: Any) -> frozenset[str]:
        if key not in self._sets:
            self._sets[key] = frozenset(make())
        return self._sets[key]


KIN = (
    "relations.close",
    "relations.named",
    "relations_after_my",
    "titles",
    "modifiers",
    "after_modifiers",
    "roles",
)


def _every_word(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield from (token.key for token in tokenise(node))
    else:
        for child in node.values() if isinstance(node, Mapping) else node:
            yield from _every_word(child)


def _slips_of(word: str) -> Iterator[str]:
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]
    for i in range(1, len(word) - 1):
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def _read_words(name: str) -> frozenset[str]:
    lines: Iterable[str] = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon({code: _read_book(code) for code in LANGUAGES})


def _read_book(code: str) -> Mapping[str, Any]:
    """Every scalar is read as text: "no", "off" and 988 are words here. BaseLoader makes nothing but text."""
    text = (FOLDER / f"{code}.yml").read_text(encoding="utf-8")
    book: Mapping[str, Any] = yaml.load(text, yaml.BaseLoader)  # see above; our own file
    return book
