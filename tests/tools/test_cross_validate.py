"""What the cross-validation refuses before it trains. The training itself is `make nlu`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from porchlight.model import ROOT
from tools.cross_validate import Example, _named, _refuse_too_few


def example(intent: str, language: str = "en") -> Example:
    words: dict[str, Any] = {"intent": intent, "text": "hi"}
    return Example(SimpleNamespace(get=words.get), "smalltalk", language)


@pytest.mark.parametrize("path", sorted((ROOT / "data/nlu").glob("*.yml")), ids=lambda path: path.name)
def test_every_data_file_names_its_topic_and_language(path: Path) -> None:
    topic, language = _named(path)
    assert path.name == f"{topic}.{language}.yml"


@pytest.mark.parametrize("name", ["plan.yml", "plan.fr.yml", ".en.yml"])
def test_a_file_without_topic_or_language_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must be named"):
        _named(Path(name))


def test_an_intent_with_fewer_lines_than_folds_is_refused() -> None:
    enough = [example("greet")] * 5
    _refuse_too_few(enough, 5)
    with pytest.raises(ValueError, match=r"thanks has 2 lines in 'es'"):
        _refuse_too_few([*enough, *[example("thanks", "es")] * 2], 5)


@pytest.mark.parametrize(("count", "folds"), [(0, 5), (5, 1)])
def test_no_lines_or_one_fold_are_refused(count: int, folds: int) -> None:
    with pytest.raises(ValueError, match="2 folds or more"):
        _refuse_too_few([example("greet")] * count, folds)
