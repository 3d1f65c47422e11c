"""Content that cannot be used stops the start, not a chat in the night."""

from __future__ import annotations

from porchlight.contacts import contacts_for
from porchlight.plans.reading import read_turn
from porchlight.plans.sections import all_sections
from porchlight.screening import screen
from porchlight.texts import LANGUAGES, load_yaml, say
from porchlight.web.pages import texts
from porchlight.web.requests import description

CATEGORIES = ("suicide", "overdose", "violence", "running_away")


def check_content() -> None:
    """Load all that is said and shown. Raises BrokenText."""
    screen("")
    # The first reading loads its word lists: not while a youth waits.
    read_turn("Ana", kind="people", known=(), section="", language="en", intent=None, stage="ask")
    read_turn("Ana", kind="people", known=(), section="", language="es", intent=None, stage="ask")
    all_sections()
    texts()
    description()
    safety = load_yaml("texts/safety.yml")
    for language in LANGUAGES:
        for category in CATEGORIES:
            for role in ("youth", "caregiver"):
                say(f"safety.{category}.{role}.text", language)
                contacts_for(safety[category][role]["contacts"], language)
