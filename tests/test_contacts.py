"""The lines of help: what is shown is what is dialled, and every list holds what a worry needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RESOURCES = ROOT / "resources"
RESPONSES = ROOT / "bot" / "domain" / "responses"
NATIONAL = ROOT.parent / "shared" / "directory" / "national.yaml"
LANGUAGES = ("en", "es")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


CONTACTS: list[dict[str, Any]] = load(RESOURCES / "contacts.yml")
RESPONSE: dict[str, list[dict[str, Any]]] = {
    name: variations for path in sorted(RESPONSES.glob("*.yml")) for name, variations in load(path)["responses"].items()
}
IDS = [contact["id"] for contact in CONTACTS]
BY_ID = {contact["id"]: contact for contact in CONTACTS}
CHANNELS = [(c["id"], channel) for c in CONTACTS for channel in c["channels"]]


def in_language(value: Any, language: str) -> str:
    return str(value[language] if isinstance(value, dict) else value)


def kinds(contact: str) -> set[str]:
    return {channel["kind"] for channel in BY_ID[contact]["channels"]}


def test_contact_ids_are_unique() -> None:
    assert len(IDS) == len(set(IDS))


@pytest.mark.parametrize("contact", CONTACTS, ids=IDS)
def test_contact_says_where_its_facts_come_from(contact: dict[str, Any]) -> None:
    assert contact["sources"]
    assert all(source["what"] and source["date"] for source in contact["sources"])
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", contact["evidence_date"])
    assert contact["audience"]
    assert set(contact["audience"]) <= {"youth", "caregiver"}
    assert contact["never_unasked_to_youth"] in (True, False)
    assert bool(contact["confirmed_by"]) == bool(contact["confirmed_on"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("contact", "channel"), CHANNELS, ids=[f"{c}-{ch['kind']}" for c, ch in CHANNELS])
def test_what_is_shown_is_what_is_opened(contact: str, channel: dict[str, Any], language: str) -> None:
    value, href = in_language(channel["value"], language), in_language(channel["href"], language)
    scheme = {"call": "tel:", "text": "sms:", "chat": "https://", "web": "https://"}[channel["kind"]]
    assert href.startswith(scheme)
    assert channel["languages"]
    assert set(channel["languages"]) <= set(LANGUAGES)
    if scheme == "https://":
        assert href.removeprefix(scheme).removeprefix("www.").rstrip("/") == value
        return
    assert digits(href.partition("?")[0]) == digits(value)
    keyword = href.partition("body=")[2]
    assert re.findall(r"\b[A-Z]{4,}\b", value) == ([keyword] if keyword else [])


def contact_lists() -> Iterator[tuple[str, list[str]]]:
    for name, variations in RESPONSE.items():
        for index, variation in enumerate(variations):
            yield f"{name}[{index}]", variation.get("custom", {}).get("contacts", [])
    for category, entry in load(RESOURCES / "texts" / "safety.yml").items():
        for role in ("youth", "caregiver"):
            if role in entry:
                yield f"safety.{category}.{role}", entry[role]["contacts"]


LISTS = [found for found in contact_lists() if found[1]]
NET = [found for found in LISTS if found[0].startswith("safety.")]


@pytest.mark.parametrize(("key", "ids"), LISTS, ids=[key for key, _ in LISTS])
def test_every_contact_used_exists(key: str, ids: list[str]) -> None:
    assert set(ids) <= set(IDS)
    assert len(ids) == len(set(ids)) <= (4 if key.startswith("safety.") else 3)


@pytest.mark.parametrize(("key", "ids"), NET, ids=[key for key, _ in NET])
def test_safety_net_always_holds_911_988_and_a_line_for_text(key: str, ids: list[str]) -> None:
    assert {"emergency_911", "lifeline_988"} <= set(ids)
    assert any("text" in kinds(contact) for contact in set(ids) - {"lifeline_988"})


def test_safety_net_covers_every_category_and_role() -> None:
    expected = {
        f"safety.{category}.{role}"
        for category in ("suicide", "violence", "overdose", "running_away")
        for role in ("youth", "caregiver")
    }
    assert {key for key, _ in NET} == expected


# A question about food is no worry, and its one line takes calls only.
WORRIES = [(key, ids) for key, ids in LISTS if not key.startswith("utter_ask_food_money")]


@pytest.mark.parametrize(("key", "ids"), WORRIES, ids=[key for key, _ in WORRIES])
def test_a_worry_has_a_way_without_voice(key: str, ids: list[str]) -> None:
    assert any(kinds(contact) & {"text", "chat"} for contact in ids)


def caregiver_lines() -> set[str]:
    return {c["id"] for c in CONTACTS if c["never_unasked_to_youth"] or "youth" not in c["audience"]}


def test_a_youth_is_never_shown_a_line_for_others() -> None:
    for_youth = [ids for key, ids in LISTS if not key.endswith(".caregiver")]
    assert not caregiver_lines() & {contact for ids in for_youth for contact in ids}


@pytest.mark.parametrize("name", RESPONSE)
def test_a_number_on_a_card_is_not_repeated_in_the_text(name: str) -> None:
    for variation in RESPONSE[name]:
        shown = variation.get("custom", {}).get("contacts", [])
        hrefs = [in_language(ch["href"], "en") for contact in shown for ch in BY_ID[contact]["channels"]]
        numbers = {digits(href.partition("?")[0]) for href in hrefs if href.startswith(("tel:", "sms:"))}
        written = {digits(found) for found in re.findall(r"\d[\d-]*", variation["text"])}
        # 911 is an instruction and 211 the name of a line: both may stand in the text.
        assert not (numbers - {"911", "211"}) & written


# Numbers that must never be shown


def last_ten(number: str) -> str:
    return digits(number)[-10:]


@pytest.mark.skipif(not NATIONAL.exists(), reason="the denylist is kept outside this repository")
def test_no_denied_number_occurs_anywhere() -> None:
    entries = "\n".join(entry["number"] for entry in load(NATIONAL)["denylist"])
    denied = {last_ten(found) for found in re.findall(r"(?:1-)?\d{3}-\d{3}-\d{4}|\b\d{5}\b", entries)}
    assert len(denied) > 20
    folders = [
        RESOURCES.glob("contacts.yml"),
        RESOURCES.glob("plan/*"),
        RESOURCES.glob("texts/*"),
        RESPONSES.glob("*"),
    ]
    for path in (path for folder in folders for path in folder):
        written = {last_ten(found) for found in re.findall(r"\d[\d-]{3,}\d", path.read_text(encoding="utf-8"))}
        assert not denied & written, path.name
