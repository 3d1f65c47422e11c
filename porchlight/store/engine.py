"""The database: SQLite by default, PostgreSQL by setting. Sessions are short; one function, one transaction."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from porchlight.config import Settings, WrongSetting
from porchlight.store.encryption import Sealed, load_cipher

Result = TypeVar("Result")
READING = {"reading": True}
#: Seconds for work that still runs when the store is closed.
LAST_WORK = 5.0
#: Threads for work that somebody waits for a short time only. Fewer than connections, so that readers have some left.
URGENT_THREADS = 8
#: Seconds that a commit under way may take beyond that time.
COMMITTING = 0.4
#: Seconds until we know that there is no connection to be had.
CONNECTING = 5


class StoreSilent(Exception):
    """The database did not answer in time. Nothing was kept, unless its very commit hangs."""


class Row(DeclarativeBase):
    """The base of all tables."""


class Store:
    """Runs functions of a session, each in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(engine.execution_options(**READING), expire_on_commit=False)
        self._urgent = ThreadPoolExecutor(URGENT_THREADS, thread_name_prefix="store")
        self._running = 0
        self._idle = threading.Condition()

    def run(self, work: Callable[[Session], Result]) -> Result:
        """`work(session)`, committed; rolled back when it raises."""
        with self._counted(), self._sessions.begin() as session:
            return work(session)

    def read(self, work: Callable[[Session], Result]) -> Result:
        """`work(session)`, which only reads: it waits for no writer."""
        with self._counted(), self._readers.begin() as session:
            return work(session)

    async def read_async(self, work: Callable[[Session], Result]) -> Result:
        """The same, off the event loop."""
        return await anyio.to_thread.run_sync(self.read, work)

    async def run_async(self, work: Callable[[Session], Result]) -> Result:
        """The same, off the event loop."""
        return await anyio.to_thread.run_sync(self.run, work)

    async def run_within(self, seconds: float, work: Callable[[Session], Result], reading: bool = False) -> Result:
        """`run` or `read` for whoever cannot wait. Raises StoreSilent after `seconds`: then nothing is kept later, too.

        A thread that hangs is left behind; there are few of them, and what waits for one of them is not begun.
        """
        decision = threading.Lock()
        sessions = self._readers if reading else self._sessions
        running = asyncio.wrap_future(self._urgent.submit(self._run_unless_late, sessions, work, decision))
        await asyncio.wait({running}, timeout=seconds)
        if not running.done() and not decision.acquire(blocking=False):
            await asyncio.wait({running}, timeout=COMMITTING)
        if not running.done():
            running.cancel()
            raise StoreSilent
        return running.result()

    def _run_unless_late(
        self, sessions: sessionmaker[Session], work: Callable[[Session], Result], decision: threading.Lock
    ) -> Result:
        """Whoever takes the lock `decision` decides: we, that it is kept, or who waits, that it is not."""
        with self._counted(), sessions.begin() as session:
            result = work(session)
            session.flush()
            if not decision.acquire(blocking=False):
                raise StoreSilent
            return result

    def close(self) -> None:
        """Close when what runs has ended: a cancelled task leaves its thread behind."""
        self._urgent.shutdown(wait=False, cancel_futures=True)
        with self._idle:
            self._idle.wait_for(lambda: not self._running, timeout=LAST_WORK)
        self.engine.dispose()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._running += 1
        try:
            yield
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()


def open_store(settings: Settings) -> Store:
    """The store of the settings, with its key loaded and its tables brought up to date. Raises WrongSetting."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.data_dir.chmod(0o700)
    Sealed.use_cipher(load_cipher(settings.keys, settings.data_dir))
    try:
        engine = make_engine(settings.database)
        migrate(engine)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        # Not the error's text: it may hold the password of the URL.
        name = type(error).__name__
        raise WrongSetting(f"The database cannot be opened ({name}): check PORCHLIGHT_DATABASE_URL.") from None
    return Store(engine)


def make_engine(url: str) -> Engine:
    # A host that is gone must be noticed; libpq and TCP would wait for minutes.
    patience = {"connect_timeout": CONNECTING, "tcp_user_timeout": 1000 * CONNECTING}
    limits = patience if url.startswith("postgresql") else {}
    engine = create_engine(
        url,
        pool_pre_ping=not url.startswith("sqlite"),
        pool_timeout=CONNECTING,
        connect_args=limits,
        hide_parameters=True,  # an error must not tell what people wrote
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up (or down) to `revision`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step = command.downgrade if revision == "base" else command.upgrade
        step(config, revision)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # We begin transactions ourselves (below): the driver would begin them late and then fail instead of waiting.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    reads = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
