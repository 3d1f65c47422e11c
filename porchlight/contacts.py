"""Who can be reached: the hotlines of resources/contacts.yml as the cards that the chat shows.

Which of them a worry shows is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypedDict

from porchlight.texts import BrokenText, load_yaml


class Contact(TypedDict):
    """One way to reach a line: what is read (`value`) and what is dialled or opened (`href`) agree."""

    name: str
    kind: str
    value: str
    href: str
    hours: str


def contacts_for(ids: Iterable[str], language: str) -> list[Contact]:
    """The cards of the lines named by `ids`, in that order. Raises BrokenText for an unknown id."""
    return [card for line in ids for card in _cards(line, language)]


def contacts_for_concern(category: str, severity: str, role: str, language: str) -> list[Contact]:
    """The lines for a worry of a youth or a caregiver. Raises BrokenText."""
    return contacts_for(_listed("answers", category, role, severity), language)


def contacts_for_check_in(role: str, language: str) -> list[Contact]:
    """The lines beside the question whether somebody is okay. Raises BrokenText."""
    return contacts_for(_listed("check_in", role), language)


def _listed(*path: str) -> list[str]:
    """The ids that stand at a place of resources/texts/safety.yml."""
    found: Any = load_yaml("texts/safety.yml")
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    ids = found.get("contacts") if isinstance(found, dict) else None
    if not ids or not isinstance(ids, list):
        raise BrokenText(f"resources/texts/safety.yml names no contacts for {'.'.join(path)}.")
    return [str(each) for each in ids]


def _cards(line: str, language: str) -> list[Contact]:
    entry = _lines().get(line)
    if entry is None:
        raise BrokenText(f"resources/contacts.yml has no line {line!r}.")
    return [
        Contact(
            name=_in(entry["name"], language),
            kind=channel["kind"],
            value=_in(channel["value"], language),
            href=_in(channel["href"], language),
            hours=". ".join(_in(channel[part], language) for part in ("hours", "note") if part in channel),
        )
        for channel in entry["channels"]
    ]


@cache
def _lines() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in load_yaml("contacts.yml")}


def _in(text: str | dict[str, str], language: str) -> str:
    return text[language] if isinstance(text, dict) else str(text)
