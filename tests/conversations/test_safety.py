"""What is answered to a worry, what is held back until a person says so, and what is remembered. On both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from porchlight.contacts import contacts_for_check_in, contacts_for_concern
from porchlight.conversations import service
from porchlight.conversations.rasa import _words
from porchlight.conversations.safety import reply_alone
from porchlight.conversations.says import Reply
from porchlight.conversations.service import READABLE, Incoming
from porchlight.plans import queries as plan_queries
from porchlight.plans.talk import Heard, take
from porchlight.screening import Screening
from porchlight.store.engine import Store
from porchlight.texts import say as text_of
from tests.cards import hrefs
from tests.conversations.sending import DENIAL, HARMLESS, UNSURE, after, press, say, send, state, worry
from tests.rows import a_conversation


@pytest.fixture
def owner(store: Store) -> str:
    return store.run(a_conversation)


@pytest.fixture
def planning(store: Store, owner: str) -> str:
    """A conversation with a question of the plan open."""
    store.run(lambda session: take(session, owner, Heard(0, "", "start_plan", "en")))
    return owner


def payloads(body: dict[str, Any]) -> list[str]:
    return [button["payload"] for button in body["buttons"]]


def test_a_worry_is_answered_in_the_words_for_its_category_severity_and_role(store: Store, owner: str) -> None:
    answer = say(store, owner, "words", worry("overdose", "emergency"))[0].body
    assert answer["text"] == text_of("safety.answers.overdose.youth.emergency.text", "en")
    assert answer["contacts"] == contacts_for_concern("overdose", "emergency", "youth", "en")
    assert hrefs(answer)[0] == "tel:911"
    assert state(store, owner).after_concern == "asked_safe"


@pytest.mark.parametrize("role", [None, "youth", "looking"])
def test_only_a_caregiver_is_answered_as_one(store: Store, role: str | None) -> None:
    caregiver = store.run(lambda session: a_conversation(session, "es", "caregiver"))
    other = store.run(lambda session: a_conversation(session, "es", role))
    for owner, for_whom in ((caregiver, "caregiver"), (other, "youth")):
        answer = say(store, owner, "words", worry("missing_child", "urgent"))[0].body
        assert answer["text"] == text_of(f"safety.answers.missing_child.{for_whom}.urgent.text", "es")


def test_the_same_worry_again_gets_other_words_and_no_list(store: Store, owner: str) -> None:
    say(store, owner, "words", worry("suicide", "urgent"))
    again = say(store, owner, "words", worry("suicide", "urgent"))[0].body
    assert again["text"] == text_of("safety.repeat.urgent", "en")
    assert again["contacts"] == []


def test_a_worse_one_and_another_one_get_their_own_list(store: Store, owner: str) -> None:
    say(store, owner, "words", worry("suicide", "concern"))
    assert say(store, owner, "words", worry("suicide", "emergency"))[0].body["contacts"]
    assert say(store, owner, "words", worry("neglect", "concern"))[0].body["contacts"]


def test_the_way_back_is_offered_only_while_a_plan_is_open(store: Store, planning: str) -> None:
    assert payloads(say(store, planning, "words", worry())[0].body) == ["/continue_plan"]
    free = store.run(a_conversation)
    assert payloads(say(store, free, "words", worry())[0].body) == []


def test_an_unsure_message_is_asked_about_and_goes_nowhere(store: Store, planning: str) -> None:
    answers = say(store, planning, "words", UNSURE)
    assert [answer.body["text"] for answer in answers] == [text_of("safety.check_in.youth.text", "en")]
    assert answers[0].body["contacts"] == contacts_for_check_in("youth", "en")
    assert payloads(answers[0].body) == ["/as_i_wrote", "/continue_plan"]
    assert state(store, planning).after_concern == "asked_safe"


def test_as_i_wrote_sends_the_held_words_on_as_if_they_came_now(store: Store, planning: str) -> None:
    say(store, planning, "/the basement by coach dave", UNSURE)
    pressed = press(store, planning, "as_i_wrote")
    assert pressed.pending
    assert pressed.message.body["text"] == "I'm okay. Use what I wrote"
    assert _words(pressed.message, "en") == "the basement by coach dave"
    assert state(store, planning).after_concern is None
    assert not service.is_before_worry(state(store, planning), pressed.message.id)


def test_as_i_wrote_takes_the_person_at_their_word(store: Store, planning: str) -> None:
    say(store, planning, "words", UNSURE)
    press(store, planning, "as_i_wrote")
    heard = state(store, planning).heard
    assert heard is not None
    assert heard["denied"]
    assert heard["weight"] == pytest.approx(0.25)


def test_as_i_wrote_pressed_twice_does_nothing_more(store: Store, planning: str) -> None:
    say(store, planning, "words", UNSURE)
    first = press(store, planning, "as_i_wrote")
    heard = state(store, planning).heard
    second = press(store, planning, "as_i_wrote")
    assert not second.pending
    assert "words" not in second.message.body
    assert state(store, planning).heard == heard
    said = after(store, planning, second.message.id)
    assert [message.body["text"] for message in said] == [text_of("app.unknown_button", "en")]
    assert first.pending


def test_as_i_wrote_with_the_same_key_is_the_same_press(store: Store, planning: str) -> None:
    say(store, planning, "words", UNSURE)
    presses = [send(store, planning, Incoming(intent="as_i_wrote", key="one")) for _ in range(2)]
    assert presses[0].message.id == presses[1].message.id
    assert presses[1].message.body["words"] == "words"


def test_as_i_wrote_holds_nothing_after_a_worry_or_an_erasure(store: Store, owner: str) -> None:
    say(store, owner, "words", UNSURE)
    say(store, owner, "words", worry())
    assert not press(store, owner, "as_i_wrote").pending
    say(store, owner, "words", UNSURE)
    number = press(store, owner, "confirm_erase").message.id
    store.run(lambda session: service.erase(session, owner, number))
    assert not press(store, owner, "as_i_wrote").pending
    assert state(store, owner).heard is None


@pytest.mark.parametrize(("words", "key"), [("word " * READABLE, "too_long"), ("?!", "only_symbols")])
def test_held_words_that_cannot_be_read_are_answered_as_such(store: Store, owner: str, words: str, key: str) -> None:
    say(store, owner, words, UNSURE)
    pressed = press(store, owner, "as_i_wrote")
    assert not pressed.pending
    answer = after(store, owner, pressed.message.id)[0].body["text"]
    assert answer == text_of(f"app.{key}", "en", limit=READABLE)


def test_two_unsure_messages_are_answered_as_a_worry_and_can_still_be_meant_otherwise(
    store: Store, planning: str
) -> None:
    say(store, planning, "one", UNSURE)
    answer = say(store, planning, "two", UNSURE)[0].body
    assert answer["text"] == text_of("safety.answers.sexual_abuse.youth.urgent.text", "en")
    assert payloads(answer) == ["/as_i_wrote", "/continue_plan"]
    assert _words(press(store, planning, "as_i_wrote").message, "en") == "two"


def test_an_unsure_message_under_an_answer_that_stands_is_held_without_a_list(store: Store, planning: str) -> None:
    say(store, planning, "words", worry("suicide", "urgent"))
    answer = say(store, planning, "more words", UNSURE)[0].body
    assert answer["text"] == text_of("safety.repeat.concern", "en")
    assert answer["contacts"] == []
    assert payloads(answer) == ["/as_i_wrote", "/continue_plan"]


def test_a_denial_is_heard_and_the_open_question_comes_back(store: Store, planning: str) -> None:
    say(store, planning, "words", worry())
    denied, question = say(store, planning, "i was joking", DENIAL)
    assert denied.body["text"] == text_of("safety.denied", "en")
    assert question.body["text"].startswith("Back to your plan.")
    assert state(store, planning).after_concern is None


def test_a_denial_without_a_plan_is_one_message(store: Store, owner: str) -> None:
    say(store, owner, "words", worry())
    assert len(say(store, owner, "i was joking", DENIAL)) == 1


def test_a_denial_of_an_unsure_message_offers_to_use_it(store: Store, planning: str) -> None:
    say(store, planning, "coach dave in the basement", UNSURE)
    denied, _ = say(store, planning, "im fine lol", DENIAL)
    assert payloads(denied.body) == ["/as_i_wrote"]
    assert _words(press(store, planning, "as_i_wrote").message, "en") == "coach dave in the basement"


def test_a_denial_out_of_the_blue_is_ordinary_talk(store: Store, owner: str) -> None:
    assert say(store, owner, "im not suicidal", DENIAL) == []


def test_weak_signs_add_up_and_fade(store: Store, owner: str) -> None:
    faint = Screening(weight=0.25)
    answers = [say(store, owner, "words", faint) for _ in range(5)]
    assert [len(each) for each in answers[:3]] == [0, 0, 0]
    assert any(answers[3:])
    slow = store.run(a_conversation)
    for _ in range(6):
        assert say(store, slow, "words", faint) == []
        for _ in range(4):
            assert say(store, slow, "words", HARMLESS) == []


def test_a_message_sent_twice_and_a_button_are_not_heard(store: Store, owner: str) -> None:
    faint = Screening(weight=0.25)
    for _ in range(3):
        send(store, owner, Incoming(text="words", key="same", screening=faint))
    once = state(store, owner).heard
    press(store, owner, "skip")
    assert state(store, owner).heard == once
    assert once is not None
    assert once["weight"] == pytest.approx(0.25)


def test_what_is_remembered_is_sealed_and_nothing_when_there_is_nothing(store: Store, owner: str) -> None:
    say(store, owner, "hello")
    assert state(store, owner).heard is None
    say(store, owner, "words", worry("trafficking_sex", "urgent"))
    rows = store.read(lambda session: session.execute(text("SELECT * FROM conversation")).mappings().all())
    assert "trafficking" not in " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in rows[0].values())


def test_no_worry_makes_a_line_of_the_plan(store: Store, planning: str) -> None:
    for screening in (worry(), UNSURE, UNSURE):
        say(store, planning, "my aunt rosa hurts me", screening)
    assert store.read(lambda session: plan_queries.items_of(session, planning)) == []


def test_a_late_answer_to_an_earlier_message_leaves_the_soft_question_open(store: Store, owner: str) -> None:
    earlier = send(store, owner, Incoming(text="who can see this"))
    say(store, owner, "words", UNSURE)
    store.run(lambda session: service.answer(session, earlier.message, [Reply("en", "Nobody.")]))
    assert state(store, owner).after_concern == "asked_safe"


@pytest.mark.parametrize(
    ("screening", "key"),
    [
        (worry("suicide", "concern"), "answers.suicide.caregiver.concern.text"),
        (UNSURE, "check_in.caregiver.text"),
    ],
)
def test_alone_a_message_is_answered_without_history(screening: Screening, key: str) -> None:
    reply = reply_alone(screening, "caregiver", "es")
    assert reply is not None
    assert reply.text == text_of(f"safety.{key}", "es")
    assert reply.contacts
    assert reply.buttons == []


@pytest.mark.parametrize("screening", [HARMLESS, DENIAL, Screening(weight=0.25)])
def test_alone_a_harmless_message_gets_no_answer_of_this_kind(screening: Screening) -> None:
    assert reply_alone(screening, None, "en") is None
