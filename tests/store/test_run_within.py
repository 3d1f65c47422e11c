"""Work for somebody who cannot wait: in time or not at all, and no pile of threads."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from porchlight.conversations.model import Conversation
from porchlight.store.engine import URGENT_THREADS, Store, StoreSilent
from tests.rows import a_conversation

PATIENCE = 0.3
Result = TypeVar("Result")


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to its end in a thread of its own: in this one a browser's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def count(store: Store) -> int:
    return store.read(lambda session: session.scalar(select(func.count()).select_from(Conversation)) or 0)


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Another connection holds the table, or with SQLite the file, and does not let go."""
    lock = "LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE"
    with store.engine.begin() as connection:  # with SQLite this is BEGIN IMMEDIATE
        connection.execute(text(lock if store.engine.dialect.name == "postgresql" else "SELECT 1"))
        yield


def test_work_in_time_is_kept(store: Store) -> None:
    async def run() -> str:
        return await store.run_within(5, a_conversation)

    assert finish(run())
    assert count(store) == 1


def test_a_failure_is_passed_on_and_leaves_nothing(store: Store) -> None:
    def fail(session: Session) -> None:
        a_conversation(session)
        raise ZeroDivisionError

    async def run() -> None:
        await store.run_within(5, fail)

    with pytest.raises(ZeroDivisionError):
        finish(run())
    assert count(store) == 0


def test_a_locked_database_is_given_up_in_time_and_nothing_is_kept_later(store: Store) -> None:
    async def run() -> float:
        with locked(store):
            began = time.monotonic()
            with pytest.raises(StoreSilent):
                await store.run_within(PATIENCE, a_conversation)
            return time.monotonic() - began

    assert finish(run()) < PATIENCE + 0.2
    store.close()  # waits for the thread that hung
    assert count(store) == 0


def test_slow_work_is_rolled_back(store: Store) -> None:
    def slow(session: Session) -> None:
        a_conversation(session)
        time.sleep(3 * PATIENCE)

    async def run() -> None:
        await store.run_within(PATIENCE, slow)

    with pytest.raises(StoreSilent):
        finish(run())
    store.close()
    assert count(store) == 0


def test_many_who_wait_for_a_lock_make_few_threads(store: Store) -> None:
    before = threading.active_count()

    async def run() -> int:
        with locked(store):
            tries = [store.run_within(PATIENCE, a_conversation) for _ in range(60)]
            results = await asyncio.gather(*tries, return_exceptions=True)
            assert all(isinstance(result, StoreSilent) for result in results)
            return threading.active_count()

    assert finish(run()) <= before + URGENT_THREADS + 1  # and the one that waits here
    store.close()
    assert count(store) == 0


def test_it_works_again_when_the_lock_is_gone(store: Store) -> None:
    async def run() -> None:
        with locked(store), pytest.raises(StoreSilent):
            await store.run_within(PATIENCE, a_conversation)
        await store.run_within(5, a_conversation)

    finish(run())
    assert count(store) == 1
