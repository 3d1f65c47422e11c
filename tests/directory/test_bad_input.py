"""Bad input through the real command: refused with file, row and reason, and what was there before stays."""

from __future__ import annotations

import json
import os
import random
import re
import string
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select
from typer.testing import CliRunner

from porchlight import directory_commands
from porchlight.cli import app
from porchlight.config import Settings
from porchlight.directory.reading import read
from porchlight.directory.tables import TABLES, Batch
from porchlight.store.engine import Store, open_store
from tests.directory.samples import ORGANIZATION, SAMPLES, SERVICE, changed, content, needs_samples, write_package

HEAD = b"id,name,description\n"
NAMED = "id,name,description\no1,Niños,x\n"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["directory", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.split())


def rows_of(store: Store) -> int:
    """All rows of the directory, of batches that nobody sees, too."""
    tables = [*TABLES.values(), Batch.__table__]
    counted = store.read(lambda session: [session.scalar(select(func.count()).select_from(table)) for table in tables])
    return sum(count or 0 for count in counted)


Make = Callable[[Path], Path]


def file(name: str, what: bytes | str) -> Make:
    def made(folder: Path) -> Path:
        folder.mkdir()
        (folder / name).write_bytes(what.encode() if isinstance(what, str) else what)
        return folder / name

    return made


def package(tables: dict[str, list[dict[str, Any]]]) -> Make:
    return lambda folder: write_package(folder, tables)


def document(*items: Any) -> Make:
    return file("services.json", json.dumps(items))


def page(number: int, total: int, item: dict[str, Any] = SERVICE) -> str:
    return json.dumps({"total_pages": total, "page_number": number, "contents": [{**item, "id": f"s{number}"}]})


def pages(*numbers: int, total: int) -> Make:
    def made(folder: Path) -> Path:
        (folder / "services").mkdir(parents=True)
        for number in numbers:
            (folder / "services" / f"{number}.json").write_text(page(number, total), encoding="utf-8")
        return folder

    return made


def archive(*entries: tuple[str, bytes]) -> Make:
    def made(folder: Path) -> Path:
        folder.mkdir()
        with zipfile.ZipFile(folder / "data.zip", "w", zipfile.ZIP_DEFLATED) as opened:
            for name, what in entries:
                opened.writestr(name, what)
        return folder / "data.zip"

    return made


def changed_archive(change: Callable[[bytes], bytes]) -> Make:
    """An archive with a good table in it, whose bytes are changed."""

    def made(folder: Path) -> Path:
        path = archive(("organizations.csv", HEAD + b"o1,a,b\n" * 3))(folder)
        path.write_bytes(change(path.read_bytes()))
        return path

    return made


def _less_than_there_is(zipped: bytes) -> bytes:
    """The archive says of its table that it has 20 bytes, at both places."""
    size = struct.pack("<I", len(HEAD) + 7 * 3)
    return zipped.replace(size, struct.pack("<I", 20))


def _bomb(folder: Path) -> Path:
    return archive(("organizations.csv", HEAD + b"o1,a,b\n" * 500_000))(folder)


def _nested_bomb(folder: Path) -> Path:
    folder.mkdir()
    inner = _bomb(folder / "inner").read_bytes()
    return archive(*((f"{number}.zip", inner) for number in range(3)))(folder / "outer")


def _linked(name: str, target: str) -> Make:
    def made(folder: Path) -> Path:
        folder.mkdir()
        os.symlink(target, folder / name)
        return folder

    return made


def _pipe(folder: Path) -> Path:
    folder.mkdir()
    os.mkfifo(folder / "services.csv")
    return folder


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": [value]}
    return value


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


NO_UTF_8 = "this is not UTF-8. Save it as UTF-8."
BAD: dict[str, tuple[Make, str]] = {
    # Rows
    "a key to nothing": (
        package(changed("phones", service_id="s9")),
        "phones.csv row 2: service_id 's9' is the id of no service.",
    ),
    "a word for a number": (
        package(changed("services", minimum_age="teen")),
        "services.csv row 2: minimum_age is 'teen', not a number.",
    ),
    "a day that is none": (
        package(changed("services", assured_date="31/01/2026")),
        "services.csv row 2: assured_date is '31/01/2026', not a date (2026-01-31).",
    ),
    "a word of no list": (
        package(changed("services", status="open")),
        "services.csv row 2: status is 'open', not one of active, inactive, defunct, temporarily closed.",
    ),
    "a list for a text": (
        document({**SERVICE, "organization": ORGANIZATION}, {**SERVICE, "id": "s2", "name": ["a"]}),
        "services.json item 2: name holds a list or an object, not text.",
    ),
    "a number for a list": (
        document({**SERVICE, "id": {"a": 1}}),
        "services.json item 1: id holds a list or an object, not text.",
    ),
    "words in a list of objects": (
        document({**SERVICE, "phones": ["555-0100"]}),
        "services.json item 1, phones 1: this is no object.",
    ),
    # Encodings
    "Latin-1": (file("organizations.csv", NAMED.encode("latin-1")), f"organizations.csv, after row 1: {NO_UTF_8}"),
    "UTF-16 with its mark": (file("organizations.csv", NAMED.encode("utf-16")), f"after row 1: {NO_UTF_8}"),
    "UTF-16 without": (
        file("organizations.csv", NAMED.replace("ñ", "n").encode("utf-16-le")),
        f"organizations.csv: {NO_UTF_8}",
    ),
    "Latin-1 in JSON": (
        file("services.json", '[{"id": "ñ"}]'.encode("latin-1")),
        "services.json, byte 10: this is not UTF-8.",
    ),
    "half a character": (
        file("services.json", '[{"id": "s", "name": "a", "status": "active"}, {"id": "\\ud83d"}]'),
        "services.json item 2: it holds half of a character, which cannot be kept.",
    ),
    "half a character in an unknown field": (
        file("services.json", '{"id": "s", "name": "a", "status": "active", "x": {"y": ["\\udc00"]}}'),
        "services.json: it holds half of a character, which cannot be kept.",
    ),
    "half a character as bytes": (
        file("services.json", b'[{"id": "s", "name": "\xed\xa0\xbd"}]'),
        "services.json, byte 23: this is not UTF-8.",
    ),
    "NUL": (
        package(changed("services", name="a\0b")),
        "services.csv row 2: name holds a character that cannot be kept.",
    ),
    # Too much
    "ten million letters in a cell": (
        file("organizations.csv", HEAD + b"o1,a,b\no2," + b"x" * 10_000_000 + b",\n"),
        "organizations.csv, after row 2: a cell has more than 100000 letters.",
    ),
    "a line without end": (
        file("organizations.csv", HEAD + b"x," * 15_000_000),
        "organizations.csv, after row 1: a line has more than 20000000 letters.",
    ),
    "a bomb": (_bomb, "data.zip unpacks to 3 MB in 1 files: that is refused."),
    "bombs in an archive": (_nested_bomb, "data.zip holds neither CSV nor JSON files."),
    "an archive of many files": (
        archive(*((f"{number}/services.csv", b"id\n") for number in range(300))),
        "data.zip unpacks to 0 MB in 300 files: that is refused.",
    ),
    "an archive that says it is smaller": (
        changed_archive(_less_than_there_is),
        "organizations.csv, after row 1: Bad CRC-32 for file 'organizations.csv'.",
    ),
    "objects in one another": (
        document(json.loads('{"phones": [' * 40 + "{}" + "]}" * 40)),
        "objects stand in one another too deep.",
    ),
    "deep in a field that nobody knows": (
        document({**SERVICE, "beds": _nested(200)}),
        "services.json item 1, beds: what stands in it is nested too deep.",
    ),
    "deep JSON": (file("services.json", b"[" * 100_000 + b"]" * 100_000), "services.json: this is not JSON."),
    # Broken files
    "an archive that was cut off": (
        changed_archive(lambda zipped: zipped[: len(zipped) // 2]),
        "data.zip: this archive is broken. It may have been cut off: fetch it again.",
    ),
    "an archive with other bytes": (
        changed_archive(lambda zipped: zipped[:60] + bytes(8) + zipped[68:]),
        "organizations.csv, after row",
    ),
    "a web page": (
        file("services.json", "<!DOCTYPE html>\n<p>Sorry"),
        "services.json, line 1: this is a web page, not",
    ),
    "no JSON": (file("services.json", '[\n{"id": 1,]'), "services.json, line 2: this is not JSON."),
    "not a number": (file("services.json", '[{"id": "s", "beds": NaN}]'), "services.json: this is not JSON."),
    "an empty table": (file("organizations.csv", ""), "There is nothing in it to import."),
    "a table without rows": (file("organizations.csv", HEAD), "There is nothing in it to import."),
    "an empty document": (file("services.json", " \n"), "there is nothing in it."),
    "an empty list": (file("services.json", "[]"), "There is nothing in it to import."),
    # What is no file
    "nothing there": (lambda folder: folder / "gone.csv", "gone.csv is not there."),
    "an empty folder": (_empty, "holds neither CSV nor JSON files."),
    "a link to itself": (_linked("services.csv", "services.csv"), "services.csv is not a file that can be read."),
    "a link to nothing": (_linked("services.json", "gone.json"), "services.json is not a file that can be read."),
    "a folder in a circle": (_linked("again", "."), "holds neither CSV nor JSON files."),
    "a pipe": (_pipe, "services.csv is not a file that can be read."),
    # One page of several
    "the first page": (
        file("services.json", page(1, 3)),
        "services.json is page 1 of 3, and these are not there: 2, 3. Fetch all pages into one folder, or import from"
        " the address; --partial takes what is there as if it were all.",
    ),
    "some pages": (pages(1, 3, total=10), "3.json is page 3 of 10, and these are not there: 2, 4, 5, 6, 7 …."),
}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One database for all cases, with a package in it: what a case leaves behind would meet the next."""
    folder = tmp_path_factory.mktemp("service")
    return Settings(data_dir=folder, database_url=f"sqlite:///{folder}/test.db")


@pytest.fixture
def postgresql(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "service", database_url=database_url)


def use(settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Store:
    """The store of the commands, with a package in it."""
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PORCHLIGHT_DATABASE_URL", settings.database)
    assert run("import", str(write_package(folder / "good")), "--source", "local")[0] == 0
    return open_store(settings)


def refused(store: Store, folder: Path, name: str) -> None:
    make, reason = BAD[name]
    before = content(store, "local"), rows_of(store)
    status, words = run("import", str(make(folder)), "--source", "local")
    assert status == 1, name
    assert words.startswith("Nothing was imported; what was there stays."), name
    assert reason in words, name
    assert (content(store, "local"), rows_of(store)) == before, name


@pytest.mark.parametrize("name", BAD)
def test_bad_input_changes_nothing(
    sqlite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with closing(use(sqlite, monkeypatch, tmp_path)) as store:
        refused(store, tmp_path / "in", name)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nor_in_the_other_database(postgresql: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(use(postgresql, monkeypatch, tmp_path)) as store:
        for number, name in enumerate(BAD):
            refused(store, tmp_path / f"in{number}", name)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_a_database_refuses(postgresql: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id may be longer than an index takes."""
    pick = random.Random(1)
    long = "".join(pick.choices(string.ascii_letters, k=20_000))
    with closing(use(postgresql, monkeypatch, tmp_path)) as store:
        before = content(store, "local"), rows_of(store)
        status, words = run("import", str(write_package(tmp_path / "in", changed("phones", id=long))))
        assert (status, "Nothing was imported; what was there stays." in words) == (1, True)
        assert (content(store, "local"), rows_of(store)) == before


@needs_samples
def test_the_specifications_bad_example(sqlite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(use(sqlite, monkeypatch, tmp_path)) as store:
        before = content(store, "local"), rows_of(store)
        status, words = run("import", str(SAMPLES / "spec_3.0" / "examples" / "csv"), "--source", "local")
        assert status == 1
        assert len(re.findall(r"\w+\.csv row \d+: \w+ '[\w-]+' is the id of ", words)) == 8
        assert (content(store, "local"), rows_of(store)) == before


# What looks bad, and is not


def hidden(folder: Path) -> Path:
    (write_package(folder) / "._services.csv").write_bytes(b"\0\1rubbish")
    return folder


GOOD: dict[str, Make] = {
    "a mark before UTF-8": file("organizations.csv", "\ufeff" + NAMED),
    "a mark before JSON": file("services.json", "\ufeff" + json.dumps([{**SERVICE, "name": "Niños"}])),
    "JSON in UTF-16": file("services.json", json.dumps([SERVICE]).encode("utf-16")),
    "lines as Windows writes them": file("organizations.csv", NAMED.replace("\n", "\r\n")),
    "lines as old Macs wrote them": file("organizations.csv", NAMED.replace("\n", "\r")),
    "a table in capitals": file("organizations.CSV", NAMED),
    "whole characters in halves": file("services.json", '[{"id":"s","name":"\\ud83d\\ude00","status":"active"}]'),
    "JSON in an archive": archive(("out/services.json", json.dumps([SERVICE]).encode())),
    "what a desktop adds": hidden,
    "all pages": pages(1, 2, 3, total=3),
    "a list of one page": file("services.json", page(1, 1)),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_looks_bad_and_is_not(
    sqlite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(sqlite.data_dir))
    monkeypatch.setenv("PORCHLIGHT_DATABASE_URL", sqlite.database)
    status, words = run("import", str(GOOD[name](tmp_path / "in")), "--source", "other")
    assert (status, words.startswith("Imported other: ")) == (0, True), words


def test_a_page_may_be_taken_as_all(sqlite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(sqlite.data_dir))
    monkeypatch.setenv("PORCHLIGHT_DATABASE_URL", sqlite.database)
    path = file("services.json", page(1, 3))(tmp_path / "in")
    status, words = run("import", str(path), "--partial", "--source", "other")
    assert (status, words.startswith("Imported other: 1 service.")) == (0, True)


# How far it is


@pytest.mark.parametrize("kind", ["folder", "archive", "documents", "tables in a document"])
def test_how_far_reading_is(tmp_path: Path, kind: str) -> None:
    services = [{**SERVICE, "id": f"s{number}"} for number in range(20_000)]
    tables = {"organizations": [ORGANIZATION], "services": services}
    if kind == "documents":
        path = file("services.json", json.dumps(services))(tmp_path / "in")
    elif kind == "tables in a document":
        path = file("data.json", json.dumps({f"{name}.csv": rows for name, rows in tables.items()}))(tmp_path / "in")
    else:
        path = write_package(tmp_path / "in", tables)
    if kind == "archive":
        texts = [(each.name, each.read_bytes()) for each in path.iterdir()]
        path = tmp_path / "data.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as opened:
            for name, text in texts:
                opened.writestr(name, text)
    found = read(path)
    assert found.meter.share() == 0
    shares = [found.meter.share() or 0 for _ in found.rows]
    assert shares == sorted(shares)
    assert shares[len(shares) // 2] == pytest.approx(0.5, abs=0.05)
    assert found.meter.share() == 1


def test_the_bar_tells_per_cent(sqlite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(sqlite.data_dir))
    monkeypatch.setenv("PORCHLIGHT_DATABASE_URL", sqlite.database)
    screen = Console(force_terminal=True, width=120, highlight=False, file=StringIO())
    monkeypatch.setattr(directory_commands, "console", screen)
    told = directory_commands._show

    def show(progress: Progress, *words: Any) -> None:
        told(progress, *words)
        progress.refresh()

    monkeypatch.setattr(directory_commands, "_show", show)
    services = [{**SERVICE, "id": f"s{number}"} for number in range(9_000)]
    write_package(tmp_path / "in", {"organizations": [ORGANIZATION], "services": services})
    assert run("import", str(tmp_path / "in"), "--source", "other")[0] == 0
    shown = re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]", "", screen.file.getvalue())  # type: ignore[attr-defined]
    assert re.search(r"Importing in \S+ +47% -:--:-- 4,000 rows", shown)
    assert re.search(r"Importing in \S+ +91% \d:\d\d:\d\d 8,000 rows", shown)
    assert "Making them findable" in shown
