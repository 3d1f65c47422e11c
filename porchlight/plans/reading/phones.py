"""Phone numbers as people type them."""

import re

# Three-digit lines that anyone in the US can dial or text.
SHORT_LINES = frozenset({"988", "911", "211", "311"})
# Text lines that everyone may name without saying "text".
TEXT_CODES = frozenset({"741741", "678678", "233733", "839863"})

_EXTENSION = r"(?:\s?(?:ext\.?|x)\s?\d{1,6})?"
_FULL = rf"(?:\+?1[\s.-]?)?(?:\(\d{{3}}\)|\d{{3}})[\s./-]{{0,2}}\d{{3}}[\s.-]{{0,3}}\d{{4}}(?!\d){_EXTENSION}"
_LOCAL = rf"\d{{3}}[\s.-]{{0,3}}\d{{4}}(?!\d){_EXTENSION}"
_ABROAD = r"\+\d{1,3}(?:[\s.-]?\d{2,4}){2,5}(?!\d)"
_LETTERS = r"(?:1[\s.-]?)?8\d\d[\s.-](?:\d{3}[\s.-])?[A-Za-z]{2,8}(?:-[A-Za-z]{2,8}){0,2}(?=[\s,.;]|$)"
_SHORT = rf"(?:9-8-8|[2-9]-1-1|{'|'.join(sorted(SHORT_LINES | TEXT_CODES))})(?![\w-])"
_PAIRS = r"\d{3}[\s.-]\d{2}[\s.-]\d{2}(?!\d)"
# A number may be stuck to the name before it: "rosa555-0101".
PHONE = rf"(?<!\d)(?<!\d\.)(?:{_ABROAD}|{_FULL}|{_LOCAL}|{_PAIRS}|{_LETTERS}|{_SHORT})(?!\w)"

_CODE = re.compile(r"\d{5,6}")


def is_short_line(text: str) -> bool:
    return text in SHORT_LINES or text in TEXT_CODES


def is_text_code(text: str) -> bool:
    """Five or six digits, as text lines have; only what stands around it tells it from a ZIP code."""
    return bool(_CODE.fullmatch(text))
