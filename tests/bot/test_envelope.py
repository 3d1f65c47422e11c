"""What a plain answer means after a worry. The component runs under Rasa's Python: it is asked there."""

from __future__ import annotations

import pytest

from tests import rasas_python

CASES = [
    ("asked_safe", "affirm", "safe_now"),
    ("asked_safe", "deny", "not_safe_now"),
    ("asked_safe", "answer", "after_concern"),
    ("asked_safe", "nlu_fallback", "after_concern"),
    ("asked_safe", "talk_human", "talk_human"),
    ("asked_safe", "continue_plan", "continue_plan"),
    ("asked_go_on", "affirm", "continue_plan"),
    ("asked_go_on", "deny", "stop_plan"),
    ("asked_go_on", "answer", "after_concern"),
    ("asked_go_on", "show_plan", "show_plan"),
]


@pytest.fixture(scope="module")
def heard() -> list[str]:
    code = (
        "import json, sys; from bot.components.envelope import intent_after_worry as hear;"
        "print(json.dumps([hear(intent, asked) for asked, intent, _ in json.load(sys.stdin)]))"
    )
    answers: list[str] = rasas_python.run(code, CASES)
    return answers


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{asked}-{intent}" for asked, intent, _ in CASES])
def test_a_plain_answer_after_a_worry(heard: list[str], number: int) -> None:
    assert heard[number] == CASES[number][2]
