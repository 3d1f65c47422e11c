"""The labelled messages: data/concerns (written for this), data/nlu (ordinary talk), and sets for measuring only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from porchlight.model import ROOT
from porchlight.screening.model import CATEGORIES, SEVERITIES
from porchlight.texts import LANGUAGES

CONCERNS = ROOT / "data" / "concerns"
HELD_OUT = CONCERNS / "held_out"
NLU = ROOT / "data" / "nlu"
#: Kept outside this repository; what it measures is skipped, and said so, where it is missing.
DEV = ROOT.parent / "shared" / "eval" / "dev.jsonl"

SPEAKERS = ("self", "friend", "caregiver")
#: What people say to the bot that is no worry: those intents are learnt as harmless. The others may hold one ("how do
#: i hide this from my husband" asks how to leave quickly).
HARMLESS_INTENTS = frozenset(
    """
    greet goodbye thanks affirm deny how_are_you bot_challenge chitchat what_can_you_do ask_privacy
    ask_kept ask_erase ask_cost ask_who_made
    answer no_more skip go_back change_item remove_item show_plan start_plan stop_plan
    continue_plan why_ask give_example speak_english speak_spanish i_am_caregiver
    just_looking out_of_scope feel_better
    """.split()  # noqa: SIM905
)


class BrokenData(Exception):
    """A file of messages cannot be used. The message names the file and what is wrong in it."""


@dataclass(frozen=True)
class Line:
    """A labelled message. `category` is None when it is harmless; `hard`: harmless, and full of alarming words.

    `after_rules`: written when the rules stood, by writers who did not know them.
    """

    text: str
    language: str
    category: str | None = None
    severity: str | None = None
    speaker: str | None = None
    hard: bool = False
    pair: str = ""
    after_rules: bool = False


def training_lines() -> list[Line]:
    """All that the classifier learns from. Raises BrokenData."""
    lines = [line for path in sorted(CONCERNS.glob("*.yml")) for line in read_file(path)]
    lines += [line for path in sorted(NLU.glob("*.yml")) for line in _nlu(path)]
    # What two writers both thought of is measured with, not learnt.
    held_out = {line.text.casefold() for language in LANGUAGES for line in held_out_lines(language)}
    return _once([line for line in lines if line.text.casefold() not in held_out])


def held_out_lines(language: str) -> list[Line]:
    """Messages of `language` that were written apart from the others, to measure with. Raises BrokenData."""
    worries, harmless = HELD_OUT / f"worries.{language}.yml", HELD_OUT / f"harmless.{language}.yml"
    lines = list(_graded(worries, yaml.safe_load(worries.read_text(encoding="utf-8")), language))
    for kind, texts in yaml.safe_load(harmless.read_text(encoding="utf-8")).items():
        _check(harmless, {kind}, ("hard", "ordinary"))
        lines += [Line(text, language, hard=kind == "hard") for text in texts]
    return lines


def read_file(path: Path) -> list[Line]:
    """The messages of a file of data/concerns, whose name says what they are. Raises BrokenData."""
    after_rules = "third" in path.stem
    return [replace(line, after_rules=after_rules) for line in _lines(path)]


def _lines(path: Path) -> list[Line]:
    topic, _, language = path.stem.rpartition(".")
    if language not in LANGUAGES:
        raise BrokenData(f"{path} must be named <category>.en.yml or <category>.es.yml.")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if topic.startswith("none."):
        easy = topic == "none.requests"
        return [Line(text, language, hard=not easy) for texts in content.values() for text in texts]
    if topic.startswith("pairs."):
        return list(_pairs(path, content, language))
    if topic == "graded":
        return list(_graded(path, content, language))
    category = topic.partition(".")[0]
    _check(path, {category}, CATEGORIES)
    return list(_rated(path, category, content, language))


def _graded(path: Path, content: dict[str, Any], language: str) -> Iterator[Line]:
    """The messages of several categories, each with what `_rated` reads."""
    _check(path, set(content), CATEGORIES)
    for category, rated in content.items():
        yield from _rated(path, category, rated, language)


def _rated(path: Path, category: str, content: dict[str, dict[str, list[str]]], language: str) -> Iterator[Line]:
    """The messages of a category, which stand under their severity and who speaks."""
    _check(path, set(content), SEVERITIES)
    for severity, spoken in content.items():
        _check(path, set(spoken), SPEAKERS)
        for speaker, texts in spoken.items():
            yield from (Line(text, language, category, severity, speaker) for text in texts)


def dev_rows() -> list[dict[str, str]]:
    """The rows of the shared set, which no one of this project wrote; empty where it is missing."""
    if not DEV.exists():
        return []
    return [json.loads(row) for row in DEV.read_text(encoding="utf-8").splitlines()]


def _pairs(path: Path, content: dict[str, list[dict[str, str]]], language: str) -> Iterator[Line]:
    """A message that worries and its nearest harmless neighbour, which stay together when lines are held out."""
    _check(path, set(content), CATEGORIES)
    for category, entries in content.items():
        for number, entry in enumerate(entries):
            _check(path, set(entry), ("severity", "worries", "harmless"))
            pair = f"{path.name} {category} {number}"
            if "worries" in entry:
                yield Line(entry["worries"], language, category, entry["severity"], "self", pair=pair)
            if "harmless" in entry:
                yield Line(entry["harmless"], language, hard=True, pair=pair)


def _nlu(path: Path) -> Iterator[Line]:
    language = path.stem.rpartition(".")[2]
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        if entry.get("intent") in HARMLESS_INTENTS:
            for example in entry["examples"].splitlines():
                text = example.removeprefix("- ").strip()
                if text:
                    yield Line(text, language)


def _check(path: Path, found: set[str], allowed: tuple[str, ...]) -> None:
    if unknown := found - set(allowed):
        raise BrokenData(f"{path} has {', '.join(sorted(unknown))}; it may have {', '.join(allowed)}.")


def _once(lines: list[Line]) -> list[Line]:
    return list({(line.text, line.category): line for line in lines}.values())
