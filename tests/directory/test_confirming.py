"""`porchlight directory confirm`, `list --channels` and `check`: people look after the directory, by command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from porchlight.cli import app
from porchlight.config import load_settings
from porchlight.directory import checking, national, queries
from porchlight.directory.importing import import_content
from porchlight.directory.reading import read_services
from porchlight.store.engine import Store, open_store
from tests.directory.test_librarian import LOCAL

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, ["directory", *words], terminal_width=200)


def opened() -> Store:
    return open_store(load_settings())


def confirmed() -> dict[tuple[str, str], tuple[str, date]]:
    with closing(opened()) as store:
        return store.read(queries.confirmations)


def test_a_channel_is_confirmed_today(run: Run) -> None:
    assert run("confirm", "lifeline_988.call", "--by", "Ana R").exit_code == 0
    assert confirmed() == {("porchlight", "lifeline_988.call"): ("Ana R", date.today())}


def test_a_service_is_confirmed_with_all_its_channels(run: Run) -> None:
    assert run("confirm", "childhelp", "--by", "Ana", "--on", "2026-11-30").exit_code == 0
    assert {channel for _, channel in confirmed()} == {each.id for each in national.services()["childhelp"].channels}


def test_a_local_phone_is_confirmed(run: Run) -> None:
    with closing(opened()) as store:
        import_content(store, "agency", read_services(LOCAL, "local.yml"))
    assert run("confirm", LOCAL[0]["phones"][0]["id"], "--by", "Ana").exit_code == 0
    assert ("agency", LOCAL[0]["phones"][0]["id"]) in confirmed()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody", "--by", "Ana"], "no channel or service"),
        (["childhelp", "--by", " "], "who has checked"),
        (["childhelp", "--by", "Ana", "--on", "2099-01-01"], "a day that has come"),
        (["childhelp", "--by", "Ana", "--on", "yesterday"], "is no day"),
    ],
)
def test_what_cannot_be_confirmed_is_said_and_changes_nothing(run: Run, words: list[str], said: str) -> None:
    result = run("confirm", *words)
    assert result.exit_code in (1, 2)
    assert said in result.output.replace("\n", " ")
    assert confirmed() == {}


def test_the_list_shows_each_channel_and_who_confirmed_it(run: Run) -> None:
    run("confirm", "lifeline_988.call", "--by", "Ana")
    listed = run("list", "--channels").output
    assert "by Ana" in listed
    assert "by nobody yet" in listed


def test_the_list_of_sources_has_the_national_ones(run: Run) -> None:
    assert "porchlight" in run("list").output


def problems(today: date) -> list[checking.Problem]:
    with closing(opened()) as store:
        return store.read(lambda session: list(checking.check(session, today)))


def test_the_national_entries_are_right_on_the_day_they_were_compiled(run: Run) -> None:
    assert problems(date(2026, 12, 1)) == []


def test_what_is_past_its_day_is_named(run: Run) -> None:
    late = problems(date(2029, 1, 1))
    assert {each.kind for each in late} == {"old"}
    assert not any("emergency_911" in each.words or "lifeline_988" in each.words for each in late)
