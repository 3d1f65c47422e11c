"""The bench's table, its file and its picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from rich import box
from rich.table import Table

from tools.bench.figures import Figure, Machine, Measured
from tools.bench.measure import Times

OURS, STOCK, INK, FAINT = "#2171b5", "#c1350b", "#222222", "#dddddd"
#: Turns over which the picture's lines are smoothed.
SMOOTH = 11


def table_of(figures: Sequence[Figure]) -> Table:
    table = Table(title="Beside a stock `rasa init` bot", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("", "ours", "stock", "ratio", "target", "met"):
        # Where it is narrow, the names give way: a figure that is cut off tells nothing.
        table.add_column(name, justify="right" if name else "left", no_wrap=bool(name), min_width=6 if name else None)
    for figure in figures:
        table.add_row(*cells(figure))
    return table


def cells(figure: Figure) -> tuple[str, ...]:
    target = "" if figure.target is None else f"{'ours ' if figure.judged == 'ours' else ''}<= {figure.target:g}"
    met = {None: "", True: "[green]yes[/]", False: "[bold red]no[/]"}[figure.met]
    ratio = "-" if figure.ratio is None else f"{figure.ratio:.2f}"
    numbers = (_short(figure.ours), _short(figure.stock), ratio)
    return (f"{figure.name} ({figure.unit})", *numbers, target, met)


def _short(number: float | None) -> str:
    """Three figures."""
    if number is None:
        return "-"
    digits = 0 if number >= 100 else 1 if number >= 10 else 2
    return f"{number:.{digits}f}"


def write(measured: Measured, machine: Machine, path: Path) -> None:
    """The figures, and every single time beneath them."""
    content = {
        "machine": vars(machine),
        "figures": [figure.as_json() for figure in measured.figures()],
        "widget_bytes": dict(measured.widget),
        "memory_mb": dict(measured.memory),
        "screening": dict(measured.reading),
        "directory": asdict(measured.directory) if measured.directory else None,
        "plan_turns_ms": _rounded(measured.plans),
        "long_turns_ms": _rounded(measured.long),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _rounded(times: Times) -> dict[str, list[list[float]]]:
    both = {"ours": times.ours, "stock": times.stock}
    return {name: [[round(turn, 2) for turn in turns] for turns in each] for name, each in both.items()}


def draw(measured: Measured, machine: Machine, path: Path) -> None:
    """The time of a turn against its number, of both bots."""
    picture = Picture(figsize=(10, 5.6), layout="constrained")
    axes = picture.subplots()
    ends = [
        _draw_bot(axes, measured.long.stock, "stock rasa init bot", STOCK),
        _draw_bot(axes, measured.long.ours, "ours: screening, Rasa, actions, database", OURS),
    ]
    axes.set_ylim(0, 1.25 * max(ends))
    axes.set_xlim(0, measured.turns + 1)
    axes.set_xlabel("turn of the conversation", color=INK)
    axes.set_ylabel("milliseconds until the answer was read", color=INK)
    axes.set_title("The time of a turn as a conversation grows", loc="left", color=INK, fontsize=14)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", frameon=False)
    count = len(measured.long.ours)
    note = f"Dots: median of {count} conversations. Lines: median of {SMOOTH} turns.\n{machine}"
    picture.supxlabel(note, fontsize=8, color="#666666", x=0.01, ha="left")
    picture.savefig(path, dpi=130)


def _draw_bot(axes: Axes, conversations: Sequence[Sequence[float]], label: str, colour: str) -> float:
    """Draws dots and a line; returns the line's highest point."""
    dots = [median(turns) for turns in zip(*conversations, strict=True)]
    numbers = range(1, len(dots) + 1)
    line = smooth(dots)
    axes.scatter(numbers, dots, s=7, color=colour, alpha=0.3, linewidths=0)
    axes.plot(numbers, line, color=colour, linewidth=2.2, label=label)
    return max(line)


def smooth(values: Sequence[float]) -> list[float]:
    """The median of each value and its neighbours."""
    reach = SMOOTH // 2
    return [median(values[max(0, place - reach) : place + reach + 1]) for place in range(len(values))]
