"""What the directory holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from porchlight.directory.tables import TABLES, Batch


@dataclass(frozen=True)
class Source:
    """Where services came from: the batch that is current, when it came, and how many services are in it."""

    name: str
    batch: int
    at: datetime
    services: int


def sources(session: Session) -> list[Source]:
    """All sources by name."""
    service = TABLES["service"]
    found = session.execute(
        select(Batch.source, Batch.id, Batch.at, func.count(service.c.id))
        .outerjoin(service, service.c.batch_id == Batch.id)
        .where(Batch.state == "current")
        .group_by(Batch.source, Batch.id, Batch.at)
        .order_by(Batch.source)
    )
    return [Source(*row) for row in found]
