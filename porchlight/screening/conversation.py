"""Over a conversation: weak signs add up, a denial is heard, the same list is not repeated, a rise always acts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Dict, Literal, Mapping, Optional, Tuple

from porchlight.screening.model import SEVERITY_RANK, SOFT, Concern, Screening

#: For so many messages of the person an answer still stands on their screen: the same list is not shown again.
STANDS_FOR = 6
#: What is left of a weak sign one message later: after four messages it is half.
FADES = 0.84
#: Weak signs that add up to this count for more: two that asked a soft question within four messages, or four
#: faint ones in a row.
ADDS_UP_TO = 0.75

Reaction = Literal["none", "check_in", "respond", "repeat", "denied"]


@dataclass(frozen=True)
class Heard:
    """What the messages before left behind. `answered`: severity by category, with how many messages ago."""

    weight: float = 0.0
    answered: Mapping[str, Tuple[str, int]] = field(default_factory=dict)
    asked: Optional[int] = None  # how many messages ago we asked the soft question
    denied: bool = False

    @classmethod
    def from_json(cls, kept: Optional[Mapping[str, Any]]) -> Heard:
        kept = kept or {}
        answered = {category: (severity, ago) for category, (severity, ago) in kept.get("answered", {}).items()}
        return cls(kept.get("weight", 0.0), answered, kept.get("asked"), kept.get("denied", False))

    def as_json(self) -> Dict[str, Any]:
        return {**asdict(self), "answered": {category: list(value) for category, value in self.answered.items()}}


def hear(heard: Heard, screening: Screening) -> Tuple[Reaction, Heard]:
    """What to do about a message after those before it, and what is left behind by all of them.

    `repeat`: the same worry again, or an unsure sign, while an answer still stands on the screen: words without
    the list. `denied`: they took it back.
    """
    heard = _one_later(heard)
    if screening.denial and screening.answer != "respond":
        return _hear_denial(heard)
    weight = heard.weight + screening.weight
    if screening.answer == "respond" or (screening.answer == "check_in" and weight >= ADDS_UP_TO):
        return _respond(heard, screening.worst)
    heard = replace(heard, weight=weight)
    if screening.answer == "none" and weight < ADDS_UP_TO:
        return "none", heard
    if _still_stands(heard):
        # What may be a disclosure is never passed over, though its lines are on the screen; a faint sign is.
        return ("none" if screening.answer == "none" else "repeat"), heard
    return "check_in", replace(heard, asked=0, weight=min(weight, SOFT), denied=False)


def _one_later(heard: Heard) -> Heard:
    answered = {c: (severity, ago + 1) for c, (severity, ago) in heard.answered.items() if ago < STANDS_FOR}
    asked = None if heard.asked is None or heard.asked >= STANDS_FOR else heard.asked + 1
    return replace(heard, weight=heard.weight * FADES, answered=answered, asked=asked)


def _hear_denial(heard: Heard) -> Tuple[Reaction, Heard]:
    recent = bool(heard.answered) or heard.asked is not None
    say_so = recent and not heard.denied
    return ("denied" if say_so else "none"), replace(heard, weight=heard.weight / 2, denied=True)


def _respond(heard: Heard, concern: Concern) -> Tuple[Reaction, Heard]:
    heard = replace(heard, weight=0.0, denied=False)
    before = heard.answered.get(concern.category)
    if before and SEVERITY_RANK[concern.severity] <= SEVERITY_RANK[before[0]]:
        # A repeat shows no list: the one that was shown goes on growing old, until it is shown again.
        return "repeat", heard
    return "respond", replace(heard, answered={**heard.answered, concern.category: (concern.severity, 0)})


def _still_stands(heard: Heard) -> bool:
    return bool(heard.answered) or heard.asked is not None
