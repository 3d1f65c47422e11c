"""Real parts for all tests: databases, and the two processes of the service."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from porchlight.config import Settings
from porchlight.store.engine import Store, open_store
from tests.chat import Chat
from tests.service import Service, free_port

#: Where a PostgreSQL for tests is looked for.
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
IN_CI = os.environ.get("CI") == "true"


def skip_or_fail(reason: str) -> None:
    """Leave out what this machine cannot test; in CI that is a failure."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    try:
        admin = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        skip_or_fail("no PostgreSQL answers at TEST_POSTGRES_URL")
    name = f"porchlight_{uuid.uuid4().hex[:12]}"
    with admin:
        admin.execute(f"CREATE DATABASE {name}")
        base, _, _ = POSTGRES.rpartition("/")
        yield f"{base.replace('postgresql://', 'postgresql+psycopg://')}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database_url, rasa_port=free_port())


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def embed_origin() -> str:
    """An origin on which another site may show the widget; whoever needs it serves it."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, embed_origin: str) -> Iterator[Service]:
    """The real app and the real Rasa, started as `make run` starts them."""
    running = Service(tmp_path_factory.mktemp("service"), embed_origin)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def porchlight_url(service: Service) -> str:
    return service.url


@pytest.fixture
def chat(service: Service) -> Iterator[Chat]:
    with Chat(service.url) as opened:
        yield opened


@pytest.fixture
def charla(service: Service) -> Iterator[Chat]:
    """The same in Spanish."""
    with Chat(service.url, language="es") as opened:
        yield opened
