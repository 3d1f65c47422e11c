"""Imports HSDS data: all of it or nothing, and again without doubles.

Rows come in in short transactions under a new batch that nobody sees, so that whoever writes in a chat waits for
none of them. When all are there and fit together, the batch becomes the current one of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Table, and_, delete, func, insert, literal, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from porchlight.directory.hsds import ANY_LINKS, Field, objects
from porchlight.directory.reading import Content, Found, Refused
from porchlight.directory.tables import TABLES, Batch
from porchlight.store.engine import Store
from porchlight.store.times import now

#: Rows that are written in one transaction, and reasons after which reading ends.
ROWS, REASONS = 4_000, 50

Tell = Callable[[int], None]
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Imported:
    """How many rows of each object there are, what of an old export was left out and why, and what points to nothing
    in what was imported (of both the first ones)."""

    rows: dict[str, int]
    left_out: list[str]
    elsewhere: list[str]


def import_content(
    store: Store, source: str, content: Content, tell: Tell = lambda rows: None, partial_package: bool = False
) -> Imported:
    """Take the place of all that `source` brought before. Raises Refused; then all is as it was.

    `tell` hears how many rows came in. `partial_package`: what a package points to may stand elsewhere.
    """
    store.run(partial(_give_up, source=source))  # what an import left behind that was killed, or that we overtake
    batch = store.run(partial(_begin, source=source))
    try:
        left_out = _stage(store, batch, content, tell)
        loose = store.read(partial(loose_ends, batch=batch))
        if loose and content.manner == "package" and not partial_package:
            raise Refused(loose)
        counts = store.read(partial(_counts, batch=batch))
        store.run(partial(_make_current, batch=batch, source=source))
    except BaseException:
        store.run(partial(_leave, batch=batch))
        _sweep_gone(store)
        raise
    _sweep_gone(store)
    return Imported(counts, left_out[:REASONS], loose)


def _begin(session: Session, source: str) -> int:
    batch = Batch(source=source, at=now())
    session.add(batch)
    session.flush()
    return batch.id


def _stage(store: Store, batch: int, content: Content, tell: Tell) -> list[str]:
    """Write all rows; returns what was left out, and why. Raises Refused."""
    reasons: list[str] = []
    left_out: list[str] = []
    count = 0
    while found := list(islice(content.rows, ROWS)):
        rows = _read(found, batch, left_out if content.manner == "package_1_1" else reasons)
        if not reasons:
            store.run(partial(_write, batch=batch, rows=rows, once=content.manner == "package", reasons=reasons))
        if len(reasons) >= REASONS:
            break
        count += len(found)
        tell(len(found))
    if reasons:
        raise Refused(reasons[:REASONS])
    if not count:
        raise Refused(["There is nothing in it to import."])
    return left_out


def _read(found: Iterable[Found], batch: int, reasons: list[str]) -> Rows:
    """The rows that are as they should be; the others are told in `reasons`."""
    rows: Rows = {}
    for each in found:
        row, wrong = objects()[each.object].read(each.fields, each.part)
        if wrong:
            reasons += [f"{each.place}: {why}." for why in wrong]
            continue
        row["batch_id"], row["place"] = batch, each.place
        rows.setdefault(each.object, []).append(row)
    return rows


def _write(session: Session, batch: int, rows: Rows, once: bool, reasons: list[str]) -> None:
    """`once`: no row may stand twice; else each may tell a part."""
    _claim(session, batch)
    for name, new in rows.items():
        table = TABLES[name]
        if once:
            reasons += _doubles(session, table, new)
            if not reasons:
                session.execute(insert(table), new)
        else:
            session.execute(_merging(session, table), new)


def _doubles(session: Session, table: Table, new: list[dict[str, Any]]) -> Iterator[str]:
    ids = [row["id"] for row in new]
    known = select(table.c.id).where(table.c.batch_id == new[0]["batch_id"], table.c.id.in_(ids))
    seen = set(session.scalars(known))
    for row in new:
        if row["id"] in seen:
            yield f"{row['place']}: the id {row['id']!r} stands twice."
        seen.add(row["id"])


def _merging(session: Session, table: Table) -> Any:
    """An insert that fills what an earlier row of the same id left empty."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    filled = {
        column.name: func.coalesce(column, statement.excluded[column.name])
        for column in table.c
        if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=["batch_id", "id"], set_=filled)


# What points to nothing


def loose_ends(session: Session, batch: int) -> list[str]:
    """What points to nothing in a batch, in words; the first ones."""
    return list(islice(_each_loose_end(session, batch), REASONS))


def _each_loose_end(session: Session, batch: int) -> Iterator[str]:
    for name, shape in objects().items():
        for field in shape.links:
            yield from _loose(session, batch, TABLES[name], field)
    for name, (link, kind) in ANY_LINKS.items():
        yield from _loose_of_any(session, batch, TABLES[name], link, kind)


def _loose(session: Session, batch: int, table: Table, field: Field) -> Iterator[str]:
    target = TABLES[field.link or ""].alias()
    there = and_(target.c.batch_id == batch, target.c.id == table.c[field.name])
    loose = select(table.c.place, table.c[field.name]).where(
        table.c.batch_id == batch, table.c[field.name].is_not(None), not_(select(literal(1)).where(there).exists())
    )
    for place, link in session.execute(loose.limit(REASONS)):
        yield f"{place}: {field.name} {link!r} is the id of no {field.link}."


def _loose_of_any(session: Session, batch: int, table: Table, link: str, kind: str) -> Iterator[str]:
    """Attributes and metadata whose object is not there. A kind that HSDS does not know may be any."""
    ways: list[ColumnElement[bool]] = []
    for name, other in TABLES.items():
        there = select(literal(1)).where(other.c.batch_id == batch, other.c.id == table.c[link]).exists()
        ways.append(
            and_(there, or_(table.c[kind] == name, table.c[kind].is_(None), table.c[kind].not_in(list(TABLES))))
        )
    loose = select(table.c.place, table.c[link]).where(
        table.c.batch_id == batch, table.c[link].is_not(None), not_(or_(*ways))
    )
    for place, value in session.execute(loose.limit(REASONS)):
        yield f"{place}: {link} {value!r} is the id of nothing here."


def _counts(session: Session, batch: int) -> dict[str, int]:
    counted = {
        name: session.scalar(select(func.count()).select_from(table).where(table.c.batch_id == batch)) or 0
        for name, table in TABLES.items()
    }
    return {name: count for name, count in counted.items() if count}


# Taking the place of what was there


def _make_current(session: Session, batch: int, source: str) -> None:
    _claim(session, batch)
    before = update(Batch).where(Batch.source == source, Batch.state == "current")
    session.execute(before.values(state="gone"))
    session.execute(update(Batch).where(Batch.id == batch).values(state="current"))


def _claim(session: Session, batch: int) -> None:
    """Raises Refused when another import of the source has begun since."""
    if session.scalar(select(Batch.state).where(Batch.id == batch).with_for_update()) != "coming":
        raise Refused(["Another import of the same source began meanwhile."])


def _give_up(session: Session, source: str) -> None:
    session.execute(update(Batch).where(Batch.source == source, Batch.state == "coming").values(state="gone"))


def _leave(session: Session, batch: int) -> None:
    session.execute(update(Batch).where(Batch.id == batch).values(state="gone"))


def _sweep_gone(store: Store) -> None:
    """Delete what nobody sees any more, some rows at a time."""
    for batch in store.read(_gone):
        for table in TABLES.values():
            while store.run(partial(_delete_some, table=table, batch=batch)):
                pass
        store.run(partial(_forget, batch=batch))


def _gone(session: Session) -> list[int]:
    return list(session.scalars(select(Batch.id).where(Batch.state == "gone")))


def _delete_some(session: Session, table: Table, batch: int) -> int:
    some = select(table.c.id).where(table.c.batch_id == batch).limit(ROWS)
    deleted = session.execute(delete(table).where(table.c.batch_id == batch, table.c.id.in_(some)))
    return int(deleted.rowcount)  # type: ignore[attr-defined]


def _forget(session: Session, batch: int) -> None:
    session.execute(delete(Batch).where(Batch.id == batch))
