"""What is kept, printed, erased, and who is spoken to."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat import MAKE_PLAN, WHO_TO_CALL, Chat, OpenChat, OpenPage, card

PRINTED = "window.print = () => { (window.top.printed ??= []).push([document.title, document.body.innerText]); };"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_print_button_prints_the_plan_and_nothing_else(
    open_page: OpenPage, porchlight_url: str, language: str
) -> None:
    page = open_page(language, phone=True)
    page.add_init_script(PRINTED)
    page.goto(porchlight_url)
    chat = Chat(page, language).opened()
    chat.name_people()
    chat.show_plan()
    chat.button(chat.word("print")).click()
    page.wait_for_function("window.printed?.length === 1")
    title, paper = page.evaluate("window.printed[0]")
    assert title == "Notes"
    assert [word for word in ("555-0101", "rosa", "dave") if word not in paper.lower()] == []
    assert chat.section(0).get_by_role("heading").inner_text() in paper
    for other in (chat.word("remove"), chat.word("exit"), "911"):
        assert other not in paper


def test_the_browsers_own_print_shows_the_plan_and_nothing_else(open_chat: OpenChat) -> None:
    chat = open_chat(phone=True)
    chat.name_people()
    chat.page.emulate_media(media="print")
    expect(chat.section(0).get_by_role("heading")).to_be_visible()
    expect(chat.items.first).to_be_visible()
    expect(chat.plan.get_by_text("555-0101")).to_be_visible()
    for hidden in (chat.log, chat.input, chat.exit, chat.button(chat.word("print"))):
        expect(hidden).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "es"])
def test_erasing_asks_first_then_leaves_nothing(open_chat: OpenChat, language: str, porchlight_url: str) -> None:
    chat = open_chat(language)
    chat.name_people()
    token = next(iter(chat.stored().values()))
    chat.button(chat.word("erase")).click()
    chat.in_plan(0, "rosa")  # not before the second press
    chat.button(chat.word("erase_yes")).click()
    expect(chat.notice).to_have_text(chat.word("erased"))
    expect(chat.widget.locator(".log")).to_be_empty()
    expect(chat.items).to_have_count(0)
    assert chat.stored() == {}
    gone = chat.page.request.get(f"{porchlight_url}/api/plan", headers={"Authorization": f"Bearer {token}"})
    assert gone.status == 401
    chat.button(chat.word("start_again")).click()
    chat.opened()
    expect(chat.own).to_have_count(0)


def test_nothing_stays_on_the_device_and_no_other_host_is_asked(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page()
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(porchlight_url)
    chat = Chat(page, "en").opened()
    chat.name_people()
    chat.say(WHO_TO_CALL["en"])
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(porchlight_url).netloc}
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []
    assert page.evaluate("indexedDB.databases()") == []
    assert len(chat.stored()) == 1
    assert "rosa" not in str(chat.stored())


def test_the_page_says_nothing_about_itself(open_page: OpenPage, porchlight_url: str) -> None:
    page = open_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(porchlight_url)
    chat = Chat(page, "en").opened()
    chat.say(MAKE_PLAN["en"])
    expect(page).to_have_title("Notes")
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex"
    assert page.locator("meta[name=referrer]").get_attribute("content") == "no-referrer"
    assert problems == []  # the content security policy refuses nothing, the console holds no words


def test_contacts_dial_what_they_say(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.say(WHO_TO_CALL["en"])
    links = chat.log.locator(".ways a")
    expect(links.first).to_be_visible()
    for link in links.all():
        href, shown = str(link.get_attribute("href")), link.inner_text()
        if href.startswith(("tel:", "sms:")):
            number = href.split(":")[1].split("?")[0]
            assert _digits(number).removeprefix("1") in _digits(shown)
        elif not href.startswith("mailto:"):
            assert href.startswith("https://")
            assert link.get_attribute("rel") == "noopener noreferrer nofollow"


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def test_without_a_connection_a_message_waits_and_is_sent_once(page: Page) -> None:
    chat = Chat(page, "en")
    before = chat.answers.count()
    page.context.set_offline(True)
    chat.input.fill("hello there")
    chat.input.press("Enter")
    expect(chat.notice).to_have_text(chat.word("offline"))
    expect(chat.own).to_contain_text("hello there")
    page.context.set_offline(False)
    expect(chat.notice).to_be_empty()
    chat.answered(before)
    expect(chat.own).to_have_count(1)


def test_a_message_whose_receipt_was_lost_is_sent_again_but_kept_once(page: Page) -> None:
    chat = Chat(page, "en")
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        keys.append(json.loads(route.request.post_data or "{}")["key"])
        if len(keys) > 1:
            route.fallback()
            return
        route.fetch()  # it does arrive
        route.abort()

    page.route("**/api/messages*", lose_the_first)
    chat.input.fill("hello there")
    with page.expect_response(lambda response: response.request.method == "POST"):
        chat.input.press("Enter")
    assert keys == [keys[0]] * 2
    chat.answered(3)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(chat.answers.nth(3)).to_be_visible()
    expect(chat.own).to_have_count(1)


@pytest.mark.parametrize(("status", "key"), [(413, "too_long"), (429, "too_fast"), (400, "error")])
def test_a_refused_message_is_explained_and_comes_back_to_be_mended(page: Page, status: int, key: str) -> None:
    chat = Chat(page, "en")

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, json={"error": {"code": key, "message": key}})
        else:
            route.fallback()

    page.route("**/api/messages*", refuse)
    chat.input.fill("something to say")
    chat.input.press("Enter")
    expect(chat.notice).to_have_text(chat.word(key))
    expect(chat.input).to_have_value("something to say")
    expect(chat.own).to_have_count(0)
    expect(chat.log.get_by_role("button").first).to_be_visible()


@pytest.mark.parametrize("status", [200, 503])
def test_what_could_not_be_kept_is_answered_and_comes_back_to_be_sent_again(page: Page, status: int) -> None:
    chat = Chat(page, "en")
    before = chat.answers.count()
    said = {"id": None, "from": "bot", "text": "Here is who you can reach.", "lang": "en", "buttons": [], "at": "x"}
    sorry = {**said, "from": "system", "text": "I could not keep that.", "contacts": []}
    body = {"id": None, "kept": False, "messages": [{**said, "contacts": [card()]}, sorry]}

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, json=body)
        else:
            route.fallback()

    page.route("**/api/messages*", fail)
    chat.input.fill("something to say")
    chat.input.press("Enter")
    expect(chat.answers).to_have_count(before + 2)
    expect(chat.answers.nth(before).get_by_role("link")).to_have_attribute("href", "tel:988")
    expect(chat.answers.nth(before + 1)).to_contain_text("I could not keep that.")
    expect(chat.input).to_have_value("something to say")
    expect(chat.own).to_have_count(0)
    expect(chat.widget.locator(".typing")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")
    chat.input.press("Enter")
    chat.answered(before + 2)
    expect(chat.own).to_have_count(1)


def test_an_ended_chat_says_so_and_starts_again(page: Page) -> None:
    chat = Chat(page, "en")
    chat.say("hello")
    page.route("**/api/messages*", lambda route: route.fulfill(status=401, json={"error": {}}))
    chat.input.fill("are you there")
    chat.input.press("Enter")
    expect(chat.notice).to_have_text(chat.word("expired"))
    assert chat.stored() == {}
    page.unroute_all(behavior="ignoreErrors")
    chat.button(chat.word("start_again")).click()
    chat.opened()
    expect(chat.own).to_have_count(0)
