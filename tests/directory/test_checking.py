"""What is wrong with imported services is found, and what is right is left alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from porchlight.cli import app
from porchlight.directory.checking import check
from porchlight.directory.denylist import denied, digits
from porchlight.directory.importing import import_content
from porchlight.directory.reading import read
from porchlight.store.engine import Store
from tests.directory.samples import PACKAGE, changed, write_package

TODAY = date(2026, 11, 22)
FRESH = {"assured_date": "2026-06-01"}


def problems(store: Store, folder: Path, tables: dict[str, list[dict[str, Any]]], loose: bool = False) -> list[str]:
    import_content(store, "local", read(write_package(folder, tables)), partial_package=loose)
    found = store.read(lambda session: list(check(session, TODAY)))
    return [f"{problem.kind}: {problem.words}" for problem in found]


def test_what_is_right_is_left_alone(store: Store, tmp_path: Path) -> None:
    phones = [{**PACKAGE["phones"][0], "number": "(800) 555-0100"}, {"id": "p2", "service_id": "s1", "number": "911"}]
    assert problems(store, tmp_path, {**changed("services", **FRESH), "phones": phones}) == []


@pytest.mark.parametrize(
    ("phone", "found"),
    [
        ({"number": "1-800-931-2237"}, "denied: phones.csv row 2: 1-800-931-2237 must not be shown"),
        ({"number": "+1 (800) 931 2237"}, "denied: phones.csv row 2: +1 (800) 931 2237 must not be shown"),
        ({"number": "555-0100"}, "number: phones.csv row 2: '555-0100' cannot be dialled"),
        (
            {"number": "800-555-0100", "description": "call tel:18005550199"},
            "link: phones.csv row 2: the link dials 18005550199, the label says 800-555-0100",
        ),
    ],
)
def test_bad_numbers_are_found(store: Store, tmp_path: Path, phone: dict[str, str], found: str) -> None:
    services = changed("services", **FRESH)["services"]
    tables = {**changed("phones", **phone), "services": services}
    assert [words.startswith(found) for words in problems(store, tmp_path, tables)] == [True]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, "nobody says when 'Night beds' was last right"),
        ({"assured_date": "2024-01-31"}, "'Night beds' was last right on 2024-01-31"),
        ({"assured_date": "2024-01-31", "last_modified": "2026-10-01T10:00:00"}, ""),
        ({"status": "defunct"}, ""),
    ],
)
def test_old_services_are_found(store: Store, tmp_path: Path, fields: dict[str, str], found: str) -> None:
    phones = changed("phones", number="800-555-0100")["phones"]
    words = " ".join(problems(store, tmp_path, {**changed("services", **fields), "phones": phones}))
    assert found in words
    assert bool(found) == bool(words)


def test_links_to_nothing_are_found(store: Store, tmp_path: Path) -> None:
    tables = {**changed("phones", service_id="s9", number="911"), "services": changed("services", **FRESH)["services"]}
    assert problems(store, tmp_path, tables, loose=True) == [
        "dangling: phones.csv row 2: service_id 's9' is the id of no service."
    ]


def test_a_number_may_be_right_in_one_state_only() -> None:
    assert digits("+1 877.237.0004") == "8772370004"
    assert denied("877-237-0004", "TN") is None
    assert denied("877-237-0004", "AL") is not None
    assert denied("877-237-0004") is not None
    assert denied("988") is None


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(tmp_path / "var"))
    package = write_package(tmp_path / "in", changed("phones", number="800-931-2237"))

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["directory", *words])
        return result.exit_code, " ".join(result.output.split())

    status, words = run("list")
    assert (status, "porchlight" in words) == (0, True)
    assert run("export", str(tmp_path / "out"), "--source", "nobody")[0] == 2
    assert run("import", str(package)) == (0, "Imported in: 1 organization, 1 service, 1 phone.")
    assert " 1 porchlight" in run("list")[1]
    status, words = run("check")
    assert status == 1
    assert "must not be shown" in words
    assert run("export", str(tmp_path / "out"))[0] == 2  # which of the two?
    own = ("--source", "in")
    assert run("export", str(tmp_path / "out"), *own, "--format", "json")[0] == 0
    assert run("export", str(tmp_path / "out"), *own)[1].endswith("is not an empty folder.")
    status, words = run("import", str(write_package(tmp_path / "bad", changed("phones", number=""))))
    assert (status, "phones.csv row 2: number is missing." in words) == (1, True)
    assert run("import", str(tmp_path / "gone"))[0] == 1
