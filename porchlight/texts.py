"""The words the app says, from resources/texts: data in both languages, reviewed as content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")
#: The same safe loader, ten times as fast where the library has it.
Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RESOURCES = Path(__file__).parent.parent / "resources"


class BrokenText(Exception):
    """A file of resources/ cannot be used. The message names the file and what is wrong in it."""


@cache
def load_yaml(name: str) -> Any:
    """The content of resources/`name`. Raises BrokenText."""
    path = RESOURCES / name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader)
    except FileNotFoundError:
        raise BrokenText(f"resources/{name} is missing.") from None
    except yaml.YAMLError as error:
        raise BrokenText(f"resources/{name} is not valid YAML: {error}") from error


def say(key: str, language: str, **blanks: object) -> str:
    """The text of `key` ("plan.heard", "plan.buttons.skip") in `language`, its {blanks} filled. Raises BrokenText."""
    file, *path = key.split(".")
    found: Any = load_yaml(f"texts/{file}.yml")
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or not found.get(language):
        raise BrokenText(f"resources/texts/{file}.yml has no {'.'.join(path)} in {language!r}.")
    text = str(found[language]).strip()
    # Not str.format: what a person wrote may hold braces.
    for name, value in blanks.items():
        text = text.replace("{" + name + "}", str(value))
    return text
