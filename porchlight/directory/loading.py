"""Puts the services of resources/directory into the database, where they are listed, exported and given away."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from porchlight.directory import national
from porchlight.directory.importing import import_content
from porchlight.directory.reading import read_services
from porchlight.directory.tables import Batch
from porchlight.store.engine import Store


def load_national(store: Store) -> bool:
    """Load them unless they are there as the files have them. Returns whether they were loaded anew. Raises Refused."""
    documents = national.documents()
    digest = hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()
    if store.read(_digest_there) == digest:
        return False
    import_content(store, national.SOURCE, read_services(documents, "resources/directory"), digest=digest)
    return True


def _digest_there(session: Session) -> str | None:
    return session.scalar(select(Batch.digest).where(Batch.source == national.SOURCE, Batch.state == "current"))
