"""The talk about a plan: what each message does to the rows, and what is said. On both databases."""

from __future__ import annotations

import pytest

from porchlight.plans import queries
from porchlight.plans.talk import Heard, Outcome, open_question, take
from porchlight.store.engine import Store
from tests.rows import a_conversation

FIRST = ["Ana", "Bea", "Carla", "Dana", "Ema", "Fay"]
LAST = ["Reyes", "Lopez", "Ortiz", "Kim", "Hill"]


class Talker:
    """One plan, talked to as Rasa's actions do."""

    def __init__(self, store: Store, language: str = "en") -> None:
        self.store, self.language, self.turn = store, language, 0
        self.id = store.run(lambda session: a_conversation(session, language))

    def hear(self, text: str = "", intent: str | None = None, **more: object) -> Outcome:
        self.turn += 1
        heard = Heard(self.turn, text, intent, self.language, **more)  # type: ignore[arg-type]
        return self.store.run(lambda session: take(session, self.id, heard))

    def press(self, intent: str, item_id: int | None = None) -> Outcome:
        return self.hear(intent=intent, item_id=item_id)

    def again(self, text: str = "", intent: str | None = None) -> Outcome:
        """The same message once more."""
        self.turn -= 1
        return self.hear(text, intent)

    def names(self, section: str = "safe_people") -> list[str]:
        items = self.store.run(lambda session: queries.items_of(session, self.id))
        return [each.item.name for each in items if each.section == section]

    def ids(self) -> list[int]:
        return [each.id for each in self.store.run(lambda session: queries.items_of(session, self.id))]

    def question(self) -> str | None:
        say = self.store.run(lambda session: open_question(session, self.id, self.language, self.turn + 1))
        return say.text if say else None


def said(outcome: Outcome) -> str:
    return "\n".join(say.text for say in outcome.says)


@pytest.fixture
def talker(store: Store) -> Talker:
    return Talker(store)


@pytest.fixture
def asked(talker: Talker) -> Talker:
    """At the first question."""
    talker.press("start_plan")
    return talker


def test_the_first_question_says_why(talker: Talker) -> None:
    outcome = talker.press("start_plan")
    assert outcome.asking
    assert "three parts" in said(outcome)
    assert "it is easier when you already know" in said(outcome)


def test_a_message_delivered_twice_is_done_once_and_answered_the_same(asked: Talker) -> None:
    first = asked.hear("my aunt rosa 555-0101", "answer")
    assert asked.again("my aunt rosa 555-0101", "answer") == first
    assert asked.names() == ["Aunt Rosa"]


def test_items_and_the_end_in_one_message(asked: Talker) -> None:
    outcome = asked.hear("just my aunt rosa thats all", "answer")
    assert asked.names() == ["Aunt Rosa"]
    assert "Where could you go" in said(outcome)
    assert "Anyone else" not in said(outcome)


def test_an_answer_that_the_classifier_took_for_something_else_is_kept(asked: Talker) -> None:
    outcome = asked.hear("my cousin joy 555-0103", "greet", interrupts=True)
    assert outcome.taken
    assert asked.names() == ["Joy"]


def test_an_interruption_is_left_to_others_and_changes_nothing(asked: Talker) -> None:
    outcome = asked.hear("who can see this", "ask_privacy", interrupts=True)
    assert not outcome.taken
    assert asked.names() == []
    assert (asked.question() or "").startswith("Back to your plan. Who do you feel safe with")


def test_the_question_is_not_said_again_in_the_turn_in_which_it_was_said(asked: Talker) -> None:
    say = asked.store.run(lambda session: open_question(session, asked.id, "en", asked.turn))
    assert say is None


def test_i_dont_know_gets_ideas_once_then_goes_on(asked: Talker) -> None:
    assert "That's okay" in said(asked.hear("idk", "dont_know"))
    assert "Where could you go" in said(asked.hear("idk", "dont_know"))


def test_nobody_is_accepted(asked: Talker) -> None:
    asked.hear("nobody", "dont_know")
    asked.press("skip")
    asked.press("skip")
    outcome = asked.press("skip")
    assert not outcome.asking
    assert "Some parts are empty" in said(outcome)


def test_going_back_from_the_first_section_says_so(asked: Talker) -> None:
    outcome = asked.press("go_back")
    assert "This is the first part" in said(outcome)
    assert outcome.asking


def test_going_back_to_a_section_that_holds_something_shows_it(asked: Talker) -> None:
    asked.hear("my aunt rosa", "answer")
    asked.press("no_more")
    assert "1. Aunt Rosa" in said(asked.press("go_back"))


def test_why_and_examples_do_not_move_on(asked: Talker) -> None:
    assert "easier when you already know" in said(asked.press("why_ask"))
    assert "made-up" in said(asked.press("give_example"))
    asked.hear("my aunt rosa", "answer")
    assert asked.names() == ["Aunt Rosa"]


def test_words_without_a_name_are_not_kept_and_that_is_said(asked: Talker) -> None:
    assert "I could not find a name" in said(asked.hear("this is so dumb", "chitchat"))
    assert asked.names() == []


def test_change_something_asks_which_then_what_then_changes(asked: Talker) -> None:
    asked.hear("my aunt rosa 555-0101, coach dave", "answer")
    assert "2. Coach Dave" in said(asked.press("change_item"))
    assert "in place of Coach Dave" in said(asked.hear("the second one", "answer"))
    asked.hear("coach devon", "answer")
    assert asked.names() == ["Aunt Rosa", "Coach Devon"]


def test_a_name_that_is_not_in_the_plan_is_not_added_as_the_answer_to_which_one(asked: Talker) -> None:
    asked.hear("my aunt rosa, coach dave", "answer")
    asked.press("change_item")
    assert "Which one" in said(asked.hear("zelda", "answer"))
    assert asked.names() == ["Aunt Rosa", "Coach Dave"]


def test_leaving_which_one_goes_back_to_the_plan(asked: Talker) -> None:
    asked.hear("my aunt rosa, coach dave", "answer")
    asked.press("change_item")
    assert "Anyone else" in said(asked.hear("nothing", "no_more"))
    assert asked.names() == ["Aunt Rosa", "Coach Dave"]


def test_the_button_of_an_item_removes_that_one(asked: Talker) -> None:
    asked.hear("my aunt rosa, coach dave", "answer")
    asked.press("remove_item", asked.ids()[0])
    assert asked.names() == ["Coach Dave"]


def test_the_button_of_an_item_of_another_plan_does_nothing(asked: Talker, store: Store) -> None:
    other = Talker(store)
    other.press("start_plan")
    other.hear("my aunt rosa", "answer")
    asked.hear("coach dave", "answer")
    asked.press("remove_item", other.ids()[0])
    assert other.names() == ["Aunt Rosa"]
    assert asked.names() == ["Coach Dave"]


def test_removing_the_last_item_opens_the_question_again(asked: Talker) -> None:
    asked.hear("my aunt rosa", "answer")
    outcome = asked.press("remove_item", asked.ids()[0])
    assert "This part is empty now" in said(outcome)
    assert "Who do you feel safe with" in said(outcome)


def test_a_finished_plan_can_be_changed_by_words(asked: Talker) -> None:
    asked.hear("my aunt rosa, coach dave", "answer")
    for _ in range(3):
        asked.press("no_more")
    outcome = asked.hear("delete coach dave", "remove_item")
    assert not outcome.asking
    assert asked.names() == ["Aunt Rosa"]
    assert asked.hear("change something", "change_item").asking
    assert not asked.hear("never mind", "no_more").asking


def test_stop_keeps_all_and_continue_goes_on_at_the_first_open_question(asked: Talker) -> None:
    asked.hear("my aunt rosa", "answer")
    asked.press("no_more")
    assert not asked.press("stop_plan").asking
    assert asked.question() is None
    assert "Where could you go" in said(asked.press("continue_plan"))


def test_after_a_worry_continue_means_the_same_question(asked: Talker) -> None:
    asked.hear("my aunt rosa", "answer")
    outcome = asked.hear("yes", "continue_plan", returns=True)
    assert "Back to your plan. Anyone else" in said(outcome)


def test_continue_after_an_answer_means_go_on(asked: Talker) -> None:
    asked.hear("my aunt rosa", "answer")
    assert "Where could you go" in said(asked.hear("continue", "continue_plan"))


def test_more_than_twenty_at_once_are_not_lost_in_silence(asked: Talker) -> None:
    outcome = asked.hear(", ".join(f"{first} {last}" for first in FIRST for last in LAST), "answer")
    assert len(asked.names()) == 20
    assert "only the first 20" in said(outcome)


def test_nothing_to_change_says_so(asked: Talker) -> None:
    assert "There is nothing in your plan yet" in said(asked.press("change_item"))


def test_the_whole_talk_in_spanish(store: Store) -> None:
    talker = Talker(store, "es")
    assert "tres partes" in said(talker.press("start_plan"))
    assert "1. Tía Rosa, 555-0101" in said(talker.hear("mi tía Rosa 555-0101", "answer"))
    assert "¿A dónde podrías ir" in said(talker.hear("es todo", "no_more"))
    assert "es fácil" not in said(talker.press("skip"))


@pytest.mark.parametrize("intent", ["no_more", "skip", "go_back", "why_ask", "give_example", "dont_know", "answer"])
def test_a_late_button_after_the_plan_is_done_is_answered(asked: Talker, intent: str) -> None:
    asked.hear("my aunt rosa", "answer")
    for _ in range(3):
        asked.press("no_more")
    assert "Print or copy it" in said(asked.press(intent))
    assert asked.hear("not denise, denice", "change_item").says != ()
    assert asked.names() == ["Aunt Rosa"]


def test_right_after_a_worry_no_words_become_a_line(asked: Talker) -> None:
    assert not asked.hear("my mom", "after_concern", interrupts=True, returns=True).taken
    assert asked.names() == []
