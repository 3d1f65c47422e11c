"""What reaches Rasa without the app (`rasa shell`, another channel) is screened here: a worry beats every intent.

The app screens every message itself and answers a worry without Rasa; its messages carry its envelope, with a
deadline, and are not read twice. This is the last component of the pipeline.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from porchlight.screening import screen

#: The intent whose answer is care and contacts, in the middle of the plan too.
CONCERN = "concern"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Worry(GraphComponent):
    """Turns a message that is to be answered as a worry into the intent `concern`."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Worry:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            screened_by_the_app = "deadline" in (message.get("metadata") or {})
            if message.get(TEXT) and not screened_by_the_app and screen(message.get(TEXT)).answer == "respond":
                message.set(INTENT, {INTENT_NAME_KEY: CONCERN, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages
