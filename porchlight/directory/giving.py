"""Gives services away to everybody: as HSDS documents in which nothing stands that must not be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from porchlight.directory import catalogue, national, queries
from porchlight.directory.denylist import denied, without_denied
from porchlight.directory.model import HIDDEN, Service, is_hidden, service_of, terms_of
from porchlight.directory.nesting import service_documents
from porchlight.directory.tables import TABLES
from porchlight.store.times import now

#: What is told of a place that nobody may find.
_SAFE_PLACE = ("id", "service_id", "location_type")
_PHONES = "phones"


def count(session: Session) -> int:
    """How many services there are to give away."""
    return len(national.documents()) + _count_theirs(session)


def page(session: Session, first: int, size: int) -> list[dict[str, Any]]:
    """Some services from a place in their order on: ours first, then those of agencies."""
    ours = [public(each) for each in national.documents()[first : first + size]]
    if len(ours) == size:
        return ours
    return ours + list(_theirs(session, max(first - len(national.documents()), 0), size - len(ours)))


def one(session: Session, service_id: str) -> tuple[dict[str, Any], Service] | None:
    """A service by its id, with what we read out of it; None when there is none to be shown."""
    confirmed = queries.confirmations(session)
    for document in national.documents():
        if document["id"] == service_id:
            return public(document), national.services()[service_id].with_confirmations(confirmed)
    for batch, source in queries.batches(session).items():
        document_there = catalogue.document(session, (batch, service_id))
        if document_there and document_there.get("status") == "active":
            service = service_of(document_there, source, now().date())
            return public(document_there), service.with_confirmations(confirmed)
    return None


def documents_of(session: Session, services: list[Service]) -> list[dict[str, Any]]:
    """The documents of services that a search found, in their order."""
    ours = {document["id"]: document for document in national.documents()}
    batches = {source: batch for batch, source in queries.batches(session).items()}
    found = []
    for service in services:
        document: Mapping[str, Any] | None = (
            ours.get(service.id)
            if service.source == national.SOURCE
            else catalogue.document(session, (batches[service.source], service.id))
        )
        if document:
            found.append(public(document))
    return found


def public(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without numbers of the denylist, and without the address of a place that must not be known."""
    told: dict[str, Any] = _clean(document, _state_of(document))
    text = f"{document.get('name') or ''} {document.get('description') or ''}"
    needs, _ = terms_of(document)
    secret = bool((document.get("porchlight") or {}).get("confidential")) or is_hidden(text, needs)
    for at in told.get("service_at_locations") or []:
        location = at.get("location")
        if location and (secret or _is_secret(location)):
            at["location"] = {key: location[key] for key in _SAFE_PLACE if key in location}
            at.pop("description", None)
    return told


def _is_secret(location: Mapping[str, Any]) -> bool:
    if (location.get("porchlight") or {}).get("confidential"):
        return True
    said = [str(location.get(key) or "") for key in ("name", "alternate_name", "description")]
    said += [str(value or "") for address in location.get("addresses") or [] for value in address.values()]
    return bool(HIDDEN.search(" ".join(said)))


def _state_of(document: Mapping[str, Any]) -> str | None:
    areas = document.get("service_areas") or []
    extents = {str(area.get("extent") or "") for area in areas if area.get("extent_type") == "state"}
    return next(iter(extents)) if len(extents) == 1 else None


def _clean(value: Any, state: str | None) -> Any:
    if isinstance(value, str):
        return without_denied(value)
    if isinstance(value, (list, tuple)):
        return [_clean(each, state) for each in value]
    if isinstance(value, Mapping):
        return {
            key: _clean([e for e in each if not denied(str(e.get("number") or ""), state)], state)
            if key == _PHONES
            else _clean(each, state)
            for key, each in value.items()
        }
    return value


def _count_theirs(session: Session) -> int:
    service = TABLES["service"]
    batches = list(queries.batches(session))
    query = select(func.count()).select_from(service)
    return session.scalar(query.where(service.c.batch_id.in_(batches), service.c.status == "active")) or 0


def _theirs(session: Session, first: int, size: int) -> Iterator[dict[str, Any]]:
    service = TABLES["service"]
    query = (
        select(service.c.batch_id, service.c.id)
        .where(service.c.batch_id.in_(list(queries.batches(session))), service.c.status == "active")
        .order_by(service.c.batch_id, service.c.id)
    )
    by_batch: dict[int, list[str]] = {}
    for batch, service_id in session.execute(query.offset(first).limit(size)):
        by_batch.setdefault(batch, []).append(service_id)
    for batch, ids in by_batch.items():
        documents = service_documents(session, batch, ids)
        yield from (public(documents[each]) for each in ids if each in documents)
