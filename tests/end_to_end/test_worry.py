"""A worry is answered at any moment; the plan is kept, the form stays open, the words go into no plan."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chat import Chat, texts
from tests.service import Service

WORRIES = {
    "en": [
        "i want to kill myself",
        "my stepdad hits me",
        "i took a whole bottle of pills",
        "im running away tonight",
    ],
    "es": [
        "me quiero matar",
        "mi padrastro me pega",
        "me tomé un frasco de pastillas",
        "me voy a escapar hoy",
    ],
}


def hrefs(messages: list[dict[str, Any]]) -> set[str]:
    return {contact["href"] for message in messages for contact in message["contacts"]}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_worry_at_each_question_of_the_plan(service: Service, language: str) -> None:
    answers = {
        "en": ["my aunt rosa 555-0101", "the library", "988"],
        "es": ["mi tía Rosa 555-0101", "la biblioteca", "988"],
    }
    with Chat(service.url, language=language) as chat:
        chat.press("/start_plan")
        for worry, answer in zip(WORRIES[language], answers[language], strict=False):
            before = chat.statuses()
            said = chat.say(worry)
            assert len(said) == 1
            assert said[0]["lang"] == language
            assert {"tel:988", "tel:911"} <= hrefs(said)
            assert any(href.startswith("sms:") for href in hrefs(said))
            assert chat.statuses() == before
            chat.press("/continue_plan")
            chat.say(answer)
            chat.press("/no_more")
        items = [item for section in chat.plan().values() for item in section]
        assert len(items) == 3
        written = " ".join(str(item) for item in items).lower()
        assert not any(worry in written for worry in WORRIES[language])
        assert set(chat.statuses().values()) == {"done"}


def test_yes_and_no_after_a_worry_are_no_lines_of_the_plan(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.say("my cousin Tam")
    chat.say("sometimes i want to die")
    assert "glad you are safe" in chat.says("yes")
    assert "Back to your plan." in chat.says("yes")
    chat.say("i want to kill myself")
    assert "tel:911" in hrefs(chat.say("no"))
    assert chat.names("safe_people") == ["Tam"]


def test_other_words_after_a_worry_are_no_lines_of_the_plan(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.say("i want to kill myself")
    chat.say("my mom made me feel this way")
    assert chat.names("safe_people") == []
    assert "Who do you feel safe with" in chat.presses("/continue_plan")
    chat.say("my cousin Tam")
    assert chat.names("safe_people") == ["Tam"]


def test_the_same_worry_again_is_answered_without_the_same_list(chat: Chat) -> None:
    assert hrefs(chat.say("i want to kill myself"))
    again = chat.say("i really want to kill myself")
    assert not hrefs(again)
    assert "911" in texts(again)
    assert "tel:911" in hrefs(chat.say("he has a gun and hes gonna kill me"))


def test_a_caregiver_gets_words_for_the_adult(service: Service) -> None:
    with Chat(service.url, role="caregiver") as chat:
        said = chat.say("my foster daughter swallowed a bunch of pills")
        assert "Stay with the person" in texts(said)
        assert any(href.replace("-", "").endswith("8002221222") for href in hrefs(said))
