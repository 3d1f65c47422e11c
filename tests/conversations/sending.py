"""Messages into a conversation of a real store, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from porchlight.conversations import queries, service
from porchlight.conversations.model import Conversation, Message
from porchlight.conversations.service import Incoming
from porchlight.screening import Category, Concern, Screening, Severity
from porchlight.store.engine import Store

#: A message that may be a worry, and one that may not.
UNSURE = Screening("check_in", (Concern("sexual_abuse", "urgent", 0.5),), weight=0.5)
HARMLESS = Screening()
DENIAL = Screening(denial=True)


def worry(category: Category = "suicide", severity: Severity = "urgent") -> Screening:
    return Screening("respond", (Concern(category, severity, 0.95),), weight=1.0)


def send(store: Store, owner: str, incoming: Incoming) -> service.Accepted:
    def work(session: Session) -> service.Accepted:
        conversation = queries.lock(session, owner)
        assert conversation is not None
        return service.accept(session, conversation, incoming)

    return store.run(work)


def say(store: Store, owner: str, text: str, screening: Screening = HARMLESS) -> list[Message]:
    """The bot's answers to words; empty when the dialogue engine is to answer."""
    sent = send(store, owner, Incoming(text=text, screening=screening))
    answers = after(store, owner, sent.message.id)
    assert sent.pending == (not answers)
    return list(answers)


def press(store: Store, owner: str, intent: str) -> service.Accepted:
    return send(store, owner, Incoming(intent=intent))


def after(store: Store, owner: str, number: int) -> Sequence[Message]:
    return store.read(lambda session: queries.messages_after(session, owner, number))


def state(store: Store, owner: str) -> Conversation:
    found = store.read(lambda session: queries.find(session, owner))
    assert found is not None
    return found
