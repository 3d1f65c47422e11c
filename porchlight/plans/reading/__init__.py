"""Understand what a youth writes when the plan asks for people, places or numbers."""

from .model import MAX_ITEMS, MOVES, Item, Kind, Known, Language, Move, Stage, Turn
from .turn import find_known, read_turn

__all__ = [
    "MAX_ITEMS",
    "MOVES",
    "Item",
    "Kind",
    "Known",
    "Language",
    "Move",
    "Stage",
    "Turn",
    "find_known",
    "read_turn",
]
