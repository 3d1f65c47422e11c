"""Cut a message into tokens that remember where they stand in it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .phones import PHONE

TokenKind = Literal["word", "phone", "mark"]

# Straight, curly, modifier letter, accents typed for one.
APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"
_THEM = "they|them|she|her|he|him|ella|él|elle"
_WORD = rf"\w[\w\u0300-\u036f]*(?:(?:[{APOSTROPHES}-](?=\w)|(?<=\d)\.(?=\d))[\w\u0300-\u036f]+)*"
_TOKEN = re.compile(
    rf"(?P<phone>{PHONE})"
    # "w/ her", "they/them", "24/7", "A&W" are one word each.
    rf"|(?P<word>w/(?=\s)|[^\W\d_]+(?=\d{{3}}[\s.-]?\d{{4}}(?!\d))|(?i:{_THEM})/(?i:{_THEM})\b|\d{{1,2}}/\d{{1,2}}(?!\d)|[^\W_]&[^\W_](?!\w)|{_WORD})"
    r"|(?P<mark>\n|[^\w\s])"
)
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
_RUN = re.compile(r"(.)\1{2,}")
_POSSESSIVE = re.compile(rf"\w[{APOSTROPHES}](?:s|S)$")


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str
    key: str
    kind: TokenKind

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    @property
    def possessive(self) -> bool:
        """Written with an apostrophe: "jay's"."""
        return bool(_POSSESSIVE.search(self.text))


@lru_cache(maxsize=512)
def _plain(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes: what two spellings of one word share."""
    if text.isascii():
        return _APOSTROPHES.sub("", text.lower())
    return _APOSTROPHES.sub("", "".join(map(_plain, text.lower()))).lower()


def shorten_runs(key: str) -> str:
    """ "plssss" -> "pls": letters drawn out for feeling."""
    return _RUN.sub(r"\1", key)


def clean(text: str, limit: int) -> str:
    """Composed characters, no control characters, at most `limit` long."""
    text = unicodedata.normalize("NFC", text[:limit].replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text)


def tokenise(text: str) -> list[Token]:
    return [_token(match) for match in _TOKEN.finditer(text)]


def _token(match: re.Match[str]) -> Token:
    kind: TokenKind = "phone" if match["phone"] else "word" if match["word"] else "mark"
    return Token(match.start(), match.end(), match[0], fold(match[0]), kind)
