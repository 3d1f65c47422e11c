"""Real questions (librarian.yml), and the service that a librarian would name; local services are those of local.yml.

The questions were written by somebody who had not seen how the search ranks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from porchlight.config import Settings
from porchlight.directory.asking import Question, read_question
from porchlight.directory.importing import import_content
from porchlight.directory.places import place_in
from porchlight.directory.reading import read_services
from porchlight.directory.searching import search
from porchlight.store.engine import Store, open_store

HERE = Path(__file__).parent
QUESTIONS: list[dict[str, Any]] = yaml.safe_load((HERE / "librarian.yml").read_text(encoding="utf-8"))
LOCAL: list[dict[str, Any]] = yaml.safe_load((HERE / "local.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the local services of one agency."""
    folder = tmp_path_factory.mktemp("agency")
    with closing(open_store(Settings(data_dir=folder, database_url=f"sqlite:///{folder}/agency.db"))) as store:
        import_content(store, "agency", read_services(LOCAL, "local.yml"))
        yield store


def question_of(written: dict[str, Any]) -> Question:
    moment, zone = written["at"].split(" ")
    at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    question = read_question(written["ask"], written["language"], written["role"], at)
    known = Question(age=written.get("age"), place=place_in(str(written.get("place") or "")))
    return replace(question.with_memory(known), at=at)


def test_there_are_enough_questions_in_both_languages() -> None:
    assert len(QUESTIONS) >= 60
    assert sum(each["language"] == "es" for each in QUESTIONS) >= len(QUESTIONS) // 4


@pytest.mark.parametrize("written", QUESTIONS, ids=[each["ask"][:60] for each in QUESTIONS])
def test_the_librarians_answer(agency: Store, written: dict[str, Any]) -> None:
    hits = agency.read(lambda session: search(session, question_of(written)))
    found = [hit.service.id for hit in hits]
    assert set(found[:1]) & set(written["first"]), found[:3]
    assert set(written.get("among") or ()) <= set(found[:3]), found[:3]
    assert not set(written.get("never") or ()) & set(found)
