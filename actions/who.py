"""Who is here and in which language: kept on the conversation, not in the tracker."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.envelope import Envelope
from porchlight.conversations import service
from porchlight.store.engine import Store
from porchlight.texts import say

ROLES = {"i_am_youth": "youth", "i_am_caregiver": "caregiver", "just_looking": "looking"}
LANGUAGES = {"speak_english": "en", "speak_spanish": "es"}


class ConversationAction(Action):
    """An action that sets one attribute of the conversation."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def _set(self, tracker: Tracker, attribute: str, value: str) -> None:
        envelope = Envelope.of(tracker)

        def work(session: Any) -> None:
            conversation = service.of_turn(session, tracker.sender_id, envelope)
            if conversation is not None:
                setattr(conversation, attribute, value)

        await self._store.run_async(work)


class SetRole(ConversationAction):
    def name(self) -> str:
        return "action_set_role"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        intent = str(Envelope.of(tracker).intent)
        await self._set(tracker, "role", ROLES[intent])
        dispatcher.utter_message(response=f"utter_{intent}")
        return []


class SetLanguage(ConversationAction):
    def name(self) -> str:
        return "action_set_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        language = LANGUAGES[str(Envelope.of(tracker).intent)]
        await self._set(tracker, "language", language)
        dispatcher.utter_message(text=say("plan.language_changed", language))
        return [SlotSet("language", language)]
