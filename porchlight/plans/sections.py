"""The sections of the plan, from resources/plan/sections.yml: an agency can reword them without touching Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, cast

from porchlight.texts import LANGUAGES, BrokenText, load_yaml

Kind = Literal["people", "places", "contacts"]
KINDS = ("people", "places", "contacts")


@dataclass(frozen=True)
class Section:
    """One section: its prompts by language."""

    key: str
    kind: Kind
    title: Mapping[str, str]
    why: Mapping[str, str]
    ask: Mapping[str, str]
    more: Mapping[str, str]
    example: Mapping[str, str]
    dont_know: Mapping[str, str]
    skipped: Mapping[str, str]
    again: Mapping[str, str]


@cache
def all_sections() -> tuple[Section, ...]:
    """The sections in the order in which they are asked. Raises BrokenText."""
    sections = tuple(_read(entry) for entry in load_yaml("plan/sections.yml"))
    if len({section.key for section in sections}) < len(sections):
        raise BrokenText("resources/plan/sections.yml names a section twice.")
    return sections


def section_of(key: str) -> Section:
    """The section of that key. KeyError when there is none."""
    return {section.key: section for section in all_sections()}[key]


def _read(entry: dict[str, Any]) -> Section:
    key = entry.get("key", "without a key")
    if entry.get("kind") not in KINDS:
        raise BrokenText(f"resources/plan/sections.yml: section {key} needs a kind: {', '.join(KINDS)}.")
    for field in fields(Section)[2:]:
        for language in LANGUAGES:
            if not (entry.get(field.name) or {}).get(language):
                raise BrokenText(f"resources/plan/sections.yml: section {key} has no {field.name} in {language!r}.")
    return Section(key=key, kind=cast(Kind, entry["kind"]), **{f.name: entry[f.name] for f in fields(Section)[2:]})
