"""`porchlight screen`: an agency checks the screening on texts of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from porchlight.audit import Unreadable, screen_jsonl
from tests.service import ROOT

PORCHLIGHT = [sys.executable, "-m", "porchlight.cli", "screen"]


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PORCHLIGHT, *arguments], input=given, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_line_for_each_line_in_the_same_order() -> None:
    rows = [{"id": 1, "text": "i want to kill myself"}, {"id": "b", "text": "hi"}, {"text": "he has a gun, help"}]
    done = run("--jsonl", given="\n".join(map(json.dumps, rows)) + "\n\n")
    assert done.returncode == 0
    assert done.stderr == ""
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["answer"]) == (1, "respond")
    assert set(first["concerns"][0]) == {"category", "severity", "confidence", "because"}
    assert first["concerns"][0]["category"] == "suicide"
    assert second == {"id": "b", "concerns": [], "answer": "none"}
    assert (third["id"], third["answer"]) == (None, "respond")


def test_what_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    done = run("--jsonl", given='{"id": 1, "text": "hi"}\nnot json\n{"id": 2}\n[]\n{"id": 3, "text": "hola"}\n')
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 3]
    assert done.stderr.count("was not screened") == 3
    assert "Line 2 is not JSON" in done.stderr


def test_messages_can_be_given_as_words() -> None:
    done = run("i want to kill myself")
    assert done.returncode == 0
    assert json.loads(done.stdout)["answer"] == "respond"


def test_nothing_to_read_is_told_by_the_status() -> None:
    assert run().returncode == 2
    assert run("--jsonl").returncode == 0


def test_help_says_that_nothing_is_kept() -> None:
    assert "Nothing is kept" in run("--help").stdout


@pytest.mark.parametrize("line", ["", "   \n"])
def test_blank_lines_are_skipped(line: str) -> None:
    assert list(screen_jsonl([line])) == []


def test_what_is_told_of_a_bad_line_holds_nothing_of_it() -> None:
    assert list(screen_jsonl(["my secret"])) == [Unreadable(1, "is not JSON")]
