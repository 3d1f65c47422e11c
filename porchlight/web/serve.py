"""Runs the public app and the actions' listener in one process: `python -m porchlight.web.serve`."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from porchlight.config import WrongSetting, load_settings
from porchlight.directory.loading import load_national
from porchlight.directory.reading import Refused
from porchlight.store.engine import Store
from porchlight.texts import BrokenText
from porchlight.web.actions import make_actions_app
from porchlight.web.app import make_app
from porchlight.web.checks import check_content
from porchlight.web.services import Services

logger = logging.getLogger(__name__)

#: Seconds for requests that are under way when the service stops.
GRACE = 3


class QuietServer(uvicorn.Server):
    """A second server in the process: signals are the first one's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class PublicServer(uvicorn.Server):
    """When it stops, it first ends the requests that only wait for messages."""

    services: Services

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.services.end_waiting()
        await super().shutdown(sockets)


async def serve(services: Services) -> None:
    settings = services.settings
    public = PublicServer(_config(make_app(services), settings.host, settings.port))
    public.services = services
    actions = QuietServer(_config(make_actions_app(services.store), "127.0.0.1", settings.actions_port))
    beside = asyncio.create_task(actions.serve())
    await public.serve()
    actions.should_exit = True
    await beside


def _config(app: object, host: str, port: int) -> uvicorn.Config:
    # No access log: it would hold addresses.
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )


def _load_directory(store: Store) -> None:
    """A directory that cannot be written is no reason to keep the chat closed: it is shown from its files."""
    try:
        load_national(store)
    except (Refused, SQLAlchemyError) as error:
        logger.error("the directory could not be loaded into the database: %s", type(error).__name__)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    for noisy in ("httpx", "httpcore", "rasa_sdk", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        check_content()
        services = Services.of(load_settings())
        _load_directory(services.store)
    except (WrongSetting, BrokenText) as error:
        print(error, file=sys.stderr)
        return 2
    asyncio.run(serve(services))
    return 0


if __name__ == "__main__":
    sys.exit(main())
