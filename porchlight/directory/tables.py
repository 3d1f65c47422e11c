"""The tables of the directory: one for each object of HSDS, and the batches in which rows came.

A batch is an import. Its rows are seen only once it is whole: then it becomes the current one of its source, and
the one before goes. So an import needs no long transaction, and nobody who writes in a chat waits for it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from porchlight.directory.hsds import Object, objects
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
    for field in shape.links:
        link = table.c[field.name]
        # Most links are empty: only the others are worth a place in the index.
        Index(
            f"{name}_{field.name}",
            table.c.batch_id,
            link,
            sqlite_where=link.is_not(None),
            postgresql_where=link.is_not(None),
        )
    return table


TABLES: dict[str, Table] = {name: _table(shape) for name, shape in objects().items()}
