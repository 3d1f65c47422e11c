"""Rows that tests need beside the ones they are about."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from porchlight.conversations.model import Conversation
from porchlight.conversations.service import hash_of
from porchlight.store.times import now
from porchlight.texts import Language


def a_conversation(session: Session, language: Language = "en", role: str | None = None) -> str:
    """The id of a new conversation."""
    row = Conversation(
        id=str(uuid.uuid4()),
        token_hash=hash_of(uuid.uuid4().hex),
        role=role,
        language=language,
        last_message_id=0,
        created_at=now(),
        expires_at=now() + timedelta(hours=1),
    )
    session.add(row)
    session.flush()
    return row.id
