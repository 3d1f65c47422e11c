"""HSDS objects as JSON: each with all that stands in it, put together from rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from porchlight.directory.hiding import keys_of, secrets_of
from porchlight.directory.hsds import ANY_LINKS, LISTS, OBJECTS, Field, Object, objects
from porchlight.directory.tables import TABLES

Fields = Mapping[str, Any]
Rows = dict[str, dict[str, Fields]]
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


class Nest:
    """Rows, by id and by what they belong to; `written`: the ids of those that were told."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.written: dict[str, set[str]] = {}
        self._inside: dict[tuple[str, str, str], list[Fields]] = {}
        for name, shape in objects().items():
            for row in rows.get(name, {}).values():
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
        told = {field.name: plain(field, row[field.name]) for field in fields}
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


def plain(field: Field, value: Any) -> Any:
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


# A few services with all that belongs to them


def service_documents(session: Session, batch: int, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The documents of services, by id."""
    rows = _rows_of_services(session, batch, list(ids))
    _mark_hidden(session, batch, rows)
    nest = Nest(rows)
    documents = {}
    for service_id, row in rows["service"].items():
        documents[service_id] = nest.whole("service", row)
        organization = documents[service_id].get("organization")
        if organization and not documents[service_id].get("phones"):
            # Where the service has no number of its own, its organization's is the one to call.
            phones = [each for each in rows["phone"].values() if each["organization_id"] == organization["id"]]
            organization |= {"phones": [nest.whole("phone", each) for each in phones]} if phones else {}
    return documents


def _mark_hidden(session: Session, batch: int, rows: Rows) -> None:
    """Mark the places that a hidden service of the batch shares."""
    secrets = secrets_of(session, batch) if rows["location"] else set()
    if not secrets:
        return
    for location_id, location in rows["location"].items():
        addresses = [each for each in rows["address"].values() if each["location_id"] == location_id]
        if keys_of(location_id, addresses) & secrets:
            own = (location["more"] or {}).get("porchlight")
            own = own if isinstance(own, Mapping) else {}
            more = {**(location["more"] or {}), "porchlight": {**own, "confidential": True}}
            rows["location"][location_id] = {**location, "more": more}


def _rows_of_services(session: Session, batch: int, ids: list[str]) -> Rows:
    rows: Rows = {name: {} for name in objects()}

    def take(name: str, column: str, values: Iterable[Any]) -> list[Fields]:
        wanted = {value for value in values if value}
        found = _rows(session, batch, name, TABLES[name].c[column].in_(wanted)) if wanted else []
        rows[name] |= {row["id"]: row for row in found}
        return found

    def take_all(owner: str, ids: Iterable[str], names: str) -> None:
        for name in names.split():
            take(name, f"{owner}_id", ids)

    services = take("service", "id", ids)
    organizations = {row["organization_id"] for row in services}
    take("organization", "id", organizations)
    take("phone", "organization_id", organizations)
    take("program", "id", {row["program_id"] for row in services})
    take_all(
        "service",
        ids,
        "phone schedule service_area service_at_location language funding cost_option required_document contact"
        " service_capacity url",
    )
    places = list(rows["service_at_location"])
    take_all("service_at_location", places, "service_area contact phone schedule")
    locations = {row["location_id"] for row in rows["service_at_location"].values()}
    take("location", "id", locations)
    take_all("location", locations, "language address contact accessibility phone schedule")
    take("phone", "contact_id", list(rows["contact"]))
    take("language", "phone_id", list(rows["phone"]))
    take("unit", "id", {row["unit_id"] for row in rows["service_capacity"].values()})
    every = [each for name in rows for each in rows[name]]
    for name, (link, _) in ANY_LINKS.items():
        take(name, link, every)
    take("taxonomy_term", "id", {row["taxonomy_term_id"] for row in rows["attribute"].values()})
    take("taxonomy", "id", {row["taxonomy_id"] for row in rows["taxonomy_term"].values()})
    return rows


def all_rows(session: Session, batch: int, name: str) -> list[Fields]:
    """The rows of one object, by id."""
    table = TABLES[name]
    found = session.execute(select(table).where(table.c.batch_id == batch).order_by(table.c.id))
    return [dict(row) for row in found.mappings()]


def _rows(session: Session, batch: int, name: str, where: ColumnElement[bool]) -> list[Fields]:
    table = TABLES[name]
    # Put in order here: to get them in order, SQLite would read the whole batch by its key, and not use other indexes.
    found = session.execute(select(table).where(table.c.batch_id == batch, where)).mappings()
    return sorted((dict(row) for row in found), key=lambda row: row["id"])
