"""What was said, as clients see it: messages that are kept, and answers of which nothing could be kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from porchlight.conversations.cards import cards_of
from porchlight.conversations.model import Message
from porchlight.conversations.safety import reply_alone
from porchlight.conversations.says import Reply, not_kept, static
from porchlight.screening import Screening
from porchlight.store.times import now


def shown(message: Message) -> dict[str, Any]:
    """A message as clients see it."""
    return _as_json(message.id, message.sender, message.lang, message.at, message.body)


def answer_unkept(screening: Screening, role: str | None, language: str) -> tuple[int, dict[str, Any]]:
    """Status and body for a message that the database did not take: a worry's answer, or who can be reached."""
    unkept: dict[str, Any] = {"id": None, "kept": False}
    answer = reply_alone(screening, role, language)
    if answer is not None:
        said = [_unkept("bot", answer), _unkept("system", static("answered_but_not_kept", language))]
        return 200, {**unkept, "messages": said}
    error = {"code": "not_kept", "message": "This message could not be kept. Send it again in a moment."}
    return 503, {**unkept, "messages": [_unkept("system", not_kept(language))], "error": error}


def _unkept(sender: str, reply: Reply) -> dict[str, Any]:
    """A reply of which there is no row; without buttons, since nothing can be pressed now."""
    body = {"text": reply.text, "buttons": [], "contacts": reply.contacts}
    return _as_json(None, sender, reply.language, now(), body)


def _as_json(number: int | None, sender: str, language: str, at: datetime, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "from": sender,
        "text": body["text"],
        "lang": language,
        "buttons": body["buttons"],
        "contacts": cards_of(body["contacts"]),
        "at": at.isoformat(timespec="milliseconds"),
    }
