"""`porchlight directory`: local services in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from porchlight.config import WrongSetting, load_settings
from porchlight.directory import checking, confirming, exporting, national, queries
from porchlight.directory.fetching import fetched
from porchlight.directory.importing import Imported, import_content
from porchlight.directory.loading import load_national
from porchlight.directory.reading import Refused, read
from porchlight.store.engine import Store, open_store

app = typer.Typer(
    help="The directory of help: import, export and list services (Open Referral HSDS).", no_args_is_help=True
)
console = Console(highlight=False)
#: Problems that are shown.
SHOWN = 100


class Format(StrEnum):
    csv = "csv"
    json = "json"


@contextmanager
def _store() -> Iterator[Store]:
    try:
        store = open_store(load_settings())
    except WrongSetting as wrong:
        console.print(str(wrong), style="red", markup=False)
        raise typer.Exit(2) from None
    with closing(store):
        yield store


@app.command("import")
def import_(
    what: Annotated[
        str, typer.Argument(help="A file, a folder, a zip or an address: HSDS 3 (JSON, CSV) or 1.1 (CSV).")
    ],
    source: Annotated[str, typer.Option(help="What to call where it comes from; by default what it is called.")] = "",
    partial_package: Annotated[
        bool,
        typer.Option("--partial", help="It is a part: what its rows point to may be missing, and pages of a list."),
    ] = False,
) -> None:
    """Take services in, in place of all that the same source brought before: all of it, or nothing."""
    is_address = what.startswith(("http://", "https://"))
    name = source or (what if is_address else Path(what).resolve().name)
    with _store() as store:
        try:
            with _progress() as progress, _path(what, is_address, progress) as path:
                imported = _import(progress, store, name, path, partial_package)
        except Refused as refused:
            _tell_refusal(refused.reasons)
        except SQLAlchemyError as error:
            # What the limits of a database refuse, such as an id of thousands of letters.
            _tell_refusal([f"The database refuses it, or does not answer: {type(error).__name__}."])
    console.print(f"Imported {name}: {_counted(imported.rows)}.", markup=False)
    _tell("Left out", imported.left_out)
    _tell("Points to what is not there", imported.elsewhere)


def _tell_refusal(reasons: list[str]) -> NoReturn:
    console.print("Nothing was imported; what was there stays.", style="red")
    for reason in reasons:
        console.print(f"  {reason}", markup=False, soft_wrap=True)
    raise typer.Exit(1) from None


def _progress() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rows]}"),
    )
    return Progress(*columns, console=console, transient=True)


def _show(progress: Progress, bar: TaskID, share: float | None, rows: str = "") -> None:
    progress.update(bar, total=share and 1.0, completed=share or 0.0, rows=rows)


@contextmanager
def _path(what: str, is_address: bool, progress: Progress) -> Iterator[Path]:
    if not is_address:
        yield Path(what)
        return
    bar = progress.add_task("Fetching", total=None, rows="")
    with fetched(what, tell=partial(_show, progress, bar)) as path:
        progress.remove_task(bar)
        yield path


def _import(progress: Progress, store: Store, source: str, path: Path, partial_package: bool) -> Imported:
    bar = progress.add_task(f"Importing {escape(path.name)}", total=None, rows="")
    content = read(path, part=partial_package)
    rows = 0

    def tell(count: int) -> None:
        nonlocal rows
        rows += count
        share = content.meter.share()
        _show(progress, bar, share, f"{rows:,} rows")
        if share == 1.0 and progress.tasks[-1].id == bar:
            # Now it is looked through and made findable, and nobody knows how long that takes.
            progress.update(bar, visible=False)
            progress.add_task("Making them findable", total=None, rows=f"{rows:,} rows")

    return import_content(store, source[:200], content, tell, partial_package)


def _tell(what: str, places: list[str]) -> None:
    if places:
        console.print(f"{what} ({len(places):,}):", style="yellow")
        for place in places[:10]:
            console.print(f"  {place}", markup=False)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to write; it must be empty or not there.")],
    source: Annotated[str, typer.Option(help="Which source; needed when there are several.")] = "",
    format: Annotated[Format, typer.Option(help="A tabular package (csv) or documents (json).")] = Format.csv,
) -> None:
    """Give the services of a source away as HSDS 3."""
    with _store() as store:
        there = {each.name: each for each in store.read(queries.sources)}
        chosen = there.get(source) if source else next(iter(there.values()), None) if len(there) == 1 else None
        if chosen is None:
            names = ", ".join(there) or "none yet"
            console.print(f"Which source? There are: {names}.", style="red", markup=False)
            raise typer.Exit(2)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            console.print(f"{folder} is not an empty folder.", style="red", markup=False)
            raise typer.Exit(2)
        write = exporting.export_csv if format is Format.csv else exporting.export_json
        written = store.read(partial(exporting.export, source=chosen.name, folder=folder, write=write))
    console.print(f"Written to {folder}: {sum(written.rows.values()):,} rows.", markup=False)
    if written.left_out:
        left = _counted(written.left_out)
        console.print(f"JSON has no place for what belongs to nothing: {left}. Use --format csv.", style="yellow")
    if written.denied or written.withdrawn:
        left = _counted(written.denied) or "nothing"
        console.print(
            f"Of the denylist (resources/denylist.yml) nothing is given away. Left out: {left}. Texts in which a number"
            f" was withdrawn: {written.withdrawn:,}.",
            style="yellow",
        )
    _tell(
        "HSDS wants this of tables, and it was not told",
        [f"{place} ({count:,})" for place, count in written.gaps.items()],
    )


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in rows.items())


@app.command()
def check() -> None:
    """Say what is wrong with the services that are there: denied or broken numbers, old ones, links to nothing."""
    with _store() as store:
        problems = store.read(lambda session: list(checking.check(session, date.today())))
    for problem in problems[:SHOWN]:
        console.print(f"{problem.kind:9}{problem.source}, {problem.words}", markup=False, soft_wrap=True)
    if len(problems) > SHOWN:
        console.print(f"… and {len(problems) - SHOWN:,} more.")
    kinds = Counter(problem.kind for problem in problems)
    counted = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
    console.print(f"Wrong: {counted}." if counted else "Nothing is wrong.")
    raise typer.Exit(1 if problems else 0)


@app.command("list")
def list_(
    channels: Annotated[
        bool, typer.Option("--channels", help="Each way to reach each national service, and by when to check it again.")
    ] = False,
) -> None:
    """Show where services came from, and when; or each channel of the national ones."""
    with _store() as store:
        load_national(store)
        there, confirmed = store.read(queries.sources), store.read(queries.confirmations)
    if channels:
        _list_channels(confirmed)
        return
    table = Table("source", "imported (UTC)", "services", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for each in there:
        table.add_row(escape(each.name), f"{each.at:%Y-%m-%d %H:%M}", f"{each.services:,}")
    console.print(table)


def _list_channels(confirmed: dict[tuple[str, str], tuple[str, date]]) -> None:
    table = Table("channel", "dialled or opened", "checked again by", "confirmed", box=None, pad_edge=False)
    today = date.today()
    for service in national.services().values():
        for each in service.with_confirmations(confirmed).channels:
            by = f"{each.confirmed_on} by {each.confirmed_by}" if each.confirmed_on else "by nobody yet"
            late = "red" if each.stale(today) else ""
            table.add_row(
                each.id,
                escape(each.value()),
                f"[{late}]{each.recheck_by}[/]" if late else str(each.recheck_by),
                escape(by),
            )
    console.print(table)


@app.command("confirm")
def confirm_(
    what: Annotated[str, typer.Argument(help="A channel (lifeline_988.call) or a service (lifeline_988).")],
    by: Annotated[str, typer.Option(help="Who has checked it.")],
    on: Annotated[str, typer.Option(help="The day (2026-12-01); today when it is not said.")] = "",
) -> None:
    """Keep that a person has called, written or looked today, and that it was right."""
    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        console.print(f"{on} is no day. Write it as 2026-12-01.", style="red", markup=False)
        raise typer.Exit(2) from None
    if day > date.today() or not by.strip():
        console.print("Say who has checked it (--by), and a day that has come (--on).", style="red")
        raise typer.Exit(2)
    with _store() as store:
        try:
            kept = store.run(partial(confirming.confirm, written=what, by=by.strip(), on=day))
        except confirming.Unknown as unknown:
            console.print(str(unknown), style="red", markup=False)
            raise typer.Exit(1) from None
    console.print(f"Confirmed on {day} by {by.strip()}: {', '.join(kept)}.", markup=False)
