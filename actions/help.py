"""Who can help: hands what was said to porchlight.referrals and utters its words and cards."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.envelope import Envelope
from porchlight.conversations import service
from porchlight.plans import queries as plan_queries
from porchlight.referrals.talk import Heard, Said, take
from porchlight.store.engine import Store
from porchlight.store.times import now


class FindHelp(Action):
    """One message about help. What it asks back is asked of the conversation, unless the plan has a question open."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def name(self) -> str:
        return "action_find_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        envelope = Envelope.of(tracker)

        def work(session: Any) -> Said | None:
            conversation = service.of_turn(session, tracker.sender_id, envelope)
            if conversation is None:
                return Said(())
            heard = Heard(
                message_id=envelope.message_id,
                text=envelope.text,
                intent=str(envelope.intent),
                language=conversation.language,
                role=conversation.role,
                number=envelope.item_id,
            )
            said = take(session, conversation.id, heard, now())
            plan = plan_queries.find_plan(session, conversation.id)
            if said and said.asked and not (plan and plan.asking):
                conversation.asked, conversation.asked_turn = said.asked, envelope.message_id
            return said

        said = await self._store.run_async(work)
        if said is None:
            dispatcher.utter_message(response="utter_nlu_fallback")
            return []
        for each in said.says:
            told = each.as_json()
            cards = {"cards": told["cards"]} if told["cards"] else None
            dispatcher.utter_message(text=told["text"], buttons=told["buttons"], json_message=cards)
        return []
