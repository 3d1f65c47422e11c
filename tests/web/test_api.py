"""The chat API is what its description says."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate
from starlette.routing import Route
from starlette.testclient import TestClient

from porchlight.web import api, help
from porchlight.web.requests import description, validator_of


def check(schema: str, value: Any) -> None:
    """`value` is as the description's `schema` says."""
    errors = [error.message for error in validator_of(schema).iter_errors(value)]
    assert errors == []


def test_the_description_is_a_valid_openapi_document(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    validate(document)
    assert document == json.loads(json.dumps(description()))


def test_every_route_is_described_and_every_description_has_a_route() -> None:
    served = {(route.path, method.lower()) for route in (*api.routes, *help.routes) for method in _methods(route)}
    described = {(path, method) for path, methods in description()["paths"].items() for method in methods}
    assert served - {("/services/style.css", "get")} == described


def _methods(route: Route) -> set[str]:
    return {method for method in route.methods or () if method != "HEAD"}


@pytest.mark.parametrize("body", [{}, {"language": "es"}, {"role": "youth"}, {"role": "caregiver", "language": "es"}])
def test_an_opened_conversation_is_as_described(client: TestClient, body: dict[str, str]) -> None:
    opened = client.post("/api/conversations", json=body)
    assert opened.status_code == 201
    check("OpenedConversation", opened.json())
    assert len(opened.json()["messages"]) <= 3
    assert {message["lang"] for message in opened.json()["messages"]} == {body.get("language", "en")}


def test_what_is_read_is_as_described(client: TestClient, headers: dict[str, str]) -> None:
    sent = client.post("/api/messages", json={"text": "i want to kill myself"}, headers=headers)
    check("AcceptedMessage", sent.json())
    read = client.get("/api/messages", headers=headers)
    check("Messages", read.json())
    assert [message["id"] for message in read.json()["messages"]] == [1, 2, 3, 4, 5]
    check("Plan", client.get("/api/plan", headers=headers).json())


def test_a_refusal_is_as_described(client: TestClient) -> None:
    check("Error", client.get("/api/messages").json())
    check("Error", client.post("/api/conversations", json={"role": "king"}).json())


def test_reading_waits_for_no_one_when_there_is_something(client: TestClient, headers: dict[str, str]) -> None:
    assert len(client.get("/api/messages?wait=30", headers=headers).json()["messages"]) == 3
    assert client.get("/api/messages?after=3&wait=1", headers=headers).json() == {"messages": []}


def test_a_stream_sends_messages_with_their_ids(porchlight_url: str) -> None:
    with httpx.Client(base_url=porchlight_url, timeout=20) as client:
        token = client.post("/api/conversations", json={}).json()["token"]
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream", "Last-Event-ID": "1"}
        events: list[tuple[int, dict[str, Any]]] = []
        with client.stream("GET", "/api/messages", headers=headers) as stream:
            number = 0
            for line in stream.iter_lines():
                if line.startswith("id: "):
                    number = int(line[4:])
                if line.startswith("data: "):
                    events.append((number, json.loads(line[6:])))
                if len(events) == 2:
                    break
    assert [number for number, _ in events] == [2, 3]
    for number, message in events:
        check("Message", message)
        assert message["id"] == number


def test_every_response_forbids_what_is_not_ours(client: TestClient) -> None:
    for path in ("/", "/example", "/api/openapi.json", "/widget/texts.json", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers


def test_only_a_named_site_may_use_the_api(embedding_client: TestClient) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    granted = embedding_client.options("/api/messages", headers={"Origin": "https://school.example", **asked})
    assert granted.headers["Access-Control-Allow-Origin"] == "https://school.example"
    refused = embedding_client.options("/api/messages", headers={"Origin": "https://other.example", **asked})
    assert "Access-Control-Allow-Origin" not in refused.headers


@pytest.mark.parametrize("path", ["/widget/..%2fapp.py", "/widget/page.html.jinja", "/widget/nothing.js"])
def test_the_widgets_folder_gives_only_the_widgets_files(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_comes_in_the_readers_language(client: TestClient) -> None:
    assert '<html lang="es">' in client.get("/", headers={"Accept-Language": "fr, es-MX;q=0.8"}).text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "fr"}).text
    assert '<html lang="es">' in client.get("/?language=es").text
