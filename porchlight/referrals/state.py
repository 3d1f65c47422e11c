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


@dataclass(frozen=True)
class State:
    """`question`: the last one; `cards`: the services on the last cards, in their order, each as (source, id);
    `shown`: all that were shown to that question; `shown_at`: when cards came first, of which it was not asked how it
    went; `last_turn` and `last_said`: for a message that is delivered twice."""

    question: Question = field(default_factory=Question)
    cards: tuple[tuple[str, str], ...] = ()
    shown: tuple[tuple[str, str], ...] = ()
    shown_at: datetime | None = None
    first: tuple[str, str] | None = None
    asked_outcome: bool = False
    bill_said: bool = False
    last_turn: int = 0
    last_said: tuple[Mapping[str, Any], ...] = ()

    def showing(self, services: tuple[tuple[str, str], ...], at: datetime) -> State:
        """The same after cards of these services were shown."""
        return replace(
            self,
            cards=services,
            shown=(*self.shown, *services)[-REMEMBERED:],
            shown_at=self.shown_at or at,
            first=self.first or (services[0] if services else None),
        )

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
        if not told:
            return cls()
        question = dict(told["question"])
        for key in ("groups", "kinds", "named"):
            question[key] = frozenset(question[key])
        for key in ("needs", "words"):
            question[key] = tuple(question[key])
        question["place"] = Place(**question["place"]) if question["place"] else None
        return cls(
            **{
                **told,
                "question": Question(**question),
                "cards": tuple((source, service) for source, service in told["cards"]),
                "shown": tuple((source, service) for source, service in told["shown"]),
                "first": tuple(told["first"]) if told["first"] else None,
                "shown_at": datetime.fromisoformat(told["shown_at"]) if told["shown_at"] else None,
                "last_said": tuple(told["last_said"]),
            }
        )
