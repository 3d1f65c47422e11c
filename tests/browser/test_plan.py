"""A young person makes the short plan by typing, in either language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat import HELPERS, MAKE_PLAN, PEOPLE, PLACES, Chat, OpenChat

LANGUAGES = ["en", "es"]
NAMES = {
    "en": [["rosa", "dave", "lee"], ["library", "porch"], ["caseworker", "988"]],
    "es": [["rosa", "dave"], ["biblioteca", "abuela"], ["trabajadora", "988"]],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_grows_beside_the_chat(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say(MAKE_PLAN[language])
    for number, answer in enumerate([PEOPLE, PLACES, HELPERS]):
        chat.say(answer[language])
        chat.in_plan(number, *NAMES[language][number])
        chat.go_on()
    expect(chat.section(0).get_by_role("link", name="555-0101")).to_have_attribute("href", "tel:5550101")
    expect(chat.section(2).get_by_role("link", name="555-0123")).to_have_attribute("href", "tel:5550123")
    expect(chat.widget.locator(".app")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reload_in_the_middle_goes_on(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language, phone=True)
    chat.name_people()
    chat.go_on()
    answers = chat.answers.all_inner_texts()
    chat.page.reload()
    expect(chat.own.filter(has_text=PEOPLE[language])).to_have_count(1)
    expect(chat.answers).to_have_text(answers, use_inner_text=True)
    chat.say(PLACES[language])
    chat.in_plan(0, "rosa", "dave")
    chat.in_plan(1, *NAMES[language][1])


def test_a_reload_before_the_answer_brings_the_answer(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.say(MAKE_PLAN["en"])
    before = chat.answers.count()
    with chat.page.expect_response(lambda response: response.request.method == "POST"):
        chat.input.fill(PEOPLE["en"])
        chat.input.press("Enter")
    chat.page.reload()
    chat.answered(before)
    expect(chat.own.filter(has_text=PEOPLE["en"])).to_have_count(1)
    chat.in_plan(0, *NAMES["en"][0])


def test_a_button_beside_an_item_takes_it_off(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.name_people()
    dave = chat.items.filter(has_text="ave")
    dave.get_by_role("button", name=chat.word("remove")).click()
    expect(dave).to_have_count(0)
    chat.in_plan(0, "rosa")
    expect(chat.input).to_be_focused()


def test_a_button_beside_an_item_asks_for_the_change(open_chat: OpenChat) -> None:
    chat = open_chat(phone=True)
    chat.name_people()
    chat.show_plan()
    before = chat.answers.count()
    chat.items.filter(has_text="osa").get_by_role("button", name=chat.word("change")).click()
    expect(chat.log).to_be_visible()  # back in the chat, where the question is asked
    chat.answered(before)
    chat.say("Rose 555-0177")
    chat.in_plan(0, "rose")
    expect(chat.section(0)).to_contain_text("555-0177")
    expect(chat.section(0)).not_to_contain_text("555-0101")


def test_buttons_of_earlier_questions_are_gone(open_chat: OpenChat) -> None:
    chat = open_chat()
    asked = chat.log.locator(".choices").first
    expect(asked).to_be_visible()
    chat.say(MAKE_PLAN["en"])
    expect(asked).to_be_hidden()


def test_the_language_switches_in_the_middle_of_the_plan(open_chat: OpenChat) -> None:
    chat = open_chat("en")
    chat.name_people()
    chat.button(chat.word("language_other")).click()
    spanish = Chat(chat.page, "es")
    expect(spanish.exit).to_be_visible()
    expect(spanish.answers.last).to_have_attribute("lang", "es")
    expect(chat.page.locator("html")).to_have_attribute("lang", "es")
    spanish.in_plan(0, "rosa", "dave")
    expect(spanish.plan.get_by_role("heading", level=2)).to_have_text(spanish.word("plan_title"))


HOSTILE = "<img src=x onerror='document.title=1'>"


def test_hostile_words_in_a_message_are_shown_as_text(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.say(f"my cousin {HOSTILE} 555-0188")
    expect(chat.own.last).to_contain_text(HOSTILE)
    expect(chat.widget.locator("img")).to_have_count(0)
    assert chat.page.title() == "Notes"


def test_hostile_words_in_the_plan_are_shown_as_text(page: Page) -> None:
    def poisoned(route: Route) -> None:
        plan = route.fetch().json()
        plan["sections"][0]["items"] = [
            {"id": 1, "name": HOSTILE, "relationship": HOSTILE, "phone": f"555{HOSTILE}", "note": HOSTILE}
        ]
        route.fulfill(json=plan)

    chat = Chat(page, "en")
    page.route("**/api/plan", poisoned)
    chat.say("hi")
    expect(chat.items.first.locator(".name")).to_have_text(HOSTILE)
    expect(chat.items.first.locator(".note")).to_have_text(HOSTILE)
    expect(chat.widget.locator("img")).to_have_count(0)
    expect(chat.items.first.get_by_role("link")).to_have_count(0)
    assert page.title() == "Notes"
