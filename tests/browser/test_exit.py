"""Leaving at once, and coming back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import MAKE_PLAN, Chat, OpenChat, OpenPage

ELSEWHERE = re.compile("^https://")


def left(page: Page) -> None:
    expect(page).to_have_title("Elsewhere")
    expect(page).to_have_url(ELSEWHERE)


def test_the_exit_takes_the_place_of_the_chat_in_the_history(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page()
    page.goto(f"{porchlight_url}/health/live")
    page.goto(porchlight_url)
    chat = Chat(page, "en").opened()
    chat.say(MAKE_PLAN["en"])
    assert chat.stored()
    chat.exit.click()
    left(page)
    page.go_back()
    expect(page).to_have_url(f"{porchlight_url}/health/live")
    assert chat.stored() == {}


def test_the_page_is_covered_and_empty_before_the_next_one_comes(page: Page) -> None:
    chat = Chat(page, "en")
    chat.say("my aunt rosa 555-0101")
    page.route(ELSEWHERE, lambda route: route.fulfill(status=204))  # a next page that never comes
    chat.exit.click()
    expect(page.get_by_role("alert")).to_have_text(chat.word("exit_leaving"))
    expect(chat.log).to_have_count(0)
    assert "rosa" not in page.content()
    assert chat.stored() == {}
    box = page.get_by_role("alert").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 1200, "height": 800}


def test_shift_three_times_leaves_and_counts_down(page: Page) -> None:
    chat = Chat(page, "en")
    chat.input.focus()
    spoken, dots = chat.widget.locator("[aria-live=assertive]"), chat.widget.locator(".dots")
    for presses in (1, 2):
        page.keyboard.press("Shift")
        expect(dots).to_have_attribute("data-presses", str(presses))
        expect(dots).to_be_visible()
        expect(spoken).to_have_text(chat.word("exit_presses").replace("{count}", str(3 - presses)))
    page.keyboard.press("Shift")
    left(page)


def test_shift_presses_are_forgotten_after_five_seconds(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page()
    page.clock.install()
    page.goto(porchlight_url)
    chat = Chat(page, "en").opened()
    dots = chat.widget.locator(".dots")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.fast_forward(5100)
    expect(dots).to_have_attribute("data-presses", "0")
    page.keyboard.press("Shift")
    expect(dots).to_have_attribute("data-presses", "1")
    expect(page).to_have_title("Notes")


@pytest.mark.parametrize("key", ["Shift+A", "Shift+Tab", "Escape"])
def test_capitals_moving_back_and_escape_do_not_leave(page: Page, key: str) -> None:
    chat = Chat(page, "en")
    chat.input.focus()
    for _ in range(4):
        page.keyboard.press(key)
    # Read at once: a wrongly counted press would be forgotten after five seconds.
    assert chat.widget.locator(".dots").get_attribute("data-presses") == "0"
    expect(page).to_have_title("Notes")


def test_the_exit_link_works_without_javascript(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(porchlight_url)
    Chat(page, "en").exit.click()
    left(page)


def test_the_exit_link_works_before_the_scripts_have_come(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page(phone=True)
    page.route("**/*.js", lambda route: None)
    page.goto(porchlight_url, wait_until="commit")
    Chat(page, "en").exit.click()
    left(page)


def test_the_exit_works_when_the_words_do_not_come(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page()
    page.route("**/texts.json", lambda route: route.abort())
    page.goto(porchlight_url)
    for _ in range(3):
        page.keyboard.press("Shift")
    left(page)


def test_the_exit_stays_in_reach_while_scrolling_and_in_the_plan(open_chat: OpenChat) -> None:
    chat = open_chat(phone=True)
    chat.name_people()
    for _ in range(2):
        expect(chat.exit).to_be_in_viewport(ratio=1)
        chat.show_plan()
        chat.plan.evaluate("plan => plan.scrollTo(0, plan.scrollHeight)")
    chat.page.set_viewport_size({"width": 375, "height": 300})  # the keyboard is open
    expect(chat.exit).to_be_in_viewport(ratio=1)


def test_coming_back_by_the_back_button_shows_no_chat(page: Page, porchlight_url: str) -> None:
    chat = Chat(page, "en")
    chat.say("my aunt rosa 555-0101")
    token = chat.stored()
    page.goto("https://elsewhere.example/")
    page.go_back()
    chat.opened()
    expect(chat.own).to_have_count(0)
    expect(chat.widget).not_to_contain_text("rosa")
    assert chat.stored() != token


def test_a_page_kept_for_the_back_button_holds_no_chat(page: Page) -> None:
    chat = Chat(page, "en")
    chat.say("my aunt rosa 555-0101")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(chat.log).to_be_empty()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    chat.opened()
    expect(chat.own).to_have_count(0)
    expect(chat.items).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_help_says_that_history_elsewhere_stays(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    shown = chat.plan.locator(".help")
    expect(shown).to_be_visible()
    expect(shown).to_contain_text({"en": "history", "es": "historial"}[language])
