"""An import is all or nothing, can be run again, and refuses what it cannot use: the file, the row and the reason."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from porchlight.directory import importing
from porchlight.directory.importing import import_content
from porchlight.directory.queries import sources
from porchlight.directory.reading import Content, Found, Refused, read
from porchlight.directory.tables import TABLES, Batch
from porchlight.store.engine import Store
from tests.directory.samples import ORGANIZATION, PACKAGE, SERVICE, changed, content, write_package


def reasons_of(store: Store, path: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        import_content(store, "local", read(path))
    return refused.value.reasons


def rows_of(store: Store) -> int:
    """All rows of the directory, of batches that nobody sees, too."""
    tables = [*TABLES.values(), Batch.__table__]
    counted = store.read(lambda session: [session.scalar(select(func.count()).select_from(table)) for table in tables])
    return sum(count or 0 for count in counted)


def test_a_package_comes_in(store: Store, tmp_path: Path) -> None:
    imported = import_content(store, "local", read(write_package(tmp_path)))
    assert imported.rows == {"organization": 1, "service": 1, "phone": 1}
    assert [(each.name, each.services) for each in store.read(sources)] == [("local", 1)]
    assert json.loads(content(store, "local")["service"][0])["minimum_age"] == 12


def test_again_without_doubles(store: Store, tmp_path: Path) -> None:
    import_content(store, "local", read(write_package(tmp_path)))
    before = content(store, "local"), rows_of(store)
    import_content(store, "local", read(tmp_path))
    assert (content(store, "local"), rows_of(store)) == before


def test_a_new_import_takes_the_place_of_the_one_before(store: Store, tmp_path: Path) -> None:
    import_content(store, "local", read(write_package(tmp_path / "old")))
    import_content(store, "other", read(tmp_path / "old"))
    new = {**PACKAGE, "services": [{**SERVICE, "name": "Day room"}], "phones": []}
    import_content(store, "local", read(write_package(tmp_path / "new", {k: v for k, v in new.items() if v})))
    assert "phone" not in content(store, "local")
    assert "Day room" in content(store, "local")["service"][0]
    assert "Night beds" in content(store, "other")["service"][0]


def test_what_was_there_before_stays(store: Store, tmp_path: Path) -> None:
    import_content(store, "local", read(write_package(tmp_path / "good")))
    before = content(store, "local"), rows_of(store)
    assert reasons_of(store, write_package(tmp_path / "bad", changed("phones", service_id="s9")))
    assert (content(store, "local"), rows_of(store)) == before


def test_an_import_that_is_killed_leaves_nothing_that_is_seen(store: Store, tmp_path: Path) -> None:
    import_content(store, "local", read(write_package(tmp_path)))
    before = content(store, "local"), rows_of(store)

    def broken() -> Iterator[Found]:
        yield Found("organization", ORGANIZATION, "here")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_content(store, "local", Content(broken(), "package"))
    assert (content(store, "local"), rows_of(store)) == before


def test_a_chat_is_kept_while_an_import_runs(store: Store) -> None:
    """No transaction of an import is open while its rows are read."""

    def slow() -> Iterator[Found]:
        for number in range(3):
            assert store.run(lambda session: session.scalar(select(func.count()).select_from(Batch))) == 1
            yield Found("organization", {**ORGANIZATION, "id": f"o{number}"}, "here")

    import_content(store, "local", Content(slow(), "package"))


def test_two_imports_of_one_source_at_once(store: Store, tmp_path: Path) -> None:
    """The one that began later wins, and the other one says so."""
    package = write_package(tmp_path)

    def overtaken() -> Iterator[Found]:
        yield from read(package).rows
        import_content(store, "local", read(package))

    with pytest.raises(Refused, match="Another import of the same source began meanwhile"):
        import_content(store, "local", Content(overtaken(), "package"))
    assert [each.name for each in store.read(sources)] == ["local"]


BAD_ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "a dangling key": (
        changed("phones", service_id="s9"),
        "phones.csv row 2: service_id 's9' is the id of no service.",
    ),
    "no number": (changed("phones", number=""), "phones.csv row 2: number is missing."),
    "no id": (changed("services", id=""), "services.csv row 2: id is missing."),
    "a word for a number": (changed("services", minimum_age="teen"), "minimum_age is 'teen', not a number"),
    "an endless number": (changed("services", minimum_age="inf"), "minimum_age is 'inf', which is no number"),
    "a state that is none": (changed("services", status="open"), "status is 'open', not one of active, inactive"),
    "blanks for a name": (changed("services", name="  "), "services.csv row 2: name is missing."),
    "a character that no database keeps": (changed("services", name="a\x00b"), "name holds a character that cannot"),
    "a day that is none": (changed("services", assured_date="2026-02-30"), "assured_date is '2026-02-30', not a date"),
    "a time that is none": (
        {**PACKAGE, "schedules": [{"id": "t1", "service_id": "s1", "opens_at": "25:00"}]},
        "schedules.csv row 2: opens_at is '25:00', not a time",
    ),
    "an id twice": ({**PACKAGE, "services": [SERVICE, SERVICE]}, "services.csv row 3: the id 's1' stands twice."),
    "a strange table": ({**PACKAGE, "horses": [{"id": "1"}]}, "horses.csv: HSDS has no such table."),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_rows_are_named(store: Store, tmp_path: Path, name: str) -> None:
    tables, reason = BAD_ROWS[name]
    assert any(reason in each for each in reasons_of(store, write_package(tmp_path, tables)))
    assert rows_of(store) == 0


def written(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


HEAD = b"id,name,description\n"
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "another encoding": ("organizations.csv", HEAD + "o1,Niños,\n".encode("latin-1"), "this is not UTF-8"),
    "a huge cell": ("organizations.csv", HEAD + b"o1," + b"x" * 10_000_000 + b",\n", "more than 100000 letters"),
    "too many cells": ("organizations.csv", HEAD + b"o1,a,b,c\n", "row 2: it has 4 cells, the first row has 3"),
    "a quote that is not closed": ("organizations.csv", HEAD + b'o1,"a,b\n', "organizations.csv, after row"),
    "a column twice": ("organizations.csv", b"id,id\n1,2\n", "a column stands twice"),
    "nothing": ("organizations.csv", b"", "nothing in it to import"),
    "half a character": ("services.json", b'[{"id":"s","name":"\\ud800","status":"active"}]', "it holds half of a"),
    "a number without end": (
        "services.json",
        b'[{"id":"s","name":"n","status":"active","minimum_age":1' + b"0" * 400 + b"}]",
        "not a number",
    ),
    "a table that is none": ("data.json", b'{"services.csv": {"id": "1"}}', "this is no table of HSDS"),
    "a broken archive": ("data.zip", b"PK\x05\x06" + b"\0" * 10 + b"\xff\xff\xff\x7f\xff\xff\xff\x7f\0\0", "broken"),
    "no JSON": ("services.json", b'[{"id": 1,]', "services.json, line 1: this is not JSON"),
    "deep JSON": ("services.json", b"[" * 100_000 + b"]" * 100_000, "this is not JSON"),
    "JSON in another encoding": ("services.json", '"ñ"'.encode("latin-1"), "this is not UTF-8"),
    "JSON of another kind": ("data.json", b'{"horse": 1}', "this is no service, organization"),
    "a list of words": ("data.json", b'["a"]', "data.json item 1: this is no object of HSDS"),
    "objects in objects": (
        "services.json",
        json.dumps(eval("{'phones': [" * 40 + "{}" + "]}" * 40)).encode(),
        "too deep",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused(store: Store, tmp_path: Path, name: str) -> None:
    file, what, reason = BAD_FILES[name]
    assert any(reason in each for each in reasons_of(store, written(tmp_path / "in", file, what)))
    assert rows_of(store) == 0


def test_what_is_not_there(store: Store, tmp_path: Path) -> None:
    assert reasons_of(store, tmp_path / "gone.csv") == [f"{tmp_path / 'gone.csv'} is not there."]
    (tmp_path / "empty").mkdir()
    assert reasons_of(store, tmp_path / "empty") == ["empty holds neither CSV nor JSON files."]


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in folder.iterdir():
            archive.write(each, f"export/{each.name}")
    return path


def test_an_archive_comes_in(store: Store, tmp_path: Path) -> None:
    path = zipped(write_package(tmp_path / "in"), tmp_path / "data.zip")
    assert import_content(store, "local", read(path)).rows["service"] == 1


def test_what_a_desktop_adds_to_an_archive_is_passed_over(store: Store, tmp_path: Path) -> None:
    path = zipped(write_package(tmp_path / "in"), tmp_path / "data.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/export/._services.csv", "rubbish")
    assert import_content(store, "local", read(path)).rows["service"] == 1


def test_a_table_twice_in_an_archive(store: Store, tmp_path: Path) -> None:
    path = zipped(write_package(tmp_path / "in"), tmp_path / "data.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(tmp_path / "in" / "services.csv", "other/services.csv")
    assert reasons_of(store, path) == ["data.zip: a table stands in it twice, in several folders."]


# Exports of 1.1

OLD_SERVICE = {"id": "1", "organization_id": "1", "name": "Night beds", "status": "Active"}
OLD: dict[str, list[dict[str, Any]]] = {
    "organizations": [{"id": "1", "name": "Harbor House", "url": "https://example.org"}],
    "services": [OLD_SERVICE],
    "regular_schedules": [
        {"id": "1", "service_id": "1", "weekday": "Monday", "opens_at": "9:00", "closes_at": "17:00"}
    ],
    "holiday_schedules": [{"id": "1", "service_id": "1", "start_date": "2026-12-25", "end_date": "2026-12-25"}],
    "eligibility": [{"service_id": "1", "eligibility": "Under 18"}, {"service_id": "1", "eligibility": "No ID"}],
}


def old(store: Store, folder: Path, **tables: list[dict[str, Any]]) -> importing.Imported:
    return import_content(store, "old", read(write_package(folder, {**OLD, **tables})))


def test_an_old_export_comes_in_as_a_new_one(store: Store, tmp_path: Path) -> None:
    imported = old(store, tmp_path)
    assert imported.left_out == []
    found = {name: [json.loads(row) for row in rows] for name, rows in content(store, "old").items()}
    assert found["organization"][0]["website"] == "https://example.org"
    assert found["service"][0]["status"] == "active"
    assert found["service"][0]["eligibility_description"] == "Under 18. No ID"
    hours, holiday = sorted(found["schedule"], key=lambda row: str(row["valid_from"]), reverse=True)
    assert (hours["byday"], hours["opens_at"], hours["valid_from"]) == ("MO", "09:00", None)
    assert (holiday["valid_from"], holiday["valid_to"], holiday["byday"]) == ("2026-12-25", "2026-12-25", None)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"phones": [{"id": "1", "service_id": "1", "number": ""}]}, "phones.csv row 2: number is missing."),
        ({"services": [{**OLD_SERVICE, "assured_date": "soon"}]}, "assured_date is 'soon', not a date"),
        ({"services": [OLD_SERVICE, OLD_SERVICE]}, "services.csv row 3: the id '1' stands twice."),
        (
            {"eligibility": [{"service_id": "77", "eligibility": "x"}]},
            "eligibility.csv row 2: there is no service '77'.",
        ),
        ({"taxonomy": [{"id": "1"}]}, "taxonomy.csv: HSDS has no such table."),
    ],
)
def test_what_is_wrong_in_an_old_export_is_left_out_and_told(
    store: Store, tmp_path: Path, tables: dict[str, list[dict[str, Any]]], told: str
) -> None:
    imported = old(store, tmp_path, **tables)
    assert [told in reason for reason in imported.left_out] == [True]
    assert imported.rows["service"] == 1


def test_an_old_export_of_which_nothing_is_left_takes_nothings_place(store: Store, tmp_path: Path) -> None:
    old(store, tmp_path / "good")
    before = content(store, "old")
    with pytest.raises(Refused, match="There is no service in it"):
        import_content(store, "old", read(write_package(tmp_path / "bad", {"postal_addresses": [{"ID": "1"}]})))
    assert content(store, "old") == before


def test_a_source_stays_when_the_word_of_its_import_is_lost(store: Store, tmp_path: Path) -> None:
    """The batch is current, but who imported it never hears that."""
    import_content(store, "local", read(write_package(tmp_path)))
    before = content(store, "local")
    (source,) = store.read(sources)
    store.run(lambda session: importing._leave(session, source.batch))
    importing._sweep_gone(store)
    assert content(store, "local") == before


def test_an_archive_that_is_a_bomb(store: Store, tmp_path: Path) -> None:
    written(tmp_path / "in", "organizations.csv", HEAD + b"o1,a,b\n" * 3_000_000)
    path = zipped(tmp_path / "in", tmp_path / "bomb.zip")
    assert "that is refused" in reasons_of(store, path)[0]


def test_not_more_reasons_than_can_be_read(store: Store, tmp_path: Path) -> None:
    many = [{**SERVICE, "id": f"s{number}", "status": "bad"} for number in range(9_000)]
    assert len(reasons_of(store, write_package(tmp_path, {**PACKAGE, "services": many}))) == importing.REASONS


def test_fields_that_hsds_does_not_know_are_kept(store: Store, tmp_path: Path) -> None:
    import_content(store, "local", read(write_package(tmp_path, changed("services", beds="12"))))
    assert json.loads(content(store, "local")["service"][0])["more"] == {"beds": "12"}


def test_one_object_in_several_documents_is_one(store: Store, tmp_path: Path) -> None:
    written(tmp_path / "in", "organizations.json", json.dumps([ORGANIZATION]).encode())
    whole = {**SERVICE, "organization": {"id": "o1", "name": "Harbor House", "description": "x", "email": "a@b.org"}}
    written(tmp_path / "in", "services.json", json.dumps([whole]).encode())
    import_content(store, "local", read(tmp_path / "in"))
    (organization,) = map(json.loads, content(store, "local")["organization"])
    assert (organization["description"], organization["email"]) == (ORGANIZATION["description"], "a@b.org")
