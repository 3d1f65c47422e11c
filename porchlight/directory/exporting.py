"""Gives away what a source brought, as HSDS 3: a tabular package (CSV with a datapackage.json), or JSON documents.

Nothing of the denylist goes out: rows of denied numbers are left out, and in texts such a number is withdrawn.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from porchlight.directory.denylist import all_without_denied, denied, without_denied
from porchlight.directory.hsds import ANY_LINKS, DOCUMENTS, Field, Object, objects
from porchlight.directory.nesting import Nest, all_rows, plain
from porchlight.directory.queries import sources
from porchlight.directory.tables import TABLES

Fields = Mapping[str, Any]
Writer = Callable[[Session, int, Path], "Exported"]

#: What the tables of HSDS want beside its required fields. In JSON the place of an object tells what it belongs to.
_WANTED_LINKS: dict[str, str] = {
    "program": "organization_id",
    "service": "organization_id",
    "service_at_location": "service_id location_id",
    "cost_option": "service_id",
    "service_capacity": "service_id unit_id",
    "organization_identifier": "organization_id",
    "attribute": "link_id link_entity taxonomy_term_id",
    "metadata": "resource_id resource_type",
}
#: How tables write a day, a moment and a time. What stands in another way of ISO 8601 is put into this one.
_WRITTEN = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "moment": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    "time": re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"),
}
_TYPES = {"number": "number", "date": "date", "moment": "datetime", "time": "time"}


@dataclass(frozen=True)
class Exported:
    """How many rows were written of each object, and how many JSON has no place for, since they belong to nothing.

    `denied`: rows that the denylist kept back; `withdrawn`: fields in which it replaced a number; `gaps`: what the
    tables of HSDS want and the source did not tell, by table and column.
    """

    rows: dict[str, int]
    left_out: dict[str, int]
    denied: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    gaps: dict[str, int] = field(default_factory=dict)


def export(session: Session, source: str, folder: Path, write: Writer) -> Exported:
    """Write what a source brought last, all of it as it is at one moment. Raises StopIteration when it is gone."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    batch = next(each.batch for each in sources(session) if each.name == source)
    return write(session, batch, folder)


def export_csv(session: Session, batch: int, folder: Path) -> Exported:
    """Write a tabular package into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    gate, links = _Gate(session, batch), _Links()
    columns: dict[str, list[str]] = {}
    for name, shape in objects().items():
        if rows := gate.rows(name):
            columns[name] = _write_table(folder / f"{shape.file}.csv", shape, rows)
            links.note(shape, rows)
    _write_json(folder / "datapackage.json", _datapackage(columns, links))
    return Exported(links.counts, {}, gate.denied, gate.withdrawn, links.gaps())


def export_json(session: Session, batch: int, folder: Path) -> Exported:
    """Write JSON documents into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    gate = _Gate(session, batch)
    nest = Nest({name: {row["id"]: row for row in gate.rows(name)} for name in objects()})
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
    homeless = {name: count for name, count in left_out.items() if count}
    return Exported(written, homeless, gate.denied, gate.withdrawn)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


# What may go out


class _Gate:
    """Lets rows out, in the order of `objects()`: what belongs to a row comes after it."""

    def __init__(self, session: Session, batch: int) -> None:
        self._session, self._batch = session, batch
        self._kept_back: dict[str, set[str]] = {}
        self.withdrawn = 0

    @property
    def denied(self) -> dict[str, int]:
        """How many rows of each object were kept back."""
        return {name: len(ids) for name, ids in self._kept_back.items() if ids}

    def rows(self, name: str) -> list[Fields]:
        shape = objects()[name]
        found = all_rows(self._session, self._batch, name)
        back = {row["id"] for row in found if self._is_denied(name, row) or self._belongs_to_denied(shape, row)}
        self._kept_back[name] = back
        return [self._told(shape, row) for row in found if row["id"] not in back]

    def _is_denied(self, name: str, row: Fields) -> bool:
        """A number that is right in one state only is left with a service that is there for just this state."""
        if name != "phone":
            return False
        number = str(row["number"])
        if without_denied(number) != number:
            return True
        return denied(number) is not None and denied(number, self._state_of(row["service_id"])) is not None

    def _state_of(self, service_id: str | None) -> str | None:
        area = TABLES["service_area"]
        query = select(area.c.extent).where(
            area.c.batch_id == self._batch, area.c.service_id == service_id, area.c.extent_type == "state"
        )
        states = set(self._session.scalars(query)) if service_id else set()
        return next(iter(states)) if len(states) == 1 else None

    def _belongs_to_denied(self, shape: Object, row: Fields) -> bool:
        back = self._kept_back
        if any(row[link.name] in back.get(link.link or "", ()) for link in shape.links):
            return True
        if shape.name not in ANY_LINKS:
            return False
        link, kind = ANY_LINKS[shape.name]
        kinds = [row[kind]] if row[kind] in TABLES else list(back)
        return any(row[link] in back.get(each, ()) for each in kinds)

    def _told(self, shape: Object, row: Fields) -> Fields:
        changed = {
            each.name: told
            for each in _telling(shape.name)
            if (value := row[each.name]) is not None and (told := _field_told(shape, each, value)) != value
        }
        if row["more"] and (more := all_without_denied(row["more"])) != row["more"]:
            changed["more"] = more
        # The others are days and times that are written in another way.
        self.withdrawn += sum(name == "more" or shape.fields[name].kind in ("text", "number") for name in changed)
        return {**row, **changed} if changed else row


@cache
def _telling(name: str) -> tuple[Field, ...]:
    """The fields in which a number may stand, and dates. Ids and links are names of rows, which nobody dials."""
    names = {"id", *ANY_LINKS.get(name, ())}
    return tuple(
        each
        for each in objects()[name].fields.values()
        if each.name not in names and not each.link and not each.words and each.kind != "zone"
    )


def _field_told(shape: Object, each: Field, value: Any) -> Any:
    if each.kind == "number":
        # Of numbers only long ones are lines. Here no text can stand in their place.
        return None if value > 1e9 and all_without_denied(value) != value else value
    if each.kind != "text":
        return value if _WRITTEN[each.kind].fullmatch(value) else _rewritten(each.kind, value)
    # Houses and ZIP codes, by which areas are told, have five digits, too: one is a denied short code and Houston's.
    return without_denied(value, codes=shape.name not in ("address", "service_area"))


def _rewritten(kind: str, value: str) -> str:
    if kind == "time":
        return time.fromisoformat(value).isoformat()
    moment = datetime.fromisoformat(value)
    return moment.date().isoformat() if kind == "date" else moment.isoformat()


# CSV


class _Links:
    """What the tables hold, and what they want and do not hold."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._ids: dict[str, set[str]] = {}
        self._links: dict[tuple[str, str, str], list[str]] = {}
        self._empty: Counter[tuple[str, str]] = Counter()

    def note(self, shape: Object, rows: list[Fields]) -> None:
        self.counts[shape.name] = len(rows)
        self._ids[shape.name] = {row["id"] for row in rows}
        for link in shape.links:
            values = [row[link.name] for row in rows if row[link.name] is not None]
            self._links[shape.name, link.name, link.link or ""] = values
        wanted = [each.name for each in shape.fields.values() if each.wanted]
        for name in (*wanted, *_WANTED_LINKS.get(shape.name, "").split()):
            self._empty[shape.name, name] += sum(row[name] in (None, "") for row in rows)

    @property
    def loose(self) -> dict[tuple[str, str], int]:
        """How often a link points to what is not there."""
        counted = {
            (name, column): sum(value not in self._ids.get(target, ()) for value in values)
            for (name, column, target), values in self._links.items()
        }
        return {key: count for key, count in counted.items() if count}

    def gaps(self) -> dict[str, int]:
        empty = {_cell_named(*key, "is empty"): count for key, count in self._empty.items() if count}
        return empty | {_cell_named(*key, "points to nothing"): count for key, count in self.loose.items()}


def _cell_named(name: str, column: str, what: str) -> str:
    return f"{objects()[name].file}.csv: {column} {what}"


def _write_table(path: Path, shape: Object, rows: list[Fields]) -> list[str]:
    """Fields that HSDS does not know get columns of their own, after those that it knows; returns these."""
    more = sorted({name for row in rows for name in row["more"] or {}})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*shape.fields, *more])
        for row in rows:
            known = [plain(each, row[each.name]) for each in shape.fields.values()]
            writer.writerow([*known, *(_cell((row["more"] or {}).get(name)) for name in more)])
    return more


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list, bool)) else value


def _datapackage(columns: Mapping[str, list[str]], links: _Links) -> dict[str, Any]:
    """What a tabular data package says of its tables."""
    loose = links.loose
    return {
        "name": "directory",
        "profile": "tabular-data-package",
        "resources": [_resource(objects()[name], more, columns, loose) for name, more in columns.items()],
    }


def _resource(
    shape: Object, more: list[str], there: Mapping[str, list[str]], loose: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    # What points to what stands elsewhere is no key of this package.
    keys = [
        {"fields": link.name, "reference": {"resource": link.link, "fields": "id"}}
        for link in shape.links
        if (link.link or "") in there and (shape.name, link.name) not in loose
    ]
    fields = [*map(_described, shape.fields.values()), *({"name": name, "type": "string"} for name in more)]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": "id"}
    return {
        "name": shape.name,
        "path": f"{shape.file}.csv",
        "profile": "tabular-data-resource",
        "schema": {**schema, "foreignKeys": keys} if keys else schema,
    }


def _described(each: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if each.required else {}
    if each.words:
        constraints["enum"] = list(each.words)
    described = {"name": each.name, "type": _TYPES.get(each.kind, "string")}
    return {**described, "constraints": constraints} if constraints else described
