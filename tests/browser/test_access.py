"""For everybody: by keyboard, by screen reader, on a narrow phone, in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import PEOPLE, WHO_TO_CALL, Chat, OpenChat

LANGUAGES = ["en", "es"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_with_a_plan_and_contacts(open_chat: OpenChat, language: str, color_scheme: str) -> None:
    chat = open_chat(language, color_scheme=color_scheme, reduced_motion="reduce")
    assert chat.violations() == []
    chat.say(WHO_TO_CALL[language])
    expect(chat.log.locator(".card").first).to_be_visible()
    chat.name_people()
    chat.button(chat.word("erase")).click()
    assert chat.violations() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(open_chat: OpenChat, language: str, color_scheme: str) -> None:
    chat = open_chat(language, phone=True, color_scheme=color_scheme, reduced_motion="reduce")
    chat.name_people()
    assert chat.violations() == []
    chat.show_plan()
    assert chat.violations() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_320_pixels_need_no_scrolling_sideways(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language, phone=True, viewport={"width": 320, "height": 568})
    chat.say("x" * 300)
    chat.say(WHO_TO_CALL[language])
    expect(chat.log.locator(".card").first).to_be_visible()
    chat.name_people()
    assert chat.overflow() <= 0
    assert chat.log.evaluate("log => log.scrollWidth - log.clientWidth") == 0
    chat.show_plan()
    assert chat.overflow() <= 0
    assert chat.plan.evaluate("plan => plan.scrollWidth - plan.clientWidth") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_to_press_is_large_enough_for_a_thumb(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language, phone=True)
    chat.say(WHO_TO_CALL[language])
    expect(chat.log.locator(".card").first).to_be_visible()
    chat.name_people()
    in_chat = _small_targets(chat)
    chat.show_plan()
    assert in_chat + _small_targets(chat) == []


def _small_targets(chat: Chat) -> list[str]:
    skip = chat.word("skip_to_input")  # grows when it is reached by keyboard
    targets = chat.page.get_by_role("button").or_(chat.page.get_by_role("link"))
    seen = [target for target in targets.all() if target.is_visible() and target.inner_text() != skip]
    assert len(seen) >= 4
    boxes = [(target.inner_text(), target.bounding_box() or {"width": 0, "height": 0}) for target in seen]
    return [f"{name}: {box}" for name, box in boxes if min(box["width"], box["height"]) < 43.5]


def test_the_whole_way_by_keyboard_alone(page: Page) -> None:
    chat = Chat(page, "en")
    page.keyboard.press("Tab")
    expect(chat.exit).to_be_focused()
    page.keyboard.press("Tab")
    expect(chat.button(chat.word("skip_to_input"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    before = chat.answers.count()
    page.keyboard.type("i want to make a plan")
    page.keyboard.press("Enter")
    chat.answered(before)
    expect(chat.input).to_be_focused()
    page.keyboard.type(PEOPLE["en"])
    page.keyboard.press("Enter")
    chat.in_plan(0, "rosa", "dave")
    before = chat.answers.count()
    page.keyboard.press("Shift+Tab")  # the last button under the newest message
    expect(chat.log.get_by_role("button").last).to_be_focused()
    assert page.evaluate(f"{ACTIVE}.matches(':focus-visible')")
    assert page.evaluate(f"parseFloat(getComputedStyle({ACTIVE}).outlineWidth)") >= 3
    page.keyboard.press("Enter")
    chat.answered(before)
    expect(chat.input).to_be_focused()


ACTIVE = "document.querySelector('porchlight-chat').shadowRoot.activeElement"


def test_erasing_can_be_refused_by_keyboard(page: Page) -> None:
    chat = Chat(page, "en")
    chat.button(chat.word("erase")).focus()
    page.keyboard.press("Enter")
    expect(chat.widget.get_by_role("group")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(chat.button(chat.word("erase_no"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.button(chat.word("erase"))).to_be_focused()
    expect(chat.answers.first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_hears_who_spoke_and_in_which_language(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say("hola" if language == "es" else "hello")
    expect(chat.own.last).to_contain_text(chat.word("from_you"))
    expect(chat.answers.last.locator(".said")).to_contain_text(chat.word("from_bot"))
    expect(chat.answers.last).to_have_attribute("lang", language)
    expect(chat.log).to_have_accessible_name(chat.word("title_hidden"))
    expect(chat.input).to_have_accessible_name(chat.word("input_label"))


def test_the_view_stays_where_somebody_reads(open_chat: OpenChat) -> None:
    chat = open_chat(phone=True)
    chat.name_people()
    chat.input.fill(WHO_TO_CALL["en"])
    with chat.page.expect_response(lambda response: response.request.method == "POST"):
        chat.input.press("Enter")
        chat.log.evaluate("log => log.scrollTo(0, 0)")
    expect(chat.button(chat.word("new_messages"))).to_be_visible()
    assert chat.log.evaluate("log => log.scrollTop") == 0
    chat.button(chat.word("new_messages")).click()
    expect(chat.button(chat.word("new_messages"))).to_be_hidden()
    assert chat.log.evaluate("log => log.scrollTop") > 0


def test_a_wide_window_shows_both_and_a_zoomed_one_still_works(open_chat: OpenChat) -> None:
    chat = open_chat()
    expect(chat.plan).to_be_visible()
    chat.page.set_viewport_size({"width": 600, "height": 400})  # 1200 x 800 at 200 %
    chat.name_people()
    assert chat.overflow() <= 0
    expect(chat.input).to_be_in_viewport(ratio=1)
    expect(chat.exit).to_be_in_viewport(ratio=1)
