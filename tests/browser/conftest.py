"""A real browser over the real app. `porchlight_url` and `embed_origin` come from tests/conftest.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.browser.chat import Chat, OpenChat, OpenPage

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"en": "en-US", "es": "es-US"}
PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1200, "height": 800}

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = Path("/usr/bin/chromium") if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
    if not found:
        pytest.fail("the browser tests need Chromium: /usr/bin/chromium or `chromium` on PATH")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(found), args=ARGUMENTS)
        yield launched
        launched.close()


def _elsewhere(route: Route) -> None:
    """The exit page and every other site: the tests never leave this machine."""
    route.fulfill(status=200, content_type="text/html", body="<title>Elsewhere</title><h1>Elsewhere</h1>")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Makes a blank page: open_page("es", phone=True, color_scheme="dark", java_script_enabled=False)."""
    contexts: list[BrowserContext] = []

    def open_one(language: str = "en", phone: bool = False, **options: Any) -> Page:
        options = {"viewport": PHONE if phone else DESKTOP, "has_touch": phone, **options}
        context = browser.new_context(locale=LOCALES[language], **options)
        context.route("https://**", _elsewhere)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_chat(open_page: OpenPage, porchlight_url: str) -> OpenChat:
    """A page with a chat that has said its opening."""

    def open_one(language: str = "en", phone: bool = False, **options: Any) -> Chat:
        page = open_page(language, phone, **options)
        page.goto(porchlight_url)
        return Chat(page, language).opened()

    return open_one


@pytest.fixture
def page(open_chat: OpenChat) -> Page:
    return open_chat().page


@pytest.fixture
def phone_page(open_chat: OpenChat) -> Page:
    return open_chat(phone=True).page
