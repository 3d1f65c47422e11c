"""What a youth's message means to the plan: moves and lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["people", "places", "contacts"]
Language = Literal["en", "es"]
Stage = Literal["ask", "more"]

MAX_CHARACTERS = 2_000
MAX_ITEMS = 20
MAX_NAME = 80
MAX_NOTE = 200
MAX_PHONE = 40


class Move(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    NO_MORE = "no_more"
    SKIP = "skip"
    BACK = "back"
    SHOW = "show"
    STOP = "stop"
    WHY = "why"
    EXAMPLE = "example"
    DONT_KNOW = "dont_know"
    UNCLEAR = "unclear"


#: The move for which a button, or the classifier's guess alone, stands.
MOVES: Mapping[str, Move] = {
    "no_more": Move.NO_MORE,
    "skip": Move.SKIP,
    "go_back": Move.BACK,
    "show_plan": Move.SHOW,
    "stop_plan": Move.STOP,
    "why_ask": Move.WHY,
    "give_example": Move.EXAMPLE,
    "dont_know": Move.DONT_KNOW,
    "change_item": Move.CHANGE,
    "remove_item": Move.REMOVE,
}


@dataclass(frozen=True)
class Item:
    """One line of the plan, in the youth's own words."""

    name: str
    relationship: str | None = None
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Known:
    """An item that is in the plan already."""

    id: int
    section: str
    item: Item


@dataclass(frozen=True)
class Turn:
    """What to do. `items`: for ADD the new ones; for CHANGE the item as it should be afterwards, or
    none when they named only what is wrong. `target`: the Known meant; None if it could not be told."""

    move: Move
    items: tuple[Item, ...] = ()
    target: int | None = None
    then: Move | None = None
