"""One spelling for the many ways a word is typed: for the rules (`readings`) and for the classifier (`readable`)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import Pattern
from typing import Any, Dict, List, Mapping

import yaml

#: The parser in C reads the rules in a tenth of the time; where PyYAML was built without it, the other one does.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

WORDS = Path(__file__).parent / "rules" / "_words.yml"
READABLE = Path(__file__).parent / "rules" / "_readable.yml"

_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07]")
_LOOKALIKES = str.maketrans("аеіорсухкмтнвԁԛѕјһӏɡαορτυικνεⅼ", "aeiopcyxkmthbdqsjhlgaoptuikvel")
_REPEATED = re.compile(r"(?<!\\)([a-z])\1+")
#: "k i l l", "k.i.l.l", "k-i-l-l": three letters or more, each alone.
_SPELT_OUT = re.compile(r"(?<![a-z0-9])[a-z](?:[ .\-_*][a-z]){2,}(?![a-z0-9])")
_LEET = str.maketrans({"@": "a", "$": "s", "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "!": "i", "|": "i"})
#: A "1" stands for an i in "su1c1de" and for an l in "ki11": both are tried.
_ONES = ("i", "l")
_MAYBE_LEET = re.compile(r"[a-z0-9@$|!]+")
_LONG_RUN = re.compile(r"(\w)\1{2,}")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Spellings:
    """Each way of typing, and the word that the patterns know."""

    typed: Pattern[str]
    read: Mapping[str, str]

    def respell(self, text: str) -> str:
        return self.typed.sub(lambda match: self.read[match.group()], text)


def readings(text: str) -> List[str]:
    """The message as it stands, and with leetspeak undone where letters and digits are mixed in one word.

    In words as the patterns know them: lower case, no accents, no apostrophes, no double letters.
    """
    folded = _fold(text)
    undone = [folded, *(_undo_leet(folded, one) for one in _ONES)]
    return [_to_words(reading) for reading in dict.fromkeys(undone)]


def readable(text: str) -> str:
    """The message as a careful writer would type it: nothing hidden, no leetspeak, no "soooo", no algospeak.

    Accents and apostrophes stay, since the sentence encoder was trained on them.
    """
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text))
    text = _seen(text).lower().translate(_LOOKALIKES)
    text = _together(_LONG_RUN.sub(r"\1", _undo_leet(text, "i")))
    return _BLANK.sub(" ", _plain_words().respell(text)).strip()


def squeeze(text: str) -> str:
    """One letter for a run of the same: "diiie" is "die", and "kill" is "kil", in the patterns too."""
    return _REPEATED.sub(r"\1", text)


@lru_cache(maxsize=1)
def word_lists() -> Dict[str, Any]:
    """The content of rules/_words.yml."""
    words: Dict[str, Any] = yaml.load(WORDS.read_text(encoding="utf-8"), Loader)
    return words


def _fold(text: str) -> str:
    """Letters without case, accents, apostrophes, invisible characters or letters that only look Latin."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    return _seen(text).translate(_LOOKALIKES)


def _seen(text: str) -> str:
    return "".join(character for character in text if _is_seen(character))


def _together(text: str) -> str:
    """A word that was typed letter by letter, as one."""
    return _SPELT_OUT.sub(lambda letters: re.sub(r"[^a-z]", "", letters.group()), text)


def _is_seen(character: str) -> bool:
    """Not an accent, a zero-width character, a variation selector or a filler. A line break is seen."""
    if character < "\u007f":
        return True
    return unicodedata.category(character) not in ("Cf", "Mn", "Me", "Cs") and character not in "\u115f\u1160\u3164"


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
    text = _together(squeeze(text))
    text = re.sub(r"(?<=[a-z])\*+(?=[a-z])", "", text)
    text = re.sub(r"[^a-z0-9.?!;:,\n]+", " ", text)
    text = re.sub(r" ?,[ ,]*", ", ", squeeze(text))
    return _spellings().respell(text)


@lru_cache(maxsize=1)
def _spellings() -> Spellings:
    read = {squeeze(typed): squeeze(word) for word, ways in word_lists()["spellings"].items() for typed in ways}
    return _spellings_of(read)


@lru_cache(maxsize=1)
def _plain_words() -> Spellings:
    """Only what an encoder of ordinary language cannot know: code words, and words typed too short or wrong."""
    words: Dict[str, List[str]] = yaml.load(READABLE.read_text(encoding="utf-8"), Loader)
    return _spellings_of({typed: word for word, ways in words.items() for typed in ways})


def _spellings_of(read: Mapping[str, str]) -> Spellings:
    longest_first = sorted(read, key=len, reverse=True)
    return Spellings(re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), read)
