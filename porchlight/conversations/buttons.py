"""What a pressed button said: kept as the text of the message that the press is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from porchlight.conversations import queries
from porchlight.conversations.model import Conversation
from porchlight.directory.cards import add_button
from porchlight.plans import queries as plan_queries
from porchlight.plans.phrases import PAYLOADS
from porchlight.texts import say

#: Messages back in which the pressed button is looked for.
RECENT = 12
#: The buttons beside an item of the plan, by intent: their key in resources/texts/widget.yml.
OF_AN_ITEM = {"change_item": "change", "remove_item": "remove"}


def title_of(session: Session, conversation: Conversation, intent: str, item_id: int | None) -> str:
    """The words on the button; empty when it was never shown."""
    if item_id is not None and intent in OF_AN_ITEM:
        return _beside_item(session, conversation, intent, item_id)
    if item_id is not None and intent == "add_card":
        return _on_card(session, conversation, item_id)
    payload = f"/{intent}" if item_id is None else f'/{intent}{{"item": {item_id}}}'
    shown = queries.messages_after(session, conversation.id, conversation.last_message_id - RECENT)
    titles = (
        str(button["title"])
        for message in reversed(shown)
        for button in message.body["buttons"]
        if button["payload"] == payload
    )
    return next(titles, _of_the_plan(intent, conversation.language))


def _beside_item(session: Session, conversation: Conversation, intent: str, item_id: int) -> str:
    known = {each.id: each.item for each in plan_queries.items_of(session, conversation.id)}
    word = say(f"widget.{OF_AN_ITEM[intent]}", conversation.language)
    return f"{word}: {known[item_id].name}" if item_id in known else word


def _on_card(session: Session, conversation: Conversation, number: int) -> str:
    """The words of the button on the last card of that number, with the card's name."""
    shown = queries.messages_after(session, conversation.id, conversation.last_message_id - RECENT)
    add = add_button(number)
    names = (card["name"] for message in reversed(shown) for card in message.body["contacts"] if card.get("add") == add)
    word = say("widget.card_add", conversation.language)
    return next((f"{word}: {name}" for name in names), word)


def _of_the_plan(intent: str, language: str) -> str:
    key = next((key for key, payload in PAYLOADS.items() if payload == f"/{intent}"), None)
    return say(f"plan.buttons.{key}", language) if key else ""
