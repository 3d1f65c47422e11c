"""Gives services away to everybody: as HSDS documents in which nothing stands that must not be known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from porchlight.directory import catalogue, national, queries
from porchlight.directory.denylist import all_without_denied, denied, digits, without_denied
from porchlight.directory.hours import zone_named
from porchlight.directory.hsds import ANY_LINKS, LISTS, OBJECTS, objects
from porchlight.directory.model import TELLING, Service, an_object, is_hidden, objects_of, terms_of
from porchlight.directory.nesting import service_documents
from porchlight.directory.tables import TABLES
from porchlight.store.times import now

#: What is told of a place that nobody may find, and of a service there: how to reach somebody, and when.
_SAFE_PLACE = frozenset(["id", "location_type", "languages", "phones", "schedules"])
_SAFE_THERE = frozenset(["id", "service_id", "phones", "schedules"])
#: Houses and ZIP codes, by which areas are told, have five digits, too: one is a denied short code and Houston's.
_FIVE_DIGITS = ("addresses", "service_areas")
_ZONE = "timezone"


def count(session: Session) -> int:
    """How many services there are to give away."""
    theirs = _theirs(session).subquery()
    return len(national.documents()) + (session.scalar(select(func.count()).select_from(theirs)) or 0)


def page(session: Session, first: int, size: int) -> list[dict[str, Any]]:
    """Some services from a place in their order on: ours first, then those of agencies."""
    ours = [public(each) for each in national.documents()[first : first + size]]
    if len(ours) == size:
        return ours
    theirs = _theirs(session).order_by(TABLES["service"].c.id)
    keys = session.execute(theirs.offset(max(first - len(national.documents()), 0)).limit(size - len(ours)))
    return ours + list(_documents(session, [(batch, service_id) for batch, service_id in keys]))


def one(session: Session | None, service_id: str) -> tuple[dict[str, Any], Service] | None:
    """A service by its id, with what we read out of it; None when there is none to be shown. Without a session only
    ours are known."""
    confirmed = queries.confirmations(session) if session else {}
    if ours := national.services().get(service_id):
        return public(_ours()[service_id]), ours.with_confirmations(confirmed)
    if session is None:
        return None
    found = session.execute(_theirs(session).where(TABLES["service"].c.id == service_id)).first()
    if found is None:
        return None
    key = (found[0], service_id)
    document, service = catalogue.document(session, key), catalogue.services(session, [key]).get(key)
    return (public(document), service.with_confirmations(confirmed)) if document and service else None


def documents_of(session: Session | None, services: Iterable[Service]) -> list[dict[str, Any] | None]:
    """The documents of services that a search found, in their order; None for one that has gone meanwhile."""
    batches = {source: batch for batch, source in queries.batches(session).items()} if session else {}
    found: list[dict[str, Any] | None] = []
    for service in services:
        document: Mapping[str, Any] | None = None
        if service.source == national.SOURCE:
            document = _ours().get(service.id)
        elif session and service.source in batches:
            document = catalogue.document(session, (batches[service.source], service.id))
        found.append(public(document) if document else None)
    return found


def _ours() -> Mapping[str, Mapping[str, Any]]:
    return {document["id"]: document for document in national.documents()}


def _theirs(session: Session) -> Select[int, str]:
    """The batches and ids of what agencies brought. An id that stands twice is that of the first, and ours before all:
    no import takes the place of a line for the whole country."""
    service = TABLES["service"]
    query = select(func.min(service.c.batch_id), service.c.id).group_by(service.c.id)
    return query.where(
        service.c.batch_id.in_(list(queries.batches(session))),
        service.c.status == "active",
        service.c.id.not_in(list(national.services())),
    )


def _documents(session: Session, keys: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    by_batch: dict[int, list[str]] = {}
    for batch, service_id in keys:
        by_batch.setdefault(batch, []).append(service_id)
    read = {batch: service_documents(session, batch, ids) for batch, ids in by_batch.items()}
    yield from (public(read[batch][service_id]) for batch, service_id in keys if service_id in read[batch])


# What must not be known


def public(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without numbers of the denylist, and without the address of a place that must not be known."""
    told = _told(document, _state_of(document))
    text = f"{document.get('name') or ''} {document.get('description') or ''}"
    secret = bool(an_object(document.get("porchlight")).get("confidential")) or is_hidden(text, terms_of(document)[0])
    if there := objects_of(told.get("service_at_locations")):
        told["service_at_locations"] = [_without_place(each, secret) for each in there]
    return {key: value for key, value in told.items() if key in _safe_fields()} if secret else told


@cache
def _safe_fields() -> frozenset[str]:
    """What is told of a service at a secret place: nothing that HSDS does not know, nor what stood there before."""
    return frozenset([*objects()["service"].fields, *LISTS, *OBJECTS, "porchlight"]) - {"metadata"}


def _without_place(there: Mapping[str, Any], secret: bool) -> dict[str, Any]:
    """A service at a location, which is taken out of it when it is secret."""
    location = an_object(there.get("location"))
    if not (secret or _is_secret(location)):
        return dict(there)
    safe = {key: value for key, value in there.items() if key in _SAFE_THERE}
    place = {key: value for key, value in location.items() if key in _SAFE_PLACE}
    return {**safe, "location": place} if place else safe


def _is_secret(location: Mapping[str, Any]) -> bool:
    if an_object(location.get("porchlight")).get("confidential"):
        return True
    addresses = objects_of(location.get("addresses"))
    said = [location.get(key) for key in TELLING] + [value for each in addresses for value in each.values()]
    return is_hidden(" ".join(str(each) for each in said if each))


def _state_of(document: Mapping[str, Any]) -> str | None:
    """The only state that a service is for; None when there are others, or none."""
    areas = [area for area in objects_of(document.get("service_areas")) if area.get("extent_type") == "state"]
    extents = {str(area.get("extent") or "") for area in areas}
    return next(iter(extents)) if len(extents) == 1 else None


def _told(item: Mapping[str, Any], state: str | None, codes: bool = True) -> dict[str, Any]:
    """An object and all that stands in it, without denied numbers. `codes`: see without_denied."""
    told: dict[str, Any] = {}
    for key, value in item.items():
        if key in LISTS and isinstance(value, (list, tuple)):
            kept = [each for each in value if isinstance(each, Mapping) and not _is_denied(key, each, state)]
            told[key] = [_told(each, state, codes and key not in _FIVE_DIGITS) for each in kept]
        elif key in OBJECTS and isinstance(value, Mapping):
            told[key] = _told(value, state, codes)
        elif key in _ids():
            told[key] = value
        elif key == _ZONE and isinstance(value, str) and (zone := zone_named(value)):
            told |= _zone_told(value, zone)
        elif isinstance(value, str):
            told[without_denied(key)] = without_denied(value, codes)
        elif isinstance(value, (int, float)) and all_without_denied(value) != value:
            continue  # where a number stands no words can
        else:
            told[without_denied(key)] = all_without_denied(value)
    return told


def _zone_told(name: str, zone: tzinfo) -> dict[str, Any]:
    """HSDS knows hours from UTC only: those of now. The name of the zone is told beside them."""
    hours = (zone.utcoffset(now()) or timedelta()).total_seconds() / 3600
    return {_ZONE: int(hours) if hours.is_integer() else hours, f"{_ZONE}_name": name}


def _is_denied(key: str, item: Mapping[str, Any], state: str | None) -> bool:
    """Whether it is a phone whose number, with or without an extension, must not be shown (in the state)."""
    if key != "phones":
        return False
    number = str(item.get("number") or "")
    dialled = digits(number)
    parts = (dialled, dialled[:10], dialled.removeprefix("1")[:10])
    return without_denied(number) != number or any(denied(each, state) for each in parts)


@cache
def _ids() -> frozenset[str]:
    """Fields with names of rows, which nobody dials."""
    links = {field.name for shape in objects().values() for field in shape.links}
    return frozenset(["id", *links, *(link for link, _ in ANY_LINKS.values())])
