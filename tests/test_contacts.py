"""The lines of help: what is shown is what is dialled, and every list holds what a worry needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from porchlight.directory.national import services

ROOT = Path(__file__).parents[1]
RESOURCES = ROOT / "resources"
RESPONSES = ROOT / "bot" / "domain" / "responses"
NATIONAL = ROOT.parent / "shared" / "directory" / "national.yaml"
LANGUAGES = ("en", "es")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


RESPONSE: dict[str, list[dict[str, Any]]] = {
    name: variations for path in sorted(RESPONSES.glob("*.yml")) for name, variations in load(path)["responses"].items()
}
LINES = services()


def kinds(line: str) -> set[str]:
    return {channel.kind for channel in LINES[line].channels}


CATEGORIES = (
    "suicide",
    "self_harm",
    "immediate_danger",
    "sexual_abuse",
    "physical_abuse",
    "neglect",
    "dating_violence",
    "trafficking_sex",
    "trafficking_labor",
    "online_exploitation",
    "missing_child",
    "runaway",
    "homeless_tonight",
    "overdose",
    "substance_use",
    "harm_to_others",
    "eating_disorder",
)
ROLES = ("youth", "caregiver")
SEVERITIES = ("emergency", "urgent", "concern")
SAFETY: dict[str, Any] = load(RESOURCES / "texts" / "safety.yml")


class Answer(NamedTuple):
    category: str
    role: str
    severity: str
    text: dict[str, str]
    contacts: list[str]

    @property
    def key(self) -> str:
        return f"safety.answers.{self.category}.{self.role}.{self.severity}"


ANSWERS = [
    Answer(category, role, severity, entry["text"], entry["contacts"])
    for category, roles in SAFETY["answers"].items()
    for role, severities in roles.items()
    for severity, entry in severities.items()
]


def contact_lists() -> Iterator[tuple[str, list[str]]]:
    for name, variations in RESPONSE.items():
        for index, variation in enumerate(variations):
            yield f"{name}[{index}]", variation.get("custom", {}).get("contacts", [])
    for role in ROLES:
        yield f"safety.check_in.{role}", SAFETY["check_in"][role]["contacts"]
    for answer in ANSWERS:
        yield answer.key, answer.contacts


LISTS = [found for found in contact_lists() if found[1]]


def each_answer(*severities: str) -> pytest.MarkDecorator:
    wanted = [answer for answer in ANSWERS if answer.severity in (severities or SEVERITIES)]
    return pytest.mark.parametrize("answer", wanted, ids=[answer.key for answer in wanted])


@pytest.mark.parametrize(("key", "ids"), LISTS, ids=[key for key, _ in LISTS])
def test_every_contact_used_exists(key: str, ids: list[str]) -> None:
    assert set(ids) <= set(LINES)
    # 911 may be a fourth line in an emergency.
    assert len(ids) == len(set(ids)) <= (4 if key.endswith(".emergency") else 3)


def test_every_category_role_and_severity_has_an_answer() -> None:
    expected = [(c, r, s) for c in CATEGORIES for r in ROLES for s in SEVERITIES]
    assert [(a.category, a.role, a.severity) for a in ANSWERS] == expected


@each_answer()
def test_every_answer_has_a_text_and_lines(answer: Answer) -> None:
    assert set(answer.text) == set(LANGUAGES)
    assert answer.contacts


@each_answer("emergency")
def test_an_emergency_begins_with_911(answer: Answer) -> None:
    assert answer.contacts[0] == "emergency_911"
    assert len(answer.contacts) > 1


@pytest.mark.parametrize("category", ["suicide", "self_harm"])
def test_suicide_and_self_harm_always_hold_988(category: str) -> None:
    assert all("lifeline_988" in answer.contacts for answer in ANSWERS if answer.category == category)


@each_answer("emergency")
def test_an_overdose_also_holds_poison_help(answer: Answer) -> None:
    assert answer.category != "overdose" or answer.contacts[1] == "poison_help"


@pytest.mark.parametrize("role", ROLES)
def test_a_soft_check_in_shows_one_or_two_lines(role: str) -> None:
    assert 1 <= len(SAFETY["check_in"][role]["contacts"]) <= 2
    assert "emergency_911" not in SAFETY["check_in"][role]["contacts"]


# A question about food is no worry, and its one line takes calls only.
WORRIES = [(key, ids) for key, ids in LISTS if not key.startswith("utter_ask_food_money")]
NET = [(key, ids) for key, ids in LISTS if key.startswith("safety.")]


@pytest.mark.parametrize(("key", "ids"), WORRIES, ids=[key for key, _ in WORRIES])
def test_a_worry_has_a_way_without_voice(key: str, ids: list[str]) -> None:
    assert any(kinds(contact) & {"text", "chat"} for contact in ids)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "ids"), NET, ids=[key for key, _ in NET])
def test_the_safety_net_has_a_way_without_voice_in_each_language(key: str, ids: list[str], language: str) -> None:
    channels = [channel for line in ids for channel in LINES[line].channels]
    assert any(channel.kind in {"text", "chat"} and language in channel.languages for channel in channels)


#: What a text calls a line, and the line that has to stand beside it.
NAMES = {
    "988": "lifeline_988",
    "211": "line_211",
    "ANAD": "anad",
    "Boys Town": "boys_town",
    "Childhelp": "childhelp",
    "Crisis Text Line": "crisis_text_line",
    "CyberTipline": "cybertipline",
    "Departamento de Trabajo": "wage_hour",
    "Domestic Violence Hotline": "ndvh",
    "Labor Department": "wage_hour",
    "NCMEC": "ncmec",
    "Poison Help": "poison_help",
    "RAINN": "rainn",
    "Runaway Safeline": "runaway_safeline",
    "SAMHSA": "samhsa",
    "StopNCII": "stopncii",
    "Take It Down": "take_it_down",
    "línea contra la violencia doméstica": "ndvh",
    "línea de mensajes": "crisis_text_line",
    "línea nacional": "trafficking_hotline",
    "love is respect": "love_is_respect",
    "text line": "crisis_text_line",
    "the hotline": "trafficking_hotline",
}


@pytest.mark.parametrize("language", LANGUAGES)
@each_answer()
def test_a_line_named_in_a_text_stands_beside_it(answer: Answer, language: str) -> None:
    text = answer.text[language]
    named = {line for name, line in NAMES.items() if re.search(rf"\b{name}\b", text, re.IGNORECASE)}
    assert named <= set(answer.contacts)


@pytest.mark.parametrize("language", LANGUAGES)
@each_answer()
def test_a_number_in_a_text_is_911_or_that_of_a_line_beside_it(answer: Answer, language: str) -> None:
    written = {digits(found) for found in re.findall(r"\d[\d-]+\d", answer.text[language])}
    shown = [channel.number for line in answer.contacts for channel in LINES[line].channels]
    assert written <= {"911", *map(digits, shown)}


def caregiver_lines() -> set[str]:
    return {line.id for line in LINES.values() if line.never_unasked or "youth" not in line.audience}


def test_a_youth_is_never_shown_a_line_for_others() -> None:
    for_youth = [ids for key, ids in LISTS if ".caregiver" not in key]
    assert not caregiver_lines() & {contact for ids in for_youth for contact in ids}


@pytest.mark.parametrize("name", RESPONSE)
def test_a_number_on_a_card_is_not_repeated_in_the_text(name: str) -> None:
    for variation in RESPONSE[name]:
        shown = variation.get("custom", {}).get("contacts", [])
        numbers = {digits(channel.number) for line in shown for channel in LINES[line].channels if channel.number}
        written = {digits(found) for found in re.findall(r"\d[\d-]*", variation["text"])}
        # 911 is an instruction and 211 the name of a line: both may stand in the text.
        assert not (numbers - {"911", "211"}) & written


# Numbers that must never be shown


def last_ten(number: str) -> str:
    return digits(number)[-10:]


def test_no_denied_number_occurs_anywhere() -> None:
    denied = {entry["number"] for entry in load(RESOURCES / "denylist.yml")}
    assert len(denied) > 25
    folders = [
        RESOURCES.glob("plan/*"),
        RESOURCES.glob("texts/*"),
        RESPONSES.glob("*"),
    ]
    for path in (path for folder in folders for path in folder):
        written = {last_ten(found) for found in re.findall(r"\d[\d-]{3,}\d", path.read_text(encoding="utf-8"))}
        assert not denied & written, path.name


@pytest.mark.skipif(not NATIONAL.exists(), reason="the list of wrong numbers is kept outside this repository")
def test_all_numbers_that_are_known_to_be_wrong_are_denied() -> None:
    """But for those that are named in a reason as the right ones."""
    wrong = {
        last_ten(found)
        for entry in load(NATIONAL)["denylist"]
        for found in re.findall(r"(?:1-)?\d{3}-\d{3}-\d{4}|\b\d{5}\b", entry["number"])
    }
    assert wrong <= {entry["number"] for entry in load(RESOURCES / "denylist.yml")}
