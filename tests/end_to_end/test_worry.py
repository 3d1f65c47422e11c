"""A worry is answered at any moment; the plan is kept, the form stays open, the words go into no plan."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from porchlight.plans.sections import all_sections
from porchlight.screening import screen
from porchlight.texts import say
from tests.cards import hrefs
from tests.chat import Chat, texts
from tests.service import Service

WORRIES = {
    "en": [
        "i want to kill myself",
        "my stepdad hits me when hes drunk",
        "i took a whole bottle of pills",
        "my boyfriend makes me have sex with his friends for money",
        "my uncle keeps touching me at night",
        "this guy online says hes gonna post my nudes",
        "he has a gun and hes gonna kill me",
        "i have nowhere to sleep tonight",
    ],
    "es": [
        "me quiero matar",
        "mi padrastro me pega cuando toma",
        "me tomé un frasco de pastillas",
        "mi novio me obliga a acostarme con sus amigos por dinero",
        "mi tío me toca en la noche",
        "un tipo en internet dice que va a publicar mis fotos desnuda",
        "tiene una pistola y me va a matar",
        "no tengo dónde dormir hoy",
    ],
}
#: Two answers to the question of each kind of section.
LINES = {
    "en": {
        "people": ["my aunt rosa 555-0101", "coach dave"],
        "places": ["the library", "the park by school"],
        "contacts": ["988", "my caseworker Dana 555-0123"],
    },
    "es": {
        "people": ["mi tía Rosa 555-0101", "el coach Dave"],
        "places": ["la biblioteca", "el parque de la escuela"],
        "contacts": ["988", "mi trabajadora social Dana 555-0123"],
    },
}
YES = {"en": "yes", "es": "sí"}
#: What the screening may be unsure of, as answers to a question about people. One of them it is unsure of.
MAYBE = [
    "my uncle ray but he gets weird when he drinks",
    "my cousin tam but he drinks a lot",
    "my uncle ray but only when he is sober",
    "my friend kai, she cuts too",
]


def opened_by(messages: list[dict[str, Any]]) -> set[str]:
    return {href for message in messages for href in hrefs(message)}


def payloads(messages: list[dict[str, Any]]) -> list[str]:
    return [button["payload"] for message in messages for button in message["buttons"]]


class Interrupted:
    """A plan in the making. After each of its questions comes another worry, and then the way back in words."""

    def __init__(self, chat: Chat, language: str) -> None:
        self.chat, self.language = chat, language
        self._worries = cycle(WORRIES[language])

    def interrupt(self, question: str) -> None:
        """A worry while `question` is open: answered, nothing in the plan changes, the question comes back."""
        worry, before = next(self._worries), (self.chat.plan(), self.chat.statuses())
        said = self.chat.say(worry)
        assert len(said) == 1, worry
        assert said[0]["lang"] == self.language
        assert any(not href.startswith("tel:") for href in opened_by(said)), "no way without voice"
        assert payloads(said) == ["/continue_plan"]
        self.chat.say(YES[self.language])  # to "are you safe"
        assert question in self.chat.says(YES[self.language])  # to "shall we go on"
        assert (self.chat.plan(), self.chat.statuses()) == before, worry


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_worry_at_each_question_of_the_plan(service: Service, language: str) -> None:
    with Chat(service.url, language=language) as chat:
        talk = Interrupted(chat, language)
        chat.press("/start_plan")
        for section in all_sections():
            first, second = LINES[language][section.kind]
            talk.interrupt(section.ask[language])
            chat.say(first)
            talk.interrupt(section.more[language])
            chat.say(second)
            chat.press("/no_more")
        plan = chat.plan()
        assert {key: len(items) for key, items in plan.items()} == {section.key: 2 for section in all_sections()}
        written = str(plan).lower()
        assert [worry for worry in WORRIES[language] if worry in written] == []
        assert set(chat.statuses().values()) == {"done"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_worry_in_the_middle_of_a_change(service: Service, language: str) -> None:
    with Chat(service.url, language=language) as chat:
        talk = Interrupted(chat, language)
        chat.press("/start_plan")
        for line in LINES[language]["people"]:
            chat.say(line)
        chat.press("/change_item")
        talk.interrupt(say("plan.which_change", language))
        dave = chat.plan()["safe_people"][1]
        chat.press(f'/change_item{{"item": {dave["id"]}}}')
        talk.interrupt(say("plan.what_instead", language, name=dave["name"]))
        chat.say("Devon 555-0177")
        assert [item["phone"] for item in chat.plan()["safe_people"]] == ["555-0101", "555-0177"]
        chat.press("/remove_item")
        talk.interrupt(say("plan.which_remove", language))
        chat.say("devon")
        assert len(chat.names("safe_people")) == 1


def test_yes_and_no_after_a_worry_are_no_lines_of_the_plan(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.say("my cousin Tam")
    chat.say("sometimes i want to die")
    assert "glad you are safe" in chat.says("yes")
    assert "Back to your plan." in chat.says("yes")
    chat.say("my stepdad hits me")
    assert "tel:911" in opened_by(chat.say("no"))
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
    assert opened_by(chat.say("i want to kill myself"))
    again = chat.say("i really want to kill myself")
    assert not opened_by(again)
    assert "911" in texts(again)
    assert "tel:911" in opened_by(chat.say("he has a gun and hes gonna kill me"))


def test_a_joke_is_allowed_and_the_question_comes_back(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.say("i want to kill myself")
    said = chat.says("jk im not suicidal")
    assert say("safety.denied", "en") in said
    assert "Who do you feel safe with" in said
    chat.say("my cousin Tam")
    assert chat.names("safe_people") == ["Tam"]


def test_a_caregiver_gets_words_for_the_adult(service: Service) -> None:
    with Chat(service.url, role="caregiver") as chat:
        said = chat.say("my foster daughter swallowed a bunch of pills")
        assert texts(said) == say("safety.answers.overdose.caregiver.emergency.text", "en")
        assert any(href.replace("-", "").endswith("8002221222") for href in opened_by(said))


@pytest.fixture
def unsure() -> str:
    found = [line for line in MAYBE if screen(line).answer == "check_in"]
    assert found, "the screening is sure of all of these: put one here that it is not sure of"
    return found[0]


def test_an_unsure_line_is_asked_about_and_stays_out_of_the_plan(chat: Chat, unsure: str) -> None:
    chat.press("/start_plan")
    said = chat.say(unsure)
    assert texts(said) == say("safety.check_in.youth.text", "en")
    assert payloads(said) == ["/as_i_wrote", "/continue_plan"]
    assert chat.names("safe_people") == []
    assert "Who do you feel safe with" in chat.presses("/continue_plan")
    assert chat.names("safe_people") == []


def test_an_unsure_line_goes_into_the_plan_when_the_person_says_so_and_once(chat: Chat, unsure: str) -> None:
    chat.press("/start_plan")
    chat.say(unsure)
    assert "1. " in chat.presses("/as_i_wrote")
    before = chat.plan()
    assert len(before["safe_people"]) == 1
    assert say("app.unknown_button", "en") in chat.presses("/as_i_wrote")
    chat.say("my cousin Tam")
    assert len(chat.names("safe_people")) == 2
    assert chat.plan()["safe_people"][0] == before["safe_people"][0]


def test_typed_as_i_wrote_is_only_text(chat: Chat, unsure: str) -> None:
    chat.press("/start_plan")
    chat.say(unsure)
    chat.say("/as_i_wrote")
    assert chat.names("safe_people") == []
