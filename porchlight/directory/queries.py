"""What the directory holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, bindparam, column, func, or_, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from porchlight.directory import national
from porchlight.directory.indexing import EVERYWHERE, STATE
from porchlight.directory.places import nearby_cells
from porchlight.directory.tables import TABLES, Batch, Confirmation, Spot

if TYPE_CHECKING:
    from porchlight.directory.asking import Question

#: Miles in which places are looked for first, and then, when there are too few.
RINGS, ENOUGH = (12.0, 60.0, 100.0), 12
#: How many times as many are taken from the text index as are wanted, since some are of a batch that has gone.
MANY = 4


@dataclass(frozen=True)
class Source:
    """Where services came from: the batch that is current, when it came, and how many services are in it."""

    name: str
    batch: int
    at: datetime
    services: int = 0


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


def source_of(session: Session, batch: int) -> Source | None:
    """The source of a batch that can be seen; its services are not counted."""
    found = session.get(Batch, batch)
    return Source(found.source, found.id, found.at) if found and found.state == "current" else None


def batches(session: Session) -> dict[int, str]:
    """The sources of what agencies brought, by the batch that is current. Ours are read from their files instead."""
    theirs = Batch.source != national.SOURCE
    found = session.execute(select(Batch.id, Batch.source).where(Batch.state == "current", theirs))
    return {batch: source for batch, source in found}


def batch_of(session: Session, source: str) -> int | None:
    return session.scalar(select(Batch.id).where(Batch.source == source, Batch.state == "current"))


# What the search looks in


def find_spots(
    session: Session, current: Sequence[int], needs: Sequence[str], question: Question, limit: int
) -> list[tuple[int, str]]:
    """Services for some needs where the question asks, the nearest first: their batches, of the `current`, and ids."""
    # An index of the batch, or of the need alone, would be taken for a good one: both lead through half of the table.
    batch = [(Spot.batch_id + 0).in_(current), *_of_age(question.age)]
    fitting = [*batch, Spot.need.in_(needs)]
    found = dict.fromkeys(_everywhere(session, fitting, limit))
    place = question.place
    if place and place.exact:
        for ring in RINGS:
            near = _near(
                session,
                [*batch, Spot.need.concat("").in_(needs)],
                place.latitude or 0.0,
                place.longitude or 0.0,
                ring,
                limit,
            )
            found |= dict.fromkeys(near)
            if len(near) >= ENOUGH:
                break
    if place:
        found |= dict.fromkeys(_in_state(session, fitting, place.state, limit, with_places=not place.exact))
    return list(found)


def _of_age(age: int | None) -> list[ColumnElement[bool]]:
    if age is None:
        return []
    youngest = or_(Spot.minimum_age.is_(None), Spot.minimum_age <= age)
    return [youngest, or_(Spot.maximum_age.is_(None), Spot.maximum_age >= age)]


def _near(
    session: Session, fitting: list[ColumnElement[bool]], latitude: float, longitude: float, ring: float, limit: int
) -> list[tuple[int, str]]:
    north, east = Spot.latitude - latitude, (Spot.longitude - longitude) * 0.8
    query = select(Spot.batch_id, Spot.service_id).where(
        *fitting, Spot.cell.in_(list(nearby_cells(latitude, longitude, ring)))
    )
    return _keys(session, query.order_by(north * north + east * east, Spot.service_id).limit(limit))


def _everywhere(session: Session, fitting: list[ColumnElement[bool]], limit: int) -> list[tuple[int, str]]:
    query = select(Spot.batch_id, Spot.service_id).where(*fitting, Spot.reach == "country", Spot.state == "")
    return _keys(session, query.limit(limit))


def _in_state(
    session: Session, fitting: list[ColumnElement[bool]], state: str, limit: int, with_places: bool
) -> list[tuple[int, str]]:
    reaches = ["state", "place"] if with_places else ["state"]
    found: list[tuple[int, str]] = []
    for reach in reaches:
        query = select(Spot.batch_id, Spot.service_id).where(*fitting, Spot.reach == reach, Spot.state == state)
        found += _keys(session, query.limit(limit))
    return found


def _keys(session: Session, query: Any) -> list[tuple[int, str]]:
    return [(batch, service_id) for batch, service_id in session.execute(query)]


def find_words(session: Session, current: Sequence[int], question: Question, limit: int) -> list[tuple[int, str]]:
    """Services of `current` batches in which all words of the question stand, or else any of them, where it asks."""
    words = (*question.words, *(sorted(question.groups) if not question.needs else ()))
    if not words:
        return []
    state = question.place.state if question.place else ""
    scope = [EVERYWHERE, STATE.format(state=state.lower())] if state else []
    for together in (True, False):
        if found := _matching(session, current, words[:6], scope, together, limit):
            return found
    return []


def _matching(
    session: Session, current: Sequence[int], words: Sequence[str], scope: list[str], together: bool, limit: int
) -> list[tuple[int, str]]:
    if session.get_bind().dialect.name == "postgresql":
        said = (" & " if together else " | ").join(words)
        wanted = f"({said}) & ({' | '.join(scope)})" if scope else said
        matches = "to_tsvector('simple', e.words) @@ to_tsquery('simple', :wanted)"
        query = f"SELECT e.batch_id, e.service_id FROM directory_entry e WHERE {matches}"
    else:
        said = (" AND " if together else " OR ").join(f'"{word}"' for word in words)
        wanted = f"({said}) AND ({' OR '.join(scope)})" if scope else said
        # The text index first, and few of it: else all entries are gone through.
        found_there = f"SELECT rowid FROM directory_text WHERE directory_text MATCH :wanted LIMIT {MANY * limit}"
        query = f"SELECT e.batch_id, e.service_id FROM directory_entry e WHERE e.id IN ({found_there})"
    statement = text(f"{query} AND e.batch_id IN :current LIMIT :limit").bindparams(
        bindparam("current", expanding=True)
    )
    found = session.execute(
        statement.columns(column("batch_id", Integer), column("service_id", String)),
        {"wanted": wanted, "current": list(current), "limit": limit},
    )
    return [(batch, service_id) for batch, service_id in found]


# What people have confirmed


def confirmations(session: Session) -> dict[tuple[str, str], tuple[str, date]]:
    """Who confirmed a channel and when, by source and channel."""
    found = session.execute(select(Confirmation.source, Confirmation.channel_id, Confirmation.by, Confirmation.on))
    return {(source, channel): (by, on) for source, channel, by, on in found}


def confirm(session: Session, source: str, channel_id: str, by: str, on: date) -> None:
    session.merge(Confirmation(source=source, channel_id=channel_id, by=by[:100], on=on))
