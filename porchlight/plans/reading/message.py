"""A message with its tokens and the phrases found in it."""

from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from .lexicon import Lexicon, Phrase, lexicon
from .model import MAX_CHARACTERS, Language
from .text import Token, clean, tokenise

SPEAKABLE_DIGITS = range(7, 12)


@dataclass(frozen=True)
class Message:
    text: str
    language: Language

    @classmethod
    def of(cls, text: str, language: Language) -> "Message":
        return cls(clean(text, MAX_CHARACTERS), language)

    @cached_property
    def words(self) -> Lexicon:
        return lexicon()

    @cached_property
    def tokens(self) -> list[Token]:
        return _join_spoken_numbers(self.text, tokenise(self.text), self.words)

    @cached_property
    def keys(self) -> list[str]:
        return [self.words.key(token) for token in self.tokens]

    @cached_property
    def _doc(self) -> Doc:
        return self.words.doc(self.keys)

    @cached_property
    def _found(self) -> dict[str, list[Phrase]]:
        return {}

    @cached_property
    def shouting(self) -> bool:
        """All in capitals: then capitals do not tell a name."""
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 3 and all(c.isupper() for c in letters)

    def find(self, *names: str) -> list[Phrase]:
        key = "|".join(names)
        if key not in self._found:
            self._found[key] = self.words.find(self._doc, *names)
        return self._found[key]

    def has(self, i: int, name: str) -> bool:
        return 0 <= i < len(self.keys) and self.keys[i] in self.words.words(name)

    def slice(self, start: int, end: int) -> str:
        """The text of tokens [start, end), as written, on one line."""
        if start >= end:
            return ""
        return " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())

    def said(self, start: int, end: int) -> str:
        return " ".join(self.keys[start:end])


def _join_spoken_numbers(text: str, tokens: list[Token], words: Lexicon) -> list[Token]:
    """ "five five five oh one oh one" becomes one phone token."""
    joined: list[Token] = []
    run: list[Token] = []
    for token in [*tokens, None]:
        if token and (token.key in words.digits or (len(token.key) == 1 and token.key.isdigit())):
            run.append(token)
            continue
        joined += _spoken(text, run)
        run = []
        if token:
            joined.append(token)
    return joined


def _spoken(text: str, run: list[Token]) -> list[Token]:
    if len(run) not in SPEAKABLE_DIGITS:
        return run
    start, end = run[0].start, run[-1].end
    return [Token(start, end, text[start:end], text[start:end].lower(), "phone")]
