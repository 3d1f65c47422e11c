"""Bad input gets a clear answer or status, and the conversation stays whole."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from porchlight.conversations.service import READABLE
from porchlight.web.limits import Rate
from porchlight.web.requests import LARGEST, storable
from tests.cards import hrefs


def send(client: TestClient, headers: dict[str, str], body: object) -> tuple[int, str]:
    response = client.post("/api/messages", json=body, headers=headers)
    error = response.json().get("error", {})
    return response.status_code, error.get("code", "")


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "  \n\t "}, {"text": "\0"}])
def test_an_empty_message_is_refused(client: TestClient, headers: dict[str, str], body: object) -> None:
    assert send(client, headers, body) == (400, "empty")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "hello",
        5,
        None,
        {"text": 5},
        {"text": "a", "payload": "/skip"},
        {"text": "a", "more": 1},
        {"text": "a", "key": ""},
        {"text": "a", "key": "x" * 65},
        {"text": "a", "key": "no spaces"},
    ],
)
def test_a_body_that_is_not_as_described_is_refused(client: TestClient, headers: dict[str, str], body: object) -> None:
    assert send(client, headers, body) == (400, "wrong_body")


@pytest.mark.parametrize(
    "payload",
    [
        "skip",
        "/no_such_button",
        "/skip{",
        '/skip{"item": "x"}',
        '/skip{"language": "es"}',
        "/skip /stop",
        "//skip",
    ],
)
def test_an_unknown_button_is_refused(client: TestClient, headers: dict[str, str], payload: str) -> None:
    assert send(client, headers, {"payload": payload}) == (400, "unknown_button")


def test_a_refusal_never_quotes_what_was_sent(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/api/messages", json={"text": {"secret": "canary"}}, headers=headers)
    assert response.status_code == 400
    assert "canary" not in response.text


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 20_000, b"null garbage"])
def test_broken_json_is_refused(client: TestClient, headers: dict[str, str], content: bytes) -> None:
    response = client.post("/api/messages", content=content, headers=headers)
    assert response.status_code == 400
    assert response.json()["error"]["code"] in ("not_json", "wrong_body")


def test_a_body_that_is_too_large_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert send(client, headers, {"text": "a" * LARGEST}) == (413, "too_large")


def test_ten_thousand_characters_are_kept_and_answered_with_the_limit(
    client: TestClient, headers: dict[str, str]
) -> None:
    status, _ = send(client, headers, {"text": "word " * 2000})
    assert status == 202
    messages = client.get("/api/messages?after=3", headers=headers).json()["messages"]
    assert [message["from"] for message in messages] == ["you", "bot"]
    assert str(READABLE) in messages[1]["text"]


def test_a_worry_at_the_end_of_ten_thousand_characters_is_answered(client: TestClient, headers: dict[str, str]) -> None:
    assert send(client, headers, {"text": "word " * 2000 + ". i want to kill myself"})[0] == 202
    answer = client.get("/api/messages?after=4", headers=headers).json()["messages"][0]
    assert "tel:988" in hrefs(answer)


@pytest.mark.parametrize("text", ["🙂", "👍🏽👍🏽", "...", "?!"])
def test_only_symbols_are_answered_in_words(client: TestClient, headers: dict[str, str], text: str) -> None:
    assert send(client, headers, {"text": text})[0] == 202
    answer = client.get("/api/messages?after=4", headers=headers).json()["messages"][0]
    assert answer["from"] == "bot"


def test_html_comes_back_as_the_text_it_is(client: TestClient, headers: dict[str, str]) -> None:
    text = "<img src=x onerror=alert(1)> <script>alert(2)</script>"
    assert send(client, headers, {"text": text})[0] == 202
    assert client.get("/api/messages?after=3", headers=headers).json()["messages"][0]["text"] == text


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer short", "Bearer " + "a" * 43, "Basic abc", "Bearer " + "é" * 40]
)
def test_a_wrong_token_opens_nothing(client: TestClient, authorization: str) -> None:
    for method, path in [
        ("GET", "/api/messages"),
        ("POST", "/api/messages"),
        ("GET", "/api/plan"),
        ("DELETE", "/api/conversations"),
    ]:
        sent = {"json": {"text": "hello"}} if method == "POST" else {}
        response = client.request(method, path, headers={"Authorization": authorization.encode("latin-1")}, **sent)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "no_conversation"


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=1.5", "after=" + "9" * 40, "after=%00"])
def test_a_wrong_query_is_refused(client: TestClient, headers: dict[str, str], query: str) -> None:
    assert client.get(f"/api/messages?{query}", headers=headers).status_code == 400


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/api/messages", 405)])
def test_what_is_not_there_says_so(client: TestClient, method: str, path: str, status: int) -> None:
    assert client.request(method, path).status_code == status


def test_a_hundred_messages_at_once_are_slowed_and_none_is_lost(client: TestClient, headers: dict[str, str]) -> None:
    statuses = [send(client, headers, {"text": f"message {number}"})[0] for number in range(100)]
    assert set(statuses) == {202, 429}
    kept = [m for m in client.get("/api/messages?after=3", headers=headers).json()["messages"] if m["from"] == "you"]
    accepted = [number for number, status in enumerate(statuses) if status == 202]
    assert [message["text"] for message in kept] == [f"message {number}" for number in accepted]
    refused = client.post("/api/messages", json={"text": "one more"}, headers=headers)
    assert int(refused.headers["Retry-After"]) >= 1


def test_a_worry_is_answered_when_messages_come_too_fast(client: TestClient, headers: dict[str, str]) -> None:
    while send(client, headers, {"text": "hello"})[0] == 202:
        pass
    assert send(client, headers, {"text": "i want to kill myself"})[0] == 202


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=300), min_size=1, max_size=8))
def test_any_text_gets_a_clear_status_and_comes_back(client: TestClient, texts: list[str]) -> None:
    token = _open(client)
    headers = {"Authorization": f"Bearer {token}"}
    sent = [text for text in texts if send(client, headers, {"text": text})[0] == 202]
    read = client.get("/api/messages?after=3", headers=headers).json()["messages"]
    assert [message["text"] for message in read if message["from"] == "you"] == [storable(text) for text in sent]


def _open(client: TestClient) -> str:
    """A new conversation, outside the limit on new ones."""
    client.app.state.services.new_conversations = Rate(1e9)  # type: ignore[attr-defined]
    token: str = client.post("/api/conversations", json={}).json()["token"]
    return token
