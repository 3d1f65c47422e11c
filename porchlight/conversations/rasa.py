"""The dialogue engine, over loopback. An empty answer is a failure, never an answer."""

from __future__ import annotations

import contextlib
import json
import re
import time
from typing import Any

import httpx

from porchlight.contacts import contacts_for
from porchlight.conversations.model import Conversation, Message
from porchlight.conversations.says import Reply
from porchlight.texts import BrokenText

#: Of a turn's time the actions get all but this: so that Rasa can still tell us what happened.
MARGIN_SECONDS = 0.3


class RasaSilent(Exception):
    """Rasa is down or too slow. Its text says which, without anyone's words."""


class RasaFailed(RasaSilent):
    """Rasa took the message and failed, or had nothing to say: asking again may well do the same."""


class Rasa:
    """Asks Rasa what to say to a message."""

    def __init__(self, url: str, turn_seconds: float) -> None:
        self._turn_seconds = turn_seconds
        self._client = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(turn_seconds, connect=1.0), trust_env=False
        )

    async def reply(self, conversation: Conversation, message: Message) -> list[Reply]:
        """What the bot says to `message`. Raises RasaSilent."""
        metadata = {
            "message_id": message.id,
            "language": conversation.language,
            "after_concern": conversation.after_concern or _asked(conversation, message),
            "deadline": time.time() + self._turn_seconds - MARGIN_SECONDS,
        }
        said = await self._post(conversation.id, _words(message, conversation.language), metadata)
        try:
            replies = _replies(said, conversation.language)
        except (BrokenText, KeyError, TypeError) as error:
            raise RasaFailed(f"unreadable: {type(error).__name__}") from None
        if not replies:
            raise RasaFailed("nothing said")
        return replies

    async def answers(self) -> bool:
        """Whether a real message gets through the whole pipeline and is answered."""
        try:
            return bool(await self._post("health", "hello", {"language": "en"}))
        except RasaSilent:
            return False

    async def forget(self, conversation_id: str) -> None:
        """Set the dialogue back to its beginning. Nothing of worth is lost when Rasa is down: it holds no words."""
        with contextlib.suppress(RasaSilent):
            await self._post(conversation_id, "/restart", {}, empty_is_fine=True)

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(
        self, sender: str, text: str, metadata: dict[str, Any], empty_is_fine: bool = False
    ) -> list[dict[str, Any]]:
        body = {"sender": sender, "message": text, "metadata": metadata}
        try:
            response = await self._client.post("/webhooks/app/webhook", json=body)
        except httpx.HTTPError as error:
            raise RasaSilent(type(error).__name__) from None
        if response.status_code != 200:
            raise RasaFailed(f"status {response.status_code}")
        said: list[dict[str, Any]] = response.json()
        if not said and not empty_is_fine:
            raise RasaFailed("nothing said")
        return said


def _asked(conversation: Conversation, message: Message) -> str | None:
    """What we asked of them last, outside the plan: a plain answer belongs to it."""
    is_next = conversation.asked_turn is not None and conversation.asked_turn < message.id
    return conversation.asked if is_next else None


def _words(message: Message, language: str) -> str:
    """What Rasa reads: a button as `/intent{...}`, or as the words that it sends; typed text never as a command."""
    body = message.body
    if not message.payload:
        return plain(str(body["text"]))
    if "words" in body:
        return plain(str(body["words"]))
    entities = {"language": language, "item": body.get("item_id")}
    return f"/{body['intent']}{json.dumps({name: value for name, value in entities.items() if value is not None})}"


def plain(text: str) -> str:
    """Typed text as words alone where Rasa would take it for a command: a leading "/" skips its whole pipeline."""
    if not text.lstrip().startswith("/"):
        return text
    return " ".join(re.findall(r"[^\W_]+", text)) or "."


def _replies(said: list[dict[str, Any]], language: str) -> list[Reply]:
    """Rasa's list as replies; contacts come as a message of their own and belong to the text before them."""
    replies: list[Reply] = []
    for part in said:
        if part.get("text"):
            buttons = [{"title": each["title"], "payload": each["payload"]} for each in part.get("buttons") or []]
            replies.append(Reply(language, part["text"], buttons))
        elif replies and (custom := part.get("custom")):
            replies[-1].contacts.extend(contacts_for(custom.get("contacts") or (), language))
            replies[-1].contacts.extend(custom.get("cards") or ())
    return replies
