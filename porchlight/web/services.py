"""What the routes work with, made once at the start."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

import anyio

from porchlight.config import Settings
from porchlight.conversations import queries
from porchlight.conversations.hub import Hub
from porchlight.conversations.rasa import Rasa
from porchlight.conversations.worker import Worker
from porchlight.store.engine import Store, open_store
from porchlight.store.times import now
from porchlight.web.limits import Rate
from porchlight.web.speakers import Speakers

logger = logging.getLogger(__name__)

#: Seconds between two looks for conversations that are past their time.
PURGE_EVERY = 600
#: A message that shows a worry may come this many times as fast as others.
WORRY_ALLOWANCE = 4
#: Long messages that are screened at the same time. Threads of their own: a database that hangs takes up the others.
READERS = 2


@dataclass
class Services:
    """One process's parts. `stopping` ends the requests that wait."""

    settings: Settings
    store: Store
    rasa: Rasa
    hub: Hub
    worker: Worker
    messages: Rate
    worries: Rate
    new_conversations: Rate
    speakers: Speakers = field(default_factory=Speakers)
    readers: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(READERS))
    stopping: bool = False
    _purger: asyncio.Task[None] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Services:
        store, hub = open_store(settings), Hub()
        rasa = Rasa(settings.rasa_url, settings.turn_seconds)
        return cls(
            settings=settings,
            store=store,
            rasa=rasa,
            hub=hub,
            worker=Worker(store, rasa, hub),
            messages=Rate(settings.messages_per_minute),
            worries=Rate(WORRY_ALLOWANCE * settings.messages_per_minute),
            new_conversations=Rate(settings.conversations_per_minute),
        )

    async def start(self) -> None:
        await self.worker.start()
        self._purger = asyncio.create_task(self._purge())

    def end_waiting(self) -> None:
        """Let the requests that wait for messages answer now."""
        self.stopping = True
        self.hub.wake_all()

    async def stop(self) -> None:
        self.end_waiting()
        if self._purger:
            self._purger.cancel()
            await asyncio.gather(self._purger, return_exceptions=True)
        await self.worker.stop()
        await self.rasa.close()
        self.store.close()

    async def _purge(self) -> None:
        while True:
            try:
                gone = await self.store.run_async(lambda session: queries.delete_expired(session, now()))
                logger.info("retention: %d conversations deleted", gone)
            except Exception as error:  # retention must outlive any failure of the store
                logger.error("retention failed: %s", type(error).__name__)
            await asyncio.sleep(PURGE_EVERY)
