"""What worries us in a message, and the answer: reviewed words and contacts, without the dialogue engine."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from porchlight.contacts import contacts_for_check_in, contacts_for_concern
from porchlight.conversations.model import Conversation, Message
from porchlight.conversations.says import Reply
from porchlight.screening import Heard, Reaction, Screening, hear
from porchlight.texts import say

#: Marks a message, in its body, that we were not sure about: it went nowhere, and waits for the person to say so.
HELD = "held"


def hear_in(conversation: Conversation, screening: Screening) -> Reaction:
    """What to do about a message after those before it. To be called once for each: the conversation remembers it."""
    reaction, heard = hear(Heard.from_json(conversation.heard), screening)
    conversation.heard = None if heard.as_json() == Heard().as_json() else heard.as_json()
    return reaction


def reply_to(
    reaction: Reaction, screening: Screening, role: str | None, language: str, state: str | None = None
) -> Reply | None:
    """The words and lines of a reaction; None when there is nothing to be said. `state`: where they are ("OH")."""
    for_whom = "caregiver" if role == "caregiver" else "youth"
    if reaction == "respond":
        worst = screening.worst
        text = say(f"safety.answers.{worst.category}.{for_whom}.{worst.severity}.text", language)
        contacts = contacts_for_concern(worst.category, worst.severity, for_whom, language, state)
        return Reply(language, text, contacts=contacts)
    if reaction == "check_in":
        text = say(f"safety.check_in.{for_whom}.text", language)
        return Reply(language, text, contacts=contacts_for_check_in(for_whom, language))
    if reaction == "repeat":
        severity = screening.worst.severity if screening.answer == "respond" else "concern"
        return Reply(language, say(f"safety.repeat.{severity}", language))
    return Reply(language, say("safety.denied", language)) if reaction == "denied" else None


def reply_alone(screening: Screening, role: str | None, language: str) -> Reply | None:
    """The same to a message of which nothing can be kept, and of whose conversation nothing can be read."""
    reaction, _ = hear(Heard(), screening)
    return reply_to(reaction, screening, role, language)


def remember_asked(conversation: Conversation, message: Message, screening: Screening) -> None:
    """We have answered a worry and asked whether they are safe. A message that only may be one is held."""
    conversation.worry_id, conversation.after_concern = message.id, "asked_safe"
    if screening.answer != "respond":
        message.body = {**message.body, HELD: True}


def held_message(session: Session, conversation: Conversation) -> Message | None:
    """The last message that was answered here, if it is held still."""
    last = session.get(Message, (conversation.id, conversation.worry_id)) if conversation.worry_id else None
    return last if last is not None and last.body.get(HELD) else None


def let_go(session: Session, conversation: Conversation) -> str | None:
    """Take a person at their word: the words of the held message, once; None when none is held."""
    held = held_message(session, conversation)
    if held is None:
        return None
    held.body = {name: value for name, value in held.body.items() if name != HELD}
    heard = Heard.from_json(conversation.heard)
    conversation.heard = replace(heard, weight=heard.weight / 2, denied=True).as_json()
    conversation.after_concern = None
    return str(held.body["text"])


def button(key: str, language: str) -> dict[str, str]:
    """The button `go_on` or `as_i_wrote`."""
    payloads = {"go_on": "/continue_plan", "as_i_wrote": "/as_i_wrote"}
    return {"title": say(f"safety.{key}", language), "payload": payloads[key]}
