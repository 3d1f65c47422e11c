"""The `porchlight` command."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Annotated

import typer
from rich.console import Console

from porchlight import directory_commands, model, ready, supervisor, terminal
from porchlight.config import Settings, WrongSetting, load_settings
from porchlight.store.engine import open_store

app = typer.Typer(
    name="porchlight",
    help="A safety-planning and resource-referral chatbot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(directory_commands.app, name="directory")
console = Console(highlight=False)


def _settings() -> Settings:
    try:
        return load_settings()
    except WrongSetting as wrong:
        console.print(f"[red]{wrong}[/]")
        raise typer.Exit(2) from None


@app.command()
def up() -> None:
    """Start the app and Rasa, and keep both running until Ctrl-C."""
    settings = _settings()
    try:
        model.check_model()
        supervisor.check_ports(settings)
    except (model.ModelMissing, supervisor.PortTaken) as problem:
        console.print(f"[red]{problem}[/]")
        raise typer.Exit(2) from None
    children = supervisor.children_of(settings)
    announcer = threading.Thread(target=ready.announce, args=(settings, console), daemon=True)
    status = asyncio.run(supervisor.run(children, lambda words: console.print(f"[yellow]{words}[/]"), announcer.start))
    console.print("Stopped.")
    raise typer.Exit(status)


@app.command()
def train(
    if_needed: Annotated[bool, typer.Option(help="Only when what the model is made from has changed.")] = False,
) -> None:
    """Train the model, and load it once to see that it works."""
    settings = _settings()
    if if_needed and not model.needs_training():
        console.print("The model fits the data; nothing to train.")
        return
    log = settings.data_dir / "train.log"
    with console.status("Training the model (about a minute) …"):
        status = model.train(settings, log)
    if status:
        console.print(f"[red]Training failed; {log} says why.[/]")
        raise typer.Exit(1)
    console.print("Trained, and loaded once.")


@app.command()
def migrate() -> None:
    """Make the database, or bring its tables up to date."""
    settings = _settings()
    try:
        open_store(settings).close()
    except WrongSetting as wrong:
        console.print(f"[red]{wrong}[/]")
        raise typer.Exit(2) from None
    console.print("The database is up to date.")


@app.command()
def chat(
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    address: Annotated[str, typer.Option(help="Where the app runs; by default as the settings say.")] = "",
) -> None:
    """Talk with the running bot in the terminal."""
    settings = _settings()
    raise typer.Exit(terminal.talk(address or ready.address_of(settings), language, console))


@app.command()
def screen(
    texts: Annotated[list[str] | None, typer.Argument(help="Messages to screen.")] = None,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help='Read {"id","text"} lines from standard input, write one JSON line for each.'),
    ] = False,
) -> None:
    """Say what the screening sees in messages. Nothing is kept, sent or logged."""
    from porchlight import audit
    from porchlight.screening import load
    from porchlight.screening import screen as read
    from porchlight.screening.rulebook import BrokenRules, compile_rules

    # Whoever pipes the output away must see, too, that half of the screening is missing.
    errors = Console(stderr=True, highlight=False)
    try:
        compile_rules()
        whole = load()
    except BrokenRules as broken:
        errors.print(str(broken), style="red", markup=False)
        raise typer.Exit(2) from broken
    if not whole:
        errors.print("[red]The classifier is missing: these answers come from the rules alone.[/]")
    if not jsonl:
        for text in texts or ():
            console.print_json(data=audit.as_json(text, read(text)))
        raise typer.Exit(0 if texts and whole else 2)
    unread = 0
    for answer in audit.screen_jsonl(sys.stdin):
        if isinstance(answer, audit.Unreadable):
            unread += 1
            errors.print(f"Line {answer.number} {answer.why}: it was not screened.")
        else:
            sys.stdout.write(answer + "\n")
    raise typer.Exit(1 if unread else 0 if whole else 2)


@app.command()
def doctor() -> None:
    """Say what is missing, in words."""
    from porchlight.doctor import examine  # it loads all that answers need: not while other commands run

    findings = examine(_settings())
    for finding in findings:
        console.print(f"{'[green]ok[/]     ' if finding.well else '[red]missing[/]'}  {finding.words}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


if __name__ == "__main__":
    app()
