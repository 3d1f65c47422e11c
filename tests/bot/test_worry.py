"""What reaches Rasa without the app is screened there. The component runs under Rasa's Python: it is asked there."""

from __future__ import annotations

import json
import subprocess

from porchlight.model import RASA
from tests.service import ROOT

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


def intents(*messages: tuple[str, dict[str, float]]) -> list[str]:
    run = subprocess.run(
        [RASA.parent / "python", "-W", "ignore", "-c", CODE],
        cwd=ROOT,
        input=json.dumps(messages),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[str] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_a_worry_beats_every_intent_unless_the_app_has_read_it() -> None:
    worry = "i want to kill myself"
    said = intents((worry, {}), ("me quiero matar", {}), ("my aunt rosa", {}), ("", {}), (worry, {"deadline": 1.0}))
    assert said == ["concern", "concern", "answer", "answer", "answer"]
