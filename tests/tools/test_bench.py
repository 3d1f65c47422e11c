"""The bench's arithmetic, and that what it says to our bot really goes through all of it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from porchlight.screening import screen
from porchlight.web.pages import WIDGET
from porchlight.web.requests import _pressed
from tools import nlu_report
from tools.bench import __main__, importing, report, weight
from tools.bench.figures import FLAT, Figure, Machine, Measured
from tools.bench.measure import NEAR, Times, alternate, at_turn, places
from tools.bench.processes import BenchFailed, free_ports, memory, running
from tools.bench.talks import PLANS, ROUND, ROUNDS, STOCK_ROUND, repeated

MACHINE = Machine("2030-01-01", 2, "a processor", "Linux", "Python 3", 0.0, "commit 0")
READING = {"median_ms": 2.0, "p95_ms": 5.0, "longest_ms": 300.0, "growth": 1.0, "load_s": 1.0, "memory_mb": 250.0}
LINES = [(language, line) for talks in (PLANS, ROUNDS) for language, talk in talks.items() for line in talk]


class Echo:
    """A conversation whose turns take as many seconds as have been said."""

    def __init__(self, name: str, said: list[str]) -> None:
        self.name, self.said = name, said

    def turn(self, line: str) -> float:
        self.said.append(f"{self.name} {line}")
        return float(len(self.said))


@pytest.mark.parametrize(("language", "line"), LINES)
def test_no_line_is_answered_before_the_dialogue_engine(language: str, line: str) -> None:
    if line.startswith("/"):
        assert _pressed(line)
    else:
        assert screen(line).answer == "none"
        assert any(character.isalnum() for character in line)


def test_both_languages_and_both_bots_talk_equally_long() -> None:
    assert {len(talk) for talk in PLANS.values()} == {20}
    assert {len(talk) for talk in ROUNDS.values()} | {len(STOCK_ROUND)} == {ROUND}


@pytest.mark.parametrize("turns", [40, 100, 200, 203, 500])
def test_compared_stretches_hold_the_same_lines(turns: int) -> None:
    lines = repeated(STOCK_ROUND, turns)
    stretches = [lines[place - NEAR - 1 : place + NEAR] for place in places(turns)]
    assert stretches[0] == stretches[1] == stretches[2]
    assert len(stretches[0]) == 2 * NEAR + 1


def test_a_conversation_of_200_is_compared_at_10_100_and_200() -> None:
    turns = [[float(number) for number in range(1, 201)]]
    assert [at_turn(turns, place) for place in places(200)] == [10, 100, 195]


def test_the_bots_take_turns() -> None:
    said: list[str] = []
    times = alternate(Echo("ours", said), ["a", "b"], Echo("stock", said), ["c", "d"])
    assert said == ["ours a", "stock c", "ours b", "stock d"]
    assert times == ([1000, 3000], [2000, 4000])


def test_swapped_the_stock_bot_goes_first() -> None:
    said: list[str] = []
    alternate(Echo("ours", said), ["a"], Echo("stock", said), ["c"], swap=True)
    assert said == ["stock c", "ours a"]


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("as fast", "ms", 10, 10, target=1.0), True),
        (Figure("slower", "ms", 11, 10, target=1.0), False),
        (Figure("ours alone counts", "times", 1.2, 0.1, target=FLAT, judged="ours"), True),
        (Figure("no target", "ms", 10, 1), None),
    ],
    ids=lambda value: value.name if isinstance(value, Figure) else "",
)
def test_a_target_is_the_most_that_may_be(figure: Figure, met: bool | None) -> None:
    assert figure.met is met


def measured(growth: float = 1.0) -> Measured:
    long = Times(ours=[[10.0] * 20 + [10.0 * growth] * 20], stock=[[20.0] * 40])
    plans = Times(ours=[[10.0] * 20], stock=[[20.0] * 20])
    return Measured(plans, long, 40, {"/": 12_000}, {"stock": 900.0, "app": 80.0, "Rasa": 700.0}, READING)


def test_growth_with_the_conversation_is_found() -> None:
    flat, growing = ({each.name: each for each in measured(by).figures()} for by in (1.0, 2.0))
    assert flat["Growth, last over first"].met is True
    assert growing["Growth, last over first"].ours == 2
    assert growing["Growth, last over first"].met is False


def test_memory_of_all_our_processes_counts() -> None:
    assert {each.name: each.ours for each in measured().figures()}["Memory, all"] == 780


@pytest.mark.skipif(not importing.EXPORT.exists(), reason="the real export is kept outside this repository")
def test_an_import_and_searches_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "SERVICES", 30)
    monkeypatch.setattr(importing, "TIMES", 1)
    directory = importing.measure()
    assert directory
    figures = {each.name: each for each in replace(measured(), directory=directory).figures()}
    assert figures["Import of 100,000 services"].met is True
    assert figures["Search over them, p95"].ours > 0
    assert figures["Search, national, p95"].ours > 0


def test_table_file_and_picture_are_made(tmp_path: Path) -> None:
    assert report.table_of(measured().figures()).row_count == len(measured().figures())
    report.write(measured(), MACHINE, tmp_path / "made" / "bench.json")
    report.draw(measured(), MACHINE, tmp_path / "made" / "bench.png")
    assert (tmp_path / "made" / "bench.json").read_text().startswith("{")
    assert (tmp_path / "made" / "bench.png").stat().st_size > 1000


def test_all_that_the_page_names_is_weighed() -> None:
    page = (WIDGET / "page.html.jinja").read_text(encoding="utf-8")
    named = {name for name in weight.named_in(page) if not name.endswith(".")}
    assert named
    assert named <= set(weight.paths())


def test_a_process_is_ended_when_the_bench_fails(tmp_path: Path) -> None:
    def block() -> int:
        sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
        with running(sleeper, tmp_path, os.environ, tmp_path / "log", lambda: True) as pid:
            if sys.platform == "linux":
                assert memory(pid)[pid] > 0
            raise BenchFailed(str(pid))

    with pytest.raises(BenchFailed) as failure:
        block()
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(failure.value)), 0)


def test_a_process_that_ends_at_once_is_told(tmp_path: Path) -> None:
    ends = [sys.executable, "-c", "raise SystemExit(3)"]
    with (
        pytest.raises(BenchFailed, match="Ended with status 3"),
        running(ends, tmp_path, os.environ, tmp_path / "log", lambda: False),
    ):
        pass


def test_free_ports_differ() -> None:
    assert len(set(free_ports(3))) == 3


@pytest.mark.parametrize("command", [__main__.app, nlu_report.app], ids=["bench", "nlu"])
def test_help_says_what_it_does(command: Typer) -> None:
    shown = CliRunner().invoke(command, ["--help"])
    assert shown.exit_code == 0
    assert "--out" in shown.output
