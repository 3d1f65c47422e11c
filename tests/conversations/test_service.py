"""What happens to messages around a worry, an erasure and a repeat. On both databases."""

from __future__ import annotations

from porchlight.conversations import queries, service
from porchlight.conversations.says import Reply
from porchlight.conversations.service import Incoming
from porchlight.store.engine import Store
from tests.conversations.sending import send, state, worry
from tests.rows import a_conversation


def test_a_late_answer_to_an_earlier_message_leaves_the_newer_worry_open(store: Store) -> None:
    owner = store.run(a_conversation)
    earlier = send(store, owner, Incoming(text="who can see this"))
    send(store, owner, Incoming(text="i want to kill myself", screening=worry()))
    store.run(lambda session: service.answer(session, earlier.message, [Reply("en", "Nobody.")]))
    assert state(store, owner).after_concern == "asked_safe"


def test_the_first_answer_after_a_worry_closes_it_when_no_plan_is_open(store: Store) -> None:
    owner = store.run(a_conversation)
    send(store, owner, Incoming(text="i want to kill myself", screening=worry()))
    later = send(store, owner, Incoming(text="im safe"))
    store.run(lambda session: service.answer(session, later.message, [Reply("en", "Good.")]))
    assert state(store, owner).after_concern is None


def test_erasing_leaves_what_was_sent_after_it(store: Store) -> None:
    owner = store.run(a_conversation)
    send(store, owner, Incoming(text="canary"))
    erasing = send(store, owner, Incoming(intent="confirm_erase"))
    send(store, owner, Incoming(text="i want to kill myself", screening=worry()))
    store.run(lambda session: service.erase(session, owner, erasing.message.id))
    left = store.read(lambda session: queries.messages_after(session, owner, 0))
    assert [message.body["text"] for message in left if message.sender == "you"] == ["i want to kill myself"]
    assert any(message.body["contacts"] for message in left)


def test_an_answer_to_a_deleted_conversation_is_dropped(store: Store) -> None:
    owner = store.run(a_conversation)
    sent = send(store, owner, Incoming(text="hello"))
    store.run(lambda session: queries.delete_conversation(session, owner))
    store.run(lambda session: service.answer(session, sent.message, [Reply("en", "Hi.")]))
    assert store.read(lambda session: queries.messages_after(session, owner, 0)) == []
