"""The dialogue's data hold together. What Rasa itself checks only with a warning is checked here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from porchlight.plans.reading import MOVES
from porchlight.plans.talk import OPENING_INTENTS

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "es")
#: Intents that the classifier never gives: the last components do, after a worry and for one.
FROM_THE_ENVELOPE = {"safe_now", "not_safe_now", "after_concern", "concern"}
#: Plan talk: inside the plan porchlight.plans reads these.
PLAN_TALK = {*MOVES, *OPENING_INTENTS, "answer", "print_plan", "affirm", "deny"}
FALLBACK = "nlu_fallback"


def load(pattern: str) -> dict[Path, Any]:
    return {path: yaml.safe_load(path.read_text()) for path in sorted(ROOT.glob(pattern))}


DOMAIN: dict[str, Any] = {}
for part in load("bot/domain/**/*.yml").values():
    for key, value in part.items():
        if isinstance(value, dict):
            DOMAIN.setdefault(key, {}).update(value)
        elif isinstance(value, list):
            DOMAIN.setdefault(key, []).extend(value)
RULES = [rule for part in load("data/rules/*.yml").values() for rule in part["rules"]]


def examples() -> dict[tuple[str, str], list[str]]:
    """Lines by intent and language."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, part in load("data/nlu/*.yml").items():
        for entry in part["nlu"]:
            lines = [line.strip()[2:] for line in entry["examples"].splitlines() if line.strip()]
            found.setdefault((entry["intent"], path.stem.split(".")[-1]), []).extend(lines)
    return found


EXAMPLES = examples()


def test_there_are_at_least_25_intents() -> None:
    assert len(set(DOMAIN["intents"]) - FROM_THE_ENVELOPE) >= 25


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", sorted(set(DOMAIN["intents"]) - FROM_THE_ENVELOPE))
def test_every_intent_has_varied_examples_in_each_language(intent: str, language: str) -> None:
    lines = EXAMPLES[intent, language]
    assert len(lines) >= 20
    assert len({line.lower() for line in lines}) == len(lines)


def test_no_example_stands_under_two_intents() -> None:
    counted = Counter(line.lower() for lines in EXAMPLES.values() for line in lines)
    assert [line for line, count in counted.items() if count > 1] == []


def test_every_example_belongs_to_an_intent_of_the_domain() -> None:
    assert {intent for intent, _ in EXAMPLES} == set(DOMAIN["intents"]) - FROM_THE_ENVELOPE


@pytest.mark.parametrize("slot", sorted(DOMAIN["slots"]))
def test_every_from_text_mapping_names_all_that_is_no_answer(slot: str) -> None:
    for mapping in DOMAIN["slots"][slot]["mappings"]:
        if mapping["type"] == "from_text":
            assert set(mapping["not_intent"]) == set(DOMAIN["intents"]) - PLAN_TALK
            assert mapping["conditions"], "text is taken only inside the form"


def test_every_intent_is_answered_outside_the_plan_by_one_rule() -> None:
    first = Counter(rule["steps"][0].get("intent") for rule in RULES)
    assert {intent: first[intent] for intent in [*DOMAIN["intents"], FALLBACK]} == dict.fromkeys(
        [*DOMAIN["intents"], FALLBACK], 1
    )


def test_every_action_of_a_rule_exists() -> None:
    known = {*DOMAIN["actions"], *DOMAIN["responses"], *DOMAIN["forms"], "action_listen"}
    assert {step["action"] for rule in RULES for step in rule["steps"] if "action" in step} <= known


def test_no_rule_speaks_for_the_form_when_it_ends() -> None:
    """A rule that said "done" would say it, too, when the actions are down."""
    for rule in RULES:
        actions = [step["action"] for step in rule["steps"] if "action" in step]
        if "plan_form" in actions:
            assert not [action for action in actions if action.startswith("utter_")]


@pytest.mark.parametrize("response", sorted(DOMAIN["responses"]))
def test_every_response_is_there_in_both_languages(response: str) -> None:
    variations = DOMAIN["responses"][response]
    spanish = [each for each in variations if each.get("condition")]
    assert [each["condition"] for each in spanish] == [[{"type": "slot", "name": "language", "value": "es"}]]
    assert len(variations) == 2
    assert all(each["text"].strip() for each in variations)
    assert len(variations[0].get("buttons", [])) == len(variations[1].get("buttons", []))


def test_every_response_is_used() -> None:
    used = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    by_action = {"utter_i_am_youth", "utter_i_am_caregiver", "utter_just_looking", "utter_nlu_fallback"}
    assert set(DOMAIN["responses"]) == {action for action in used if action.startswith("utter_")} | by_action


def test_the_links_in_the_root_lead_into_bot() -> None:
    for name, target in {"domain.yml": "bot/domain", "endpoints.yml": "bot/endpoints.yml"}.items():
        assert (ROOT / name).resolve() == ROOT / target
