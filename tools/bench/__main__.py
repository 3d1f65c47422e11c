"""Measures our bot beside a stock `rasa init` bot, in one run on this machine (`make bench`).

Exit status 0 when all targets are met, else 1.
"""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from porchlight.model import RASA, ROOT
from tools.bench import bots, importing, measure, reading, report, weight
from tools.bench.figures import Machine, Measured, this_machine
from tools.bench.processes import BenchFailed
from tools.bench.talks import ROUND

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False)


@app.command(help=(__doc__ or "").strip())
def bench(
    turns: Annotated[int, typer.Option(min=8 * ROUND, help="Turns of a long conversation.")] = 200,
    repeats: Annotated[int, typer.Option(min=1, help="Long conversations with each bot.")] = 4,
    plans: Annotated[int, typer.Option(min=1, help="Plan conversations with each bot.")] = 20,
    out: Annotated[Path, typer.Option(help="The folder for bench.json and bench.png.")] = ROOT / "results",
) -> None:
    signal.signal(signal.SIGTERM, _stop)
    machine = this_machine()
    try:
        measured = _measure(turns, repeats, plans)
    except BenchFailed as failure:
        console.print(f"[red]{failure}[/]")
        raise typer.Exit(1) from None
    except httpx.HTTPError as error:
        name = type(error).__name__
        console.print(f"[red]A bot stopped answering ({name}); the logs in {bots.FOLDER} may say why.[/]")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if _tell(measured, machine, out) else 1)


def _measure(turns: int, repeats: int, plans: int) -> Measured:
    if not RASA.exists():
        raise BenchFailed("Rasa is not installed in .venv-rasa: run `make setup`.")
    with console.status("Making the stock bot (once, about two minutes) …"):
        bots.make_stock_bot()
    with console.status("Screening messages on one core …"):
        screening = reading.measure()
    with console.status("Importing 100,000 services …"):
        directory = importing.measure()
    with ExitStack() as stack:
        with console.status("Starting both bots …"):
            stock = stack.enter_context(bots.stock_bot())
            ours = stack.enter_context(bots.our_bot())
        widget = weight.weigh(ours.client)
        measure.warm_up(ours, stock)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        progress = stack.enter_context(Progress(*columns, console=console))
        task = progress.add_task("Plan conversations", total=plans)
        planned = measure.plan_conversations(ours, stock, plans, lambda by: progress.advance(task, by))
        task = progress.add_task("Long conversations", total=turns * repeats)
        long = measure.long_conversations(ours, stock, turns, repeats, lambda by: progress.advance(task, by))
        memory = measure.resident(ours, stock)
    return Measured(planned, long, turns, widget, memory, screening, directory)


def _tell(measured: Measured, machine: Machine, out: Path) -> bool:
    """Print and write what was found. Returns whether all targets are met."""
    figures = measured.figures()
    report.write(measured, machine, out / "bench.json")
    report.draw(measured, machine, out / "bench.png")
    console.print(report.table_of(figures))
    console.print(f"[dim]{machine}[/]")
    if machine.is_busy:
        console.print("[yellow]Other programs used the machine: read small differences as noise.[/]")
    console.print(f"Written: {out / 'bench.json'}, {out / 'bench.png'}")
    return all(figure.met is not False for figure in figures)


def _stop(number: int, _frame: FrameType | None) -> None:
    # As Ctrl-C: what was started is ended on the way out.
    sys.exit(128 + number)


if __name__ == "__main__":
    app()
