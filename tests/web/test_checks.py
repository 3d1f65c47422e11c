"""Content that cannot be used stops the start, with a sentence that says what to mend."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from porchlight import contacts, texts
from porchlight.screening.rulebook import BrokenRules
from porchlight.texts import BrokenText, load_yaml
from porchlight.web import checks
from porchlight.web.checks import check_content


@pytest.fixture(autouse=True)
def _screening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules and the classifier have tests of their own."""
    monkeypatch.setattr(checks, "load", lambda: True)


@pytest.fixture
def safety(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A copy of the answers to a worry, to be broken."""
    content: dict[str, Any] = copy.deepcopy(load_yaml("texts/safety.yml"))

    def load(name: str) -> Any:
        return content if name == "texts/safety.yml" else load_yaml(name)

    for module in (texts, contacts):
        monkeypatch.setattr(module, "load_yaml", load)
    return content


def test_what_stands_here_can_be_used() -> None:
    assert check_content()


def test_without_the_classifier_it_starts_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "load", lambda: False)
    assert not check_content()


@pytest.mark.parametrize("error", [BrokenRules("suicide.yml: bad"), FileNotFoundError("calibration.yml")])
def test_a_screening_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> bool:
        raise error

    monkeypatch.setattr(checks, "load", fail)
    with pytest.raises(BrokenText, match=r"suicide\.yml|calibration\.yml"):
        check_content()


def test_a_missing_answer(safety: dict[str, Any]) -> None:
    del safety["answers"]["neglect"]["caregiver"]["concern"]["text"]["es"]
    with pytest.raises(BrokenText, match=r"answers\.neglect\.caregiver\.concern\.text in 'es'"):
        check_content()


def test_an_answer_without_contacts(safety: dict[str, Any]) -> None:
    safety["answers"]["overdose"]["youth"]["urgent"]["contacts"] = []
    with pytest.raises(BrokenText, match=r"contacts for answers\.overdose\.youth\.urgent"):
        check_content()


def test_an_unknown_contact(safety: dict[str, Any]) -> None:
    safety["check_in"]["youth"]["contacts"] = ["nobody"]
    with pytest.raises(BrokenText, match="no line 'nobody'"):
        check_content()


def test_a_missing_button(safety: dict[str, Any]) -> None:
    del safety["as_i_wrote"]
    with pytest.raises(BrokenText, match="as_i_wrote"):
        check_content()


def test_an_unknown_contact_in_a_response(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    response = "responses: {utter_x: [{text: words, custom: {contacts: [nobody]}}]}"
    (tmp_path / "help.yml").write_text(response, encoding="utf-8")
    monkeypatch.setattr(checks, "RESPONSES", tmp_path)
    with pytest.raises(BrokenText, match="no line 'nobody'"):
        check_content()
