"""What reaches Rasa without the app is screened there. The component runs under Rasa's Python: it is asked there."""

from __future__ import annotations

from tests import rasas_python

CODE = """
import json, sys
from rasa.shared.nlu.training_data.message import Message
from bot.components.worry import Worry
messages = [
    Message({"text": text, "intent": {"name": "answer", "confidence": 0.9}, "metadata": metadata})
    for text, metadata in json.load(sys.stdin)
]
print(json.dumps([message.get("intent")["name"] for message in Worry().process(messages)]))
"""


def test_a_worry_beats_every_intent_unless_the_app_has_read_it() -> None:
    worry = "i want to kill myself"
    given = [(worry, {}), ("me quiero matar", {}), ("my aunt rosa", {}), ("", {}), (worry, {"deadline": 1.0})]
    assert rasas_python.run(CODE, given) == ["concern", "concern", "answer", "answer", "answer"]
