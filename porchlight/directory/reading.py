"""Reads HSDS data, whatever way it comes: JSON documents, tabular packages of 3.x, tabular packages of 1.1.

What is read is one `Found` after the other; nothing is held in memory but the document or row at hand.
"""

from __future__ import annotations

import csv
import json
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Literal

from porchlight.directory.hsds import ANY_LINKS, DOCUMENTS, LISTS, OBJECTS, objects

#: Letters in a cell, bytes in a JSON document, bytes of all that is unpacked from an archive, and files in it.
CELL, DOCUMENT, UNPACKED, FILES = 100_000, 500_000_000, 4_000_000_000, 200
#: An archive that unpacks to more than this many times its size is a bomb.
RATIO = 200
#: How deep objects may stand in one another. HSDS needs seven.
DEPTH = 12

#: What reading a file or archive may end with that is broken, encrypted or out of reach.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)

#: Names for the ids of rows that have none, as in 1.1. The same file gives the same ids.
_IDS = uuid.UUID("6f1a3f0e-0c6b-4f0a-9f7e-2b1f5a7d9c11")
_WEEKDAYS = {
    day: short
    for short, names in {
        "MO": "monday mon",
        "TU": "tuesday tue",
        "WE": "wednesday wed",
        "TH": "thursday thu",
        "FR": "friday fri",
        "SA": "saturday sat",
        "SU": "sunday sun",
    }.items()
    for day in (*names.split(), short.lower())
}


class Refused(Exception):
    """What cannot be imported, with the reasons: each names the file, the row and what is wrong there."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Found:
    """One row: the object it is of, its fields as they were written, and where they stood.

    `part`: it tells a part of an object that has a row of its own.
    """

    object: str
    fields: dict[str, Any]
    place: str
    part: bool = False


@dataclass(frozen=True)
class Content:
    """What is to be imported.

    `documents`: JSON documents may point to what stands elsewhere; one object may stand in several places, each of
    which tells a part of it. `package`: each row stands once, and what it points to must be there. `package_1_1`: old
    exports are not as strict: what is wrong in them is left out and told, and what is pointed to may be missing.
    """

    rows: Iterator[Found]
    manner: Literal["documents", "package", "package_1_1"]
    strange: tuple[str, ...] = ()  # tables of an old export that are left out


#: Opens a file of a package by its name.
Files = dict[str, Callable[[], BinaryIO]]


def read(path: Path) -> Content:
    """What a file or folder holds. Raises Refused, at once or while the rows are read."""
    if path.is_dir():
        tables = {each.name: each for each in sorted(path.glob("*.csv"))}
        if tables:
            return _package({name: _opener(each) for name, each in tables.items()})
        documents = sorted(path.rglob("*.json"))
        if not documents:
            raise Refused([f"{path.name} holds neither CSV nor JSON files."])
        return Content((found for each in documents for found in _document(each, _load(each))), "documents")
    if not path.is_file():
        raise Refused([f"{path} is not there."])
    if zipfile.is_zipfile(path):
        return _archive(path)
    if path.suffix.lower() == ".csv":
        return _package({path.name: _opener(path)})
    content = _load(path)
    return _tabular_document(path, content) or Content(_document(path, content), "documents")


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


# JSON

#: In a document with a name of its own the fields tell what stands at the top, the first that fits.
_TELLING: tuple[tuple[str, set[str]], ...] = (
    ("service_at_location", {"location"}),
    ("service", {"status"}),
    ("location", {"location_type"}),
    ("taxonomy_term", {"taxonomy_detail"}),
    ("taxonomy_term", {"term_uri"}),
    ("taxonomy_term", {"taxonomy"}),
    ("taxonomy", {"version"}),
    ("organization", {"name", "description"}),
)


def _document(path: Path, content: Any) -> Iterator[Found]:
    items = content.get("contents", content) if isinstance(content, dict) else content
    for number, item in enumerate(items if isinstance(items, list) else [items]):
        place = f"{path.name} item {number + 1}" if isinstance(items, list) else path.name
        if not isinstance(item, dict):
            raise Refused([f"{place}: this is no object of HSDS."])
        if set(item) <= {"version", "profile", "openapi_url"}:
            continue  # what an API says of itself
        yield from _flat(item, _kind(item, path, place), {}, place, DEPTH)


def _load(path: Path) -> Any:
    if path.stat().st_size > DOCUMENT:
        raise Refused([f"{path.name} is larger than {DOCUMENT // 1_000_000} MB: split it."])
    try:
        return json.loads(path.read_bytes())
    except UnicodeDecodeError as error:
        raise Refused([f"{path.name}, byte {error.start + 1}: this is not UTF-8."]) from error
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused([f"{path.name}{where}: this is not JSON."]) from error


def _tabular_document(path: Path, content: Any) -> Content | None:
    """A JSON document that holds the tables of a package; None when it is another one."""
    if not isinstance(content, dict) or not any(str(name).endswith(".csv") for name in content):
        return None
    rows = (
        found
        for name, written in content.items()
        for number, fields in enumerate(written if isinstance(written, list) else [None])
        for found in _row_of(name, fields, f"{path.name}, {name} row {number + 1}")
    )
    return Content(rows, "package")


def _row_of(file: str, fields: Any, place: str) -> Iterator[Found]:
    name = _by_file().get(Path(file).stem)
    if name is None or not isinstance(fields, dict):
        raise Refused([f"{place}: this is no table of HSDS."])
    yield Found(name, fields, place)


def _kind(item: dict[str, Any], path: Path, place: str) -> str:
    """Which object stands at the top of a document: its fields tell, as those of no other do."""
    for named in (path.stem, path.parent.name):
        if named in DOCUMENTS:
            return DOCUMENTS[named]
    keys = set(item)
    for name, telling in _TELLING:
        if telling <= keys:
            return name
    raise Refused([f"{place}: this is no service, organization, location or taxonomy of HSDS."])


def _flat(item: dict[str, Any], name: str, links: dict[str, str], place: str, depth: int) -> Iterator[Found]:
    """An object and those that stand in it, one after the other, each with the ids of what it belongs to."""
    if not depth:
        raise Refused([f"{place}: objects stand in one another too deep."])
    item_id = "" if item.get("id") is None else str(item["id"])
    fields: dict[str, Any] = {}
    inside: list[Found] = []
    for key, value in item.items():
        if key in OBJECTS and isinstance(value, dict):
            child = OBJECTS[key]
            if value.get("id"):
                fields[f"{child}_id"] = str(value["id"])
            inside += _flat(value, child, {}, f"{place}, {key}", depth - 1)
        elif key in LISTS and isinstance(value, list):
            child = LISTS[key]
            for number, each in enumerate(value):
                if not isinstance(each, dict):
                    raise Refused([f"{place}, {key} {number + 1}: this is no object."])
                up = _up(child, name, item_id)
                inside += _flat(each, child, up, f"{place}, {key} {number + 1}", depth - 1)
        else:
            fields[key] = value
    yield Found(name, {**fields, **links}, place)
    yield from inside


def _up(child: str, parent: str, parent_id: str) -> dict[str, str]:
    """The fields by which an object says in which other one it stood."""
    if child in ANY_LINKS:
        with_id, with_kind = ANY_LINKS[child]
        return {with_id: parent_id, with_kind: parent}
    column = f"{parent}_id"
    return {column: parent_id} if column in objects()[child].fields else {}


# Tabular packages


def _archive(path: Path) -> Content:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise Refused([f"{path.name}: this archive is broken."]) from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_hidden(entry.filename)]
    size = sum(entry.file_size for entry in entries)
    if len(entries) > FILES or size > UNPACKED or size > RATIO * max(path.stat().st_size, 1):
        raise Refused([f"{path.name} unpacks to {size // 1_000_000} MB in {len(entries)} files: that is refused."])
    found = [entry for entry in entries if entry.filename.lower().endswith(".csv")]
    tables = {Path(entry.filename).name: entry for entry in found}
    if len(tables) < len(found):
        raise Refused([f"{path.name}: a table stands in it twice, in several folders."])
    if not tables:
        raise Refused([f"{path.name} holds no CSV files."])

    def opener(entry: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        return lambda: archive.open(entry)  # type: ignore[return-value]

    return _package({name: opener(entry) for name, entry in tables.items()})


def _is_hidden(name: str) -> bool:
    """What a desktop puts into an archive beside what was asked."""
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _package(files: Files) -> Content:
    old = any(Path(name).stem in _OLD_FILES for name in files)
    known = {**_by_file(), **(_OLD_FILES if old else {})}
    strange = tuple(f"{name}: HSDS has no such table." for name in sorted(files) if Path(name).stem not in known)
    if not old:
        if strange:
            raise Refused(list(strange))
        return Content(_rows(files), "package")
    # What tells of services comes when they are there.
    ordered = sorted(files, key=lambda name: Path(name).stem == "eligibility")
    return Content(
        _old_rows({name: files[name] for name in ordered if Path(name).stem in known}), "package_1_1", strange
    )


def _rows(files: Files) -> Iterator[Found]:
    for name, opened in files.items():
        kind = _by_file()[Path(name).stem]
        for number, fields in _table(name, opened):
            yield Found(kind, fields, f"{name} row {number}")


def _table(name: str, opened: Callable[[], BinaryIO]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV file, each with the number of its line. Raises Refused."""
    limit = csv.field_size_limit(CELL)
    line = 1
    try:
        with opened() as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            header = [column.strip() for column in next(reader, [])]
            if len(set(header)) < len(header):
                raise Refused([f"{name}: a column stands twice."])
            for cells in reader:
                line = reader.line_num
                if len(cells) > len(header):
                    raise Refused([f"{name} row {line}: it has {len(cells)} cells, the first row has {len(header)}."])
                if any(cells):
                    yield line, dict(zip(header, cells, strict=False))
    except UnicodeDecodeError as error:
        raise Refused([f"{name}, after row {line}: this is not UTF-8. Save it as UTF-8."]) from error
    except (csv.Error, *_BROKEN) as error:
        why = f"a cell has more than {CELL} letters" if "field larger" in str(error) else str(error)
        raise Refused([f"{name}, after row {line}: {why}."]) from error
    finally:
        csv.field_size_limit(limit)


@cache
def _by_file() -> dict[str, str]:
    return {shape.file: name for name, shape in objects().items()}


# HSDS 1.1: other names, fewer ids, addresses of organizations, a row for each day of the week.

_OLD_FILES = {
    "services_at_location": "service_at_location",
    "regular_schedules": "schedule",
    "holiday_schedules": "schedule",
    "postal_addresses": "address",
    "physical_addresses": "address",
    "eligibility": "service",
    "accessibility_for_disabilities": "accessibility",
}
_OLD_DAYS = {"start_date": "valid_from", "end_date": "valid_to"}
_OLD_FIELDS = {"organization": {"url": "website"}, "accessibility": {"accessibility": "description"}}


def _old_rows(files: Files) -> Iterator[Found]:
    for name, opened in files.items():
        stem = Path(name).stem
        kind = {**_by_file(), **_OLD_FILES}[stem]
        for number, fields in _table(name, opened):
            place = f"{name} row {number}"
            renamed = {_OLD_FIELDS.get(kind, {}).get(key, key): value for key, value in fields.items()}
            if stem == "eligibility":
                if renamed.get("eligibility"):
                    described = {"id": renamed.get("service_id"), "eligibility_description": renamed["eligibility"]}
                    yield Found("service", described, place, part=True)
                continue
            # Two tables of old became one: an id may stand in both.
            if not renamed.get("id") or stem in _OLD_FILES:
                renamed["id"] = _made_id(f"{stem} {renamed.get('id') or place}")
            yield from _as_now(kind, stem, renamed, place)


def _as_now(kind: str, stem: str, fields: dict[str, Any], place: str) -> Iterator[Found]:
    """A row of 1.1 as 3.0 has it."""
    if kind == "service":
        fields["status"] = fields.get("status") or "active"
    elif kind == "organization":
        fields["description"] = fields.get("description") or fields.get("name")
    elif kind == "location":
        fields["location_type"] = fields.get("location_type") or "physical"
    elif kind == "schedule":
        day = _WEEKDAYS.get(str(fields.get("weekday") or "").strip().lower())
        if day:
            del fields["weekday"]
            fields |= {"freq": "WEEKLY", "byday": day}
        fields |= {new: fields.pop(old) for old, new in _OLD_DAYS.items() if fields.get(old)}
    elif kind == "phone" and fields.get("language"):
        language = fields.pop("language")
        yield Found(
            "language", {"id": _made_id(f"{place} language"), "phone_id": fields["id"], "name": language}, place
        )
    elif kind == "address":
        fields["address_type"] = stem.partition("_")[0]
        fields["country"] = fields.get("country") or "US"
        organization = fields.pop("organization_id", None)
        if organization and not fields.get("location_id"):
            # An address belongs to a location now.
            fields["location_id"] = _made_id(f"{place} location")
            at = {"id": fields["location_id"], "location_type": fields["address_type"]}
            yield Found("location", {**at, "organization_id": organization}, place)
    yield Found(kind, fields, place)


def _made_id(place: str) -> str:
    return str(uuid.uuid5(_IDS, place))
