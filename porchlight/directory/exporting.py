"""Gives away what a source brought, as HSDS 3: a tabular package (CSV with a datapackage.json), or JSON documents."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from porchlight.directory.hsds import ANY_LINKS, DOCUMENTS, LISTS, OBJECTS, Field, Object, objects
from porchlight.directory.queries import sources
from porchlight.directory.tables import TABLES

Fields = Mapping[str, Any]
#: A zone is at most so many hours from UTC.
HOURS = 14

#: What stands in an object, in JSON, beside its attributes and metadata. An organization's services stand in
#: no list of it: each service holds its organization.
_INSIDE: dict[str, str] = {
    "organization": "funding contacts phones locations programs organization_identifiers additional_websites",
    "service": (
        "phones schedules service_areas service_at_locations languages funding cost_options required_documents contacts"
        " capacities additional_urls organization program"
    ),
    "service_at_location": "service_areas contacts phones schedules location",
    "location": "languages addresses contacts accessibility phones schedules",
    "contact": "phones",
    "phone": "languages",
    "service_capacity": "unit",
    "attribute": "taxonomy_term",
    "taxonomy_term": "taxonomy_detail",
}
_WITHOUT_ATTRIBUTES = {"attribute", "metadata", "taxonomy", "taxonomy_term"}

Writer = Callable[[Session, int, Path], "Exported"]


@dataclass(frozen=True)
class Exported:
    """How many rows were written of each object, and how many JSON has no place for, since they belong to nothing."""

    rows: dict[str, int]
    left_out: dict[str, int]


def export(session: Session, source: str, folder: Path, write: Writer) -> Exported:
    """Write what a source brought last, all of it as it is at one moment. Raises StopIteration when it is gone."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    batch = next(each.batch for each in sources(session) if each.name == source)
    return write(session, batch, folder)


def export_csv(session: Session, batch: int, folder: Path) -> Exported:
    """Write a tabular package into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    for name, shape in objects().items():
        if rows := _rows(session, batch, name):
            _write_table(folder / f"{shape.file}.csv", shape, rows)
            counts[name] = len(rows)
    _write_json(folder / "datapackage.json", _datapackage(counts))
    return Exported(counts, {})


def export_json(session: Session, batch: int, folder: Path) -> Exported:
    """Write JSON documents into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    nest = _Nest(session, batch)
    owners = nest.rows["organization"]
    for document, name in DOCUMENTS.items():
        if name == "service_at_location":
            continue  # they stand in their services
        rows = [row for row in nest.rows[name].values() if name != "location" or row["organization_id"] not in owners]
        if rows:
            contents = [nest.whole(name, row) for row in rows]
            _write_json(folder / f"{document}.json", {"total_items": len(contents), "contents": contents})
    written = {name: len(ids) for name, ids in nest.written.items()}
    left_out = {name: len(rows) - written.get(name, 0) for name, rows in nest.rows.items()}
    return Exported(written, {name: count for name, count in left_out.items() if count})


def _rows(session: Session, batch: int, name: str) -> list[Fields]:
    table = TABLES[name]
    found = session.execute(select(table).where(table.c.batch_id == batch).order_by(table.c.id))
    return [dict(row) for row in found.mappings()]


# CSV


def _write_table(path: Path, shape: Object, rows: list[Fields]) -> None:
    """Fields that HSDS does not know get columns of their own, after those that it knows."""
    more = sorted({name for row in rows for name in row["more"] or {}})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*shape.fields, *more])
        for row in rows:
            known = [_plain(field, row[field.name]) for field in shape.fields.values()]
            writer.writerow([*known, *(_cell((row["more"] or {}).get(name)) for name in more)])


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list, bool)) else value


def _datapackage(counts: Mapping[str, int]) -> dict[str, Any]:
    """What a tabular data package says of its tables."""
    return {
        "name": "directory",
        "profile": "tabular-data-package",
        "resources": [_resource(objects()[name], set(counts)) for name in counts],
    }


def _resource(shape: Object, there: set[str]) -> dict[str, Any]:
    keys = [
        {"fields": field.name, "reference": {"resource": field.link, "fields": "id"}}
        for field in shape.links
        if field.link in there
    ]
    schema: dict[str, Any] = {"fields": [_described(field) for field in shape.fields.values()], "primaryKey": "id"}
    return {
        "name": shape.name,
        "path": f"{shape.file}.csv",
        "profile": "tabular-data-resource",
        "schema": {**schema, "foreignKeys": keys} if keys else schema,
    }


def _described(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    if field.words:
        constraints["enum"] = list(field.words)
    described = {"name": field.name, "type": "number" if field.kind == "number" else "string"}
    return {**described, "constraints": constraints} if constraints else described


# JSON


class _Nest:
    """All rows of a batch, by id and by what they belong to; `written`: the ids of those that were told."""

    def __init__(self, session: Session, batch: int) -> None:
        self.rows = {name: {row["id"]: row for row in _rows(session, batch, name)} for name in objects()}
        self.written: dict[str, set[str]] = {}
        self._inside: dict[tuple[str, str, str], list[Fields]] = {}
        for name, shape in objects().items():
            for row in self.rows[name].values():
                for owner, owner_id in _owners(shape, row):
                    self._inside.setdefault((owner, owner_id, name), []).append(row)

    def whole(self, name: str, row: Fields) -> dict[str, Any]:
        """An object with all that stands in it."""
        told = self.told(name, row)
        for key in _INSIDE.get(name, "").split():
            if key in OBJECTS:
                kind = OBJECTS[key]
                there = self.rows[kind].get(row[f"{kind}_id"] or "")
                if there:
                    # An organization is told in full in its own document, once.
                    told[key] = self.told(kind, there) if kind == "organization" else self.whole(kind, there)
            elif children := self._inside.get((name, row["id"], LISTS[key])):
                told[key] = [self.whole(LISTS[key], each) for each in children]
        for key in ("metadata",) if name in _WITHOUT_ATTRIBUTES else ("attributes", "metadata"):
            children = self._inside.get((name, row["id"], LISTS[key]), [])
            if children and name != LISTS[key]:
                told[key] = [self.whole(LISTS[key], each) for each in children]
        return told

    def told(self, name: str, row: Fields) -> dict[str, Any]:
        """The fields of an object itself."""
        self.written.setdefault(name, set()).add(row["id"])
        fields = objects()[name].fields.values()
        told = {field.name: _plain(field, row[field.name]) for field in fields}
        told |= {field.name: "" for field in fields if field.wanted and told[field.name] is None}
        return {key: value for key, value in told.items() if value is not None} | (row["more"] or {})


def _owners(shape: Object, row: Fields) -> Iterator[tuple[str, str]]:
    for field in shape.links:
        if row[field.name] and field.link:
            yield field.link, row[field.name]
    if shape.name in ANY_LINKS:
        link, kind = ANY_LINKS[shape.name]
        if row[link] and row[kind]:
            yield row[kind], row[link]


def _plain(field: Field, value: Any) -> Any:
    """A number without needless decimals, and hours from UTC as a number; the rest as it is kept."""
    if value is None or field.kind not in ("number", "zone"):
        return value
    try:
        number = float(value)
    except ValueError:
        return value  # the name of a zone
    if field.kind == "zone" and abs(number) > HOURS:
        return value  # "+0530"
    return int(number) if number.is_integer() else number


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
