"""A worry in a message and its answer: reviewed words and contacts, without the dialogue engine."""

from __future__ import annotations

from porchlight.contacts import contacts_for
from porchlight.conversations.model import Conversation
from porchlight.conversations.says import Reply
from porchlight.screening import screen
from porchlight.texts import load_yaml, say

#: For so many messages the same worry is answered in short: the same list is not repeated each turn.
REPEAT_WITHIN = 12


def worry_in(text: str) -> str | None:
    """The worst category that the words of `text` show, or None."""
    return screen(text) if text else None


def answer_worry(conversation: Conversation, category: str, plan_is_open: bool) -> Reply:
    """The answer to a worry. The conversation remembers it, and that we asked whether they are safe."""
    language = conversation.language
    repeated = _was_just_answered(conversation, category)
    conversation.worry, conversation.worry_id = category, conversation.last_message_id + 1
    conversation.after_concern = "asked_safe"
    buttons = [_go_on(language)] if plan_is_open else []
    if repeated:
        return Reply(language, say("safety.repeat", language), buttons)
    role = "caregiver" if conversation.role == "caregiver" else "youth"
    lines = load_yaml("texts/safety.yml")[category][role]["contacts"]
    text = say(f"safety.{category}.{role}.text", language)
    return Reply(language, text, buttons, contacts_for(lines, language))


def _was_just_answered(conversation: Conversation, category: str) -> bool:
    since = conversation.last_message_id - (conversation.worry_id or -REPEAT_WITHIN)
    return conversation.worry == category and since < REPEAT_WITHIN


def _go_on(language: str) -> dict[str, str]:
    return {"title": say("safety.go_on", language), "payload": "/continue_plan"}
