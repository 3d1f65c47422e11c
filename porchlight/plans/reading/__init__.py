"""Understand what a youth writes when the plan asks for people, places or numbers: no database, no network."""

from .model import Item, Kind, Known, Language, Move, Stage, Turn
from .turn import find_known, read_turn

__all__ = ["Item", "Kind", "Known", "Language", "Move", "Stage", "Turn", "find_known", "read_turn"]
