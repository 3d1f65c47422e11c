"""No number of the denylist can be seen anywhere: on a card, on a page, in the API, in an export, in a text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from porchlight.config import Settings
from porchlight.contacts import fallback
from porchlight.directory import national
from porchlight.directory.asking import Question
from porchlight.directory.cards import card_of_service
from porchlight.directory.denylist import WITHDRAWN
from porchlight.directory.exporting import Writer, export, export_csv, export_json
from porchlight.directory.importing import import_content
from porchlight.directory.places import place_of_state
from porchlight.directory.reading import read_services
from porchlight.directory.searching import search
from porchlight.model import ROOT
from porchlight.store.times import now
from porchlight.web.app import make_app
from porchlight.web.services import Services

LANGUAGES = ("en", "es")
PROGRAM, BROWSER = {"Accept": "application/json"}, {"Accept": "text/html"}
ENTRIES: list[dict[str, str]] = yaml.safe_load((ROOT / "resources/denylist.yml").read_text(encoding="utf-8"))
DENIED = [entry["number"] for entry in ENTRIES if "only_for" not in entry]
ONLY_FOR = {entry["number"]: entry["only_for"] for entry in ENTRIES if "only_for" in entry}
#: How agencies write a number of ten digits.
WRITTEN: tuple[Callable[[str, str, str], str], ...] = (
    lambda a, b, c: f"{a}{b}{c}",
    lambda a, b, c: f"{a}-{b}-{c}",
    lambda a, b, c: f"1-{a}-{b}-{c}",
    lambda a, b, c: f"+1 ({a}) {b}-{c}",
    lambda a, b, c: f"({a}) {b} {c}",
    lambda a, b, c: f"{a}.{b}.{c}",
    lambda a, b, c: f"1{a}{b}{c}",
    lambda a, b, c: f"{a}\u2011{b}\u2011{c}",
)


# How a number is looked for: not as the code does that is tested here


@cache
def _pattern(number: str) -> re.Pattern[str]:
    gap = r"[^\d]{0,3}" if len(number) == 10 else ""
    return re.compile(rf"(?<!\d)1?{gap.join(number)}(?!\d)")


def seen(text: str, numbers: list[str] | None = None) -> list[str]:
    """The denied numbers that can be read in a text, however they are written."""
    return [number for number in (DENIED if numbers is None else numbers) if _pattern(number).search(text)]


@pytest.mark.parametrize("number", DENIED)
def test_a_denied_number_would_be_noticed(number: str) -> None:
    assert all(seen(text) == [number] for text in [f"call {each} now" for each in written(number)])


def written(number: str) -> list[str]:
    if len(number) != 10:
        return [number, f"({number})"]
    return [write(number[:3], number[3:6], number[6:]) for write in WRITTEN]


# An import that is full of them

SHELTER = {
    "id": "oe-1121",
    "code": "1121",
    "name": "Emergency Shelter",
    "description": "A safe place to sleep, for a short time.",
    "taxonomy": "Open Eligibility",
}


def hostile_services() -> list[dict[str, Any]]:
    """A service for each denied number, with it wherever there is a place for one."""
    return [_full_of(number, key) for key, number in enumerate(DENIED)]


def _full_of(number: str, key: int) -> dict[str, Any]:
    forms = written(number)

    def said(place: int) -> str:
        return forms[(key + place) % len(forms)]

    def own(name: str) -> str:
        return f"hostile-{'abcdefghijklmnopqrstuvwxyz'[key]}-{name}"

    # Houses and ZIP codes have five digits, too: there a short code is left.
    street = f" {said(0)}" if len(number) == 10 else ""
    good = {"id": own("phone"), "number": f"559-555-01{key:02}", "type": "voice", "description": f"not {said(0)}"}
    old = [{"id": own(f"phone{place}"), "number": each, "type": "voice"} for place, each in enumerate(forms)]
    extended = {"id": own("extended"), "number": f"{said(1)} ext. 5", "type": "text", "extension": 5}
    place = {
        "id": own("place"),
        "location_type": "physical",
        "name": f"Hall, {said(2)}",
        "alternate_name": said(3),
        "description": f"Ring {said(4)}",
        "latitude": 36.74,
        "longitude": -119.79,
        "phones": [{"id": own("place-phone"), "number": said(5), "type": "voice"}],
        "accessibility": [
            {"id": own("access"), "description": f"Ramp; call {said(6)}", "url": f"https://x.org/{number}"}
        ],
        "addresses": [
            {
                "id": own("address"),
                "attention": f"The desk{street}",
                "address_1": f"1 Example Street{street}",
                "address_2": f"Floor 2{street}",
                "city": f"Fresno{street}",
                "state_province": "CA",
                "postal_code": "93721",
                "country": "US",
                "address_type": "physical",
            }
        ],
    }
    return {
        "id": own("service"),
        "organization": {
            "id": own("organization"),
            "name": f"Agency {said(0)}",
            "description": f"Since 1990 at {said(1)}",
            "website": f"https://agency.example/{number}",
            "more_lines": {said(2): [said(3), {"line": int(number)}]},
        },
        "name": f"Shelter and food, {said(3)}",
        "alternate_name": said(4),
        "description": f"A bed for the night. Call {said(5)} or text HELP to {said(6)}.",
        "url": f"https://agency.example/?call={number}",
        "email": f"{number}@agency.example",
        "status": "active",
        "fees_description": f"Ask at {said(7)}",
        "eligibility_description": f"Anyone who calls {said(0)}",
        "application_process": f"Call {said(1)}",
        "interpretation_services": said(2),
        "alert": f"New number: {said(3)}",
        "phones": [good, extended, *old] if len(number) == 10 else [good, *old],
        "additional_urls": [
            {"id": own("tel"), "label": f"chat {said(4)}", "url": f"tel:{number}"},
            {"id": own("web"), "label": f"web {said(5)}", "url": f"https://agency.example/{number}/chat"},
        ],
        "contacts": [{"id": own("contact"), "name": f"Sam {said(6)}", "title": said(7), "email": f"{number}@x.org"}],
        "schedules": [{"id": own("schedule"), "freq": "WEEKLY", "byday": "MO", "description": f"or {said(0)}"}],
        "attributes": [{"id": own("attribute"), "taxonomy_term": SHELTER}],
        "cost_options": [{"id": own("cost"), "option": said(1), "amount_description": said(2)}],
        "required_documents": [{"id": own("document"), "document": said(3)}],
        "service_areas": [{"id": own("area"), "name": "California", "extent": "CA", "extent_type": "state"}],
        "service_at_locations": [{"id": own("at"), "description": f"Back door, {said(4)}", "location": place}],
        "metadata": [
            {
                "id": own("metadata"),
                "resource_type": "service",
                "last_action_date": "2026-01-01",
                "last_action_type": "update",
                "field_name": "alert",
                "previous_value": said(5),
                "replacement_value": said(6),
                "updated_by": said(7),
            }
        ],
        "porchlight": {"for": {"en": f"Call {said(0)}", "es": f"Llama al {said(1)}"}, "expect": {"en": said(2)}},
        "old_lines": {said(4): [said(5), int(number)], "note": {"es": f"Antes {said(6)}"}},
        said(7): said(0),
    }


def with_only_for() -> list[dict[str, Any]]:
    """The number that is right in one state: with a service for just this state, for another one, and for all."""
    return [
        _report_line(f"only-{key}-{state or 'all'}", f"{number[:3]}-{number[3:6]}-{number[6:]}", state)
        for key, (number, own) in enumerate(ONLY_FOR.items())
        for state in (own, "AL", "")
    ]


def _report_line(name: str, number: str, state: str) -> dict[str, Any]:
    area = {"id": f"{name}-area", "extent": state, "extent_type": "state"}
    return {
        "id": name,
        "name": "Report line",
        "description": "Tell of a child who is hurt.",
        "status": "active",
        "organization": {"id": "only-organization", "name": "An agency", "description": "For tests."},
        "phones": [
            {"id": f"{name}-phone", "number": f"1-{number}"},
            {"id": f"{name}-extended", "number": f"{number} x5"},
            {"id": f"{name}-other", "number": "559-555-0199"},
        ],
        "service_areas": [area] if state else [],
    }


@pytest.fixture
def hostile(settings: Settings) -> Iterator[TestClient]:
    """The app with the hostile import beside our own services."""
    services = Services.of(settings)
    import_content(services.store, "hostile", read_services([*hostile_services(), *with_only_for()], "hostile"))
    with TestClient(make_app(services), raise_server_exceptions=False) as opened:
        yield opened


def answered(client: TestClient, path: str, headers: dict[str, str], **sent: Any) -> str:
    """The text of an answer; what JSON writes as \\u2011 is read as such."""
    response = client.post(path, headers=headers, **sent) if sent else client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.text)
    if "json" in response.headers["Content-Type"]:
        return json.dumps(response.json(), ensure_ascii=False)
    return response.text


def all_documents(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(1, 100):
        page = client.get(f"/services?per_page=100&page={number}", headers=PROGRAM).json()
        found += page["contents"]
        if page["last_page"]:
            return found
    raise AssertionError("the list has no end")


# In the API and on the pages


def test_no_document_page_or_card_shows_one(hostile: TestClient) -> None:
    documents = all_documents(hostile)
    assert len([each for each in documents if each["id"].startswith("hostile-")]) == len(DENIED)
    assert WITHDRAWN in json.dumps(documents)
    assert seen(json.dumps(documents, ensure_ascii=False)) == []
    for service_id in [each["id"] for each in documents]:
        assert seen(answered(hostile, f"/services/{service_id}", PROGRAM)) == []
        for language in LANGUAGES:
            page = answered(hostile, f"/services/{service_id}?language={language}", BROWSER)
            assert seen(page) == [], service_id
            assert "559-555-01" in page or not service_id.startswith("hostile-")
    for language in LANGUAGES:
        asked = {"text": "shelter", "place": "93721", "language": language}
        assert "hostile-" in (found := answered(hostile, "/services/search", PROGRAM, json=asked))
        assert seen(found) == []
        assert "hostile-" in (found := answered(hostile, "/services/search", BROWSER, data=asked))
        assert seen(found) == []


def test_no_card_of_the_search_shows_one(hostile: TestClient) -> None:
    question = Question(needs=("shelter", "food"), place=place_of_state("CA"), at=now())
    store = hostile.app.state.services.store  # type: ignore[attr-defined]
    hits = store.read(lambda session: search(session, question, 100))
    theirs = [hit.service for hit in hits if hit.service.source == "hostile"]
    assert len(theirs) > 10
    for service in theirs:
        for language in LANGUAGES:
            card = card_of_service(service, Question(language=language, at=now()))
            assert seen(json.dumps(card, ensure_ascii=False)) == []
            assert "559-555-01" in json.dumps(card)


def test_a_number_of_one_state_is_shown_with_the_services_of_just_this_state(hostile: TestClient) -> None:
    for key, (number, own) in enumerate(ONLY_FOR.items()):
        for state in (own, "AL", "all"):
            for headers in (PROGRAM, BROWSER):
                text = answered(hostile, f"/services/only-{key}-{state}", headers)
                assert bool(seen(text, [number])) == (state == own), (number, state)
                assert "559-555-0199" in text


# In exports


@pytest.mark.parametrize("write", [export_csv, export_json])
def test_no_export_holds_one(hostile: TestClient, tmp_path: Path, write: Writer) -> None:
    store = hostile.app.state.services.store  # type: ignore[attr-defined]
    written_ = store.read(partial(export, source="hostile", folder=tmp_path / "out", write=write))
    assert written_.rows["service"] == len(DENIED) + 3 * len(ONLY_FOR)
    assert (written_.denied["phone"], written_.withdrawn) > (len(DENIED), len(DENIED))
    files = list((tmp_path / "out").iterdir())
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".json":
            text = json.dumps(json.loads(text), ensure_ascii=False)
        assert seen(text) == [], file.name


# What is ours


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_of_ours_shows_one(language: str) -> None:
    assert seen(json.dumps(fallback(language), ensure_ascii=False)) == []
    for service in national.services().values():
        for place in (None, *map(place_of_state, service.states)):
            card = card_of_service(service, Question(language=language, place=place, at=now()))
            told = json.dumps(card, ensure_ascii=False)
            assert seen(told) == []
            for number in seen(told, list(ONLY_FOR)):
                assert service.states == {ONLY_FOR[number]}


def test_the_numbers_of_one_state_are_shown_there() -> None:
    for number, state in ONLY_FOR.items():
        line = national.report_line(state)
        assert line is not None
        assert seen(json.dumps(card_of_service(line, Question(at=now()))), [number]) == [number]


@pytest.mark.parametrize("folder", ["resources", "bot", "actions", "porchlight"])
def test_no_text_holds_one(folder: str) -> None:
    kinds = {".yml", ".txt", ".json", ".py", ".js", ".css", ".jinja"}
    files = [path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in kinds]
    assert files
    for path in files:
        name = str(path.relative_to(ROOT))
        found = seen(path.read_text(encoding="utf-8"), DENIED + list(ONLY_FOR))
        # The list itself; a ZIP code that is one of its short codes; the states in which some are right.
        known = {
            "resources/denylist.yml": set(found),
            "porchlight/directory/denylist.py": {"77054"},
            "resources/directory/states.yml": set(ONLY_FOR),
        }
        assert set(found) <= known.get(name, set()), name
