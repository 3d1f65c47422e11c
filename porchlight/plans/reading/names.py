"""Tell a name from an ordinary word, and write it with capitals."""

import re
from typing import Literal

from .message import Message
from .model import MAX_NAME

Before = Literal["title", "kin", "nothing"]
"""What stands before a word: the more it promises a name, the more is believed."""

_CONSONANTS = re.compile(r"[^aeiouyáéíóúü]{5,}")
_LAUGHTER = re.compile(
    r"(?:(?:a*h?a?(?:ha|ja)+h?j?a?)|(?:je){2,}|(?:lo)+l|x+d+|lma+o+|(?:he){2,}|k{3,}|z{2,}|m{2,}|m+h+m*|a+h+|u+[hm]+)"
)
_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "van", "von", "da", "dos", "el", "al", "and", "y", "bin", "ibn", "st"}
)
_JOINS = frozenset({"and", "y"})
_LONGEST = 5


class Names:
    def __init__(self, message: Message) -> None:
        self.message, self.words = message, message.words

    def at(self, i: int, end: int, before: Before) -> bool:
        """Whether the token at i can begin a name."""
        token = self.message.tokens[i]
        if i >= end or token.kind != "word" or not _plausible(token.key):
            return False
        if self.message.has(i, "not_names"):
            return False
        if before == "title":
            return self._after_title(i, end)
        if before == "kin" and self._common_word_as_name(i, end):
            return True
        if self._is_kin(i) or (self.message.keys[i] in self.words.function and not self._capital_name(i, end)):
            return False
        return self._sure(i) or self._after_kin(i, end) if before == "kin" else self._sure(i) or self._alone(i, end)

    def _after_title(self, i: int, end: int) -> bool:
        key = self.message.tokens[i].key
        if key in self.words.function:
            return self._capital_name(i, end) or (len(key) == 1 and self._closes(i, end))
        return not self._is_kin(i) or self.message.tokens[i].capital

    def _is_function(self, i: int) -> bool:
        return self.message.keys[i] in self.words.function

    def _is_kin(self, i: int) -> bool:
        lists = ("relations.close", "relations.named", "roles", "vague_roles")
        return any(self.message.has(i, name) for name in lists) or self.message.keys[i] in self.words.plurals

    def _capital_name(self, i: int, end: int) -> bool:
        """ "Will" or "May": a word of every day, but written as a name and with nothing after it."""
        token = self.message.tokens[i]
        named = self.base(i) in self.words.given and len(token.key) > 2
        return named and token.capital and not self.message.shouting and self._closes(i, end)

    def _common_word_as_name(self, i: int, end: int) -> bool:
        """ "my brother will", "my friend deja", "auntie mo 555-0161": with nothing more but a number."""
        token = self.message.tokens[i]
        last = i + 1 >= end or self.message.tokens[i + 1].kind == "phone"
        if not last or self._is_kin(i) or len(token.key) < 2 or self.message.keys[max(0, i - 1)] in self.words.plurals:
            return False
        if self.message.keys[i] in self.words.function:
            return token.key in self.words.given
        told = any(
            self.message.has(i, n) for n in ("positive", "unsafe", "places.words", "modifiers", "after_modifiers")
        )
        return not told and len(token.key) < 9 and not token.key.endswith(("s", "ly", "ed", "ing", "mente"))

    def sure(self, i: int) -> bool:
        return self._sure(i)

    def is_kin(self, i: int) -> bool:
        return i >= 0 and self._is_kin(i)

    def surely_possessive(self, i: int) -> bool:
        """ "rosas": a sure name and an s that lacks its apostrophe."""
        key = self.message.tokens[i].key
        return key.endswith("s") and key not in self.words.given and key[:-1] in self.words.given - self.words.ordinary

    def surely(self, i: int) -> bool:
        """A given name, also with a possessive s that lacks its apostrophe: "jays"."""
        key = self.message.tokens[i].key
        known = self.words.given - self.words.ordinary if key.endswith("s") else frozenset()
        return self._sure(i) or key[:-1] in known

    def base(self, i: int) -> str:
        """The key without a possessive s."""
        token = self.message.tokens[i]
        return token.key[:-1] if token.possessive else token.key

    def _sure(self, i: int) -> bool:
        key = self.base(i)
        return (
            not self._is_kin(i)
            and key in self.words.given
            and key not in self.words.ordinary
            and key not in self.words.function
        )

    def _written_as_name(self, i: int) -> bool:
        token = self.message.tokens[i]
        return token.capital and not self.message.shouting

    def unknown(self, i: int) -> bool:
        """Neither an ordinary word nor anything we list."""
        key = self.base(i)
        return key not in self.words.ordinary and key not in self.words.function and not key.isdigit() and len(key) > 1

    def _after_kin(self, i: int, end: int) -> bool:
        key = self.base(i)
        if self._written_as_name(i) or self.unknown(i):
            return True
        return (key in self.words.given or key in self.words.surnames or len(key) == 1) and self._closes(i, end)

    def _alone(self, i: int, end: int) -> bool:
        key = self.base(i)
        if self._written_as_name(i) and (self.unknown(i) or key in self.words.given):
            return True
        if len(key) == 1:
            return self.message.tokens[i].text.isupper() and self._closes(i, end) and key not in "iayoe"
        return (self.unknown(i) and len(key) > 2) or (key in self.words.given and self._closes(i, end))

    def _closes(self, i: int, end: int) -> bool:
        """Nothing but a number, a mark or a note about them comes after."""
        if i + 1 >= end or self.message.tokens[i + 1].kind != "word":
            return True
        return any(self.message.has(i + 1, name) for name in ("hedge", "filler", "after_name"))

    def run(self, i: int, end: int, before: Before) -> int:
        """Where the name that begins at i ends; i if none does."""
        start = self._skip_nickname(i, end)
        if start >= end or not self.at(start, end, "title" if start > i else before):
            return i
        stop = start + 1
        while stop < min(end, i + _LONGEST):
            longer = self._continue(stop, end)
            if longer == stop:
                break
            stop = longer
        return stop

    def _skip_nickname(self, i: int, end: int) -> int:
        """ "big mike", "lil tee": the word before belongs to the name."""
        if i + 1 < end and self.message.has(i, "nicknames") and self.message.tokens[i + 1].kind == "word":
            following = i + 1
            if self._sure(following) or self._written_as_name(following) or self.unknown(following):
                return following
            if following + 1 == end and not self._is_function(following) and not self._is_kin(following):
                return following
        return i

    def _continue(self, i: int, end: int) -> int:
        """Past one more word of the name, or the point of an initial; i if it ends here."""
        token = self.message.tokens[i]
        if self.message.tokens[i - 1].possessive:
            return i
        if token.key == "." and len(self.message.tokens[i - 1].key) == 1:
            return i + 2 if i + 1 < end and self._surname(i + 1, end) else i + 1
        particles = i
        while particles < min(end - 1, i + 3) and self.message.tokens[particles].key in _PARTICLES - _JOINS:
            particles += 1
        if particles > i:
            return particles + 1 if self._surname_after_particle(particles) else i
        return i + 1 if token.kind == "word" and self._surname(i, end) else i

    def _surname_after_particle(self, i: int) -> bool:
        token = self.message.tokens[i]
        if token.kind != "word" or not self._written_as_name(i) or self._is_kin(i):
            return False
        return token.key in self.words.surnames or self.unknown(i)

    def _surname(self, i: int, end: int) -> bool:
        token = self.message.tokens[i]
        key = self.base(i)
        if self._is_kin(i) or token.kind != "word" or key.isdigit() or not _plausible(token.key):
            return False
        if len(key) == 1:
            return (self._written_as_name(i) and key not in "iay") or (
                self._closes(i, end) and key not in self.words.function
            )
        if key in self.words.function or self.message.keys[i] in self.words.function:
            return False
        if any(self.message.has(i, name) for name in ("titles", "address")):
            return False
        if self._sure(i) or self._written_as_name(i):
            return True
        return key in self.words.surnames and (key not in self.words.ordinary or self._closes(i, end))


def _plausible(key: str) -> bool:
    letters = [c for c in key if c.isalpha()]
    if not letters or len(key) > 30 or any(c.isdigit() for c in key):
        return False
    if len(letters) > 4 and not set(key) & set("aeiouy") and key.isascii():
        return False
    return not _CONSONANTS.search(key) and not _LAUGHTER.fullmatch(key) if key.isascii() else True


def laughter(key: str) -> bool:
    return bool(_LAUGHTER.fullmatch(key))


def with_capitals(text: str) -> str:
    """Capital for each word of a person's name, their own capitals kept; particles stay."""
    words = text.split(" ")
    return " ".join(w if i and w.lower() in _PARTICLES else _capital(w) for i, w in enumerate(words))[:MAX_NAME]


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
