"""What screening says of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Literal, Tuple, get_args

#: When two concerns of one message weigh the same, the earlier one gives the answer: minutes count first, a life
#: before what hurts it, what a child runs from before the running.
Category = Literal[
    "overdose",
    "suicide",
    "immediate_danger",
    "trafficking_sex",
    "sexual_abuse",
    "harm_to_others",
    "dating_violence",
    "physical_abuse",
    "trafficking_labor",
    "online_exploitation",
    "self_harm",
    "missing_child",
    "homeless_tonight",
    "neglect",
    "runaway",
    "eating_disorder",
    "substance_use",
]
Severity = Literal["concern", "urgent", "emergency"]
Answer = Literal["none", "check_in", "respond"]

CATEGORIES: Tuple[Category, ...] = get_args(Category)
SEVERITIES: Tuple[Severity, ...] = get_args(Severity)
ANSWERS: Tuple[Answer, ...] = get_args(Answer)

#: What a message that asks for a soft question weighs, and a faint sign at most.
SOFT, FAINT = 0.5, 0.25

SEVERITY_RANK: Dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
CATEGORY_RANK: Dict[str, int] = {category: rank for rank, category in enumerate(CATEGORIES)}


@dataclass(frozen=True)
class Concern:
    """One thing that worries us in a message.

    `confidence` is between 0 and 1. `because` holds the words that caused it, in lower case as the rules read
    them; they are a person's own words and belong in no log.
    """

    category: Category
    severity: Severity
    confidence: float
    because: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Screening:
    """What a message says, and what is to be done: a person's answer (`respond`), a soft question, or nothing.

    `concerns` goes from the worst to the least, and is empty when there is nothing to do. `weight` is what the
    message adds to those before it: SOFT for a soft question, less for a faint sign, 0 for ordinary talk. `denial`:
    the message says that it is not so ("I'm not suicidal", "just kidding").
    """

    answer: Answer = "none"
    concerns: Tuple[Concern, ...] = ()
    weight: float = 0.0
    denial: bool = False

    @property
    def worst(self) -> Concern:
        """The concern that the answer is about. Raises IndexError when there is none."""
        return self.concerns[0]
