"""Databases for tests, of each kind: empty ones, and such in which all tables stand."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from porchlight.store.engine import make_engine, migrate

KINDS = ("sqlite", "postgresql")
#: Where a PostgreSQL for tests is looked for.
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
IN_CI = os.environ.get("CI") == "true"


def skip_or_fail(reason: str) -> None:
    """Leave out what this machine cannot test; in CI that is a failure."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


class Databases:
    """Makes databases by their address. The tables are made once for each kind, and copied: that is several times as
    fast as making them for each test."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._models: dict[str, str] = {}

    @contextmanager
    def empty(self, kind: str, folder: Path) -> Iterator[str]:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'test.db'}"
        else:
            with _on_postgres() as name:
                yield _address(name)

    @contextmanager
    def with_tables(self, kind: str, folder: Path) -> Iterator[str]:
        model = self._model(kind)
        if kind == "sqlite":
            shutil.copyfile(model, folder / "test.db")
            yield f"sqlite:///{folder / 'test.db'}"
        else:
            with _on_postgres(f"TEMPLATE {model}") as name:
                yield _address(name)

    def _model(self, kind: str) -> str:
        """The file or the name of the database that is copied."""
        if kind not in self._models:
            url = self._stack.enter_context(self.empty(kind, self._folder))
            engine = make_engine(url)
            migrate(engine)
            engine.dispose()
            self._models[kind] = str(self._folder / "test.db") if kind == "sqlite" else url.rpartition("/")[2]
        return self._models[kind]


@contextmanager
def _on_postgres(how: str = "") -> Iterator[str]:
    try:
        admin = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        skip_or_fail("no PostgreSQL answers at TEST_POSTGRES_URL")
    name = f"porchlight_{uuid.uuid4().hex[:12]}"
    with admin:
        admin.execute(f"CREATE DATABASE {name} {how}")
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _address(name: str) -> str:
    return f"{POSTGRES.rpartition('/')[0].replace('postgresql://', 'postgresql+psycopg://')}/{name}"
