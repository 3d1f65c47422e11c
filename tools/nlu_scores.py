"""How well intents are told apart: precision, recall and F1 from the lines of a cross-validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import fmean
from typing import Any

#: What the pipeline says when it is not sure enough of any intent. No line has it as its own.
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Line:
    """A line that was held out, and what the pipeline took it for."""

    topic: str
    language: str
    intent: str
    predicted: str  # as the bot acts on it: may be FALLBACK
    guess: str  # the likeliest intent, also where the bot would not act on it
    confidence: float  # of the guess

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Line:
        return cls(**{field.name: record[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class Score:
    """Of one intent."""

    precision: float
    recall: float
    support: int  # lines that have this intent

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Totals:
    """Of all intents that have lines."""

    accuracy: float
    macro: float  # mean F1 of the intents
    weighted: float  # mean F1 of the lines
    unsure: float  # share of lines left to the fallback
    guessed: float  # accuracy if the guess behind the fallback counted, as `rasa test` counts it
    support: int


def scores(lines: Sequence[Line]) -> dict[str, Score]:
    """The score of each intent that has lines, in the lines' order."""
    support = Counter(line.intent for line in lines)
    predicted = Counter(line.predicted for line in lines)
    hits = Counter(line.intent for line in lines if line.intent == line.predicted)
    return {
        intent: Score(hits[intent] / max(1, predicted[intent]), hits[intent] / count, count)
        for intent, count in support.items()
    }


def totals(lines: Sequence[Line]) -> Totals:
    """Raises ValueError when there are no lines."""
    if not lines:
        raise ValueError("There are no lines to score.")
    each = scores(lines).values()
    return Totals(
        accuracy=_share(line.intent == line.predicted for line in lines),
        macro=fmean(score.f1 for score in each),
        weighted=sum(score.f1 * score.support for score in each) / len(lines),
        unsure=_share(line.predicted == FALLBACK for line in lines),
        guessed=_share(line.intent == line.guess for line in lines),
        support=len(lines),
    )


def confusions(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    """(intent, what it was taken for, lines), the most frequent first."""
    counted = Counter((line.intent, line.predicted) for line in lines if line.intent != line.predicted)
    return [(intent, predicted, count) for (intent, predicted), count in counted.most_common()]


def _share(hits: Iterable[bool]) -> float:
    return fmean(map(float, hits))
