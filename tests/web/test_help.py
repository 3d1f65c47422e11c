"""The directory for everybody: the read API in the shape of HSDS, and its pages without a script."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import crc32

import pytest
import yaml
from jsonschema import Draft202012Validator
from sqlalchemy import text, update
from starlette.testclient import TestClient

from porchlight.directory import giving, national
from porchlight.directory.importing import import_content
from porchlight.directory.model import Service
from porchlight.directory.reading import read_services
from porchlight.directory.tables import Batch
from porchlight.store.engine import Store
from porchlight.web.requests import LARGEST, description, validator_of
from tests.directory.samples import SAMPLES, needs_samples
from tests.directory.test_samples import REGISTRY

LOCAL: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "directory/local.yml").read_text(encoding="utf-8")
)
PROGRAM = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FRESNO = {"text": "i need a place to sleep tonight", "place": "93721"}


@pytest.fixture
def store(client: TestClient) -> Store:
    """The store of the app itself."""
    opened: Store = client.app.state.services.store  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def local(client: TestClient, store: Store) -> TestClient:
    """The app with the services of a local agency."""
    return bring(client, store, LOCAL)


def bring(client: TestClient, store: Store, services: list[dict[str, Any]], source: str = "agency") -> TestClient:
    import_content(store, source, read_services(services, source))
    return client


def a_service(service_id: str, **fields: Any) -> dict[str, Any]:
    """A shelter in Fresno that can be called."""
    base = next(each for each in LOCAL if each["id"] == "local-fresno-youth-shelter")
    named = json.loads(json.dumps(base).replace("local-fresno-youth-shelter", f"n{crc32(service_id.encode())}"))
    return {**named, "id": service_id, **fields}


def listed(client: TestClient, size: int = 100) -> Iterator[dict[str, Any]]:
    """All services of the list, page by page."""
    for number in range(1, 200):
        page = client.get(f"/services?page={number}&per_page={size}", headers=PROGRAM).json()
        assert [error.message for error in validator_of("ServicePage").iter_errors(page)] == []
        assert (page["page_number"], page["first_page"]) == (number, number == 1)
        assert page["size"] == len(page["contents"])
        yield from page["contents"]
        if page["last_page"]:
            assert page["total_pages"] == number
            return
    raise AssertionError("the list has no end")


def found(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    response = client.post("/services/search", json=asked)
    assert response.status_code == 200, response.text
    page = response.json()
    assert [error.message for error in validator_of("ServicePage").iter_errors(page)] == []
    contents: list[dict[str, Any]] = page["contents"]
    assert all(set(each["porchlight_fit"]) >= {"open_now", "miles", "reasons"} for each in contents)
    return contents


def ids(services: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in services]


def page_of(client: TestClient, path: str, **headers: str) -> str:
    response = client.get(path, headers={**BROWSER, **headers})
    assert response.headers["Content-Type"].startswith("text/html")
    return response.text


def search_page(client: TestClient, **asked: str) -> str:
    response = client.post("/services/search", data=asked, headers=BROWSER)
    assert response.status_code == 200
    return response.text


def everything(client: TestClient) -> str:
    """All that is told of the services: list, documents, pages, and what searches find."""
    told = [json.dumps(list(listed(client)), ensure_ascii=False)]
    for each in listed(client):
        if each["id"] not in national.services():
            path = f"/services/{quote(each['id'], safe='')}"
            told += [
                client.get(path, headers=PROGRAM).text,
                page_of(client, path),
                page_of(client, f"{path}?language=es"),
            ]
    for asked in (FRESNO, {"text": "leave my husband who hits me", "place": "93721"}, {"text": "beds"}):
        told += [json.dumps(found(client, **asked), ensure_ascii=False), search_page(client, **asked)]
        told += [search_page(client, **asked, language="es")]
    return html.unescape("\n".join(told))


# The shape of the API


def test_the_root_tells_programs_what_this_is_and_people_the_chat(client: TestClient) -> None:
    told = client.get("/", headers=PROGRAM).json()
    assert told["version"].startswith("3.")
    assert told["profile"].startswith("https://docs.openreferral.org/")
    assert client.get(told["openapi_url"]).status_code == 200
    for headers in (BROWSER, {"Accept": "*/*"}, {}):
        assert "<porchlight-chat" in client.get("/", headers=headers).text


def test_the_list_goes_to_its_end_without_doubles(local: TestClient) -> None:
    active = {each["id"] for each in LOCAL if each["status"] == "active"}
    for size in (7, 100):
        services = list(listed(local, size))
        assert len(set(ids(services))) == len(services)
        assert set(ids(services)) == set(national.services()) | active
        assert local.get("/services", headers=PROGRAM).json()["total_items"] == len(services)


def test_a_page_has_its_size_and_its_limits(local: TestClient) -> None:
    def size(query: str) -> int:
        return int(local.get(f"/services?{query}", headers=PROGRAM).json()["size"])

    assert (size(""), size("per_page=3"), size("per_page=0"), size("per_page=100000")) == (20, 3, 20, 100)
    beyond = local.get("/services?page=99999", headers=PROGRAM).json()
    assert (beyond["empty"], beyond["last_page"], beyond["contents"]) == (True, True, [])


def test_a_page_that_is_no_number_is_refused(client: TestClient) -> None:
    for query in ("page=-1", "page=x", "per_page=1.5", "per_page=٣", "page=9999999999999999"):
        response = client.get(f"/services?{query}", headers=PROGRAM)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "wrong_query"), query


def test_an_id_that_stands_twice_is_given_once_and_no_import_takes_the_place_of_ours(
    client: TestClient, store: Store
) -> None:
    bring(client, store, [a_service("lifeline_988", name="Not the lifeline"), a_service("twice", name="First")], "one")
    bring(client, store, [a_service("twice", name="Second"), a_service("other")], "two")
    services = list(listed(client, 30))
    assert len(services) == len(set(ids(services))) == len(national.services()) + 2
    assert "Not the lifeline" not in json.dumps(services)
    assert client.get("/services/lifeline_988", headers=PROGRAM).json()["name"].startswith("988")
    (twice,) = [each for each in services if each["id"] == "twice"]
    assert client.get("/services/twice", headers=PROGRAM).json() == twice
    assert twice["name"] in page_of(client, "/services/twice")


def test_a_service_is_told_with_all_that_belongs_to_it(local: TestClient) -> None:
    told = local.get("/services/local-fresno-youth-shelter", headers=PROGRAM).json()
    assert told["organization"]["name"] == "Tamarind Lane Youth and Family Network"
    assert [phone["number"] for phone in told["phones"]] == ["559-555-0101", "559-555-0102"]
    assert told["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] == "93721"
    assert told["attributes"][0]["taxonomy_term"]["name"] == "Emergency Shelter"
    assert local.get("/services/local-fresno-youth-shelter").json() == told  # whoever names no type is a program


@needs_samples
def test_every_document_validates_against_hsds(local: TestClient) -> None:
    schema = json.loads((SAMPLES / "spec_3.1-dev/schema/service.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, registry=REGISTRY)
    documents = [*listed(local), *found(local, **FRESNO)]
    assert len(documents) > len(national.services())
    for document in documents:
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []


def test_hours_are_told_from_utc_and_with_the_name_of_their_zone(local: TestClient) -> None:
    (schedule,) = local.get("/services/local-boise-youth-shelter", headers=PROGRAM).json()["schedules"]
    assert schedule["timezone"] in (-7, -6)
    assert schedule["timezone_name"] == "America/Boise"


# The search


def test_each_field_of_a_search_counts(local: TestClient) -> None:
    shelters = found(local, **FRESNO)
    assert ids(shelters)[0] == "local-fresno-youth-shelter"
    assert shelters[0]["porchlight_fit"]["miles"] <= 2
    counts = {
        "text": ids(shelters) != ids(found(local, text="food", place="93721")),
        "place": "local-boise-youth-shelter" in ids(found(local, needs=["shelter"], place="Boise, Idaho")),
        "needs": ids(found(local, needs=["food"], place="77002"))[0] == "local-houston-food-bank",
        "age": "local-fresno-adult-shelter" not in ids(found(local, **FRESNO, age=15)),
        "groups": ids(found(local, needs=["talk"], groups=["trans"])) != ids(found(local, needs=["talk"])),
        "role": ids(found(local, text="shelter", role="professional")) != ids(found(local, text="shelter")),
        "language": "abierta" in json.dumps(found(local, **FRESNO, language="es"), ensure_ascii=False),
        "speaks": "someone speaks Spanish" in json.dumps(found(local, **FRESNO, speaks="es")),
        "channels": all(_has_text(each) for each in found(local, needs=["talk"], channels=["text"])),
        "open_now": "it is open now" in json.dumps(found(local, needs=["suicide"], open_now=True)),
    }
    assert counts == dict.fromkeys(description()["components"]["schemas"]["ServiceSearch"]["properties"], True)
    assert found(local) == []


def _has_text(service: dict[str, Any]) -> bool:
    return any(phone.get("type") in ("text", "sms") for phone in service.get("phones", ()))


REFUSED: list[tuple[Any, str]] = [
    ({"text": 5}, "wrong_body"),
    ({"text": "x" * 501}, "wrong_body"),
    ({"needs": ["love"]}, "wrong_body"),
    ({"needs": "food"}, "wrong_body"),
    ({"needs": ["food"] * 9}, "wrong_body"),
    ({"groups": ["kings"]}, "wrong_body"),
    ({"role": "king"}, "wrong_body"),
    ({"age": 4}, "wrong_body"),
    ({"age": "15"}, "wrong_body"),
    ({"place": "x" * 61}, "wrong_body"),
    ({"place": "Atlantis"}, "unknown_place"),
    ({"place": "00000"}, "unknown_place"),
    ({"open_now": "yes"}, "wrong_body"),
    ({"language": "fr"}, "wrong_body"),
    ({"speaks": "fr"}, "wrong_body"),
    ({"channels": ["pigeon"]}, "wrong_body"),
    ({"name": "Rosa"}, "wrong_body"),
    ([], "wrong_body"),
]


def test_a_search_that_is_not_as_described_is_refused(client: TestClient) -> None:
    for sent, code in REFUSED:
        response = client.post("/services/search", json=sent)
        assert (response.status_code, response.json()["error"]["code"]) == (400, code), sent
        assert "Rosa" not in response.text


def test_a_search_that_is_no_json_or_too_large_is_refused(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    assert client.post("/services/search", content=b"{", headers=headers).json()["error"]["code"] == "not_json"
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        large = client.post("/services/search", content=b"a" * (LARGEST + 1), headers={"Content-Type": kind})
        assert large.status_code == 413
    assert client.get("/services/search", headers=PROGRAM).status_code == 404


def test_what_somebody_looks_for_is_refused_in_an_address(client: TestClient) -> None:
    for query in ("search=shelter", "text=i+ran+away", "q=", "page=1&needs=shelter", "organization_id=1"):
        for response in (
            client.get(f"/services?{query}", headers=PROGRAM),
            client.post(f"/services/search?{query}", json={"text": "shelter"}),
        ):
            assert (response.status_code, response.json()["error"]["code"]) == (400, "search_in_url")
            assert "ran away" not in response.text


def test_strange_words_are_only_words(local: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    for words in ("\0\0 shelter \0", "\ud800 shelter", "' OR 1=1 --", '"zzus" & (a | b)', "%' \\", "🏠" * 200):
        sent = json.dumps({"text": words, "place": "\0 93721"})
        assert local.post("/services/search", content=sent.encode(), headers=headers).status_code == 200, words
        assert local.post("/services/search", data={"text": words.encode("utf-8", "replace")}).status_code == 200, words


def test_a_service_that_has_gone_meanwhile_is_left_out(store: Store) -> None:
    gone = Service(source="gone", id="s", name={}, purpose={})
    ours = national.services()["lifeline_988"]
    documents = store.read(lambda session: giving.documents_of(session, [gone, ours]))
    assert documents[0] is None
    assert documents[1] is not None


def test_nothing_of_a_search_is_logged(local: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found(local, text="zebrafinch shelter", place="93721")
    search_page(local, text="zebrafinch shelter", place="93721")
    local.post("/services/search", json={"text": "zebrafinch", "zebrafinch": 93721})
    local.get("/services/local-fresno-youth-shelter")
    assert caplog.text
    assert not re.search("zebrafinch|93721", caplog.text)


def test_without_a_database_our_own_services_are_found_and_nothing_is_logged(
    local: TestClient, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    table = "directory_text" if store.engine.dialect.name == "sqlite" else "directory_entry"
    store.run(lambda session: session.execute(text(f"DROP TABLE {table}")))
    assert ids(found(local, text="zebrafinch", needs=["suicide"]))[0] == "lifeline_988"
    store.run(lambda session: session.execute(text("DROP TABLE directory_confirmation")))
    assert ids(found(local, text="zebrafinch", needs=["suicide"]))[0] == "lifeline_988"
    assert "988" in search_page(local, text="zebrafinch suicide", place="93721")
    for headers in (PROGRAM, BROWSER):
        assert "1-800-786-2929" in local.get("/services/runaway_safeline", headers=headers).text
        assert local.get("/services/local-fresno-youth-shelter", headers=headers).status_code == 503
    assert "the directory could not be read" in caplog.text
    assert "zebrafinch" not in caplog.text


# Who gets what


def test_a_browser_gets_a_page_and_a_program_json(client: TestClient) -> None:
    for path in ("/services", "/services/runaway_safeline", "/services/none"):
        page, data, none = (client.get(path, headers=headers) for headers in (BROWSER, PROGRAM, {"Accept": "*/*"}))
        assert page.headers["Content-Type"].startswith("text/html")
        assert data.headers["Content-Type"] == none.headers["Content-Type"] == "application/json"
        assert page.status_code == data.status_code == (404 if path.endswith("none") else 200)
        assert "Accept" in page.headers["Vary"]


def test_an_unknown_service_is_not_there(client: TestClient) -> None:
    for path in ("none", "%00", "..%2f..%2fetc%2fpasswd", "%ff%fe", "search", "a/b/c", "x" * 3000):
        refused = client.get(f"/services/{path}", headers=PROGRAM)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "no_service"), path
        page = client.get(f"/services/{path}?language=es", headers=BROWSER)
        assert page.status_code == 404
        assert "<form" in page.text
        assert "ya no está aquí" in page.text


def test_the_language_is_asked_for_or_that_of_the_browser(local: TestClient) -> None:
    for path in ("/services", "/services/runaway_safeline", "/services/none"):
        assert '<html lang="en">' in page_of(local, path, **{"Accept-Language": "fr"})
        assert '<html lang="es">' in page_of(local, path, **{"Accept-Language": "fr, es-MX;q=0.8, en;q=0.5"})
        assert '<html lang="es">' in page_of(local, f"{path}?language=es")
        assert '<html lang="en">' in page_of(local, f"{path}?language=en", **{"Accept-Language": "es"})
        assert '<html lang="en">' in page_of(local, f"{path}?language=x")
    assert '<html lang="es">' in search_page(local, text="comida", language="es")
    assert '<html lang="en">' in search_page(local, text="comida", language="<script>")


def test_every_answer_forbids_what_is_not_ours(local: TestClient) -> None:
    answers = [
        local.get(path, headers=headers)
        for path in (
            "/",
            "/services",
            "/services/runaway_safeline",
            "/services/none",
            "/services?q=x",
            "/services/style.css",
        )
        for headers in (BROWSER, PROGRAM)
    ]
    answers += [local.post("/services/search", json=sent) for sent in (FRESNO, {"age": 1})]
    answers += [local.post("/services/search", data=FRESNO)]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers
        if answer.status_code == 200 and not answer.url.path.endswith("css"):
            assert answer.headers.get("Cache-Control") == "no-store" or answer.url.path == "/"
        is_help = "text/html" in answer.headers["Content-Type"] and answer.url.path != "/"
        assert ("form-action 'self'" in policy) == is_help


# The pages


def test_the_form_finds_and_keeps_what_was_asked(local: TestClient) -> None:
    page = search_page(local, text="i need a bed", place="93721", role="youth", need="shelter")
    assert page.index("Nightingale House") < page.index("Lantern Rooms")
    assert 'href="tel:+15595550101"' in page
    assert 'value="i need a bed"' in page
    assert '<option value="shelter" selected>' in page
    assert "/services/local-fresno-youth-shelter?language=en" in page


def test_who_asks_for_anything_gets_something(local: TestClient) -> None:
    for asked in ({"text": "", "need": ""}, {"place": "93721"}, {"text": "im 15"}):
        page = search_page(local, **asked)
        assert "988" in page
        assert "211" in page
    assert "Nightingale House" in search_page(local, place="93721")


def test_the_page_says_what_it_did_not_find(local: TestClient) -> None:
    assert "I could not find that place" in search_page(local, need="shelter", place="Atlantis")
    nothing = search_page(local, text="xylophone repair")
    assert "I found nothing for that" in nothing
    assert "<article" not in nothing
    assert "No encontré nada" in search_page(local, text="xilófonos rotos", language="es")


def test_a_form_of_another_shape_is_only_a_search(local: TestClient) -> None:
    many = "&".join(f"a{number}=1" for number in range(500)) + "&need=king&role=king&text=%FF%00&text=2&place=%00"
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert local.post("/services/search", content=many, headers=headers).status_code == 200


def test_a_page_tells_what_there_is_to_know(client: TestClient, store: Store) -> None:
    service = a_service("whole", eligibility_description="Bring a friend.", fees_description="Pay what you can")
    service["phones"] += [
        {"id": f"more{number}", "number": f"559-555-015{number}", "type": "voice"} for number in range(6)
    ]
    service["phones"][0]["languages"] += [{"id": "vi", "code": "vi", "name": "Vietnamese"}]
    place = {"location_type": "physical", "name": "Second house"}
    address = {"address_1": "7 Other Street", "city": "Clovis", "state_province": "CA", "postal_code": "93612"}
    service["service_at_locations"] += [
        {
            "id": "at2",
            "location": {
                "id": "place2",
                **place,
                "addresses": [{"id": "address2", **address, "country": "US", "address_type": "physical"}],
                "accessibility": [{"id": "ramp", "description": "A ramp"}],
            },
        }
    ]
    bring(client, store, [service])
    page = page_of(client, "/services/whole")
    for words in (
        *("Tamarind Lane Youth and Family Network", "Bring a friend.", "Pay what you can", "For ages 12 to 17."),
        *("101 Example Street", "7 Other Street, Clovis, CA 93612", "Access: A ramp.", "Spanish, Vietnamese"),
        *(f"tel:+1559555015{number}" for number in range(6)),
    ):
        assert words in page
    assert "Vietnamita" not in page
    assert "vietnamita" in page_of(client, "/services/whole?language=es")


def test_a_page_tells_when_the_agency_gave_it(local: TestClient, store: Store) -> None:
    given = datetime(2026, 1, 2, tzinfo=UTC)
    store.run(lambda session: session.execute(update(Batch).where(Batch.source == "agency").values(at=given)))
    assert "January 2, 2026" in page_of(local, "/services/local-fresno-food-pantry")


def test_a_page_says_when_it_may_be_wrong(client: TestClient, store: Store) -> None:
    bring(client, store, [a_service("old", last_modified="2019-05-04T00:00:00Z")])
    assert "Nobody has re-checked this since May 4, 2019" in page_of(client, "/services/old")


def test_a_page_without_a_way_to_reach_anyone_says_what_to_do(client: TestClient, store: Store) -> None:
    bring(client, store, [a_service("mute", phones=[])])
    page = page_of(client, "/services/mute")
    assert "Call 211 and ask for them by name." in page
    assert "From the list" not in page


# What nobody may see


def test_an_inactive_service_is_shown_nowhere(local: TestClient) -> None:
    assert "Willow Street Beds" not in everything(local)
    for headers in (PROGRAM, BROWSER):
        assert local.get("/services/local-fresno-closed-shelter", headers=headers).status_code == 404


def test_a_secret_address_stands_nowhere(local: TestClient) -> None:
    told = everything(local)
    assert "Quiet Harbor" in told
    assert "The address is kept secret" in told
    assert not re.search(r"909 Example Court|93710|36\.8074|119\.7731", told)
    document = local.get("/services/local-fresno-dv-shelter", headers=PROGRAM).json()
    (there,) = document["service_at_locations"]
    assert set(there["location"]) <= {"id", "location_type", "phones", "schedules", "languages"}


def test_nothing_around_a_secret_address_gives_it_away(client: TestClient, store: Store) -> None:
    there = {
        "id": "secret-at",
        "description": "Blue door on Rosebud Lane",
        "contacts": [{"id": "secret-contact", "name": "Sam of Rosebud Lane"}],
        "phones": [{"id": "secret-at-phone", "number": "559-555-0177"}],
        "metadata": [_before("secret-at-before", "service_at_location")],
        "location": {
            "id": "secret-place",
            "location_type": "physical",
            "name": "Rosebud House",
            "transportation": "Bus 9 to Rosebud Lane",
            "latitude": 36.81234,
            "longitude": -119.71234,
            "phones": [{"id": "secret-phone", "number": "559-555-0178"}],
            "accessibility": [{"id": "secret-access", "description": "Ramp on Rosebud Lane"}],
            "metadata": [_before("secret-place-before", "location")],
            "addresses": [
                {"id": "a1", "address_1": "1 Rosebud Lane", "city": "Fresno", "address_type": "physical"},
                {"id": "a2", "address_1": "Rosebud", "attention": "Confidential", "address_type": "postal"},
            ],
        },
    }
    flagged = json.loads(json.dumps(there).replace("secret-", "flag-").replace('"a', '"b').replace("Confidential", ""))
    flagged["location"]["porchlight"] = {"confidential": True}
    whole = json.loads(json.dumps(there).replace("secret-", "whole-").replace('"a', '"c').replace("Confidential", ""))
    office = {"id": "office-at", "location": {"id": "secret-place", "location_type": "physical"}}
    services = [
        a_service("secret", name="One by its address", service_at_locations=[there]),
        a_service("office", name="One at the same place", service_at_locations=[office]),
        a_service("flag", name="One by its flag", service_at_locations=[flagged]),
        a_service(
            "whole",
            name="One of them all",
            description="A shelter at an undisclosed location.",
            metadata=[_before("whole-before", "service")],
            old_address="1 Rosebud Lane",
            service_at_locations=[whole],
        ),
    ]
    told = everything(bring(client, store, services))
    assert not re.search(r"Rosebud|36\.812|119\.712", told)
    assert told.count("One by its address") > 3
    assert told.count("One of them all") > 3
    assert "559-555-0177" in told
    assert "559-555-0178" in told


def _before(name: str, kind: str) -> dict[str, str]:
    old = {"field_name": "description", "previous_value": "1 Rosebud Lane", "replacement_value": ""}
    return {"id": name, "resource_type": kind, "last_action_date": "2026-01-01", "last_action_type": "update", **old}


# What is hostile


HOSTILE = {
    "script": '<script>alert(1)</script>"><img src=x onerror=alert(2)>',
    "quotes": "\"'`{{ 7*7 }}{% raw %}{name}%s&amp;&lt;",
    "rtl": "ملجأ \u202eesrever\u202c عربي",
    "emoji": "🏠👩‍👩‍👧‍👦" * 50,
    "long": "w" * 5_000,
    "words": "bed " * 1_250,
}
IDS = ["a/b/../c", "..", "quo'te\"s", "señal ☎ ñ", "<script>", "q?x=1&y#z", "100%", "style", "x" * 500]


def test_hostile_text_is_only_text(client: TestClient, store: Store) -> None:
    bring(client, store, [_with_text(f"hostile-{kind}", words) for kind, words in HOSTILE.items()])
    results = search_page(client, text="shelter", place="93721")
    for kind, words in HOSTILE.items():
        document = client.get(f"/services/hostile-{kind}", headers=PROGRAM).json()
        assert document["name"] == words.strip()
        for page in (page_of(client, f"/services/hostile-{kind}"), results):
            assert page.rstrip().endswith("</html>")
            assert " ".join(words.split()) in " ".join(html.unescape(page).split())
            assert not re.search(r"<(script|img)", page)
            assert not re.search(r"href=\"(?!/|\?|https:|tel:|sms:|mailto:|#)", page)
        echoed = search_page(client, text=words[:200], place=words[:50], role=words)
        assert not re.search(r"<(script|img)", echoed)
        assert f'name="text" maxlength="200" value="{html.escape(words[:10])}' in echoed.replace(
            "&#34;", "&quot;"
        ).replace("&#39;", "&#x27;")


def _with_text(service_id: str, text: str) -> dict[str, Any]:
    return a_service(
        service_id,
        name=text,
        description=f"{text} emergency beds",
        fees_description=text,
        eligibility_description=text,
        url=f"javascript:{text}",
        organization={"id": f"{service_id}-organization", "name": f"Agency {text}", "description": text},
        additional_urls=[{"id": f"{service_id}-url", "label": "chat", "url": "javascript:alert(1)//https://x.org"}],
        porchlight={"strange": [text], "for": text, "audience": {"a": text}},
    )


def test_any_id_has_a_page(client: TestClient, store: Store) -> None:
    bring(client, store, [a_service(each, name=f"House {number}") for number, each in enumerate(IDS)])
    linked = search_page(client, text="shelter", place="93721")
    for number, each in enumerate(IDS):
        path = f"/services/{quote(each, safe='')}"
        if each != "..":  # which no client sends
            assert client.get(path, headers=PROGRAM).json()["id"] == each
            assert f'<h1 dir="auto">House {number}</h1>' in page_of(client, path)
        if f">House {number}<" in linked:
            assert f'href="{path}?language=en"' in linked
    assert set(IDS) <= set(ids(list(listed(client))))
