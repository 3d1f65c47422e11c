"""A client of the chat API, for tests."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

import httpx

#: Seconds that an answer may take before a test fails; and one for which a process has to start again first.
PATIENCE, LONG_PATIENCE = 30, 120


class Chat:
    """One conversation. `say` and `press` return what the bot answers."""

    def __init__(self, url: str, language: str = "en", role: str | None = None, token: str | None = None) -> None:
        self._client = httpx.Client(base_url=url, timeout=PATIENCE + 10)
        self.last_id = 0
        self.opening: list[dict[str, Any]] = []
        if token is None:
            opened = self._client.post(
                "/api/conversations", json={"language": language, **({"role": role} if role else {})}
            )
            assert opened.status_code == 201, opened.text
            token, self.opening = opened.json()["token"], opened.json()["messages"]
        self.token = token
        self._client.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Chat:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def post(self, body: dict[str, Any]) -> httpx.Response:
        return self._client.post("/api/messages", json=body)

    def say(self, text: str) -> list[dict[str, Any]]:
        return self._answered(self.post({"text": text}))

    def press(self, payload: str) -> list[dict[str, Any]]:
        return self._answered(self.post({"payload": payload}))

    def says(self, text: str) -> str:
        """All that the bot answers to `text`, as one text."""
        return texts(self.say(text))

    def presses(self, payload: str) -> str:
        return texts(self.press(payload))

    def messages(self, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
        read = self._client.get("/api/messages", params={"after": after, "wait": wait})
        assert read.status_code == 200, read.text
        found: list[dict[str, Any]] = read.json()["messages"]
        return found

    def plan(self) -> dict[str, list[dict[str, Any]]]:
        """The items of the plan by section."""
        read = self._client.get("/api/plan")
        assert read.status_code == 200, read.text
        return {section["key"]: section["items"] for section in read.json()["sections"]}

    def names(self, section: str) -> list[str]:
        return [item["name"] for item in self.plan()[section]]

    def statuses(self) -> dict[str, str]:
        return {section["key"]: section["status"] for section in self._client.get("/api/plan").json()["sections"]}

    def erase(self) -> int:
        return self._client.delete("/api/conversations").status_code

    def wait_for_answer(self, sent: int, but: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """What was said after message `sent`; messages of the senders in `but` alone do not count."""
        until = time.monotonic() + (LONG_PATIENCE if but else PATIENCE)
        while time.monotonic() < until:
            found = self.messages(after=sent, wait=0 if but else 5)
            if any(message["from"] not in but for message in found):
                self.last_id = found[-1]["id"]
                return found
            time.sleep(0.1 if but else 0)
        raise AssertionError("no answer came")

    def _answered(self, sent: httpx.Response) -> list[dict[str, Any]]:
        if "messages" in sent.json():  # an answer of which nothing could be kept
            unkept: list[dict[str, Any]] = sent.json()["messages"]
            return unkept
        assert sent.status_code == 202, sent.text
        return self.wait_for_answer(sent.json()["id"])


def texts(messages: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in messages)
