"""The confusion picture: what each intent was taken for, in English and in Spanish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tools.nlu_scores import FALLBACK, Line, totals

NAMES = {"en": "English", "es": "Spanish"}
RIGHT = LinearSegmentedColormap.from_list("right", ["#ffffff", "#9ecae1", "#2171b5"])
WRONG = LinearSegmentedColormap.from_list("wrong", ["#ffffff", "#fdae6b", "#c1350b"])
#: Share of an intent's lines at which the colour of a confusion is full.
FULL = 0.25
#: From here a confusion gets its figure; and up to here a diagonal does.
WORTH_SAYING, WELL = 0.05, 0.90
#: Shares: a row for each intent.
Matrix = NDArray[np.float64]
INK, FAINT = "#222222", "#d9d9d9"


def draw(lines: Sequence[Line], path: Path) -> None:
    """Two panels, a row for each intent, shares of the row's lines."""
    intents, borders = in_order(lines)
    side = 0.27 * len(intents) + 1
    figure = Figure(figsize=(2 * side + 3.6, side + 2.6), layout="constrained")
    panels = figure.subplots(1, len(NAMES), sharey=True)
    for panel, language in zip(panels, NAMES, strict=True):
        spoken = [line for line in lines if line.language == language]
        _panel(panel, shares(spoken, intents), intents, borders)
        panel.set_title(_title(language, spoken), fontsize=17, pad=12, color=INK)
    panels[0].set_ylabel("what the line is", fontsize=15, color=INK)
    figure.suptitle(
        "What held-out lines are taken for, in % of each row's lines.  "
        "Blue: understood (figure up to 90%).  Orange to red: taken for something else (figure from 5%).",
        fontsize=16,
        color=INK,
        y=1.04,  # above the titles of the panels
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100, bbox_inches="tight", pad_inches=0.3)


def in_order(lines: Sequence[Line]) -> tuple[list[str], list[int]]:
    """The intents, topic by topic, and the places where a new topic begins."""
    topic_of = {line.intent: line.topic for line in lines}
    intents = sorted(topic_of, key=lambda intent: topic_of[intent])  # stable: within a topic as in the files
    places = enumerate(pairwise(intents), start=1)
    return intents, [place for place, (one, next_) in places if topic_of[one] != topic_of[next_]]


def shares(lines: Sequence[Line], intents: Sequence[str]) -> Matrix:
    """A row for each intent, a column for each and for the fallback. A row's sum is 1; 0 without lines."""
    counts = Counter((line.intent, line.predicted) for line in lines)
    columns = [*intents, FALLBACK]
    matrix = np.array([[counts[intent, column] for column in columns] for intent in intents], dtype=float)
    sums = matrix.sum(axis=1, keepdims=True)
    shared: Matrix = matrix / np.maximum(sums, 1)
    return shared


def _title(language: str, spoken: Sequence[Line]) -> str:
    found = totals(spoken)
    figures = f"{found.accuracy:.0%} understood, macro F1 {found.macro:.2f}"
    return f"{NAMES[language]}: {found.support} lines, {figures}"


def _panel(panel: Axes, matrix: Matrix, intents: Sequence[str], borders: Sequence[int]) -> None:
    diagonal = np.eye(*matrix.shape) == 1
    panel.imshow(np.ma.masked_where(~diagonal, matrix), cmap=RIGHT, vmin=0, vmax=1)
    panel.imshow(np.ma.masked_where(diagonal, matrix), cmap=WRONG, vmin=0, vmax=FULL)
    _label(panel, intents)
    for border in (*borders, len(intents)):
        panel.axvline(border - 0.5, color=FAINT, linewidth=1)
        panel.axhline(border - 0.5, color=FAINT, linewidth=1)
    for row, column in np.argwhere(matrix > 0):
        _annotate(panel, int(row), int(column), float(matrix[row, column]))


def _label(panel: Axes, intents: Sequence[str]) -> None:
    panel.set_xticks(range(len(intents) + 1), [*intents, "(not sure)"], rotation=90, fontsize=11)
    panel.set_yticks(range(len(intents)), list(intents), fontsize=11)
    panel.set_xlabel("what it was taken for", fontsize=15, color=INK)
    panel.tick_params(length=0, colors=INK)
    panel.spines[:].set_color(FAINT)


def _annotate(panel: Axes, row: int, column: int, share: float) -> None:
    if share > WELL if row == column else share < WORTH_SAYING:
        return
    dark = share > 0.6 if row == column else share > 0.6 * FULL
    colour = "white" if dark else INK
    panel.text(column, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=8.5, color=colour)
