"""What the app put beside a message: its id, its deadline, the language; and the words themselves."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rasa_sdk import Tracker

from porchlight.texts import Language


class Late(Exception):
    """The turn's deadline has passed: the app has answered by itself, and nothing may be written any more."""


@dataclass(frozen=True)
class Envelope:
    """`from_app` is False for a developer's `rasa shell`, which sends no envelope."""

    message_id: int
    text: str  # empty when a button was pressed
    intent: str | None
    item_id: int | None
    language: Language
    from_app: bool

    @classmethod
    def of(cls, tracker: Tracker) -> Envelope:
        """The envelope of the latest message. Raises Late."""
        latest = tracker.latest_message
        metadata = latest.get("metadata") or {}
        deadline = metadata.get("deadline")
        if deadline is not None and time.time() > deadline:
            raise Late
        text = latest.get("text") or ""
        pressed = text.startswith("/")
        item = next(tracker.get_latest_entity_values("item"), None) if pressed else None
        return cls(
            message_id=int(metadata.get("message_id") or time.time_ns() // 1_000_000),
            text="" if pressed else text,
            # Not the first of the ranking, which the tracker's own method reads: a worry before may have changed it.
            intent=(latest.get("intent") or {}).get("name"),
            item_id=int(item) if item is not None else None,
            language=_language(metadata.get("language") or tracker.get_slot("language")),
            from_app="message_id" in metadata,
        )


def _language(value: object) -> Language:
    return "es" if value == "es" else "en"
