"""How the plan speaks: its texts with their buttons, and its items as lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from porchlight.plans.reading import Item, Known
from porchlight.plans.sections import Section, all_sections
from porchlight.texts import say

#: What a button of the plan sends, by its key in resources/texts/plan.yml.
PAYLOADS = {
    "go_on": "/no_more",
    "skip": "/skip",
    "back": "/go_back",
    "show": "/show_plan",
    "stop": "/stop_plan",
    "change": "/change_item",
    "remove": "/remove_item",
    "print": "/print_plan",
    "start": "/start_plan",
    "continue": "/continue_plan",
}


@dataclass(frozen=True)
class Say:
    """One message of the plan."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()  # (title, payload)

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "buttons": [{"title": title, "payload": payload} for title, payload in self.buttons],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Say:
        return cls(value["text"], tuple((button["title"], button["payload"]) for button in value["buttons"]))

    def after(self, lead: str) -> Say:
        """The same with a sentence before it."""
        return Say(f"{lead} {self.text}", self.buttons)


def phrase(key: str, language: str, buttons: Iterable[str] = (), **blanks: object) -> Say:
    """The text `plan.<key>` with its blanks filled and the named buttons under it."""
    return Say(say(f"plan.{key}", language, **blanks), buttons_of(buttons, language))


def buttons_of(keys: Iterable[str], language: str) -> tuple[tuple[str, str], ...]:
    return tuple((say(f"plan.buttons.{key}", language), PAYLOADS[key]) for key in keys)


def line(item: Item) -> str:
    """An item as a line: "Rosa (aunt), 555-0101, maybe". What the name says already is not said again."""
    known = item.relationship and item.relationship.casefold() in item.name.casefold()
    name = item.name if known or not item.relationship else f"{item.name} ({item.relationship})"
    phone = item.phone if item.phone and item.phone != item.name else None
    return ", ".join(part for part in (name, phone, item.note) if part)


def numbered(items: Sequence[Item]) -> str:
    return "\n".join(f"{number}. {line(item)}" for number, item in enumerate(items, start=1))


def whole_plan(known: Sequence[Known], statuses: dict[str, str], language: str) -> str:
    """The plan as text, section by section."""
    return "\n\n".join(
        f"{section.title[language]}\n{_content(section, known, statuses, language)}" for section in all_sections()
    )


def _content(section: Section, known: Sequence[Known], statuses: dict[str, str], language: str) -> str:
    items = [each.item for each in known if each.section == section.key]
    if items:
        return numbered(items)
    return say("plan.section_skipped" if statuses.get(section.key) == "skipped" else "plan.section_empty", language)
