"""The SQL of conversations and their messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from porchlight.conversations.model import Conversation, Message


def find_by_token_hash(session: Session, token_hash: str, at: datetime) -> Conversation | None:
    """The conversation of a token, unless it has expired at `at`."""
    return session.scalar(_of_token(token_hash, at))


def lock_by_token_hash(session: Session, token_hash: str, at: datetime) -> Conversation | None:
    """The same, for writing: whoever else wants to write in this conversation waits until we are done."""
    return session.scalar(_of_token(token_hash, at).with_for_update())


def _of_token(token_hash: str, at: datetime) -> Select[Conversation]:
    return select(Conversation).where(Conversation.token_hash == token_hash, Conversation.expires_at > at)


def find(session: Session, conversation_id: str) -> Conversation | None:
    return session.get(Conversation, conversation_id)


def lock(session: Session, conversation_id: str) -> Conversation | None:
    """The conversation, for writing. SQLite, which has one writer at a time anyway, knows no such lock."""
    return session.get(Conversation, conversation_id, with_for_update=True)


def take_message_ids(session: Session, conversation_id: str, count: int, expires_at: datetime) -> range:
    """The next `count` numbers of the conversation, which from now lives until `expires_at`."""
    last = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_message_id=Conversation.last_message_id + count, expires_at=expires_at)
        .returning(Conversation.last_message_id)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return range(last - count + 1, last + 1)


def message_of_key(session: Session, conversation_id: str, key: str) -> Message | None:
    return session.scalar(select(Message).where(Message.conversation_id == conversation_id, Message.key == key))


def messages_after(session: Session, conversation_id: str, after: int) -> Sequence[Message]:
    return session.scalars(
        select(Message).where(Message.conversation_id == conversation_id, Message.id > after).order_by(Message.id)
    ).all()


def next_pending(session: Session, conversation_id: str) -> Message | None:
    """The oldest message that has not been answered."""
    return session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.pending).order_by(Message.id).limit(1)
    )


def conversations_with_pending(session: Session) -> Sequence[str]:
    return session.scalars(select(Message.conversation_id).where(Message.pending).distinct()).all()


def delete_messages(session: Session, conversation_id: str, up_to: int) -> None:
    session.execute(delete(Message).where(Message.conversation_id == conversation_id, Message.id <= up_to))


def delete_conversation(session: Session, conversation_id: str) -> None:
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))


def delete_expired(session: Session, at: datetime) -> int:
    """How many conversations were past their time at `at`, and are gone now with all that belongs to them."""
    # Rows of messages and plans go with it: ON DELETE CASCADE.
    gone = session.execute(delete(Conversation).where(Conversation.expires_at <= at).returning(Conversation.id))
    return len(gone.all())
