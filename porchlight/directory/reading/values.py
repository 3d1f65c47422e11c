"""Values of JSON that cannot be kept: numbers that are none, halves of characters, what is nested too deep."""

from __future__ import annotations

import re
from typing import Any

#: How deep it may be in a field that HSDS does not know.
STRANGE_DEPTH = 50
#: Half of a character, as JSON can write it.
HALF = re.compile(r"\\u[dD][89a-fA-F]")


def no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def is_deeper(value: Any, depth: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not depth or any(is_deeper(each, depth - 1) for each in inside)
