"""The talk about help: cards and words out, one message after the other, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from porchlight.conversations import service
from porchlight.plans import queries as plan_queries
from porchlight.referrals.model import Outcome, Referral
from porchlight.referrals.talk import Heard, Said, ask_outcome, take
from porchlight.store.engine import Store

AT = datetime(2026, 12, 2, 4, 30, tzinfo=UTC)  # 8:30 pm in California


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store)


class Talk:
    """One conversation: each message is one transaction."""

    def __init__(self, store: Store, language: Any = "en", role: str | None = "youth") -> None:
        self.store, self.language, self.role, self.number = store, language, role, 1
        self.id = store.run(lambda session: service.open_conversation(session, role, language))[0]

    def hear(self, words: str, intent: str = "find_help", number: int | None = None, at: datetime = AT) -> Said:
        self.number += 1
        heard = Heard(self.number, words, intent, self.language, self.role, number)
        said = self.store.run(lambda session: take(session, self.id, heard, at))
        assert said is not None
        return said

    def names(self, said: Said) -> list[str]:
        return [card["id"] for each in said.says for card in each.cards]


def test_a_question_is_answered_with_one_to_three_cards(talk: Talk) -> None:
    said = talk.hear("is there a line for trans kids")
    assert 1 <= len(talk.names(said)) <= 3
    assert talk.names(said)[0] in ("trevor", "trans_lifeline", "lgbt_youth_talkline")
    assert all(card["ways"] and card["hours"] for card in said.says[0].cards)


def test_spanish_words_get_spanish_cards(store: Store) -> None:
    talk = Talk(store, language="es")
    said = talk.hear("alguien con quien hablar por texto")
    assert talk.names(said)[0] == "lifeline_988"
    assert said.says[0].cards[0]["ways"][0]["value"] == "Envía AYUDA al 988"


def test_more_brings_others_until_there_are_none(talk: Talk) -> None:
    seen = talk.names(talk.hear("someone to talk to"))
    while more := talk.names(talk.hear("more", "more_help")):
        if more == ["line_211"]:
            break
        assert not set(more) & set(seen)
        seen += more
    assert len(seen) > 5


def test_where_they_are_is_asked_once_and_used(talk: Talk) -> None:
    asked = talk.hear("i need food", "ask_food_money")
    assert asked.asked == "asked_place"
    answered = talk.hear("93722", "give_place")
    assert talk.names(answered)
    assert answered.asked is None
    assert talk.hear("and a shelter").asked is None


@pytest.mark.parametrize("words", ["no", "i dont want to say", "prefer not to say"])
def test_whoever_does_not_say_where_they_are_is_let_be(talk: Talk, words: str) -> None:
    talk.hear("i need food", "ask_food_money")
    assert talk.hear(words, "give_place").asked is None


def test_a_place_that_is_not_found_is_asked_for_once_more_and_then_let_be(talk: Talk) -> None:
    talk.hear("i need food", "ask_food_money")
    assert talk.hear("qwertyville", "give_place").asked == "asked_place"
    assert talk.hear("asdfgh", "give_place").asked is None


def test_a_zip_code_that_does_not_exist_is_said_to_be_unknown(talk: Talk) -> None:
    said = talk.hear("food near 00000")
    assert "00000" in said.says[0].text


@pytest.mark.parametrize(
    ("words", "kind"),
    [("calls show on the bill", "chat"), ("i have no minutes", "chat"), ("someone will hear me", "text")],
)
def test_what_stands_in_the_way_brings_another_way(talk: Talk, words: str, kind: str) -> None:
    talk.hear("someone to talk to")
    said = talk.hear(words, "help_barrier")
    assert said.says[0].cards
    assert all(any(way["kind"] in (kind, "chat") for way in card["ways"]) for card in said.says[0].cards)


def test_who_does_not_know_what_to_say_gets_a_first_sentence(talk: Talk) -> None:
    talk.hear("where can i sleep tonight", "find_place_tonight")
    assert "safe place to sleep" in talk.hear("i dont know what to say to them", "help_barrier").says[0].text


def test_what_stands_in_the_way_is_asked_when_it_was_not_said(talk: Talk) -> None:
    said = talk.hear("", "help_barrier")
    assert said.asked == "asked_barrier"
    assert len(said.says[0].buttons) == 6
    assert talk.hear("", "help_barrier", number=2).says[0].cards


def test_a_new_wish_in_place_of_an_answer_is_heard(talk: Talk) -> None:
    talk.hear("", "help_barrier")
    assert "line_211" in talk.names(talk.hear("i need diapers", "help_barrier"))


def test_that_calls_show_on_a_bill_is_said_once(talk: Talk) -> None:
    said = [
        talk.hear(words).says[0].text for words in ("someone to talk to", "help with drugs", "an immigration lawyer")
    ]
    assert sum("phone bill" in each for each in said) == 1


def items(talk: Talk) -> list[Any]:
    return [known.item for known in talk.store.read(lambda session: plan_queries.items_of(session, talk.id))]


def test_a_card_is_put_into_the_plan_by_its_button_once(talk: Talk) -> None:
    card = talk.hear("suicide hotline").says[0].cards[0]
    number = int(card["add"].partition(" ")[2].rstrip("}"))
    talk.hear("", "add_card", number=number)
    talk.hear("", "add_card", number=number)
    assert [(item.name, item.phone) for item in items(talk)] == [(card["name"], "988")]


def test_the_button_of_an_older_card_still_means_that_card(talk: Talk) -> None:
    first = talk.hear("suicide hotline").says[0].cards[0]
    talk.hear("help with drugs")
    talk.hear("", "add_card", number=int(first["add"].partition(" ")[2].rstrip("}")))
    assert [item.name for item in items(talk)] == [first["name"]]


def test_a_card_is_put_into_the_plan_by_words(talk: Talk) -> None:
    cards = talk.hear("someone to talk to").says[0].cards
    talk.hear("save the second one", "add_card")
    assert [item.name for item in items(talk)] == [cards[1]["name"]]


@pytest.mark.parametrize("number", [0, 99])
def test_a_button_that_was_never_shown_adds_nothing(talk: Talk, number: int) -> None:
    talk.hear("someone to talk to")
    talk.hear("", "add_card", number=number)
    assert items(talk) == []


def test_how_it_went_is_asked_once_and_only_later(talk: Talk) -> None:
    talk.hear("someone to talk to")

    def ask(at: datetime) -> Any:
        return talk.store.run(lambda session: ask_outcome(session, talk.id, "en", at))

    assert ask(AT + timedelta(minutes=5)) is None
    assert len(ask(AT + timedelta(minutes=11)).buttons) == 4
    assert ask(AT + timedelta(minutes=30)) is None


def outcomes(store: Store) -> list[tuple[str, str, int]]:
    return store.read(
        lambda session: [(row.service_id, row.outcome, row.count) for row in session.scalars(select(Outcome))]
    )


def test_how_it_went_is_counted_once_without_whose_it_was(talk: Talk) -> None:
    talk.hear("someone to talk to")
    talk.hear("they were so nice", "help_outcome")
    talk.hear("it helped", "help_outcome")
    assert outcomes(talk.store) == [("lifeline_988", "helped", 1)]
    columns = {column.name for column in Outcome.__table__.columns}
    assert columns == {"day", "source", "service_id", "outcome", "count"}


def test_after_nobody_answered_another_one_is_shown(talk: Talk) -> None:
    first = talk.names(talk.hear("someone to talk to"))
    assert not set(talk.names(talk.hear("nobody picked up", "help_outcome"))) & set(first)


def test_a_message_that_comes_twice_is_answered_the_same_and_counted_once(talk: Talk) -> None:
    talk.hear("someone to talk to")
    once = talk.hear("", "help_outcome", number=1)
    talk.number -= 1
    assert talk.hear("", "help_outcome", number=1).says == once.says
    assert [count for _, _, count in outcomes(talk.store)] == [1]


def test_words_that_ask_for_no_help_are_left_to_the_dialogue_engine(talk: Talk) -> None:
    heard = Heard(9, "purple monkey dishwasher", "nlu_fallback", "en", "youth")
    assert talk.store.run(lambda session: take(session, talk.id, heard, AT)) is None


def test_a_state_of_another_version_is_forgotten_not_fatal(talk: Talk) -> None:
    talk.store.run(lambda session: session.merge(Referral(conversation_id=talk.id, state={"question": {"x": 1}})))
    assert talk.names(talk.hear("someone to talk to"))


def test_nothing_of_it_stands_in_the_database_in_plain_words(talk: Talk) -> None:
    talk.hear("shelter for my sister canaryword near 93722")
    kept = talk.store.read(lambda session: session.execute(text("SELECT state FROM referral")).scalar_one())
    assert b"canaryword" not in bytes(kept)
    assert b"93722" not in bytes(kept)


@pytest.mark.parametrize("words", ["i was trafficked who can help without the fbi knowing", "dont call the fbi on me"])
def test_the_police_are_not_shown_to_a_youth_who_fears_them(talk: Talk, words: str) -> None:
    assert not {"fbi_tips", "know2protect"} & set(talk.names(talk.hear(words)))
