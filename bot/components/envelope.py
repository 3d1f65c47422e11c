"""What the app says about a message, beside its words: the language, and whether a worry was just answered.

The app puts both into the message's metadata. This is the last component of the pipeline.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY
from rasa.shared.nlu.training_data.message import Message

#: "Are you safe right now?" was the last thing we said: a yes or a no belongs to it.
ASKED_SAFE = "asked_safe"
#: "Do you want to go on with your plan?" was.
ASKED_GO_ON = "asked_go_on"

#: What the search for help asked: where they are, what stands in the way, how it went.
ASKED_PLACE, ASKED_BARRIER, ASKED_OUTCOME = "asked_place", "asked_barrier", "asked_outcome"
SEARCH = {ASKED_PLACE: "give_place", ASKED_BARRIER: "help_barrier", ASKED_OUTCOME: "help_outcome"}
#: Words that belong to that question rather than to themselves.
AFTER_THE_SEARCH = frozenset(
    [
        "affirm",
        "deny",
        "answer",
        "no_more",
        "dont_know",
        "nlu_fallback",
        "out_of_scope",
        "chitchat",
    ]
)

#: What a plain answer means then. All else of AFTER_A_WORRY is heard as the talk after a worry, never as a line
#: of the plan.
MEANINGS = {
    ASKED_SAFE: {
        "affirm": "safe_now",
        "deny": "not_safe_now",
        "feel_better": "safe_now",
        "feel_scared": "not_safe_now",
    },
    ASKED_GO_ON: {"affirm": "continue_plan", "no_more": "stop_plan", "deny": "stop_plan"},
}
AFTER_A_WORRY = frozenset(
    [
        "affirm",
        "deny",
        "answer",
        "no_more",
        "skip",
        "go_back",
        "change_item",
        "remove_item",
        "why_ask",
        "give_example",
        "dont_know",
        "nlu_fallback",
        "out_of_scope",
        "chitchat",
        "greet",
        "i_am_youth",
        "i_am_caregiver",
        "just_looking",
    ]
)


def intent_after_worry(intent: str, asked: str) -> str:
    """The intent that `intent` stands for when `asked` was our last question: after a worry, or about help."""
    if asked in SEARCH:
        return SEARCH[asked] if intent in AFTER_THE_SEARCH else intent
    if intent in MEANINGS.get(asked, {}):
        return MEANINGS[asked][intent]
    return "after_concern" if intent in AFTER_A_WORRY else intent


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Envelope(GraphComponent):
    """Adds the `language` entity and hears plain answers in the light of the worry before them."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Envelope:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self._open(message, message.get("metadata") or {})
        return messages

    @staticmethod
    def _open(message: Message, envelope: Dict[str, Any]) -> None:
        if envelope.get("language"):
            language = {"entity": "language", "value": envelope["language"], "extractor": "Envelope"}
            message.set(ENTITIES, [*message.get(ENTITIES, []), language], add_to_output=True)
        asked = envelope.get("after_concern")
        if asked and message.get(INTENT):
            intent = intent_after_worry(message.get(INTENT)[INTENT_NAME_KEY], asked)
            message.set(INTENT, {**message.get(INTENT), INTENT_NAME_KEY: intent}, add_to_output=True)
