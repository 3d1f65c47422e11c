"""HSDS data for tests: third-party samples, which are kept outside this repository, and some of our own."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from porchlight.directory.queries import sources
from porchlight.directory.tables import TABLES
from porchlight.model import ROOT
from porchlight.store.engine import Store

SAMPLES = ROOT.parent / "shared" / "hsds_samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the HSDS samples are not beside this repository")

ORGANIZATION = {"id": "o1", "name": "Harbor House", "description": "Help for young people."}
SERVICE = {"id": "s1", "organization_id": "o1", "name": "Night beds", "status": "active", "minimum_age": "12"}
PHONE = {"id": "p1", "service_id": "s1", "number": "555-0100"}
PACKAGE: dict[str, list[dict[str, Any]]] = {"organizations": [ORGANIZATION], "services": [SERVICE], "phones": [PHONE]}


def write_package(folder: Path, tables: dict[str, list[dict[str, Any]]] = PACKAGE) -> Path:
    """A tabular package in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def changed(table: str, **fields: Any) -> dict[str, list[dict[str, Any]]]:
    """The package with other values in the row of a table."""
    return {**PACKAGE, table: [{**PACKAGE[table][0], **fields}]}


def content(store: Store, source: str) -> dict[str, list[str]]:
    """All rows of a source, by object, as comparable text without the batch and the place."""
    return store.read(lambda session: _content(session, source))


def _content(session: Session, source: str) -> dict[str, list[str]]:
    batch = next(each.batch for each in sources(session) if each.name == source)
    found = {name: _rows(session, name, batch) for name in TABLES}
    return {name: rows for name, rows in found.items() if rows}


def _rows(session: Session, name: str, batch: int) -> list[str]:
    table = TABLES[name]
    rows = session.execute(select(table).where(table.c.batch_id == batch)).mappings()
    kept = ({key: value for key, value in row.items() if key not in ("batch_id", "place")} for row in rows)
    return sorted(json.dumps(row, sort_keys=True) for row in kept)
