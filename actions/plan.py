"""The plan's actions: they hand what was said to porchlight.plans and utter what it answers."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.envelope import Envelope
from porchlight.conversations import service
from porchlight.plans.talk import OPENING_INTENTS, Heard, Outcome, take
from porchlight.store.engine import Store

FORM, ANSWER = "plan_form", "answer"


class PlanAction(Action):
    """What both actions share: one message, taken into the plan within one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def _take(self, tracker: Tracker, interrupts: bool) -> Outcome | None:
        """What the plan made of the latest message; None when the conversation is gone."""
        envelope = Envelope.of(tracker)

        def work(session: Any) -> Outcome | None:
            conversation = service.of_turn(session, tracker.sender_id, envelope)
            if conversation is None:
                return None
            outcome = take(session, conversation.id, self._heard(envelope, conversation, interrupts))
            if outcome.taken and not service.is_before_worry(conversation, envelope.message_id):
                conversation.after_concern = None
            return outcome

        return await self._store.run_async(work)

    @staticmethod
    def _heard(envelope: Envelope, conversation: Any, interrupts: bool) -> Heard:
        return Heard(
            message_id=envelope.message_id,
            text=envelope.text,
            intent=envelope.intent,
            language=conversation.language,
            item_id=envelope.item_id,
            interrupts=interrupts,
            returns=bool(conversation.after_concern) and not service.is_before_worry(conversation, envelope.message_id),
        )


def utter(dispatcher: CollectingDispatcher, outcome: Outcome) -> None:
    for say in outcome.says:
        message = say.as_json()
        dispatcher.utter_message(text=message["text"], buttons=message["buttons"])


class ValidatePlanForm(PlanAction):
    """One call a turn: takes the answer in, says what the plan answers and asks next, empties the slot."""

    def name(self) -> str:
        return "validate_plan_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        if _opened_by_command(tracker):
            # The command has said the question already. An event, so that the form does not step aside.
            return [SlotSet(ANSWER, None)]
        # Only this turn's own words: a turn that failed can leave an older answer in the slot.
        answered = tracker.slots_to_validate().get(ANSWER) == tracker.latest_message.get("text")
        opening = Envelope.of(tracker).intent in OPENING_INTENTS
        outcome = await self._take(tracker, interrupts=not answered and not opening)
        if outcome is None:
            return [SlotSet(ANSWER, None), SlotSet("requested_slot", None)]
        if not outcome.taken:
            # No event: the form then steps aside, and the rule for what was said answers.
            return []
        utter(dispatcher, outcome)
        return [SlotSet(ANSWER, None)] if outcome.asking else [SlotSet(ANSWER, None), SlotSet("requested_slot", None)]


class PlanCommand(PlanAction):
    """Plan talk while the form is closed: show, print, change. Opens the form when that leaves a question open."""

    def name(self) -> str:
        return "action_plan_command"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        outcome = await self._take(tracker, interrupts=False)
        if outcome is None:
            return []
        utter(dispatcher, outcome)
        return [ActiveLoop(FORM), SlotSet("requested_slot", ANSWER)] if outcome.asking else []


def _opened_by_command(tracker: Tracker) -> bool:
    """Whether PlanCommand ran in this turn and opened the form."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] == "action_plan_command":
            return True
    return False
