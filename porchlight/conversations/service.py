"""What happens to a conversation: it opens, takes messages in, gets answers, is erased."""

from __future__ import annotations

import hashlib
import logging
import secrets
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from porchlight.conversations import queries
from porchlight.conversations.buttons import title_of
from porchlight.conversations.model import Conversation, Message
from porchlight.conversations.safety import button, hear_in, held_message, let_go, remember_asked, reply_to
from porchlight.conversations.says import Reply, opening, static
from porchlight.directory.cards import Card
from porchlight.plans import queries as plan_queries
from porchlight.plans.talk import open_question
from porchlight.referrals import queries as referral_queries
from porchlight.referrals import talk as referrals
from porchlight.screening import Screening
from porchlight.store.times import now
from porchlight.texts import Language

logger = logging.getLogger(__name__)

#: A conversation is deleted this long after its last message. The texts say so: a test holds them to it.
KEPT = timedelta(hours=24)
#: Characters that the bot reads of one message. A longer one is kept, screened whole, and answered with the limit.
READABLE = 2000


@dataclass(frozen=True)
class Incoming:
    """What a client sent: words, or a button's payload (`intent` and the item beside which it stands)."""

    text: str = ""
    intent: str | None = None
    item_id: int | None = None
    key: str | None = None
    screening: Screening = field(default_factory=Screening)  # of the words


@dataclass(frozen=True)
class Accepted:
    """A message that is kept now, in its conversation. `pending`: its answer is still to come."""

    conversation: Conversation
    message: Message

    @property
    def pending(self) -> bool:
        return self.message.pending


class Turn(Protocol):
    """What an action knows of the turn it runs in."""

    @property
    def language(self) -> Language: ...

    @property
    def from_app(self) -> bool: ...


def find_open(session: Session, token_hash: str, writing: bool = False) -> Conversation | None:
    """The conversation of a token, unless its time has passed."""
    look_up = queries.lock_by_token_hash if writing else queries.find_by_token_hash
    return look_up(session, token_hash, now())


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_conversation(session: Session, role: str | None, language: Language) -> tuple[str, str]:
    """Begin a conversation: its id and its token. Only the token's hash is kept."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(
        id=str(uuid.uuid4()),
        token_hash=hash_of(token),
        role=role,
        language=language,
        created_at=now(),
        expires_at=now() + KEPT,
        last_message_id=0,
    )
    session.add(conversation)
    session.flush()
    say_all(session, conversation, opening(role, language))
    return conversation.id, token


def accept(session: Session, conversation: Conversation, incoming: Incoming) -> Accepted:
    """Keep a message. A worry in it is answered at once, in the same transaction; all else is left pending.

    The same `key` again is the same message.
    """
    if incoming.key and (known := queries.message_of_key(session, conversation.id, incoming.key)):
        return Accepted(conversation, known)
    message = _keep(session, conversation, incoming)
    answers = _answers_at_once(session, conversation, message, incoming)
    message.pending = answers is None
    if answers is not None:
        say_all(session, conversation, answers)
    return Accepted(conversation, message)


def _answers_at_once(
    session: Session, conversation: Conversation, message: Message, incoming: Incoming
) -> list[Reply] | None:
    """The answers that need no dialogue engine, a worry's before all others; None when the engine is to be asked."""
    if incoming.intent == "as_i_wrote":
        return _send_what_was_held(session, conversation, message)
    if incoming.intent is not None:
        return None
    answers = _about_safety(session, conversation, message, incoming.screening)
    return answers or _about_form(incoming.text, conversation.language)


def _about_safety(
    session: Session, conversation: Conversation, message: Message, screening: Screening
) -> list[Reply] | None:
    """The answer to a worry, or to "I was joking"; None when there is no cause for one."""
    reaction = hear_in(conversation, screening)
    state = _state_of(session, conversation) if reaction == "respond" else None
    reply = reply_to(reaction, screening, conversation.role, conversation.language, state)
    if reply is None:
        return None
    if reaction == "respond":
        reply = replace(reply, contacts=_with_local(session, conversation, message, screening, reply.contacts))
    if reaction != "denied":
        remember_asked(conversation, message, screening)
        return [replace(reply, buttons=_ways_on(session, conversation, go_on=True))]
    conversation.after_concern = None
    reply = replace(reply, buttons=_ways_on(session, conversation, go_on=False))
    return [reply, *_open_question(session, conversation, message.id)]


def _state_of(session: Session, conversation: Conversation) -> str | None:
    """The state that they have said they are in; None when it cannot be read: the answer must go out."""
    try:
        with session.begin_nested():
            return referrals.state_named(session, conversation.id)
    except Exception as error:  # whatever it is
        logger.error("where somebody is could not be read: %s", type(error).__name__)
        return None


def _with_local(
    session: Session, conversation: Conversation, message: Message, screening: Screening, cards: list[Card]
) -> list[Card]:
    """The lines of an answer to a worry, with local ones where the directory has them; as they are when it fails."""
    heard = referrals.Heard(message.id, str(message.body["text"]), "concern", conversation.language, conversation.role)
    try:
        with session.begin_nested():
            return referrals.beside_worry(session, conversation.id, heard, screening, cards, now())
    except Exception as error:  # whatever it is: the answer must go out
        logger.error("the local directory failed beside a worry: %s", type(error).__name__)
        return cards


def _ways_on(session: Session, conversation: Conversation, go_on: bool) -> list[dict[str, str]]:
    """The buttons under an answer to a worry: for the words that are held, and back to the plan that is open."""
    plan = plan_queries.find_plan(session, conversation.id)
    keys = [("as_i_wrote", held_message(session, conversation)), ("go_on", go_on and plan and plan.asking)]
    return [button(key, conversation.language) for key, is_there in keys if is_there]


def _send_what_was_held(session: Session, conversation: Conversation, message: Message) -> list[Reply] | None:
    """The words that we were unsure about go the way of all words, as if `message` had brought them; once."""
    words = let_go(session, conversation)
    if words is None:
        return [static("unknown_button", conversation.language)]
    message.body = {**message.body, "words": words}
    return _about_form(words, conversation.language)


def _about_form(text: str, language: Language) -> list[Reply] | None:
    """What is said of words that cannot be read; None when they can."""
    if len(text) > READABLE:
        return [static("too_long", language, limit=READABLE)]
    if not any(character.isalnum() for character in text):
        return [static("only_symbols", language)]
    return None


def _open_question(session: Session, conversation: Conversation, message_id: int) -> list[Reply]:
    """The plan's open question, unless it was said in the turn of that message."""
    question = open_question(session, conversation.id, conversation.language, message_id)
    return [Reply(conversation.language, **question.as_json())] if question else []


def _outcome(session: Session, conversation: Conversation, message: Message) -> list[Reply]:
    """The question how a referral went, when it is time for it and nothing else was asked."""
    if conversation.asked is not None:
        return []
    question = referrals.ask_outcome(session, conversation.id, conversation.language, now())
    if question is None:
        return []
    conversation.asked, conversation.asked_turn = "asked_outcome", message.id
    told = question.as_json()
    return [Reply(conversation.language, told["text"], told["buttons"])]


def _keep(session: Session, conversation: Conversation, incoming: Incoming) -> Message:
    body: dict[str, Any] = {"text": incoming.text, "buttons": [], "contacts": []}
    if incoming.intent:
        title = title_of(session, conversation, incoming.intent, incoming.item_id)
        body |= {"text": title, "intent": incoming.intent, "item_id": incoming.item_id}
    message = Message(
        conversation_id=conversation.id,
        id=queries.take_message_ids(session, conversation.id, 1, now() + KEPT)[0],
        sender="you",
        lang=conversation.language,
        body=body,
        payload=incoming.intent is not None,
        pending=True,
        key=incoming.key,
        at=now(),
    )
    session.add(message)
    session.flush()
    return message


def say_all(session: Session, conversation: Conversation, replies: list[Reply], sender: str = "bot") -> None:
    """Add what the bot says to the conversation."""
    ids = queries.take_message_ids(session, conversation.id, len(replies), now() + KEPT)
    session.add_all(
        Message(
            conversation_id=conversation.id,
            id=number,
            sender=sender,
            lang=reply.language,
            body={"text": reply.text, "buttons": reply.buttons, "contacts": reply.contacts},
            at=now(),
        )
        for number, reply in zip(ids, replies, strict=True)
    )
    session.flush()
    session.expire(conversation, ["last_message_id", "expires_at"])


def answer(session: Session, message: Message, replies: list[Reply]) -> None:
    """Add the answers to a pending message, and the plan's open question after them; nothing when it is gone."""
    conversation = queries.lock(session, message.conversation_id)
    row = session.get(Message, (message.conversation_id, message.id))
    if conversation is None or row is None or not row.pending:
        return
    row.pending = False
    # The language may have been switched in this very turn.
    replies = [replace(reply, language=conversation.language) for reply in replies]
    if conversation.asked_turn != message.id:
        conversation.asked = conversation.asked_turn = None
    if conversation.after_concern is None:
        replies = [
            *replies,
            *(_open_question(session, conversation, message.id) or _outcome(session, conversation, message)),
        ]
    elif not is_before_worry(conversation, message.id):
        conversation.after_concern = _next_after_concern(session, conversation)
    say_all(session, conversation, replies)


def is_before_worry(conversation: Conversation, message_id: int) -> bool:
    """Whether a message was sent before the last worry, which was answered before it: it says nothing about that."""
    return message_id < (conversation.worry_id or 0)


def _next_after_concern(session: Session, conversation: Conversation) -> str | None:
    """After the first answer to a worry we ask whether to go on with the plan, if one was left open."""
    plan = plan_queries.find_plan(session, conversation.id)
    return "asked_go_on" if plan and plan.asking else None


def erase(session: Session, conversation_id: str, up_to: int) -> None:
    """Delete all that was said up to a message, and the plan; the conversation goes on under the same token."""
    conversation = queries.lock(session, conversation_id)
    if conversation is None:
        return
    queries.delete_messages(session, conversation_id, up_to)
    plan_queries.delete_plan(session, conversation_id)
    referral_queries.forget(session, conversation_id)
    conversation.asked = conversation.asked_turn = None
    conversation.heard = conversation.worry_id = conversation.after_concern = None
    say_all(session, conversation, [static("erased", conversation.language)], sender="system")


def of_turn(session: Session, sender_id: str, turn: Turn) -> Conversation | None:
    """The conversation in whose turn an action runs. One that was deleted meanwhile stays deleted.

    A developer's `rasa shell` has no conversation in the app: it gets one.
    """
    conversation = queries.lock(session, sender_id)
    if conversation is None and not turn.from_app:
        conversation = Conversation(
            id=sender_id,
            token_hash=hash_of(secrets.token_urlsafe(32)),
            language=turn.language,
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
        )
        session.add(conversation)
        session.flush()
    return conversation


def tell_meanwhile(session: Session, message: Message, replies: list[Reply]) -> None:
    """Say something while the answer to a pending message is still to come."""
    conversation = queries.lock(session, message.conversation_id)
    row = session.get(Message, (message.conversation_id, message.id))
    if conversation is None or row is None or not row.pending:
        return
    row.noticed = True
    say_all(session, conversation, replies, sender="system")
