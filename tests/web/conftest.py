"""The app in this process, over a real database; no Rasa runs behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from porchlight.config import Settings
from porchlight.web.app import make_app
from porchlight.web.services import Services


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(Services.of(settings)), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def embedding_client(settings: Settings) -> Iterator[TestClient]:
    """The app with one other site that may show the widget."""
    with TestClient(make_app(Services.of(replace(settings, embed_origins=("https://school.example",))))) as opened:
        yield opened


@pytest.fixture
def headers(client: TestClient) -> dict[str, str]:
    """Those of an open conversation."""
    token = client.post("/api/conversations", json={"language": "en"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}
