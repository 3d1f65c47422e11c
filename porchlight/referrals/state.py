"""What is remembered of somebody's search for help, from one message to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from porchlight.directory.asking import Question
from porchlight.directory.places import Place

#: Services that were shown, by which "more" knows what is new.
REMEMBERED = 60
#: Cards of a talk that can be put into the plan.
OFFERED = 300


@dataclass(frozen=True)
class State:
    """`question`: the last one; `cards`: the services on the last cards, in their order, each as (source, id);
    `shown`: all that were shown to that question; `offered`: all of the talk, by whose number a button puts one into
    the plan; `shown_at` and `first`: when the first cards came, and what was first on them, for the question how it
    went; `counted`: that is counted; `missed`: our last question was not answered; `last_turn` and `last_said`: for a
    message that is delivered twice."""

    question: Question = field(default_factory=Question)
    cards: tuple[tuple[str, str], ...] = ()
    shown: tuple[tuple[str, str], ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    shown_at: datetime | None = None
    first: tuple[str, str] | None = None
    asked_outcome: bool = False
    counted: bool = False
    missed: bool = False
    bill_said: bool = False
    last_turn: int = 0
    last_said: tuple[Mapping[str, Any], ...] = ()

    def showing(self, services: tuple[tuple[str, str], ...], at: datetime, referred: bool = True) -> State:
        """The same after cards of these services were shown. `referred`: it is to be asked later how it went."""
        state = replace(
            self,
            cards=services,
            shown=(*self.shown, *services)[-REMEMBERED:],
            offered=(*self.offered, *services)[:OFFERED],
        )
        if not referred or not services:
            return state
        return replace(state, shown_at=self.shown_at or at, first=self.first or services[0])

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        question = told["question"]
        for key in ("groups", "kinds", "named"):
            question[key] = sorted(question[key])
        question["at"] = None
        told["shown_at"] = self.shown_at.isoformat() if self.shown_at else None
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any] | None) -> State:
        """What as_json() has told. What another version has told, and cannot be read, is forgotten."""
        try:
            return cls._read(told) if told else cls()
        except (KeyError, TypeError, ValueError):
            return cls()

    @classmethod
    def _read(cls, told: Mapping[str, Any]) -> State:
        question = dict(told["question"])
        for key in ("groups", "kinds", "named"):
            question[key] = frozenset(question[key])
        for key in ("needs", "words"):
            question[key] = tuple(question[key])
        question["place"] = Place(**question["place"]) if question["place"] else None
        pairs = {
            key: tuple((source, service) for source, service in told[key]) for key in ("cards", "shown", "offered")
        }
        first = told["first"]
        return cls(
            **{
                **told,
                **pairs,
                "question": Question(**question),
                "first": (first[0], first[1]) if first else None,
                "shown_at": datetime.fromisoformat(told["shown_at"]) if told["shown_at"] else None,
                "last_said": tuple(told["last_said"]),
            }
        )
