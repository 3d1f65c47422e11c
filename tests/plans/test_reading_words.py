"""The lists in resources/reading/ hold what the code looks for, in both languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "reading"
ONE_LANGUAGE = {"titles_not_after_my", "after_modifiers", "in_english", "nicknames"}


def book(code: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((FOLDER / f"{code}.yml").read_text("utf-8"), yaml.BaseLoader)
    return loaded


def phrases(node: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield from phrases(child, f"{name}.{key}")
    else:
        yield name, node


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_entry_is_a_word_or_phrase(code: str) -> None:
    for name, node in phrases(book(code), code):
        entries = node if isinstance(node, list) else [node]
        assert all(isinstance(entry, str) and entry.strip() for entry in entries), name


def test_both_languages_have_the_same_lists() -> None:
    english, spanish = book("en"), book("es")
    assert set(english) ^ set(spanish) <= ONE_LANGUAGE
    for name in ("moves", "relations", "places", "helpers", "remove", "change"):
        assert set(spanish[name]) <= set(english[name]), name


def test_every_move_is_known_in_both_languages() -> None:
    assert set(book("en")["moves"]) == set(book("es")["moves"])


@pytest.mark.parametrize("name", ["given_names", "surnames", "ordinary_words"])
def test_word_lists_are_lower_case_and_sorted(name: str) -> None:
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    assert words == sorted(set(words))
    assert all(word == word.lower() for word in words)
