"""The chat as a person uses it: by what is seen and spoken, in either language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

RESOURCES = Path(__file__).parents[2] / "resources"

PEOPLE = {
    "en": "my aunt rosa 555-0101, coach dave, maybe ms. lee",
    "es": "mi tía rosa 555-0101, el coach dave",
}
PLACES = {"en": "the library on oak, jo's porch", "es": "la biblioteca de la calle oak, la casa de mi abuela"}
HELPERS = {"en": "my caseworker 555-0123, 988", "es": "mi trabajadora social 555-0123, el 988"}
MAKE_PLAN = {"en": "i want to make a plan", "es": "quiero hacer un plan"}
WHO_TO_CALL = {"en": "is there a hotline i can call", "es": "hay una línea a la que pueda llamar"}


def _texts(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((RESOURCES / "texts" / name).read_text(encoding="utf-8"))
    return read


WIDGET = _texts("widget.yml")
PLAN_BUTTONS = _texts("plan.yml")["buttons"]


class Chat:
    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.widget = page.locator("porchlight-chat")
        self.log = page.get_by_role("log")
        self.input = page.get_by_role("textbox")
        self.plan = self.widget.locator("#plan")
        self.items = self.plan.locator(".item")
        self.notice = self.widget.locator(".notice")
        self.answers = self.log.locator(".message:not(.you)")
        self.own = self.log.locator(".message.you .said")
        self.exit = page.get_by_role("link", name=self.word("exit"))

    def word(self, key: str) -> str:
        """A word of the widget itself."""
        return str(WIDGET[key][self.language])

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def opened(self) -> Chat:
        expect(self.log.get_by_role("button").first).to_be_visible()
        # The plan comes after the opening and moves what stands beside it: a click meanwhile may miss.
        expect(self.section(0)).to_be_attached()
        return self

    def say(self, text: str) -> None:
        """Type, send, and wait until it has been answered."""
        before = self.answers.count()
        self.input.fill(text)
        self.input.press("Enter")
        self.answered(before)

    def press(self, name: str) -> None:
        before = self.answers.count()
        self.log.get_by_role("button", name=name, exact=True).last.click()
        self.answered(before)

    def go_on(self) -> None:
        self.press(PLAN_BUTTONS["go_on"][self.language])

    def answered(self, before: int) -> None:
        expect(self.answers.nth(before)).to_be_visible()
        expect(self.widget.locator(".typing")).to_be_hidden()

    def section(self, number: int) -> Locator:
        return self.plan.locator(".section").nth(number)

    def in_plan(self, section: int, *words: str) -> None:
        """Each word stands in an item of its own or a shared one of this section."""
        for word in words:
            item = self.section(section).locator(".item").filter(has_text=re.compile(word, re.IGNORECASE))
            expect(item.first).to_be_attached()

    def name_people(self) -> None:
        self.say(MAKE_PLAN[self.language])
        self.say(PEOPLE[self.language])
        self.in_plan(0, "rosa", "dave")

    def show_plan(self) -> None:
        """On a phone the plan is behind a button."""
        toggle = self.widget.locator(".toggle")
        if toggle.is_visible() and toggle.get_attribute("aria-expanded") == "false":
            toggle.click()
        expect(self.plan).to_be_visible()

    def stored(self) -> dict[str, str]:
        kept: dict[str, str] = self.page.evaluate("({...sessionStorage})")
        return kept

    def violations(self) -> list[str]:
        """What axe finds, as readable lines."""
        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        parts = "[document.documentElement, document.querySelector('porchlight-chat')]"
        widest = f"Math.max(...{parts}.map((part) => part.scrollWidth))"
        return int(self.page.evaluate(f"{widest} - window.innerWidth"))


def card(**different: Any) -> dict[str, Any]:
    """A card with nothing but a name and a way, unless said otherwise."""
    ways = [way("call", "988", "tel:988")]
    bare = {"id": "lifeline_988", "name": "988 Lifeline", "why": "", "ways": ways}
    return {**bare, "hours": "", "facts": [], "page": "", "add": "", **different}


def way(kind: str, value: str, href: str, note: str = "") -> dict[str, str]:
    return {"kind": kind, "value": value, "href": href, "note": note}


def open_with(page: Page, *cards: dict[str, Any]) -> None:
    """Chats of this page open with these cards under the last message."""

    def with_cards(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        opened = route.fetch()
        told = opened.json()
        told["messages"][-1]["contacts"] = list(cards)
        route.fulfill(response=opened, json=told)

    page.route("**/api/conversations", with_cards)


OpenPage = Callable[..., Page]
OpenChat = Callable[..., Chat]
