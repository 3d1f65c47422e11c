"""Each rule catches what it must and lets pass what it must; the patterns stay readable and fast."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from porchlight.screening import CATEGORIES, SEVERITIES, rulebook
from porchlight.screening.patterns import Patterns, compiled, expand, needs
from porchlight.screening.rulebook import (
    CONTEXTS,
    BrokenRules,
    compile_rules,
    contexts_in,
    entries,
    read,
    sentences,
)
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
    return {context.name for sentence in sentences(text) for context in contexts_in(sentence)}


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


BROKEN = {
    "severity": {"severity": "bad"},
    "'signs'": {"signs": None},
    "<nobody>": {"signs": ["<nobody> hits"]},
    "not closed": {"signs": ["(he hits"]},
    "not opened": {"signs": ["he hits)"]},
    "cannot be used": {"signs": ["(?<=a|bc)hits"]},
}

NO_SEVERITY = ("_contexts.yml", "severity")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the rules that may be broken."""
    shutil.copytree(rulebook.FOLDER, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(rulebook, "FOLDER", tmp_path)
    monkeypatch.setattr(rulebook, "CONTEXTS", tmp_path / CONTEXTS.name)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    rulebook._rules.cache_clear()
    rulebook._contexts.cache_clear()


@pytest.mark.parametrize(
    ("name", "what"),
    [(name, what) for name in ("suicide.yml", "_contexts.yml") for what in BROKEN if (name, what) != NO_SEVERITY],
)
def test_broken_rules_stop_the_start(folder: Path, name: str, what: str) -> None:
    rule = {"name": "x", "effect": "leaves", "severity": "urgent", "sure": True, "signs": ["a"], **BROKEN[what]}
    written = {key: value for key, value in rule.items() if value is not None}
    (folder / name).write_text(yaml.safe_dump([written]), encoding="utf-8")
    with pytest.raises(BrokenRules, match=re.escape(what)):
        compile_rules()


def test_rules_that_cannot_be_read_stop_the_start(folder: Path) -> None:
    (folder / "suicide.yml").write_text("- {", encoding="utf-8")
    with pytest.raises(BrokenRules, match=r"suicide\.yml cannot be read"):
        compile_rules()


# Each pattern is only tried where the words stand that it needs: it may need none that it can do without.


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("he hits me", [{"he hits me"}]),
        ("(he|she) (hits|beats) me", [{"hits", "beats"}, {" me"}]),
        ("kicked( me)? out", [{"kicked"}, {" out"}]),
        ("pills?", [{"pil"}]),
        ("kill+ my(self)?", [{"kil"}, {" my"}]),
        ("(locked (me|us)|hidden) (?!joke)away", [{"locked ", "hiden"}, {"away"}]),
        ("(?<!not )crying( [a-z]+){0,2} again", [{"crying"}, {" again"}]),
        ("[a-z]+ed|hit", []),
        ("(abcd){0}xyz", [{"xyz"}]),
        ("abcd{00,2}efg", [{"abc"}, {"efg"}]),
    ],
)
def test_words_that_a_pattern_needs(pattern: str, needed: list[set[str]]) -> None:
    assert sorted(map(sorted, needs(pattern))) == sorted(map(sorted, needed))


@pytest.mark.parametrize(
    "pattern", ["(he|she hits", "he) hits", "he {hits", "he hits\\w", "die.now", "(?i:die)", "die(?# a note)"]
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="bracket"):
        needs(pattern)


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_pattern_is_passed_over(category: str) -> None:
    """Wherever a pattern matches, it is among those that are tried."""
    tried = Patterns()
    patterns = {
        pattern for entry in entries(category) for kind in ("signs", "unless") for pattern in entry.get(kind, ())
    }
    for pattern in patterns:
        tried.add(pattern, pattern)
    matched = 0
    for entry in entries(category):
        for sentence in {part for text in (*entry["catches"], *entry["passes"]) for part in sentences(text)}:
            matching = {pattern for pattern in patterns if compiled(pattern).search(sentence)}
            assert matching <= set(tried.find(sentence))
            matched += len(matching)
    assert matched > len(patterns) / 4


# How long it takes. Nothing that repeats may stand inside something that repeats, so that the work grows with
# the length of the message only.


def _parsed(pattern: str) -> Any:
    from re import _parser as parser  # type: ignore[attr-defined]

    return parser.parse(expand(pattern))


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
    assert not re.search(r"(<(gap|bit)>| )(\([^()]*\)\?)?$", pattern), "it cannot match at the end of a sentence"
    written_out = re.sub("<([a-z]+)>", lambda name: GROUPS[name.group(1)], pattern)
    assert not re.search("[A-Z'’áéíóúñü]", pattern)
    assert not re.search(r"([a-z])\1[?*+{]", written_out), "a double letter is read as one: it cannot be half optional"
    assert not re.search(r"\.[*+]|\\[wWdDsS]|(?<!\])[*+]", pattern)


def test_a_repeat_in_a_repeat_is_found() -> None:
    assert list(_nested_repeats(_parsed("i (am )*(very *)+sad"))) != []
    assert list(_nested_repeats(_parsed("([a-z]+ ){0,4}sad"))) != []
