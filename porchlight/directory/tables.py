"""The tables of the directory: one for each object of HSDS, and the batches in which rows came.

A batch is an import. Its rows are seen only once it is whole: then it becomes the current one of its source, and
the one before goes. So an import needs no long transaction, and nobody who writes in a chat waits for it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column, Date, Float, Index, Integer, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from porchlight.directory.hsds import ANY_LINKS, Object, objects
from porchlight.store.engine import Row
from porchlight.store.times import UtcTime


class Batch(Row):
    """One import of one source.

    `state`: "coming" while its rows come in; "current" when all are there and fit together; "gone" when they are
    about to be deleted.
    """

    __tablename__ = "directory_batch"
    # An id is never used again: an import that was overtaken must not write into another one's batch.
    # Of a source only one batch is coming, and one is current.
    __table_args__ = (
        *(
            Index(
                f"directory_batch_{state}",
                "source",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("coming", "current")
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(8), default="coming")
    at: Mapped[datetime] = mapped_column(UtcTime)
    digest: Mapped[str | None] = mapped_column(String(64))  # of what it was made from, where that is known


def _table(shape: Object) -> Table:
    columns: list[Column[object]] = [
        Column(field.name, Float if field.kind == "number" else Text) for field in shape.fields.values()
    ]
    columns[0] = Column("id", Text, primary_key=True)
    name = f"hsds_{shape.name}"
    table = Table(
        name,
        Row.metadata,
        Column("batch_id", Integer, primary_key=True, autoincrement=False),
        *columns,
        Column("more", JSON(none_as_null=True)),  # fields that HSDS does not know
        Column("place", Text),  # where it stood in what was imported
    )
    any_link = ANY_LINKS.get(shape.name, ())[:1]
    for field_name in (*(field.name for field in shape.links), *any_link):
        link = table.c[field_name]
        # Most links are empty: only the others are worth a place in the index.
        Index(
            f"{name}_{field_name}",
            table.c.batch_id,
            link,
            sqlite_where=link.is_not(None),
            postgresql_where=link.is_not(None),
        )
    return table


TABLES: dict[str, Table] = {name: _table(shape) for name, shape in objects().items()}


class Entry(Row):
    """What the full-text search holds of a service: its words (spelling.words_of), and where it is for, as words."""

    __tablename__ = "directory_entry"
    __table_args__ = (Index("directory_entry_service", "batch_id", "service_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int]
    service_id: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class Spot(Row):
    """One need for which a service is there, and one place of it: what the search looks in first.

    `reach`: "place" with coordinates and the cell of the map in which they lie (places.cell_of), "state" or "country".
    """

    __tablename__ = "directory_spot"
    __table_args__ = (
        Index("directory_spot_state", "need", "reach", "state"),
        Index(
            "directory_spot_cell",
            "cell",
            "need",
            sqlite_where=text("cell IS NOT NULL"),
            postgresql_where=text("cell IS NOT NULL"),
        ),
        Index("directory_spot_batch", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int]
    service_id: Mapped[str] = mapped_column(Text)
    need: Mapped[str] = mapped_column(String(24))
    reach: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(2), default="")
    cell: Mapped[int | None]
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    minimum_age: Mapped[float | None] = mapped_column(Float)
    maximum_age: Mapped[float | None] = mapped_column(Float)


class Secret(Row):
    """What a place is known by that nobody may find: see porchlight.directory.hiding."""

    __tablename__ = "directory_secret"

    batch_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Text, primary_key=True)


#: These as plain tables: rows come in by thousands.
ENTRIES, SPOTS = Row.metadata.tables["directory_entry"], Row.metadata.tables["directory_spot"]
SECRETS = Row.metadata.tables["directory_secret"]


class Confirmation(Row):
    """A person has used a channel on a day, and it was right. It outlives imports of the source."""

    __tablename__ = "directory_confirmation"

    source: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    on: Mapped[date] = mapped_column(Date)
