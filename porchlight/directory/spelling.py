"""Words as they are compared: lower case, no accents, no apostrophes, single blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"))
_NO_WORD = re.compile(r"[^a-z0-9+#@]+")


def normal(text: str) -> str:
    """ "¿Dónde puedo dormir?" is "donde puedo dormir"; "don't" is "dont"."""
    folded = text.translate(_APOSTROPHES).casefold()
    if not folded.isascii():
        folded = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return _NO_WORD.sub(" ", folded).strip()


def words_of(text: str) -> list[str]:
    """The words of a text as the search holds them: normal(), and without the s of a plural."""
    return [stem(word) for word in normal(text).split()]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """ "shelters" is "shelter"; short words stay, and so do those of "ss", "us" and "is"."""
    if len(word) > 4 and word.endswith("es") and word[-3] in "sxzh":
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "sui" else word
