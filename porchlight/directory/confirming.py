"""A person has called, written or looked, and it was right: that counts more than any source."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from porchlight.directory import catalogue, national, queries
from porchlight.directory.model import Service
from porchlight.directory.tables import TABLES


class Unknown(Exception):
    """There is no such channel or service. The message says what may be meant."""


def confirm(session: Session, written: str, by: str, on: date) -> list[str]:
    """Keep that `by` has checked a channel, or all of a service, on a day. Returns the ids of the channels.
    Raises Unknown."""
    service = _service_of(session, written)
    if service is None:
        raise Unknown(f"There is no channel or service {written!r}. `porchlight directory list --channels` shows them.")
    channels = [each.id for each in service.channels if written in (each.id, service.id)]
    for channel_id in channels:
        queries.confirm(session, service.source, channel_id, by, on)
    return channels


def _service_of(session: Session, written: str) -> Service | None:
    """The service of that id, or that a channel of that id belongs to."""
    for service in national.services().values():
        if written == service.id or any(each.id == written for each in service.channels):
            return service
    for batch in queries.batches(session):
        for service_id in (written, *_owners(session, batch, written)):
            found = catalogue.services(session, [(batch, service_id)]).get((batch, service_id))
            if found and (written == found.id or any(each.id == written for each in found.channels)):
                return found
    return None


def _owners(session: Session, batch: int, channel_id: str) -> list[str]:
    """The services to which a phone or an address of that id belongs."""
    found: list[str] = []
    for table in (TABLES["phone"], TABLES["url"]):
        query = select(table.c.service_id).where(table.c.batch_id == batch, table.c.id == channel_id)
        found += [each for each in session.scalars(query) if each]
    service_id, _, kind = channel_id.rpartition(".")
    return found + ([service_id] if kind in ("url", "email") else [])
