"""Cross-validates the understanding (`make nlu`): F1 by intent and language, a picture of confusions."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from porchlight.config import Settings
from porchlight.model import RASA, ROOT, rasa_environment
from tools import nlu_picture
from tools.nlu_scores import FALLBACK, Line, Score, confusions, scores, totals

LINES = ROOT / "var/nlu/lines.json"
SCORES = ROOT / "var/nlu/scores.json"
LOG = ROOT / "var/nlu/rasa.log"
PICTURE = "nlu_confusion.png"
GROUPS = {"all": ("en", "es"), "English": ("en",), "Spanish": ("es",)}
#: Below these an F1 is shown in red, in yellow.
BAD, FAIR = 0.70, 0.85

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False)


class Failed(Exception):
    """The cross-validation did not run to its end. The message says where to look."""


@app.command(help=(__doc__ or "").strip())
def report(
    folds: Annotated[int, typer.Option(min=2, help="Trainings; each line is held out of one.")] = 5,
    out: Annotated[Path, typer.Option(help="The folder for the picture.")] = ROOT / "results",
    worst: Annotated[int, typer.Option(min=0, help="How many confusions to list.")] = 20,
    again: Annotated[bool, typer.Option(help="Only show the last run again, without training.")] = False,
) -> None:
    try:
        if not again:
            cross_validate(folds)
        lines = read_lines()
    except Failed as failure:
        console.print(f"[red]{failure}[/]")
        raise typer.Exit(1) from None
    console.print(intents_table(lines), confusions_table(lines, worst), totals_table(lines))
    write_scores(lines)
    nlu_picture.draw(lines, out / PICTURE)
    console.print(f"Picture: {_short(out / PICTURE)}   Each line: {_short(LINES)}   Scores: {_short(SCORES)}")


def cross_validate(folds: int) -> None:
    """Train and read in Rasa's environment, and show how far it is. Raises Failed."""
    LINES.parent.mkdir(parents=True, exist_ok=True)
    LINES.unlink(missing_ok=True)
    if not RASA.exists():
        raise Failed("Rasa is not installed in .venv-rasa: run `make setup`.")
    command = [str(RASA.parent / "python"), "-m", "tools.cross_validate"]
    command += ["--folds", str(folds), "--out", str(LINES)]
    with LOG.open("w", encoding="utf-8") as log, _running(command, log) as child:
        assert child.stdout is not None
        show_progress(child.stdout, folds)
        status = child.wait()
    if status:
        raise Failed(f"The cross-validation ended with status {status}; {_short(LOG)} says why.")


@contextmanager
def _running(command: Sequence[str], log: IO[str]) -> Iterator[subprocess.Popen[str]]:
    environment = rasa_environment(Settings(), dict(os.environ))
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


def show_progress(events: IO[str], folds: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"Fold 1 of {folds}: starting", total=None)
        for event in map(json.loads, events):
            if "lines" in event:
                progress.update(task, total=event["lines"])
            elif "read" in event:
                progress.advance(task, event["read"])
            else:
                progress.update(task, description=f"Fold {event['fold']} of {event['of']}: {event['doing']}")


def read_lines() -> list[Line]:
    """The lines of the last run. Raises Failed."""
    if not LINES.exists():
        raise Failed("There is no run to show. Run `make nlu`.")
    return [Line.of(record) for record in json.loads(LINES.read_text(encoding="utf-8"))]


def _of(lines: Sequence[Line], languages: Sequence[str]) -> list[Line]:
    return [line for line in lines if line.language in languages]


def intents_table(lines: Sequence[Line]) -> Table:
    table = Table(title="F1 by intent", title_justify="left")
    for name in ("intent", "lines", "precision", "recall", "F1", "English", "Spanish"):
        table.add_column(name, justify="left" if name == "intent" else "right", no_wrap=True)
    overall, english, spanish = (scores(_of(lines, languages)) for languages in GROUPS.values())
    intents, borders = nlu_picture.in_order(lines)
    for place, intent in enumerate(intents, start=1):
        score = overall[intent]
        shown = [_coloured(each.get(intent)) for each in (overall, english, spanish)]
        figures = (str(score.support), f"{score.precision:.2f}", f"{score.recall:.2f}", *shown)
        table.add_row(intent, *figures, end_section=place in borders)
    return table


def _coloured(score: Score | None) -> str:
    if score is None:
        return "-"
    colour = "red" if score.f1 < BAD else "yellow" if score.f1 < FAIR else "green"
    return f"[{colour}]{score.f1:.2f}[/]"


def confusions_table(lines: Sequence[Line], worst: int) -> Table:
    table = Table(title="Most frequent confusions", title_justify="left")
    table.add_column("intent")
    table.add_column("taken for")
    for name in ("lines", "English", "Spanish"):
        table.add_column(name, justify="right")
    spoken = {name: {pair[:2]: pair[2] for pair in confusions(_of(lines, (name,)))} for name in ("en", "es")}
    for intent, predicted, count in confusions(lines)[:worst]:
        by_language = [str(spoken[name].get((intent, predicted), 0)) for name in ("en", "es")]
        table.add_row(intent, "(not sure)" if predicted == FALLBACK else predicted, str(count), *by_language)
    return table


def totals_table(lines: Sequence[Line]) -> Table:
    table = Table(title="Totals", title_justify="left", caption_justify="left")
    table.caption = 'With guesses: the guess behind a "not sure" counts too, as `rasa test` counts.'
    for name in ("", "lines", "accuracy", "macro F1", "weighted F1", "not sure", "accuracy with guesses"):
        table.add_column(name, justify="right" if name else "left")
    for name, languages in GROUPS.items():
        found = totals(_of(lines, languages))
        f1 = (f"{found.macro:.3f}", f"{found.weighted:.3f}")
        shares = (f"{found.unsure:.1%}", f"{found.guessed:.1%}")
        table.add_row(name, str(found.support), f"{found.accuracy:.1%}", *f1, *shares)
    return table


def write_scores(lines: Sequence[Line]) -> None:
    """The same figures for programs."""
    figures = {name: _figures(_of(lines, languages)) for name, languages in GROUPS.items()}
    content = {"date": date.today().isoformat(), **figures}
    SCORES.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _figures(lines: Sequence[Line]) -> dict[str, object]:
    by_intent = {intent: {**asdict(score), "f1": score.f1} for intent, score in scores(lines).items()}
    return {"totals": asdict(totals(lines)), "intents": by_intent}


def _short(path: Path) -> str:
    path = path.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    app()
