"""Makes the pictures of the README from the running service (`make run` in another terminal)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.sync_api import Page, expect, sync_playwright

DOCS = Path(__file__).parent.parent / "docs"
TALKS = {
    "en": ["my aunt rosa 555-0101, coach dave, maybe ms. lee", "no, Rose not Rosa"],
    "es": ["mi tía Rosa 555-0101 y el entrenador David", "quién puede ver esto?"],
}
START = {"en": "I want to make a plan", "es": "quiero hacer un plan"}
VIEWS: dict[str, dict[str, Any]] = {
    "chat": {"language": "en", "viewport": {"width": 1100, "height": 760}, "color_scheme": "light"},
    "chat-es": {"language": "es", "viewport": {"width": 390, "height": 760}, "color_scheme": "dark"},
}


def main(address: Annotated[str, typer.Option(help="Where the service runs.")] = "http://127.0.0.1:8000") -> None:
    """Play a short talk in each language and take its picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is needed: run `make browser`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, view in VIEWS.items():
            page = browser.new_page(viewport=view["viewport"], color_scheme=view["color_scheme"])
            page.goto(f"{address}/?language={view['language']}")
            play(page, view["language"])
            page.screenshot(path=str(DOCS / f"{name}.png"))
        browser.close()


def play(page: Page, language: str) -> None:
    box = page.get_by_role("textbox")
    for line in (START[language], *TALKS[language]):
        count = page.locator("[role=log] > *").count()
        box.fill(line)
        box.press("Enter")
        expect(page.locator("[role=log] > *").nth(count + 1)).to_be_visible(timeout=20_000)
        page.wait_for_timeout(900)


if __name__ == "__main__":
    typer.run(main)
