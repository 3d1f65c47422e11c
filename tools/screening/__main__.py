"""`python -m tools.screening calibrate | eval`: teach and measure the screening."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from porchlight.screening import CATEGORIES, load, screen
from porchlight.screening.screener import CALIBRATION, Thresholds
from tools.screening import card
from tools.screening.calibrate import calibrate as run_calibration
from tools.screening.calibrate import digest
from tools.screening.data import training_lines
from tools.screening.measure import Figures, measure, sets

FLOORS = Path(__file__).with_name("floors.yml")
#: Figures in which more is worse.
CEILINGS = {"false_alarms_ordinary", "false_alarms_hard", "check_ins_hard"}

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
console = Console(highlight=False)


@app.command()
def calibrate() -> None:
    """Teach the classifier, choose the thresholds; writes weights.npz and calibration.yml (some minutes)."""
    with _progress() as progress:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=of)
            progress.advance(tasks[what], done)

        thresholds = run_calibration(tell)
    console.print("Thresholds:", {name: getattr(thresholds, name) for name in thresholds.__dataclass_fields__})
    console.print("Now run `make eval`.")


@app.command("eval")
def evaluate(
    write: Annotated[bool, typer.Option(help="Write the model card, docs/screening.md.")] = True,
) -> None:
    """Measure the screening, print the figures, and fail when one falls below its floor (floors.yml)."""
    lines = training_lines()
    if yaml.safe_load(CALIBRATION.read_text(encoding="utf-8"))["learnt_from"]["digest"] != digest(lines):
        console.print("[red]The weights were made from other lines than those in data/: run `make calibrate`.[/]")
        raise typer.Exit(2)
    if not load():
        console.print("[red]The classifier cannot be loaded.[/]")
        raise typer.Exit(2)
    chosen = sets()
    with _progress() as progress:
        task = progress.add_task("reading", total=sum(map(len, chosen.values())))
        measured = [
            measure(name, rows, screen, lambda done: progress.advance(task, done)) for name, rows in chosen.items()
        ]
    _print(measured)
    if "shared" not in chosen:
        console.print("[yellow]The shared set is not here (../shared/eval/dev.jsonl): it was not measured.[/]")
    elif write:
        card.write(measured, lines, Thresholds.load())
    if fallen := _fallen(measured):
        for words in fallen:
            console.print(f"[red]{words}[/]")
        raise typer.Exit(1)
    console.print("[green]All figures hold their floors.[/]")


def _fallen(measured: list[Figures]) -> list[str]:
    """Each figure that is worse than its floor, in words. A floor without a figure has fallen, too."""
    floors: dict[str, dict[str, float]] = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))
    fallen = []
    for figures in measured:
        numbers = figures.as_numbers()
        for name, floor in floors[figures.name].items():
            number = numbers.get(name)
            if number is None:
                fallen.append(f"{figures.name}: {name} was not measured.")
            elif number > floor if name in CEILINGS else number < floor:
                fallen.append(f"{figures.name}: {name} is {number}, its {_bound(name)} {floor}.")
    return fallen


def _bound(name: str) -> str:
    return "ceiling" if name in CEILINGS else "floor"


def _print(measured: list[Figures]) -> None:
    table = Table(title="What the screening does, in percent (95% interval, of how many)")
    table.add_column("")
    for figures in measured:
        table.add_column(figures.name)
    for rows_of in (card.summary_rows, Figures.by_severity):
        columns = [rows_of(figures) for figures in measured]
        for number, (name, _) in enumerate(columns[0]):
            table.add_row(name, *(card.shown(column[number][1]) for column in columns))
        table.add_section()
    for category in CATEGORIES:
        table.add_row(category, *(card.shown(figures.recall_of(category)) for figures in measured))
    console.print(table)


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console)


if __name__ == "__main__":
    app()
