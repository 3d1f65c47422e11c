"""Imports HSDS data: all of it or nothing, and again without doubles.

Rows come in in short transactions under a new batch that nobody sees, so that whoever writes in a chat waits for
none of them. When all are there and fit together, the batch becomes the current one of its source.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, and_, delete, func, literal, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from porchlight.directory.hsds import ANY_LINKS, Field, objects
from porchlight.directory.indexing import index_batch
from porchlight.directory.reading import Content, Found, Refused
from porchlight.directory.tables import ENTRIES, SECRETS, SPOTS, TABLES, Batch
from porchlight.directory.writing import dialect_of, write_new
from porchlight.store.engine import Store
from porchlight.store.times import now

#: Rows that are written in one transaction, and reasons after which reading ends.
ROWS, REASONS = 4_000, 50

OVERTAKEN = "Another import of the same source began meanwhile."

Result = TypeVar("Result")
Tell = Callable[[int], None]
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Imported:
    """How many rows of each object there are, what of an old export was left out and why, and the first of what points
    to nothing in what was imported."""

    rows: dict[str, int]
    left_out: list[str]
    elsewhere: list[str]


def import_content(
    store: Store,
    source: str,
    content: Content,
    tell: Tell = lambda rows: None,
    partial_package: bool = False,
    digest: str | None = None,
) -> Imported:
    """Take the place of all that `source` brought before. Raises Refused; then all is as it was.

    `tell` hears how many rows came in. `partial_package`: what a package points to may stand elsewhere. `digest`: of
    what the content was made from, so that the same is not imported again.
    """
    batch = _decided(store, partial(_begin, source=source, digest=digest))
    was_collecting = gc.isenabled()
    gc.disable()  # millions of rows, and no cycles among them: looking for some takes a tenth of the time
    try:
        left_out = _stage(store, batch, content, tell)
        loose = store.read(partial(loose_ends, batch=batch))
        if loose and content.manner == "package" and not partial_package:
            raise Refused(loose)
        counts = store.read(partial(_counts, batch=batch))
        if content.manner == "package_1_1" and "service" not in counts:
            raise Refused([*left_out[:REASONS], "There is no service in it."])
        index_batch(store, batch)
        _decided(store, partial(_make_current, batch=batch, source=source))
    except BaseException:
        store.run(partial(_leave, batch=batch))
        _sweep_gone(store)
        raise
    finally:
        if was_collecting:
            gc.enable()
    _sweep_gone(store)
    return Imported(counts, left_out, loose)


def _decided(store: Store, work: Callable[[Session], Result]) -> Result:
    """`work`, of which only one at a time can be for a source: the database sees to it."""
    try:
        return store.run(work)
    except IntegrityError as error:
        raise Refused([OVERTAKEN]) from error


def _begin(session: Session, source: str, digest: str | None) -> int:
    # What an import left behind that was killed, or that we overtake.
    session.execute(update(Batch).where(Batch.source == source, Batch.state == "coming").values(state="gone"))
    batch = Batch(source=source, at=now(), digest=digest)
    session.add(batch)
    session.flush()
    return batch.id


def _stage(store: Store, batch: int, content: Content, tell: Tell) -> list[str]:
    """Write all rows; returns what was left out, and why. Raises Refused."""
    kept = 0
    reasons: list[str] = []
    left_out = list(content.strange)
    forgiving = content.manner == "package_1_1"
    told = left_out if forgiving else reasons
    while found := list(islice(content.rows, ROWS)):
        rows, parts = _read(found, batch, told, forgiving)
        if not reasons:
            kept += store.run(partial(_write, batch=batch, rows=rows, parts=parts, content=content, told=told))
        if len(reasons) >= REASONS:
            break
        tell(len(found))
    if reasons:
        raise Refused(reasons[:REASONS])
    if not kept:
        raise Refused([*left_out[:REASONS], "There is nothing in it to import."])
    return left_out


def _read(found: Iterable[Found], batch: int, told: list[str], forgiving: bool) -> tuple[Rows, list[Found]]:
    """The rows that are as they should be, and those that tell a part of one. `forgiving`: a field that is wrong is
    left out, and not the row."""
    rows: Rows = {}
    parts: list[Found] = []
    for each in found:
        if each.part:
            parts.append(each)
            continue
        shape = objects()[each.object]
        row, wrong = shape.read(each.fields)
        told += [f"{each.place}: {why}." for why in wrong]
        if wrong and not (forgiving and all(row[name] is not None for name in shape.required)):
            continue
        row["batch_id"], row["place"] = batch, each.place
        rows.setdefault(each.object, []).append(row)
    return rows, parts


def _write(session: Session, batch: int, rows: Rows, parts: list[Found], content: Content, told: list[str]) -> int:
    """Write rows; returns how many. In documents an object may stand in several places, else only once."""
    _claim(session, batch)
    count = 0
    for name, all_new in rows.items():
        table = TABLES[name]
        if content.manner == "documents":
            session.execute(_merging(session, table), all_new)
            count += len(all_new)
            continue
        written = write_new(session, table, all_new)
        if written < len(all_new):
            told += _twice(session, table, all_new)
        count += written
    for part in parts:
        _add_part(session, batch, part, told)
    return count


def _add_part(session: Session, batch: int, part: Found, told: list[str]) -> None:
    """Add the words of a part to those that are there."""
    table = TABLES[part.object]
    words = {name: str(value).strip() for name, value in part.fields.items() if name != "id"}
    added = {name: func.coalesce(table.c[name] + ". " + value, value) for name, value in words.items()}
    here = update(table).where(table.c.batch_id == batch, table.c.id == str(part.fields["id"])).values(added)
    if not session.execute(here).rowcount:  # type: ignore[attr-defined]
        told.append(f"{part.place}: there is no {part.object} {part.fields['id']!r}.")


def _twice(session: Session, table: Table, rows: list[dict[str, Any]]) -> Iterator[str]:
    """In words, the rows that were left out: another one of the same id stood before them."""
    ids = [row["id"] for row in rows]
    kept = select(table.c.id, table.c.place).where(table.c.batch_id == rows[0]["batch_id"], table.c.id.in_(ids))
    places = {row_id: place for row_id, place in session.execute(kept)}
    for row in rows:
        if places[row["id"]] != row["place"]:
            yield f"{row['place']}: the id {row['id']!r} stands twice."


def _merging(session: Session, table: Table) -> Any:
    """An insert that fills what an earlier row of the same id left empty."""
    statement = dialect_of(session).insert(table)
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
        raise Refused([OVERTAKEN])


def _leave(session: Session, batch: int) -> None:
    session.execute(update(Batch).where(Batch.id == batch, Batch.state == "coming").values(state="gone"))


def _sweep_gone(store: Store) -> None:
    """Delete what nobody sees any more, some rows at a time."""
    for batch in store.read(_gone):
        for table in (*TABLES.values(), ENTRIES, SPOTS, SECRETS):
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
