"""The cards of those who can help: what is read is what is dialled, and the rest is folded away.

The cards are made here, so that each has what its test is about; tests of the server hold the real ones to its API.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat, OpenPage, card, open_with, way

LANGUAGES = ["en", "es"]
ADD = '/add_card{"item": 1}'
PAGE = "/services/safeline?language=en"
LONG = "w" * 120
HOSTILE = "<img src=x onerror='document.title=1'>"
NEW_TAB = "noopener noreferrer nofollow"
FULL = card(
    id="safeline",
    name="National Runaway Safeline",
    why="For young people who have nowhere to stay.",
    ways=[
        way("call", "1-800-786-2929", "tel:+18007862929"),
        way("text", "Text HOME to 66008", "sms:66008?&body=HOME", "An answer may take a while."),
        way("text", "66008", "sms:66008"),
        way("chat", "1800runaway.org", "https://www.1800runaway.org/"),
        way("video", "1-800-555-0100", "tel:+18005550100"),
        way("email", "help@safeline.example", "mailto:help@safeline.example"),
    ],
    hours="Open now, day and night",
    facts=["A person answers.", "For ages 12 to 21."],
    page=PAGE,
    add=ADD,
)

OpenCards = Callable[..., Chat]


@pytest.fixture
def open_cards(open_page: OpenPage, porchlight_url: str) -> OpenCards:
    """A chat that opens with cards: open_cards(FULL, language="es", phone=True)."""

    def open_one(*cards: dict[str, Any], language: str = "en", phone: bool = False, **options: Any) -> Chat:
        page = open_page(language, phone, **options)
        open_with(page, *cards)
        page.goto(porchlight_url)
        return Chat(page, language).opened()

    return open_one


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_says_what_it_dials_and_what_will_happen(open_cards: OpenCards, language: str) -> None:
    chat = open_cards(FULL, language=language)
    verb = chat.word
    links = {
        f"{verb('call')} 1-800-786-2929": "tel:+18007862929",
        "Text HOME to 66008": "sms:66008?&body=HOME",
        f"{verb('text')} 66008": "sms:66008",
        f"{verb('chat')} 1800runaway.org": "https://www.1800runaway.org/",
        f"{verb('video')} 1-800-555-0100": "tel:+18005550100",
        f"{verb('email')} help@safeline.example": "mailto:help@safeline.example",
    }
    ways = chat.log.locator(".ways")
    assert ways.get_by_role("link").count() == len(links)
    for name, href in links.items():
        link = ways.get_by_role("link", name=name, exact=True)
        expect(link).to_have_attribute("href", href)
        assert link.get_attribute("rel") == (NEW_TAB if href.startswith("https:") else None)


def test_why_notes_and_hours_are_seen_at_once_and_the_rest_is_folded(open_cards: OpenCards) -> None:
    chat = open_cards(FULL)
    for words in (FULL["name"], FULL["why"], FULL["hours"], FULL["ways"][1]["note"]):
        expect(chat.log.locator(".card").get_by_text(words, exact=True)).to_be_visible()
    for fact in FULL["facts"]:
        expect(chat.log.get_by_text(fact)).to_be_hidden()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_what_else_there_is_opens_by_keyboard(open_cards: OpenCards, porchlight_url: str, key: str) -> None:
    chat = open_cards(FULL)
    chat.log.locator(".ways a").last.focus()
    chat.page.keyboard.press("Tab")
    expect(chat.log.locator("summary")).to_be_focused()
    chat.page.keyboard.press(key)
    for fact in FULL["facts"]:
        expect(chat.log.get_by_text(fact)).to_be_visible()
    chat.page.keyboard.press("Tab")
    link = chat.log.get_by_role("link", name=chat.word("card_page"))
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", f"{porchlight_url}{PAGE}")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", NEW_TAB)
    chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press(key)
    expect(link).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_sends_its_payload_also_after_other_talk(open_cards: OpenCards, language: str) -> None:
    chat = open_cards(FULL, language=language)
    chat.say("hola" if language == "es" else "hello")
    add = chat.log.locator(".card").get_by_role("button", name=chat.word("card_add"))
    expect(add).to_have_accessible_name(re.compile(FULL["name"]))
    with chat.page.expect_request(lambda request: request.method == "POST") as sent:
        add.click()
    assert sent.value.post_data_json["payload"] == ADD


def test_what_a_card_has_not_is_not_drawn(open_cards: OpenCards) -> None:
    chat = open_cards(card())
    drawn = chat.log.locator(".card")
    expect(drawn.get_by_role("link")).to_have_count(1)
    expect(drawn.get_by_role("button")).to_have_count(0)
    expect(drawn.locator("details")).to_have_count(0)
    assert drawn.inner_text().split() == ["988", "Lifeline", chat.word("call"), "988"]


def test_hostile_words_in_a_card_are_shown_as_text(open_cards: OpenCards) -> None:
    ways = [way(HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE)]
    told = card(name=HOSTILE, why=HOSTILE, ways=ways, hours=HOSTILE, facts=[HOSTILE], page="//elsewhere.example/")
    chat = open_cards(told)
    drawn = chat.log.locator(".card")
    drawn.locator("summary").click()
    expect(drawn.get_by_text(HOSTILE, exact=True)).to_have_count(6)
    expect(drawn.get_by_role("link")).to_have_count(0)
    expect(drawn.locator("img")).to_have_count(0)
    assert chat.page.title() == "Notes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_fits_320_pixels_and_a_thumb(open_cards: OpenCards, language: str) -> None:
    long_ways = [way("web", LONG, "https://help.example/", LONG)]
    wide = card(name=LONG, why=LONG, ways=long_ways, hours=LONG, facts=[LONG], page=PAGE, add=ADD)
    chat = open_cards(FULL, wide, language=language, phone=True, viewport={"width": 320, "height": 568})
    for summary in chat.log.locator("summary").all():
        summary.click()
    assert chat.overflow() <= 0
    assert chat.log.evaluate("log => log.scrollWidth - log.clientWidth") == 0
    for target in chat.log.locator(".card").locator("a, button, summary").all():
        box = target.bounding_box() or {"width": 0, "height": 0}
        assert min(box["width"], box["height"]) >= 43.5, target.inner_text()


@pytest.mark.parametrize("phone", [False, True])
def test_long_cards_scroll_within_the_chat_and_not_the_page(open_cards: OpenCards, phone: bool) -> None:
    chat = open_cards(*[FULL] * 4, phone=phone)
    chat.log.locator("summary").last.click()
    assert chat.widget.evaluate("widget => widget.scrollHeight - widget.clientHeight") == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_card(open_cards: OpenCards, language: str, color_scheme: str) -> None:
    chat = open_cards(FULL, card(), language=language, color_scheme=color_scheme, reduced_motion="reduce")
    chat.log.locator("summary").click()
    expect(chat.log.get_by_text(FULL["facts"][0])).to_be_visible()
    assert chat.violations() == []
