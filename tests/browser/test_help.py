"""The pages of the directory in a real browser: without a script, by keyboard, on a narrow phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from porchlight.config import Settings
from porchlight.directory.importing import import_content
from porchlight.directory.reading import read_services
from porchlight.store.engine import open_store
from tests.browser.chat import OpenPage
from tests.service import App

LANGUAGES = ["en", "es"]
LOCAL = Path(__file__).parents[1] / "directory/local.yml"
WORDS = yaml.safe_load((Path(__file__).parents[2] / "resources/texts/help.yml").read_text(encoding="utf-8"))
BED = {"en": "i need a place to sleep tonight", "es": "necesito dónde dormir esta noche"}
LOCAL_PAGE, OUR_PAGE, GONE = "local-fresno-youth-shelter", "nami_teen", "none"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app alone, with local services."""
    folder = tmp_path_factory.mktemp("help")
    store = open_store(Settings(data_dir=folder, database_url=f"sqlite:///{folder}/porchlight.db"))
    import_content(store, "agency", read_services(yaml.safe_load(LOCAL.read_text(encoding="utf-8")), "local.yml"))
    store.close()
    with App(folder) as running:
        yield running.url


def word(key: str, language: str) -> str:
    return str(WORDS[key][language])


def look(page: Page, app: str, language: str, text: str = "", place: str = "93721") -> None:
    """Fill in the form and send it with the Enter key."""
    page.goto(f"{app}/services?language={language}")
    page.get_by_label(word("text", language)).fill(text or BED[language])
    page.get_by_label(word("place", language)).fill(place)
    page.get_by_label(word("place", language)).press("Enter")
    expect(page.get_by_role("heading", name="Nightingale House")).to_be_visible()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {each['id']}: {node['target']}" for each in found for node in each["nodes"]]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, app: str, language: str, color_scheme: str) -> None:
    page = open_page(language, phone=True, color_scheme=color_scheme)
    for path in ("", f"/{LOCAL_PAGE}", f"/{OUR_PAGE}", f"/{GONE}"):
        page.goto(f"{app}/services{path}?language={language}")
        assert violations(page) == []
    look(page, app, language)
    page.locator("summary").click()
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_found_without_a_script(open_page: OpenPage, app: str, language: str) -> None:
    page = open_page(language, java_script_enabled=False)
    look(page, app, language)
    dialled = page.locator("main a[href^='tel:'], main a[href^='sms:']")
    assert dialled.count() > 5
    for link in dialled.all():
        assert digits(link.inner_text()) == digits(href_of(link).partition("?")[0]), link.inner_text()
    other = "es" if language == "en" else "en"
    page.get_by_role("button", name=word("other_language", language)).click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.get_by_role("link", name=re.compile(f"{word('all_about', other)}.*Nightingale House")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nightingale House")
    expect(page.get_by_role("link", name="559-555-0101")).to_have_attribute("href", "tel:+15595550101")


def href_of(link: Locator) -> str:
    return link.get_attribute("href") or ""


def digits(text: str) -> str:
    found = re.sub(r"\D", "", text)
    return found[1:] if len(found) == 11 else found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_a_narrow_phone_and_the_exit_is_always_in_reach(open_page: OpenPage, app: str, language: str) -> None:
    page = open_page(language, phone=True, viewport={"width": 320, "height": 568})
    for path in ("", f"/{LOCAL_PAGE}", f"/{OUR_PAGE}", f"/{GONE}"):
        page.goto(f"{app}/services{path}?language={language}")
        assert overflow(page) <= 0
    look(page, app, language, f"{BED[language]} {'x' * 150}")
    page.locator("summary").click()
    assert overflow(page) <= 0
    targets = page.locator("a:visible, button:visible, summary:visible, input:visible, select:visible")
    assert [link.inner_text() for link in targets.all() if _height(link) < 43.5] == []
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    leave = page.get_by_role("link", name=word("exit", language))
    expect(leave).to_be_in_viewport(ratio=1)
    leave.click()
    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()


def _height(target: Locator) -> float:
    return (target.bounding_box() or {"height": 0})["height"]


def test_the_whole_way_by_keyboard_alone(open_page: OpenPage, app: str) -> None:
    page = open_page()
    page.goto(f"{app}/services")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=word("exit", "en"))).to_be_focused()
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 3
    for _ in range(4):  # the language, 911, what they need, their own words
        page.keyboard.press("Tab")
    page.keyboard.type(BED["en"])
    page.keyboard.press("Tab")
    page.keyboard.type("93721")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nightingale House")).to_be_visible()
    for _ in range(4):  # the exit, the language, 911, the form that is folded
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(word("text", "en"))).to_have_value(BED["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_holds_the_service_and_nothing_else(open_page: OpenPage, app: str, language: str) -> None:
    page = open_page(language, color_scheme="dark")
    for path, number in ((LOCAL_PAGE, "559-555-0101"), ("lifeline_988", "988")):
        page.goto(f"{app}/services/{path}?language={language}")
        page.emulate_media(media="print")
        expect(page.get_by_role("link", name=word("exit", language))).to_be_hidden()
        expect(page.get_by_text(word("back", language))).to_be_hidden()
        expect(page.locator(".ways").get_by_text(number).first).to_be_visible()
        expect(page.get_by_text(word("as_of", language).partition("{")[0])).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) == 1
        page.emulate_media(media="screen")
    look(page, app, language)
    page.emulate_media(media="print")
    for hidden in ("header", "form", "summary"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("heading", name="Nightingale House")).to_be_visible()
