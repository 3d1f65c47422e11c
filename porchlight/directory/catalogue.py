"""Services out of the database, as the search and the pages need them.

A batch never changes: what was read of it stays read.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from porchlight.directory import queries
from porchlight.directory.model import Service, service_of
from porchlight.directory.nesting import service_documents

#: The batch that a service is in, and its id there.
Key = tuple[int, str]
#: Services that are kept in memory.
KEPT = 5_000

_read_of: WeakKeyDictionary[Engine | Connection, dict[Key, Service]] = WeakKeyDictionary()
_lock = Lock()


def services(session: Session, keys: Iterable[Key]) -> dict[Key, Service]:
    """The services of those keys, in their order."""
    wanted = list(keys)
    read = _read_of.setdefault(session.get_bind(), {})
    missing: dict[int, list[str]] = {}
    for batch, service_id in wanted:
        if (batch, service_id) not in read:
            missing.setdefault(batch, []).append(service_id)
    found = {key: read[key] for key in wanted if key in read}
    for batch, ids in missing.items():
        found |= _load(session, batch, ids, read)
    return {key: found[key] for key in wanted if key in found}


def _load(session: Session, batch: int, ids: list[str], read: dict[Key, Service]) -> dict[Key, Service]:
    source = queries.source_of(session, batch)
    if source is None:
        return {}
    loaded = {}
    for service_id, document in service_documents(session, batch, ids).items():
        loaded[batch, service_id] = service_of(document, source.name, source.at.date())
    with _lock:
        if len(read) + len(loaded) > KEPT:
            read.clear()
        read.update(loaded)
    return loaded


def document(session: Session, key: Key) -> dict[str, Any] | None:
    """The HSDS document of a service."""
    batch, service_id = key
    return service_documents(session, batch, [service_id]).get(service_id)


def service_of_source(session: Session, source: str, service_id: str) -> Service | None:
    """A service that an agency brought, as it is now."""
    batch = queries.batch_of(session, source)
    return services(session, [(batch, service_id)]).get((batch, service_id)) if batch is not None else None
