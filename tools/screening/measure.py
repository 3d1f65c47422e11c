"""Measures the screening on labelled messages: recall, false alarms, by category, severity and language."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from porchlight.screening import Screening
from porchlight.screening.model import CATEGORIES, SEVERITIES
from porchlight.texts import LANGUAGES
from tools.screening.data import Line, dev_rows, held_out_lines

#: The labels of the shared set that have another name here. "risk" names no category.
DEV_LABELS = {
    "domestic_violence": "dating_violence",
    "sextortion": "online_exploitation",
    "runaway_thoughts": "runaway",
}
#: 95% of a normal distribution lies within so many deviations.
Z = 1.96
#: A category with fewer rows has no recall of its own worth a floor.
ENOUGH = 10

Screen = Callable[[str], Screening]
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Row:
    """A labelled message to measure with. `kind`: risk, hard or ordinary; `category` is "risk" when not told."""

    text: str
    kind: str
    language: str
    category: str = ""
    severity: str = ""


@dataclass(frozen=True)
class Share:
    """`count` of `of`, with the 95% interval of Wilson (1927)."""

    count: int
    of: int

    @property
    def percent(self) -> float:
        return 100.0 * self.count / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high, in percent."""
        if not self.of:
            return math.nan, math.nan
        share, of = self.count / self.of, self.of
        middle = share + Z * Z / (2 * of)
        spread = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
        scale = 100.0 / (1 + Z * Z / of)
        return max(0.0, scale * (middle - spread)), min(100.0, scale * (middle + spread))


@dataclass(frozen=True)
class Figures:
    """What the screening did with the rows of one set."""

    name: str
    rows: tuple[tuple[Row, Screening], ...]

    def share(self, of: Callable[[Row], bool], hit: Callable[[Row, Screening], bool]) -> Share:
        chosen = [(row, said) for row, said in self.rows if of(row)]
        return Share(sum(hit(row, said) for row, said in chosen), len(chosen))

    @property
    def clear(self) -> Share:
        """Clear disclosures (severity urgent or emergency) that are answered."""
        return self.share(_clear, _responds)

    @property
    def recall(self) -> Share:
        """All that worries, the past and the ambiguous too, that is answered."""
        return self.share(_worries, _responds)

    @property
    def noticed(self) -> Share:
        """All that worries and is answered or at least asked about."""
        return self.share(_worries, lambda row, said: said.answer != "none")

    def recall_of(self, category: str) -> Share:
        return self.share(lambda row: _clear(row) and row.category == category, _responds)

    def recall_at(self, severity: str) -> Share:
        return self.share(lambda row: row.severity == severity, _responds)

    def right_category(self) -> Share:
        """Answered disclosures among whose concerns is the one of the label."""
        return self.share(
            lambda row: _worries(row) and row.category in CATEGORIES,
            lambda row, said: any(concern.category == row.category for concern in said.concerns),
        )

    @property
    def emergencies(self) -> Share:
        """Emergencies that are answered, which are answered as emergencies."""
        caught = [(row, said) for row, said in self.rows if row.severity == "emergency" and _responds(row, said)]
        return Share(sum(said.worst.severity == "emergency" for _, said in caught), len(caught))

    @property
    def raised(self) -> Share:
        """Urgent disclosures that are answered as emergencies: too loud."""
        caught = [(row, said) for row, said in self.rows if row.severity == "urgent" and _responds(row, said)]
        return Share(sum(said.worst.severity == "emergency" for _, said in caught), len(caught))

    def false_alarms(self, kind: str) -> Share:
        return self.share(lambda row: row.kind == kind, _responds)

    def check_ins(self, kind: str) -> Share:
        return self.share(lambda row: row.kind == kind, lambda row, said: said.answer == "check_in")

    def as_numbers(self) -> dict[str, float]:
        """The figures that have a floor, or a ceiling where more is worse, in percent."""
        numbers = {
            "recall_clear": self.clear.percent,
            "recall_worst_category": min((share.percent for _, share in self.by_category(ENOUGH)), default=math.nan),
            "emergencies": self.emergencies.percent,
            "false_alarms_ordinary": self.false_alarms("ordinary").percent,
            "false_alarms_hard": self.false_alarms("hard").percent,
            "check_ins_hard": self.check_ins("hard").percent,
        }
        return {name: round(number, 2) for name, number in numbers.items() if not math.isnan(number)}

    def by_category(self, at_least: int = 1) -> list[tuple[str, Share]]:
        shares = [(category, self.recall_of(category)) for category in CATEGORIES]
        return [(category, share) for category, share in shares if share.of >= at_least]

    def by_severity(self) -> list[tuple[str, Share]]:
        return [(severity, self.recall_at(severity)) for severity in reversed(SEVERITIES)]


def sets() -> dict[str, list[Row]]:
    """All that is measured with, by name; the shared set is left out where it is missing."""
    found = {f"held out, {language}": [row_of(line) for line in held_out_lines(language)] for language in LANGUAGES}
    if dev := dev_rows():
        found["shared"] = [_dev_row(row) for row in dev]
    return found


def row_of(line: Line) -> Row:
    kind = "risk" if line.category else "hard" if line.hard else "ordinary"
    return Row(line.text, kind, line.language, line.category or "", line.severity or "")


def _dev_row(row: dict[str, str]) -> Row:
    kind = {"risk": "risk", "hard": "hard", "benign": "ordinary"}[row["set"]]
    if kind != "risk":
        return Row(row["text"], kind, row["lang"])
    return Row(row["text"], kind, row["lang"], DEV_LABELS.get(row["label"], row["label"]), row["severity"])


def measure(name: str, rows: Sequence[Row], screen: Screen, tell: Tell = lambda done: None) -> Figures:
    return Figures(name, tuple(_read(rows, screen, tell)))


def _read(rows: Sequence[Row], screen: Screen, tell: Tell) -> Iterable[tuple[Row, Screening]]:
    for row in rows:
        yield row, screen(row.text)
        tell(1)


def _worries(row: Row) -> bool:
    return row.kind == "risk"


def _clear(row: Row) -> bool:
    return row.kind == "risk" and row.severity in ("urgent", "emergency")


def _responds(row: Row, said: Screening) -> bool:
    return said.answer == "respond"
