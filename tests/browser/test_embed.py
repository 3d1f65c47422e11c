"""The widget alone, on a page of another site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat, OpenPage, card, open_with

PAGE = """<!doctype html><html lang="en"><head><title>School</title></head><body><main><h1>Our school</h1>
<p>Words of the page around it.</p>
<script type="module" src="{url}/widget/porchlight-chat.js"></script>
<porchlight-chat language="en" role="youth" exit-url="https://exit.example/"></porchlight-chat>
</main></body></html>"""


@pytest.fixture
def other_site(embed_origin: str, porchlight_url: str) -> Iterator[str]:
    body = PAGE.format(url=porchlight_url).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    address = urlsplit(embed_origin)
    server = ThreadingHTTPServer((address.hostname or "127.0.0.1", address.port or 80), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield embed_origin
    server.shutdown()
    server.server_close()


@pytest.fixture
def embedded(open_page: OpenPage, other_site: str) -> Page:
    page = open_page()
    page.add_init_script("window.print = () => { window.top.printed = document.body.innerText; };")
    page.goto(other_site)
    Chat(page, "en").opened()
    return page


def test_the_plan_can_be_made_on_another_site(embedded: Page) -> None:
    chat = Chat(embedded, "en")
    chat.name_people()
    embedded.reload()
    chat.opened()
    chat.in_plan(0, "rosa", "dave")
    assert chat.violations() == []


def test_only_the_plan_is_printed_not_the_page_around_it(embedded: Page) -> None:
    chat = Chat(embedded, "en")
    chat.name_people()
    chat.show_plan()
    chat.button(chat.word("print")).click()
    embedded.wait_for_function("window.printed")
    paper = str(embedded.evaluate("window.printed"))
    assert "555-0101" in paper
    assert "Our school" not in paper


def test_the_widget_brings_its_own_exit(embedded: Page, other_site: str) -> None:
    chat = Chat(embedded, "en")
    chat.say("hello")
    expect(chat.exit).to_have_attribute("href", "https://exit.example/")
    chat.exit.click()
    expect(embedded).to_have_url("https://exit.example/")
    embedded.goto(f"{other_site}/again")
    Chat(embedded, "en").opened()
    expect(chat.own).to_have_count(0)


def test_the_page_of_a_card_is_ours_not_of_the_site_around_it(embedded: Page, porchlight_url: str) -> None:
    chat = Chat(embedded, "en")
    open_with(embedded, card(page="/services/lifeline_988?language=en"))
    embedded.evaluate("sessionStorage.clear()")
    embedded.reload()
    chat.opened()
    chat.log.locator("summary").click()
    link = chat.log.locator("details").get_by_role("link")
    expect(link).to_have_attribute("href", f"{porchlight_url}/services/lifeline_988?language=en")


def test_a_widget_on_a_narrow_part_of_a_page_looks_like_on_a_phone(embedded: Page) -> None:
    chat = Chat(embedded, "en")
    embedded.evaluate("document.querySelector('main').style.width = '360px'")
    expect(chat.plan).to_be_hidden()
    chat.show_plan()
    expect(chat.log).to_be_hidden()
