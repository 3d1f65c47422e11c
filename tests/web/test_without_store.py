"""The database fails: a worry is answered all the same, other messages honestly, and nothing is kept by stealth."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from porchlight.contacts import contacts_for_check_in, contacts_for_concern
from porchlight.screening import Concern, Screening
from porchlight.store.engine import Store
from porchlight.texts import say
from porchlight.web import api
from porchlight.web.requests import validator_of
from porchlight.web.services import Services
from tests.cards import hrefs

SCREENED = {
    "worry": Screening("respond", (Concern("overdose", "emergency", 0.95),), weight=1.0),
    "unsure": Screening("check_in", (Concern("neglect", "concern", 0.5),), weight=0.5),
}


@pytest.fixture(autouse=True)
def _screening(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the first word of the message: what screening finds is not the matter here."""
    monkeypatch.setattr(api, "screen", lambda text: SCREENED.get(text.split()[0], Screening()))


def store_of(client: TestClient) -> Store:
    services: Services = client.app.state.services  # type: ignore[attr-defined]
    return services.store


@contextmanager
def locked(client: TestClient) -> Iterator[None]:
    engine = store_of(client).engine
    lock = "LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE"
    with engine.begin() as connection:  # with SQLite this is BEGIN IMMEDIATE
        connection.execute(text(lock if engine.dialect.name == "postgresql" else "SELECT 1"))
        yield


@contextmanager
def broken(client: TestClient) -> Iterator[None]:
    """A table is not there."""
    store = store_of(client)
    store.run(lambda session: session.execute(text("ALTER TABLE conversation RENAME TO gone")))
    yield
    store.run(lambda session: session.execute(text("ALTER TABLE gone RENAME TO conversation")))


def send(client: TestClient, headers: dict[str, str], words: str, **more: str) -> httpx.Response:
    return client.post("/api/messages", json={"text": words, **more}, headers=headers)


def kept(client: TestClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/messages?after=3", headers=headers).json()["messages"]
    return found


def as_described(response: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert [error.message for error in validator_of("UnkeptMessage").iter_errors(body)] == []
    return body


@pytest.mark.parametrize("failure", [locked, broken])
def test_a_worry_is_answered_with_its_contacts(client: TestClient, headers: dict[str, str], failure: Any) -> None:
    with failure(client):
        began = time.monotonic()
        response = send(client, headers, "worry")
        took = time.monotonic() - began
    assert took < 1.5
    assert response.status_code == 200
    answer, sorry = as_described(response)["messages"]
    assert answer["text"] == say("safety.answers.overdose.youth.emergency.text", "en")
    assert answer["contacts"] == contacts_for_concern("overdose", "emergency", "youth", "en")
    assert sorry["text"] == say("app.answered_but_not_kept", "en")
    assert kept(client, headers) == []


def test_an_unsure_message_is_asked_about(client: TestClient, headers: dict[str, str]) -> None:
    with broken(client):
        response = send(client, headers, "unsure")
    answer = as_described(response)["messages"][0]
    assert answer["text"] == say("safety.check_in.youth.text", "en")
    assert answer["contacts"] == contacts_for_check_in("youth", "en")
    assert answer["buttons"] == []


@pytest.mark.parametrize("failure", [locked, broken])
def test_another_message_is_answered_honestly_with_people_to_reach(
    client: TestClient, headers: dict[str, str], failure: Any
) -> None:
    with failure(client):
        response = send(client, headers, "hello")
    assert response.status_code == 503
    body = as_described(response)
    assert body["error"]["code"] == "not_kept"
    assert [message["text"] for message in body["messages"]] == [say("app.not_kept", "en")]
    assert "tel:988" in hrefs(body["messages"][0])


def test_a_button_is_answered_honestly_too(client: TestClient, headers: dict[str, str]) -> None:
    with broken(client):
        response = client.post("/api/messages", json={"payload": "/start_plan"}, headers=headers)
    assert response.status_code == 503


def test_it_speaks_the_language_and_to_the_role_of_the_conversation(client: TestClient) -> None:
    opened = client.post("/api/conversations", json={"language": "es", "role": "caregiver"}).json()
    with broken(client):
        response = send(client, {"Authorization": f"Bearer {opened['token']}"}, "worry")
    answer = response.json()["messages"][0]
    assert answer["text"] == say("safety.answers.overdose.caregiver.emergency.text", "es")
    assert answer["lang"] == "es"


def test_a_token_that_cannot_be_looked_up_is_answered_in_the_readers_language(client: TestClient) -> None:
    headers = {"Authorization": "Bearer " + "x" * 43, "Accept-Language": "es-MX"}
    with broken(client):
        response = send(client, headers, "worry")
    assert response.json()["messages"][0]["text"] == say("safety.answers.overdose.youth.emergency.text", "es")
    assert send(client, headers, "worry").status_code == 401


def test_a_long_message_is_screened_and_answered(client: TestClient, headers: dict[str, str]) -> None:
    with locked(client):
        began = time.monotonic()
        response = send(client, headers, "worry " * 1600)
        took = time.monotonic() - began
    assert response.status_code == 200
    assert took < 1.9


def test_the_same_message_is_taken_in_when_the_database_is_back(client: TestClient, headers: dict[str, str]) -> None:
    with locked(client):
        assert send(client, headers, "worry", key="once").status_code == 200
    assert send(client, headers, "worry", key="once").status_code == 202
    assert [message["from"] for message in kept(client, headers)] == ["you", "bot"]


def test_the_log_says_what_failed_without_words(
    client: TestClient, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), broken(client):
        send(client, headers, "worry zubenelgenubi")
    assert "could not be kept" in caplog.text
    assert "zubenelgenubi" not in caplog.text
