"""Tells those who wait for a conversation's next message that there is one."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Hub:
    """In one process. Who wakes looks into the store: a lost notice costs time, never a message."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def listen(self, conversation_id: str) -> asyncio.Event:
        """An event that is set at the next notice; give it back to `leave`."""
        event = asyncio.Event()
        self._waiting[conversation_id].add(event)
        return event

    def leave(self, conversation_id: str, event: asyncio.Event) -> None:
        self._waiting[conversation_id].discard(event)
        if not self._waiting[conversation_id]:
            del self._waiting[conversation_id]

    def wake_all(self) -> None:
        for conversation_id in list(self._waiting):
            self.notify(conversation_id)

    def notify(self, conversation_id: str) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()
