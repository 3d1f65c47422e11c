"""Real parts for all tests: databases, and the two processes of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from porchlight.config import Settings
from porchlight.store.engine import Store, open_store
from tests.chat import Chat
from tests.databases import KINDS, Databases
from tests.service import Service, free_port


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with ExitStack() as stack:
        yield Databases(tmp_path_factory.mktemp("databases"), stack)


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[str]:
    """An empty database of each kind."""
    with databases.empty(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[str]:
    """A database of each kind in which the tables stand, and nothing in them."""
    with databases.with_tables(request.param, tmp_path) as url:
        yield url


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
