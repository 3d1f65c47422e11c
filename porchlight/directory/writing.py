"""Writes many rows at once: the statement is made once for a table, not its parameters for each row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

#: By dialect and table: the SQL, and the order of its parameters where they have no names.
_statements: dict[tuple[str, str], tuple[str, Sequence[str] | None]] = {}


def write_new(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows with all columns of `table` that are not numbered by the database; one whose key is there is left
    out. Returns how many were written. `more`, the only column of JSON, is written as such."""
    if not rows:
        return 0
    statement, order = _statement(session, table, list(rows[0]))
    if "more" in rows[0]:
        rows = [{**row, "more": json.dumps(row["more"])} if row["more"] is not None else row for row in rows]
    values: Any = [tuple(row[name] for name in order) for row in rows] if order else [dict(row) for row in rows]
    return int(session.connection().exec_driver_sql(statement, values).rowcount)


def dialect_of(session: Session) -> Any:
    """What writes "on conflict" for the database at hand."""
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite


def _statement(session: Session, table: Table, columns: list[str]) -> tuple[str, Sequence[str] | None]:
    dialect = session.get_bind().dialect
    key = (dialect.name, table.name)
    if key not in _statements:
        statement = dialect_of(session).insert(table).on_conflict_do_nothing()
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        _statements[key] = str(compiled), compiled.positiontup
    return _statements[key]
