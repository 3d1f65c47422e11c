"""What is given away holds no number of the denylist, and a tabular package is one as the specification has it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from porchlight.cli import app
from porchlight.directory.denylist import WITHDRAWN, all_without_denied, without_denied
from porchlight.directory.exporting import Exported, Writer, export_csv, export_json
from porchlight.directory.importing import import_content
from porchlight.directory.queries import sources
from porchlight.directory.reading import Content, Found, read
from porchlight.store.engine import Store
from tests.directory.samples import (
    ORGANIZATION,
    PACKAGE,
    PHONE,
    SAMPLES,
    SERVICE,
    changed,
    content,
    needs_samples,
    write_package,
)
from tests.directory.test_samples import GOOD, name_of, read_sample


def export(store: Store, write: Writer, folder: Path, source: str = "local") -> Exported:
    batch = next(each.batch for each in store.read(sources) if each.name == source)
    return store.read(lambda session: write(session, batch, folder))


# The denylist


@pytest.mark.parametrize(
    "text",
    [
        "(800) 999-9999",
        "(800)999-9999",
        "800.999.9999",
        "800 999 9999",
        "800/999-9999",
        "800 – 999 – 9999",
        "800\u2011999\u20119999",
        "800\u00a0999\u00a09999",
        "800&nbsp;999&nbsp;9999",
        "1-800-999-9999",
        "1 (800) 999-9999",
        "1.800.999.9999",
        "+1 (800) 999-9999",
        "+18009999999",
        "18009999999",
        "8009999999",
        "001 800 999 9999",
        "tel:+1-800-999-9999",
        "tel:800%20999%209999",
        "tel:%2B18009999999",
        "call 555-0100 800-999-9999 now",
        "24 hours: 24 800-999-9999",
        "800-999-9999--day and night",
        "-800-999-9999-",
        "800-999-9999x12",
        "Nine line: 800 999 9999.",
        "text SAFE to 69866.",
        "sms:69866",
        "sms:77054?body=LOVEIS",
        "text LOVEIS to 77054",
        "Text%2069866%20now",
        "(69866)",
    ],
)
def test_a_denied_number_is_found_as_people_write_it(text: str) -> None:
    told = without_denied(text)
    assert told.count(WITHDRAWN) == 1
    assert not re.search(r"999|698|770", told)


def test_all_denied_numbers_of_a_text_are_found() -> None:
    assert without_denied("69866, 77054 or 800-999-9999, (800) 850-8078").count(WITHDRAWN) == 4


@pytest.mark.parametrize(
    "text",
    [
        "800-999-9998",
        "98009999999",
        "80099999991",
        "169866",
        "698661",
        "a69866b",
        "$69866",
        "$69,866",
        "69866.50",
        "Houston, TX 77054",
        "Houston, Texas 77054-1234",
        "ZIP codes 77002, 77054, 77021",
        "zip 77054",
        "2023-04-12 00:15",  # 202-304-1200 is denied
        "877-237-0004",  # Tennessee's: right there
        "",
    ],
)
def test_what_is_no_denied_number_stays(text: str) -> None:
    assert without_denied(text) == text


@pytest.mark.parametrize("number", [8009999999, 18009999999, -8009999999, 8009999999.0, 8009999999.5, 8772370004])
def test_a_denied_number_that_is_no_text_is_found_however_deep(number: float) -> None:
    assert all_without_denied({"lines": [number, {"line": number}]}) == {"lines": [WITHDRAWN, {"line": WITHDRAWN}]}


@pytest.mark.parametrize("value", [8009999998, 10**400, float("inf"), float("nan"), True, None])
def test_what_is_no_denied_line_stays(value: object) -> None:
    assert all_without_denied([value]) == [value]


LANGUAGE: dict[str, Any] = {"id": "l1", "phone_id": "p1", "name": "Spanish"}
TERM = {"id": "x1", "name": "Shelter", "description": "A bed"}
ATTRIBUTE: dict[str, Any] = {"id": "a1", "link_id": "p1", "link_entity": "phone", "taxonomy_term_id": "x1"}
METADATA = {"id": "m1", "resource_id": "l1", "resource_type": "language", "field_name": "name"}
DENIED: dict[str, list[dict[str, Any]]] = {
    "organizations": [{**ORGANIZATION, "website": "tel:+1-800-999-9999"}],
    "services": [
        {**SERVICE, "description": "Call 1 (800) 999-9999 or text 69866. Houston, TX 77054.", "beds": "8009999999"}
    ],
    "phones": [{**PHONE, "number": "800.999.9999 ext. 2"}, {**PHONE, "id": "p2", "description": "was 800 999 9999"}],
    "languages": [LANGUAGE, {**LANGUAGE, "id": "l2", "phone_id": "p2"}],
    "taxonomy_terms": [TERM],
    "attributes": [ATTRIBUTE, {**ATTRIBUTE, "id": "a2", "link_id": "s1", "link_entity": "service"}],
    "metadata": [METADATA],
    "locations": [{"id": "o77054", "organization_id": "o1", "location_type": "physical", "name": "Hall 77054"}],
    "addresses": [
        {
            "id": "d1",
            "location_id": "o77054",
            "address_1": "77054 Elm",
            "postal_code": "77054",
            "address_type": "physical",
        }
    ],
    "service_areas": [{"id": "z1", "service_id": "s1", "name": "77054", "extent": "77002 77054"}],
}


@pytest.mark.parametrize("write", [export_csv, export_json])
def test_nothing_denied_is_given_away(store: Store, tmp_path: Path, write: Writer) -> None:
    import_content(store, "local", read(write_package(tmp_path / "in", DENIED)))
    written = export(store, write, tmp_path / "out")
    assert written.denied == {"phone": 1, "language": 1, "attribute": 1, "metadata": 1}
    assert written.withdrawn == 5  # website, description, "beds", the other phone's description, the hall's name
    for file in (tmp_path / "out").iterdir():
        text = file.read_text(encoding="utf-8")
        assert "9999" not in text
        assert "69866" not in text
    # What is left is whole, and ZIP codes and ids are what they were.
    import_content(store, "again", read(tmp_path / "out"))
    again = {name: [json.loads(row) for row in rows] for name, rows in content(store, "again").items()}
    assert [phone["id"] for phone in again["phone"]] == ["p2"]
    assert [language["id"] for language in again["language"]] == ["l2"]
    assert again["service"][0]["description"] == f"Call {WITHDRAWN} or text {WITHDRAWN}. Houston, TX 77054."
    assert again["service"][0]["more"] == {"beds": WITHDRAWN}
    assert (again["address"][0]["address_1"], again["address"][0]["postal_code"]) == ("77054 Elm", "77054")
    assert (again["service_area"][0]["name"], again["service_area"][0]["extent"]) == ("77054", "77002 77054")
    assert again["location"][0]["id"] == "o77054"


@pytest.mark.parametrize("write", [export_csv, export_json])
def test_nothing_denied_is_given_away_of_what_hsds_does_not_know(store: Store, tmp_path: Path, write: Writer) -> None:
    strange = {"old": [{"line": 8009999999, "800-999-9999": ["sms:69866", True, 2.5, None]}], "800-999-9999": "x"}
    document: list[dict[str, Any]] = [{**SERVICE, **strange, "organization": {**ORGANIZATION, "lines": strange}}]
    (tmp_path / "services.json").write_text(json.dumps(document), encoding="utf-8")
    import_content(store, "local", read(tmp_path / "services.json"))
    written = export(store, write, tmp_path / "out")
    assert (written.denied, written.withdrawn) == ({}, 2)
    for file in (tmp_path / "out").iterdir():
        assert not re.search("9999|69866", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("write", [export_csv, export_json])
def test_what_hsds_does_not_know_comes_back_as_it_was(store: Store, tmp_path: Path, write: Writer) -> None:
    """Such as our own marks: that a place must not be found."""
    document: dict[str, Any] = {
        **SERVICE,
        "porchlight": {"confidential": True, "name": {"es": "Niños"}},
        "tags": ["[a", 1],
    }
    import_content(store, "local", _services([{**document, "organization": ORGANIZATION}], tmp_path))
    export(store, write, tmp_path / "out")
    import_content(store, "again", read(tmp_path / "out"))
    assert content(store, "again") == content(store, "local")


@pytest.mark.parametrize(
    "cell", ["[number withdrawn]", "{", "[NaN]", "[" * 5000, "[" * 60 + "]" * 60, '["\\ud800"]', "[1", ""]
)
def test_a_cell_that_only_looks_like_json_stays_a_text(store: Store, tmp_path: Path, cell: str) -> None:
    import_content(store, "local", read(write_package(tmp_path, changed("services", beds=cell))))
    more = json.loads(content(store, "local")["service"][0])["more"]
    assert more == ({"beds": cell} if cell else None)


@pytest.mark.parametrize(("area", "kept"), [("TN", True), ("AL", False), (None, False)])
def test_a_number_that_is_right_in_one_state_is_given_away_there(
    store: Store, tmp_path: Path, area: str | None, kept: bool
) -> None:
    areas = [{"id": "z1", "service_id": "s1", "extent_type": "state", "extent": area}] if area else []
    tables = changed("phones", number="877-237-0004") | ({"service_areas": areas} if areas else {})
    import_content(store, "local", read(write_package(tmp_path / "in", tables)))
    assert export(store, export_csv, tmp_path / "out").denied == ({} if kept else {"phone": 1})


def test_the_command_says_what_was_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(tmp_path / "var"))
    write_package(tmp_path / "in", DENIED)
    CliRunner().invoke(app, ["directory", "import", str(tmp_path / "in")])
    result = CliRunner().invoke(app, ["directory", "export", str(tmp_path / "out"), "--source", "in"])
    words = " ".join(result.output.split())
    assert result.exit_code == 0
    assert "Left out: 1 phone, 1 language, 1 attribute, 1 metadata." in words
    assert "Texts in which a number was withdrawn: 5." in words
    assert "addresses.csv: city is empty (1)" in words


# The specification's tabular package

VERSIONS = ("3.0", "3.1-dev")
#: Of the first two the draft of 3.1 forgot the fields. Of the third it has another order than hsds.yml.
OF_NO_ORDER = {"service_capacity", "unit", "url"}
#: The only sample that is not whole in itself: most of its organizations are not in it, and its cities stand in the
#: streets. What is not there is not made up.
NOT_WHOLE = "transformer_fixtures_1.1/spec/fixtures/custom/ilao/output"


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", cell) is not None


def _is_date(cell: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", cell) is not None and _fits(date.fromisoformat, cell)


def _is_time(cell: str) -> bool:
    return re.fullmatch(r"\d\d:\d\d(:\d\d.*)?", cell) is not None and _fits(time.fromisoformat, cell)


def _is_moment(cell: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", cell) is not None and _fits(datetime.fromisoformat, cell)


def _fits(parse: Callable[[str], Any], cell: str) -> bool:
    try:
        parse(cell)
    except ValueError:
        return False
    return True


#: The types of Table Schema that HSDS uses, as they are written by default. `format` (uuid, email, uri) is left aside:
#: what an agency calls its rows and sites is given away as it came.
TYPES: dict[str, Callable[[str], bool]] = {
    "string": lambda cell: True,
    "number": _is_number,
    "date": _is_date,
    "time": _is_time,
    "datetime": _is_moment,
}
Table = list[dict[str, str]]


def breaches(package: dict[str, Any], folder: Path) -> Counter[str]:
    """How often the tables in a folder break a tabular data package, by file and rule."""
    resources = {resource["path"]: resource for resource in package["resources"]}
    tables = {path.name: _table(path) for path in folder.glob("*.csv")}
    ids = {resource["name"]: {row["id"] for row in tables.get(path, ())} for path, resource in resources.items()}
    found: Counter[str] = Counter()
    for name, rows in tables.items():
        if name not in resources:
            found[f"{name}: no such table"] += 1
            continue
        schema = resources[name]["schema"]
        found.update(f"{name}: {breach}" for breach in _of_fields(schema, rows))
        found.update(f"{name}: {breach}" for breach in _of_keys(schema, rows, ids, resources[name]["name"]))
    return found


def _table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _of_fields(schema: dict[str, Any], rows: Table) -> Iterator[str]:
    for field in schema["fields"]:
        name, rules = field["name"], field.get("constraints", {})
        assert set(rules) <= {"required", "unique", "enum", "pattern"}
        if name not in rows[0]:
            yield f"{name} is no column"
            continue
        cells = [row[name] for row in rows]
        filled = [cell for cell in cells if cell != ""]
        if rules.get("required"):
            yield from [f"{name} is empty"] * (len(cells) - len(filled))
        if rules.get("unique"):
            yield from [f"{name} stands twice"] * (len(filled) - len(set(filled)))
        for cell in filled:
            if not TYPES[field.get("type", "string")](cell):
                yield f"{name} is no {field['type']}"
            if cell not in rules.get("enum", [cell]):
                yield f"{name} is none of its words"
            if not re.fullmatch(rules.get("pattern", ".*"), cell, re.DOTALL):
                yield f"{name} is not of its pattern"


def _of_keys(schema: dict[str, Any], rows: Table, ids: dict[str, set[str]], own: str) -> Iterator[str]:
    assert schema["primaryKey"] == "id"
    keys = [row["id"] for row in rows]
    yield from ["id is empty"] * keys.count("")
    yield from ["id stands twice"] * (len(keys) - len(set(keys)))
    for key in schema.get("foreignKeys", ()):
        column, target = key["fields"], key["reference"]
        assert target["fields"] == "id"
        there = {"", None, *ids[target["resource"] or own]}
        yield from [f"{column} points to nothing" for row in rows if row.get(column) not in there]


def specification(version: str) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((SAMPLES / f"spec_{version}" / "datapackage.json").read_text(encoding="utf-8"))
    return package


def versions_of(path: Path) -> tuple[str, ...]:
    """What was made for 3.1 has tables that 3.0 does not know."""
    return VERSIONS if name_of(path).startswith(("spec_3.0", "transformer")) else VERSIONS[1:]


@needs_samples
def test_the_tables_are_those_of_the_specification(store: Store, tmp_path: Path) -> None:
    packages = {version: specification(version) for version in VERSIONS}
    for number, path in enumerate(GOOD):
        import_content(store, "local", read_sample(path))
        folder = tmp_path / str(number)
        written = export(store, export_csv, folder)
        for version in versions_of(path):
            found = breaches(packages[version], folder)
            assert found.items() <= written.gaps.items(), (path, version)
            assert not found or name_of(path) == NOT_WHOLE, (path, version)
        assert breaches(json.loads((folder / "datapackage.json").read_text(encoding="utf-8")), folder) == {}, path


@needs_samples
def test_the_columns_stand_in_the_order_of_the_specification(store: Store, tmp_path: Path) -> None:
    import_content(store, "local", read(SAMPLES / "mock_hsds_api_3.x" / "data"))
    export(store, export_csv, tmp_path)
    checked = 0
    for resource in specification("3.1-dev")["resources"]:
        path = tmp_path / resource["path"]
        if path.exists() and resource["name"] not in OF_NO_ORDER:
            names = [field["name"] for field in resource["schema"]["fields"]]
            assert list(_table(path)[0])[: len(names)] == names
            checked += 1
    assert checked > 10


@needs_samples
def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    """The check itself: the specification's own bad example breaks it where the import says so, too."""
    found = breaches(specification("3.0"), SAMPLES / "spec_3.0" / "examples" / "csv")
    assert {breach for breach in found if "nothing" in breach} == {
        "contacts.csv: organization_id points to nothing",
        "contacts.csv: service_at_location_id points to nothing",
        "locations.csv: organization_id points to nothing",
        "taxonomy_terms.csv: taxonomy_id points to nothing",
    }
    bad: dict[str, list[dict[str, Any]]] = {
        "services": [{**SERVICE, "status": "open", "minimum_age": "ten", "assured_date": "1/2/26"}, {**SERVICE}],
        "horses": [{"id": "1"}],
    }
    found = breaches(specification("3.0"), write_package(tmp_path, bad))
    for breach in (
        "status is none of its words",
        "minimum_age is no number",
        "assured_date is no date",
        "id stands twice",
        "organization_id points to nothing",
        "url is no column",
    ):
        assert f"services.csv: {breach}" in found
    assert "horses.csv: no such table" in found


def test_days_and_moments_are_written_as_tables_have_them(store: Store, tmp_path: Path) -> None:
    written = {"assured_date": "2026-01-31T10:30:00", "last_modified": "2026-01-31"}
    hours = [{"id": "t1", "service_id": "s1", "opens_at": "9:00", "closes_at": "1730", "valid_from": "20260131"}]
    import_content(
        store, "local", read(write_package(tmp_path / "in", {**changed("services", **written), "schedules": hours}))
    )
    assert export(store, export_csv, tmp_path / "out").withdrawn == 0
    (service,) = _table(tmp_path / "out" / "services.csv")
    assert (service["assured_date"], service["last_modified"]) == ("2026-01-31", "2026-01-31T00:00:00")
    (schedule,) = _table(tmp_path / "out" / "schedules.csv")
    assert [schedule[name] for name in ("opens_at", "closes_at", "valid_from")] == ["09:00", "17:30:00", "2026-01-31"]


def test_a_key_that_points_elsewhere_is_no_key_of_our_package(store: Store, tmp_path: Path) -> None:
    import_content(
        store, "local", read(write_package(tmp_path / "in", changed("phones", service_id="s9"))), partial_package=True
    )
    written = export(store, export_csv, tmp_path / "out")
    assert written.gaps == {"phones.csv: service_id points to nothing": 1}
    assert (
        breaches(json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8")), tmp_path / "out")
        == {}
    )


def test_a_program_is_of_the_organization_of_its_service(store: Store, tmp_path: Path) -> None:
    whole = {**SERVICE, "organization": ORGANIZATION, "program": {"id": "g1", "name": "Beds", "description": "x"}}
    import_content(store, "local", _services([whole], tmp_path))
    (program,) = map(json.loads, content(store, "local")["program"])
    assert program["organization_id"] == "o1"


def _services(documents: list[dict[str, Any]], folder: Path) -> Content:
    (folder / "services.json").write_text(json.dumps(documents), encoding="utf-8")
    return read(folder / "services.json")


def test_what_is_left_out_is_not_mistaken_for_what_has_no_place(store: Store, tmp_path: Path) -> None:
    def rows() -> Iterator[Found]:
        for name, table in PACKAGE.items():
            for row in table:
                yield Found(name.removesuffix("s"), row, "here")
        yield Found("phone", {"id": "p9", "number": "555-0199"}, "here")
        yield Found("phone", {"id": "p8", "number": "800-999-9999", "service_id": "s1"}, "here")

    import_content(store, "local", Content(rows(), "package"))
    written = export(store, export_json, tmp_path / "out")
    assert (written.left_out, written.denied) == ({"phone": 1}, {"phone": 1})
