"""Content that cannot be used stops the start, not a chat in the night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from porchlight.contacts import check_contacts, contacts_for
from porchlight.conversations.says import not_kept, static
from porchlight.directory.asking import read_question
from porchlight.directory.national import check_entries
from porchlight.plans.reading import read_turn
from porchlight.plans.sections import all_sections
from porchlight.screening import CATEGORIES, SEVERITIES, load
from porchlight.screening.rulebook import BrokenRules, compile_rules
from porchlight.store.times import now
from porchlight.texts import LANGUAGES, BrokenText, say
from porchlight.web.pages import texts
from porchlight.web.requests import description

ROLES = ("youth", "caregiver")
RESPONSES = Path(__file__).parents[2] / "bot/domain/responses"


def check_content() -> bool:
    """Load all that is read, said and shown. Raises BrokenText. False when rules alone screen: the log says why."""
    whole = _load_screening()
    # The first reading loads its word lists: not while a youth waits.
    read_turn("Ana", kind="people", known=(), section="", language="en", intent=None, stage="ask")
    read_turn("Ana", kind="people", known=(), section="", language="es", intent=None, stage="ask")
    all_sections()
    texts()
    description()
    check_entries()
    read_question("a bed in Fresno, 93722", "en", None, now())  # loads its tables, as above
    lines = list(_lines_of_responses())
    for language in LANGUAGES:
        _check_safety(language)
        not_kept(language)
        static("answered_but_not_kept", language)
        contacts_for(lines, language)
    return whole


def _load_screening() -> bool:
    try:
        compile_rules()
        return load()
    except BrokenRules as broken:
        raise BrokenText(str(broken)) from broken
    except (OSError, ValueError, KeyError) as error:
        raise BrokenText(f"The screening cannot be loaded: {type(error).__name__}: {error}") from error


def _check_safety(language: str) -> None:
    """Every answer to a worry, with its lines."""
    check_contacts(ROLES, CATEGORIES, SEVERITIES, language)
    for role in ROLES:
        for category in CATEGORIES:
            for severity in SEVERITIES:
                say(f"safety.answers.{category}.{role}.{severity}.text", language)
        say(f"safety.check_in.{role}.text", language)
    for key in (*(f"repeat.{severity}" for severity in SEVERITIES), "denied", "go_on", "as_i_wrote"):
        say(f"safety.{key}", language)


def _lines_of_responses() -> Iterator[str]:
    """The ids of the lines that Rasa's responses show. Raises BrokenText."""
    for path in sorted(RESPONSES.glob("*.yml")):
        try:
            responses: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise BrokenText(f"bot/domain/responses/{path.name} cannot be read: {error}") from error
        for variations in responses.values():
            for variation in variations:
                yield from (variation.get("custom") or {}).get("contacts") or ()
