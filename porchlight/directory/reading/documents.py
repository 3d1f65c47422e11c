"""Reads JSON documents: services and what stands in them, pages of an API, or the tables of a package in one file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from porchlight.directory.hsds import ANY_LINKS, DOCUMENTS, LISTS, OBJECTS, objects

from .content import BROKEN, Content, File, Found, Meter, Refused
from .tables import by_file
from .values import HALF, STRANGE_DEPTH, is_deeper, no_number

#: Bytes in a document, and how deep objects may stand in one another (HSDS needs seven).
DOCUMENT, DEPTH = 500_000_000, 12


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


def documents_in(files: list[File], part: bool, content: Any = None) -> Content:
    """JSON documents. `content`: what stands in the only one, when it has been loaded."""
    meter = Meter(sum(file.size for file in files))
    pages = _Pages()

    def rows() -> Iterator[Found]:
        for file in files:
            yield from _document(file, load(file) if content is None else content, meter, pages)
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


def load(file: File) -> Any:
    if file.size > DOCUMENT:
        raise Refused([f"{file.name} is larger than {DOCUMENT // 1_000_000} MB: split it."])
    try:
        with file.open() as raw:
            written = raw.read(DOCUMENT + 1)
        text = written.decode(json.detect_encoding(written))
        content = json.loads(text, parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise Refused([f"{file.name}, byte {error.start + 1}: this is not UTF-8."]) from error
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused([f"{file.name}{where}: {_no_json(text)}"]) from error
    except BROKEN as error:
        raise Refused([f"{file.name} cannot be read: {error}."]) from error
    if HALF.search(text):
        _refuse_halves(file.name, content)
    return content


def _no_json(text: str) -> str:
    if not text.strip():
        return "there is nothing in it."
    return "this is a web page, not JSON." if text.lstrip().startswith("<") else "this is not JSON."


def _refuse_halves(name: str, content: Any) -> None:
    for place, item in _places(name, content):
        try:
            json.dumps(item, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Refused([f"{place}: it holds half of a character, which cannot be kept."]) from error


def tables_in(file: File, content: Any) -> Content | None:
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
    name = by_file().get(Path(file).stem)
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
            if isinstance(value, (dict, list)) and is_deeper(value, STRANGE_DEPTH):
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


def _up(child: str, parent: str, parent_id: str) -> dict[str, str]:
    """The fields by which an object says in which other one it stood."""
    if child in ANY_LINKS:
        with_id, with_kind = ANY_LINKS[child]
        return {with_id: parent_id, with_kind: parent}
    column = f"{parent}_id"
    return {column: parent_id} if column in objects()[child].fields else {}
