"""The model card, docs/screening.md: what was measured, in words and tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from porchlight.model import ROOT
from porchlight.screening.model import CATEGORIES
from porchlight.screening.rulebook import entries
from porchlight.screening.screener import Thresholds
from porchlight.texts import LANGUAGES
from tools.screening.calibrate import HARD_ANSWERED, ORDINARY_ANSWERED
from tools.screening.data import Line
from tools.screening.measure import ENOUGH, Figures, Share

CARD = ROOT / "docs" / "screening.md"
WORDS = Path(__file__).with_name("card.md")


def write(measured: Sequence[Figures], lines: Sequence[Line], thresholds: Thresholds) -> None:
    """Fill the blanks of card.md."""
    blanks = {
        "data": _data(lines),
        "rules": _rules(),
        "hard": f"{HARD_ANSWERED:g}",
        "ordinary": f"{ORDINARY_ANSWERED:g}",
        "thresholds": _thresholds(thresholds),
        "summary": _table(["", *(figures.name for figures in measured)], _summary(measured)),
        "severities": _severities(measured),
        "categories": _categories(measured),
    }
    text = WORDS.read_text(encoding="utf-8")
    for name, filled in blanks.items():
        text = text.replace("{" + name + "}", filled)
    CARD.write_text(text, encoding="utf-8")


def shown(share: Share) -> str:
    """ "96.3% (90–99, of 54)": the share, its 95% interval, the number of rows."""
    if math.isnan(share.percent):
        return "–"
    low, high = share.interval
    return f"{share.percent:.1f}% ({low:.1f}–{high:.1f}, of {share.of})"


def summary_rows(figures: Figures) -> list[tuple[str, Share]]:
    """The figures of a set that matter most, with what they are."""
    return [
        ("Clear disclosures (urgent, emergency) answered", figures.clear),
        ("All worries answered, past and ambiguous ones too", figures.recall),
        ("All worries answered or asked about", figures.noticed),
        ("Answered emergencies that are answered as emergencies", figures.emergencies),
        ("Answered urgent ones that are answered as emergencies", figures.raised),
        ("The labelled category is among the concerns", figures.right_category()),
        ("Ordinary messages answered (false alarms)", figures.false_alarms("ordinary")),
        ("Ordinary messages asked about", figures.check_ins("ordinary")),
        ("Hard negatives answered (false alarms)", figures.false_alarms("hard")),
        ("Hard negatives asked about", figures.check_ins("hard")),
    ]


def _summary(measured: Sequence[Figures]) -> list[list[str]]:
    columns = [summary_rows(figures) for figures in measured]
    return [[name, *(shown(column[row][1]) for column in columns)] for row, (name, _) in enumerate(columns[0])]


def _severities(measured: Sequence[Figures]) -> str:
    rows = [[severity] for severity, _ in measured[0].by_severity()]
    for figures in measured:
        for row, (_, share) in zip(rows, figures.by_severity(), strict=True):
            row.append(shown(share))
    return _table(["Severity", *(figures.name for figures in measured)], rows)


def _categories(measured: Sequence[Figures]) -> str:
    rows = []
    for category in CATEGORIES:
        shares = [figures.recall_of(category) for figures in measured]
        rows.append([category, *(shown(share) + ("" if share.of >= ENOUGH else " ·") for share in shares)])
    return _table(["Category", *(figures.name for figures in measured)], rows)


def _data(lines: Sequence[Line]) -> str:
    kinds = Counter((_kind(line), line.language) for line in lines)
    names = ["worries", "hard negatives", "ordinary talk"]
    rows = [[name, *(str(kinds[name, language]) for language in LANGUAGES)] for name in names]
    return _table(["Lines that were learnt from", "English", "Spanish"], rows)


def _kind(line: Line) -> str:
    return "worries" if line.category else "hard negatives" if line.hard else "ordinary talk"


def _rules() -> str:
    rules = [rule for category in CATEGORIES for rule in entries(category)]
    sure = sum(bool(rule["sure"]) for rule in rules)
    catches, passes = sum(len(rule["catches"]) for rule in rules), sum(len(rule["passes"]) for rule in rules)
    return (
        f"{len(rules)} rules in {len(CATEGORIES)} files, {sure} of them sure and {len(rules) - sure} weak signs, with "
        f"{catches} messages that they must catch and {passes} that they must let pass."
    )


def _thresholds(thresholds: Thresholds) -> str:
    rows = [
        ["Answered", f"risk from {thresholds.respond:.2f} on"],
        ["Answered, when a sure rule finds its signs", f"risk from {thresholds.veto:.2f} on"],
        ["Answered, when it is a rule for emergencies", f"risk from {thresholds.emergency_veto:.2f} on"],
        ["Answered, when a weak rule backs it", f"risk from {thresholds.backed:.2f} on"],
        ["Asked about", f"risk from {thresholds.check_in:.2f} on, or any rule"],
        ["Taken for an emergency", f"an emergency rule, or a probability from {thresholds.emergency:.2f} on"],
        ["Taken for urgent", f"an urgent rule, or a probability from {thresholds.urgent:.2f} on"],
    ]
    return _table(["What is done", "When"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
