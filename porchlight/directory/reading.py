"""Reads HSDS data, whatever way it comes: JSON documents, tabular packages of 3.x, tabular packages of 1.1.

What is read is one `Found` after the other; nothing is held in memory but the document or row at hand. A `Meter` tells
how far reading is.
"""

from __future__ import annotations

import csv
import json
import re
import uuid
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Literal

from porchlight.directory.hsds import ANY_LINKS, DOCUMENTS, LISTS, OBJECTS, objects

#: Letters in a cell and in a line of a table, bytes in a JSON document, bytes of all that is unpacked from an archive,
#: and files in it.
CELL, LINE, DOCUMENT, UNPACKED, FILES = 100_000, 20_000_000, 500_000_000, 4_000_000_000, 200
#: An archive that unpacks to more than this many times its size is a bomb.
RATIO = 200
#: How deep objects may stand in one another (HSDS needs seven), and whatever stands in a field that HSDS does not know.
DEPTH, STRANGE_DEPTH = 12, 50

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


@dataclass
class Meter:
    """How far reading is, in bytes of `size`: `done`, and in the file that is open `here()` more.

    Only who asks looks at the open file, so that nobody counts while rows are read.
    """

    size: int = 0
    done: float = 0.0
    here: Callable[[], int] = int

    def share(self) -> float | None:
        """From 0 to 1; None when nobody knows."""
        return min((self.done + self.here()) / self.size, 1.0) if self.size else None


@dataclass(frozen=True)
class File:
    """A file that is read: where it stands in its folder or archive, and its size there."""

    path: Path
    size: int
    open: Callable[[], BinaryIO]

    @property
    def name(self) -> str:
        return self.path.name


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
    meter: Meter = field(default_factory=Meter)


def read(path: Path, part: bool = False) -> Content:
    """What a file or folder holds. Raises Refused, at once or while the rows are read.

    `part`: some pages of an API may be taken without the others.
    """
    try:
        return _folder(path, part) if path.is_dir() else _file(path, part)
    except OSError as error:
        raise Refused([f"{path} cannot be read: {error.strerror}."]) from error


def _folder(path: Path, part: bool) -> Content:
    tables = [each for each in sorted(path.iterdir()) if each.suffix.lower() == ".csv" and not _is_hidden(each.name)]
    if tables:
        return _package([_on_disk(each) for each in tables])
    documents = [each for each in sorted(path.rglob("*.json")) if not _is_hidden(each.name)]
    if not documents:
        raise Refused([f"{path.name} holds neither CSV nor JSON files."])
    return _documents([_on_disk(each) for each in documents], part)


def _file(path: Path, part: bool) -> Content:
    if not path.is_file():
        raise Refused([f"{path} is not there."])
    if zipfile.is_zipfile(path):
        return _archive(path, part)
    file = _on_disk(path)
    if path.suffix.lower() == ".zip" or _begins(file, b"PK\x03\x04"):
        raise Refused([f"{path.name}: this archive is broken. It may have been cut off: fetch it again."])
    if path.suffix.lower() == ".csv":
        return _package([file])
    content = _load(file)
    return _tabular_document(file, content) or _documents([file], part, content)


def _on_disk(path: Path) -> File:
    if not path.is_file():
        raise Refused([f"{path} is not a file that can be read."])
    return File(path, path.stat().st_size, lambda: path.open("rb"))


def _begins(file: File, with_bytes: bytes) -> bool:
    with file.open() as raw:
        return raw.read(len(with_bytes)) == with_bytes


# JSON


def read_services(documents: Iterable[Mapping[str, Any]], place: str) -> Content:
    """The rows of service documents that are in memory already. `place`: where they stood."""
    rows = (
        found
        for number, each in enumerate(documents, start=1)
        for found in _flat(dict(each), "service", {}, f"{place} item {number}", DEPTH)
    )
    return Content(rows, "documents")


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


def _documents(files: list[File], part: bool, content: Any = None) -> Content:
    """JSON documents. `content`: what stands in the only one, when it has been loaded."""
    meter = Meter(sum(file.size for file in files))
    pages = _Pages()

    def rows() -> Iterator[Found]:
        for file in files:
            yield from _document(file, _load(file) if content is None else content, meter, pages)
        if not part:
            pages.check()

    return Content(rows(), "documents", meter=meter)


def _document(file: File, content: Any, meter: Meter, pages: _Pages) -> Iterator[Found]:
    """The objects of a document; it counts as read as its items are taken."""
    before = meter.done
    places = _places(file.name, content)
    for number, (place, item) in enumerate(places, start=1):
        if not isinstance(item, dict):
            raise Refused([f"{place}: this is no object of HSDS."])
        if set(item) <= {"version", "profile", "openapi_url"}:
            continue  # what an API says of itself
        kind = _kind(item, file.path, place)
        if number == 1:
            pages.note(file.name, kind, content)
        yield from _flat(item, kind, {}, place, DEPTH)
        meter.done = before + file.size * number / len(places)
    meter.done = before + file.size


def _places(name: str, content: Any) -> list[tuple[str, Any]]:
    """What stands in a document, and where."""
    items = content.get("contents", content) if isinstance(content, dict) else content
    if not isinstance(items, list):
        return [(name, items)]
    return [(f"{name} item {number}", item) for number, item in enumerate(items, start=1)]


class _Pages:
    """Which pages of an API's lists were read, by the kind of object and how many pages there are."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], dict[int, str]] = {}

    def note(self, name: str, kind: str, content: Any) -> None:
        if (total := total_pages(content)) > 1:
            self._read.setdefault((kind, total), {})[page_number(content)] = name

    def check(self) -> None:
        """Raises Refused when pages are missing: the others would take the place of all that was there."""
        for (_, total), read_pages in self._read.items():
            if missing := [page for page in range(1, total + 1) if page not in read_pages]:
                page, name = max(read_pages.items())
                listed = ", ".join(map(str, missing[:5])) + (" …" if len(missing) > 5 else "")
                raise Refused(
                    [
                        f"{name} is page {page} of {total}, and these are not there: {listed}. Fetch all pages into one"
                        " folder, or import from the address; --partial takes what is there as if it were all."
                    ]
                )


def total_pages(content: Any) -> int:
    """How many pages the list has of which this document is one."""
    return _whole(content, "total_pages")


def page_number(content: Any) -> int:
    return _whole(content, "page_number")


def _whole(content: Any, key: str) -> int:
    told = content.get(key) if isinstance(content, dict) and "contents" in content else 1
    return told if isinstance(told, int) else 1


#: Half of a character, as JSON can write it.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _load(file: File) -> Any:
    if file.size > DOCUMENT:
        raise Refused([f"{file.name} is larger than {DOCUMENT // 1_000_000} MB: split it."])
    try:
        with file.open() as raw:
            written = raw.read(DOCUMENT + 1)
        text = written.decode(json.detect_encoding(written))
        content = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise Refused([f"{file.name}, byte {error.start + 1}: this is not UTF-8."]) from error
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused([f"{file.name}{where}: {_no_json(text)}"]) from error
    except _BROKEN as error:
        raise Refused([f"{file.name} cannot be read: {error}."]) from error
    if _HALF.search(text):
        _refuse_halves(file.name, content)
    return content


def _no_json(text: str) -> str:
    if not text.strip():
        return "there is nothing in it."
    return "this is a web page, not JSON." if text.lstrip().startswith("<") else "this is not JSON."


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _refuse_halves(name: str, content: Any) -> None:
    for place, item in _places(name, content):
        try:
            json.dumps(item, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Refused([f"{place}: it holds half of a character, which cannot be kept."]) from error


def _tabular_document(file: File, content: Any) -> Content | None:
    """A JSON document that holds the tables of a package; None when it is another one."""
    if not isinstance(content, dict) or not any(str(name).endswith(".csv") for name in content):
        return None
    written = [
        (name, number, fields)
        for name, table in content.items()
        for number, fields in enumerate(table if isinstance(table, list) else [None], start=1)
    ]
    meter = Meter(len(written))

    def rows() -> Iterator[Found]:
        for name, number, fields in written:
            yield from _row_of(name, fields, f"{file.name}, {name} row {number}")
            meter.done += 1

    return Content(rows(), "package", meter=meter)


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
            inside += _flat(value, child, _owner_of_program(item, value, child), f"{place}, {key}", depth - 1)
        elif key in LISTS and isinstance(value, list):
            child = LISTS[key]
            for number, each in enumerate(value):
                if not isinstance(each, dict):
                    raise Refused([f"{place}, {key} {number + 1}: this is no object."])
                up = _up(child, name, item_id)
                inside += _flat(each, child, up, f"{place}, {key} {number + 1}", depth - 1)
        else:
            if isinstance(value, (dict, list)) and _is_deeper(value, STRANGE_DEPTH):
                raise Refused([f"{place}, {key}: what stands in it is nested too deep."])
            fields[key] = value
    yield Found(name, {**fields, **links}, place)
    yield from inside


def _owner_of_program(service: dict[str, Any], program: dict[str, Any], child: str) -> dict[str, str]:
    """A program that stands in a service, and tells no organization, is one of the service's organization."""
    organization = service.get("organization")
    owner = organization.get("id") if isinstance(organization, dict) else service.get("organization_id")
    return (
        {"organization_id": str(owner)} if child == "program" and owner and not program.get("organization_id") else {}
    )


def _is_deeper(value: Any, depth: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not depth or any(_is_deeper(each, depth - 1) for each in inside)


def _up(child: str, parent: str, parent_id: str) -> dict[str, str]:
    """The fields by which an object says in which other one it stood."""
    if child in ANY_LINKS:
        with_id, with_kind = ANY_LINKS[child]
        return {with_id: parent_id, with_kind: parent}
    column = f"{parent}_id"
    return {column: parent_id} if column in objects()[child].fields else {}


# Tabular packages


def _archive(path: Path, part: bool) -> Content:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise Refused([f"{path.name}: this archive is broken."]) from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_hidden(entry.filename)]
    size = sum(entry.file_size for entry in entries)
    if len(entries) > FILES or size > UNPACKED or size > RATIO * max(path.stat().st_size, 1):
        raise Refused([f"{path.name} unpacks to {size // 1_000_000} MB in {len(entries)} files: that is refused."])
    files = [_packed(archive, entry) for entry in entries]
    tables = [file for file in files if file.path.suffix.lower() == ".csv"]
    if len({file.name for file in tables}) < len(tables):
        raise Refused([f"{path.name}: a table stands in it twice, in several folders."])
    documents = [file for file in files if file.path.suffix.lower() == ".json"]
    if not tables and not documents:
        raise Refused([f"{path.name} holds neither CSV nor JSON files."])
    return _package(tables) if tables else _documents(documents, part)


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> File:
    return File(Path(entry.filename), entry.file_size, lambda: archive.open(entry))  # type: ignore[arg-type,return-value]


def _is_hidden(name: str) -> bool:
    """What a desktop puts into an archive or folder beside what was asked."""
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _package(files: list[File]) -> Content:
    old = any(file.path.stem in _OLD_FILES for file in files)
    known = {**_by_file(), **(_OLD_FILES if old else {})}
    strange = tuple(f"{file.name}: HSDS has no such table." for file in files if file.path.stem not in known)
    if strange and not old:
        raise Refused(list(strange))
    # What tells of services comes when they are there.
    ordered = sorted(files, key=lambda file: file.path.stem == "eligibility")
    tables = [file for file in ordered if file.path.stem in known]
    meter = Meter(sum(file.size for file in tables))
    if old:
        return Content(_old_rows(tables, meter), "package_1_1", strange, meter)
    return Content(_rows(tables, meter), "package", meter=meter)


def _rows(files: list[File], meter: Meter) -> Iterator[Found]:
    for file in files:
        name, kind = file.name, _by_file()[file.path.stem]
        for number, fields in _table(file, meter, objects()[kind].fields):
            yield Found(kind, fields, f"{name} row {number}")


def _table(file: File, meter: Meter, known: Collection[str] = ()) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV file, each with the number of its line. Raises Refused.

    `known`: in columns that are none of these a cell may hold an object or a list, as we give them away.
    """
    name = file.name
    limit = csv.field_size_limit(CELL)
    line = 1
    try:
        with file.open() as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
            meter.here = raw.tell
            reader = csv.reader(_lines(text), strict=True)
            header = [column.strip() for column in next(reader, [])]
            if len(set(header)) < len(header):
                raise Refused([f"{name}: a column stands twice."])
            if any("\0" in column for column in header):
                raise Refused([f"{name}: this is not UTF-8. Save it as UTF-8."])
            strange = [column for column in header if column not in known] if known else []
            for cells in reader:
                line = reader.line_num
                if len(cells) > len(header):
                    raise Refused([f"{name} row {line}: it has {len(cells)} cells, the first row has {len(header)}."])
                if any(cells):
                    row: dict[str, Any] = dict(zip(header, cells, strict=False))
                    if strange:
                        row |= {name: _unfolded(row[name]) for name in strange if name in row}
                    yield line, row
    except UnicodeDecodeError as error:
        raise Refused([f"{name}, after row {line}: this is not UTF-8. Save it as UTF-8."]) from error
    except (csv.Error, *_BROKEN) as error:
        why = f"a cell has more than {CELL} letters" if "field larger" in str(error) else str(error)
        raise Refused([f"{name}, after row {line}: {why}."]) from error
    finally:
        csv.field_size_limit(limit)
        meter.here = int
        meter.done += file.size


def _unfolded(cell: str) -> Any:
    """The object or list that a cell holds as JSON; the cell itself when it holds none that can be kept."""
    if cell[:1] not in ("{", "[") or _HALF.search(cell):
        return cell
    try:
        value = json.loads(cell, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return cell
    return cell if _is_deeper(value, STRANGE_DEPTH) else value


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """Lines that fit into memory: the reader would take a whole one before it looks at its cells."""
    while line := text.readline(LINE):
        if len(line) == LINE and line[-1] not in "\r\n":
            raise csv.Error(f"a line has more than {LINE} letters")
        yield line


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


def _old_rows(files: list[File], meter: Meter) -> Iterator[Found]:
    for file in files:
        name, stem = file.name, file.path.stem
        kind = {**_by_file(), **_OLD_FILES}[stem]
        for number, fields in _table(file, meter):
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
