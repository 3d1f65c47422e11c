"""Each rule catches what it must and lets pass what it must; the patterns stay readable and fast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from porchlight.screening import CATEGORIES, SEVERITIES, rulebook
from porchlight.screening.rulebook import CONTEXTS, BrokenRules, entries, read
from porchlight.screening.spelling import word_lists

RULES: list[tuple[str, dict[str, Any]]] = [(category, entry) for category in CATEGORIES for entry in entries(category)]
CONTEXT_ENTRIES: list[dict[str, Any]] = yaml.safe_load(CONTEXTS.read_text(encoding="utf-8"))
GROUPS: dict[str, str] = word_lists()["groups"]
PATTERNS = [
    pattern
    for entry in [*(entry for _, entry in RULES), *CONTEXT_ENTRIES]
    for pattern in (*entry["signs"], *entry.get("unless", ()))
]
CATCHES = [(entry["name"], text) for _, entry in RULES for text in entry["catches"]]
PASSES = [(category, entry["name"], text) for category, entry in RULES for text in entry["passes"]]
KEYS = {"name", "about", "severity", "sure", "signs", "unless", "catches", "passes"}


def found(text: str) -> set[str]:
    return {hit.rule.name for hit in read(text).hits}


def contexts_of(text: str) -> set[str]:
    sentences = list(rulebook._sentences(text))
    return {each.name for each in rulebook.contexts() if any(each.holds(sentence) for sentence in sentences)}


@pytest.mark.parametrize(("name", "text"), CATCHES, ids=range(len(CATCHES)))
def test_catches(name: str, text: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(("category", "name", "text"), PASSES, ids=range(len(PASSES)))
def test_passes(category: str, name: str, text: str) -> None:
    """No rule of the category speaks by itself; what stands in a context is left to the classifier."""
    hits = [hit for hit in read(text).hits if hit.rule.category == category and not hit.effects]
    assert [hit.rule.name for hit in hits] == []


@pytest.mark.parametrize("context", CONTEXT_ENTRIES, ids=lambda entry: str(entry["name"]))
def test_contexts(context: dict[str, Any]) -> None:
    assert context["effect"] in ("leaves", "lowers", "denies")
    for text in context["catches"]:
        assert context["name"] in contexts_of(text), text
    for text in context["passes"]:
        assert context["name"] not in contexts_of(text), text


def test_names_are_unique() -> None:
    names = [entry["name"] for _, entry in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("category", "entry"), RULES, ids=[entry["name"] for _, entry in RULES])
def test_a_rule_can_be_reviewed(category: str, entry: dict[str, Any]) -> None:
    assert set(entry) <= KEYS
    assert entry["severity"] in SEVERITIES
    assert entry["sure"] in (True, False)
    assert entry["about"].strip()
    assert len(set(entry["catches"])) >= 6
    assert len(set(entry["passes"])) >= 4


def test_each_category_has_rules_and_examples() -> None:
    for category in CATEGORIES:
        assert len(entries(category)) >= 3
        assert sum(len(entry["catches"]) for entry in entries(category)) >= 20


def test_broken_rules_stop_the_start(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "suicide.yml").write_text("- {name: x, severity: bad, sure: true, signs: [a]}", encoding="utf-8")
    monkeypatch.setattr(rulebook, "FOLDER", tmp_path)
    with pytest.raises(BrokenRules, match=r"suicide\.yml"):
        [rulebook._rule("suicide", entry) for entry in entries("suicide")]


# How long it takes. Nothing that repeats may stand inside something that repeats, so that the work grows with
# the length of the message only.


def _parsed(pattern: str) -> Any:
    from re import _parser as parser  # type: ignore[attr-defined]

    return parser.parse(rulebook.expand(pattern))


def _nested_repeats(parsed: Any, inside: int = 1) -> Iterator[tuple[int, int]]:
    """Every repeat that stands in another one, as (bound of the outer, bound of the inner)."""
    for operator, argument in _steps(parsed):
        bound = 1
        if "REPEAT" in str(operator):
            bound = int(argument[1])
            if inside > 1:
                yield inside, bound
        for part in _parts(argument):
            yield from _nested_repeats(part, max(inside, bound))


def _steps(parsed: Any) -> list[tuple[Any, Any]]:
    return [step for step in parsed if isinstance(step, tuple) and len(step) == 2]


def _parts(argument: Any) -> Iterator[Any]:
    """The patterns inside an operator's argument: of a group, a choice, a repeat or a look ahead."""
    if hasattr(argument, "getwidth"):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _parts(part)


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_pattern_is_plain_and_bounded(pattern: str) -> None:
    assert list(_nested_repeats(_parsed(pattern))) == []
    assert not re.search(r"\|\||\(\||\|\)", pattern), "a choice is empty"
    written_out = re.sub("<([a-z]+)>", lambda name: GROUPS[name.group(1)], pattern)
    assert not re.search("[A-Z'’áéíóúñü]", pattern)
    assert not re.search(r"([a-z])\1[?*+{]", written_out), "a double letter is read as one: it cannot be half optional"
    assert not re.search(r"\.[*+]|\\[wWdDsS]|(?<!\])[*+]", pattern)


def test_a_repeat_in_a_repeat_is_found() -> None:
    assert list(_nested_repeats(_parsed("i (am )*(very *)+sad"))) != []
    assert list(_nested_repeats(_parsed("([a-z]+ ){0,4}sad"))) != []
