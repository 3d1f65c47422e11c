"""Answers what is pending: one message after the other in a conversation, many conversations at once."""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy.orm import Session

from porchlight.conversations import queries, service
from porchlight.conversations.hub import Hub
from porchlight.conversations.model import Conversation, Message
from porchlight.conversations.rasa import Rasa, RasaFailed, RasaSilent
from porchlight.conversations.says import Reply, moment, static
from porchlight.store.engine import Store

logger = logging.getLogger(__name__)

#: Seconds between two tries of a message that Rasa did not answer; and how long we try before we say so.
FIRST_PAUSE, LONGEST_PAUSE, GIVE_UP_AFTER = 0.3, 3.0, 120.0
#: Tries of a message that Rasa took and failed at.
FAILURES = 4


Pending = tuple[Conversation, Message]


def _next(session: Session, conversation_id: str) -> Pending | None:
    """What is to be answered now in a conversation."""
    message = queries.next_pending(session, conversation_id)
    conversation = queries.find(session, conversation_id) if message else None
    return (conversation, message) if conversation and message else None


class Worker:
    """One task for each conversation that waits for an answer."""

    def __init__(self, store: Store, rasa: Rasa, hub: Hub) -> None:
        self._store, self._rasa, self._hub = store, rasa, hub
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()

    async def start(self) -> None:
        """Take up what a stopped process left unanswered."""
        for conversation_id in await self._store.read_async(queries.conversations_with_pending):
            self.wake(conversation_id)

    def wake(self, conversation_id: str, pending: Pending | None = None) -> None:
        """There is something to answer in this conversation: `pending`, unless something before it is."""
        if conversation_id in self._tasks:
            self._more.add(conversation_id)
        else:
            self._tasks[conversation_id] = asyncio.create_task(self._answer_all(conversation_id, pending))

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _answer_all(self, conversation_id: str, pending: Pending | None) -> None:
        try:
            await self._try_to_answer(conversation_id, pending)
            while conversation_id in self._more:
                self._more.discard(conversation_id)
                await self._try_to_answer(conversation_id)
        finally:
            self._tasks.pop(conversation_id, None)

    async def _try_to_answer(self, conversation_id: str, pending: Pending | None = None) -> None:
        """Answer all that is pending; when the store fails, leave it pending and come back to it."""
        try:
            pending = pending or await self._store.read_async(lambda session: _next(session, conversation_id))
            while pending:
                pending = await self._answer(*pending)
        except Exception as error:  # whatever it is, the next try is the remedy; its words stay out of the log
            logger.error("answering failed: %s", type(error).__name__)
            self._more.add(conversation_id)
            await asyncio.sleep(LONGEST_PAUSE)

    async def _answer(self, conversation: Conversation, message: Message) -> Pending | None:
        """Answer one message; returns the one that is pending after it."""
        if message.body.get("intent") == "confirm_erase":
            return await self._erase(message)
        replies = await self._ask(conversation, message)

        def work(session: Session) -> Pending | None:
            service.answer(session, message, replies)
            return _next(session, conversation.id)

        pending = await self._store.run_async(work)
        self._hub.notify(conversation.id)
        return pending

    async def _ask(self, conversation: Conversation, message: Message) -> list[Reply]:
        """Rasa's answer. While there is none the youth is told so, once, and asked for no patience without lines."""
        began, pause, failures = time.monotonic(), FIRST_PAUSE, 0
        while time.monotonic() - began < GIVE_UP_AFTER and failures < FAILURES:
            try:
                return await self._rasa.reply(conversation, message)
            except RasaSilent as silence:
                logger.warning("no answer from rasa: %s", silence)
                failures += isinstance(silence, RasaFailed)
            if not message.noticed:
                await self._tell_moment(message)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return [static("gave_up", conversation.language)]

    async def _tell_moment(self, message: Message) -> None:
        def work(session: Session) -> None:
            service.tell_meanwhile(session, message, [moment(message.lang)])

        message.noticed = True
        await self._store.run_async(work)
        self._hub.notify(message.conversation_id)

    async def _erase(self, message: Message) -> Pending | None:
        """Erase what was said up to `message` and planned, here and in the dialogue engine."""
        conversation_id = message.conversation_id

        def work(session: Session) -> Pending | None:
            service.erase(session, conversation_id, message.id)
            return _next(session, conversation_id)

        pending = await self._store.run_async(work)
        await self._rasa.forget(conversation_id)
        self._hub.notify(conversation_id)
        return pending
