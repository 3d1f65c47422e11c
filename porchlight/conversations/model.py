"""A conversation and its messages, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from porchlight.store.encryption import Sealed
from porchlight.store.engine import Row
from porchlight.store.times import UtcTime
from porchlight.texts import Language


class Conversation(Row):
    """One chat of one browser tab, found by the hash of its token."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str | None] = mapped_column(String(16))  # youth | caregiver | looking
    language: Mapped[Language] = mapped_column(String(2))
    last_message_id: Mapped[int] = mapped_column(default=0)
    heard: Mapped[Any | None] = mapped_column(Sealed)  # what weighs on us of all messages: porchlight.screening.Heard
    worry_id: Mapped[int | None]  # the last message that was answered as a worry, or asked about
    after_concern: Mapped[str | None] = mapped_column(String(16))  # asked_safe | asked_go_on: see bot envelope
    asked: Mapped[str | None] = mapped_column(String(16))  # asked_place | asked_barrier | asked_outcome: the same
    asked_turn: Mapped[int | None]  # the message in whose turn we asked it; one that comes later answers it
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class Message(Row):
    """One message, numbered from 1 in its conversation.

    `body`, sealed, is `{text, buttons, contacts}`; of a pressed button also `intent`, `item_id` and, when it sends
    words that were held, `words`; `held` of a message that waits for such a button.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_key", "conversation_id", "key", unique=True),
        Index(
            "message_pending",
            "conversation_id",
            sqlite_where=text("pending"),
            postgresql_where=text("pending"),
        ),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sender: Mapped[str] = mapped_column(String(8))  # you | bot | person | system
    lang: Mapped[str] = mapped_column(String(2))
    body: Mapped[Any] = mapped_column(Sealed)
    payload: Mapped[bool] = mapped_column(default=False)  # a button was pressed
    pending: Mapped[bool] = mapped_column(default=False)  # not answered yet
    noticed: Mapped[bool] = mapped_column(default=False)  # "one moment" was said meanwhile
    key: Mapped[str | None] = mapped_column(String(64))  # the client's own key: the same key is the same message
    at: Mapped[datetime] = mapped_column(UtcTime)
