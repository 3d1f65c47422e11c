"""Where each dialogue stands, and nothing else: no word that a person wrote is kept here.

The plan and the messages live in the app's tables. What Rasa must remember between two turns is the value of the
slots and whether the form is open; a tracker is made anew from that at each turn, so that turn 500 costs what
turn 5 costs (the stock stores replay and copy all events of a conversation, several times a turn).
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

#: The slots that stand between turns. `answer` is not one: it holds what a youth wrote.
KEPT_SLOTS = ("language", REQUESTED_SLOT)
#: A dialogue is forgotten after this long; the app has deleted the conversation before.
KEPT_FOR = timedelta(days=7)
FORGET_EVERY = timedelta(hours=1)

_metadata = sa.MetaData()
_standing = sa.Table(
    "dialogue_standing",
    _metadata,
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("updated_at", sa.DateTime, nullable=False),
)


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None)


def standing_of(tracker: DialogueStateTracker) -> Dict[str, Any]:
    """What must outlive the turn: `{"slots": {name: value}, "loop": name or None}`."""
    slots = {name: tracker.get_slot(name) for name in KEPT_SLOTS if name in tracker.slots}
    return {
        "slots": {name: value for name, value in slots.items() if value},
        "loop": tracker.active_loop_name,
    }


def events_of(standing: Dict[str, Any]) -> List[Event]:
    """The shortest list of events that stands where `standing` stands. Forms rebuild trackers from events."""
    events: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    if standing["loop"]:
        events += [ActionExecuted(standing["loop"]), ActiveLoop(standing["loop"])]
    events += [SlotSet(name, value) for name, value in standing["slots"].items()]
    return [*events, ActionExecuted(ACTION_LISTEN_NAME)]


class StandingTrackerStore(TrackerStore):
    """Keeps the standing of each dialogue as one row of an SQL database (PORCHLIGHT_DIALOGUE_URL)."""

    def __init__(
        self,
        domain: Optional[Domain],
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        url = os.environ.get("PORCHLIGHT_DIALOGUE_URL") or _default_url()
        self._engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _write_ahead)
        _metadata.create_all(self._engine)
        self._read: Dict[str, str] = {}  # what the turns under way began with
        self._forget_old()

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        if _now() - self._forgot_at > FORGET_EVERY:
            self._forget_old()
        row = {"standing": json.dumps(standing_of(tracker)), "updated_at": _now()}
        if self._read.pop(tracker.sender_id, None) == row["standing"]:
            return  # stands where it stood at the beginning of the turn
        with self._engine.begin() as connection:
            of_sender = _standing.update().where(_standing.c.sender_id == tracker.sender_id)
            if not connection.execute(of_sender.values(**row)).rowcount:
                connection.execute(_standing.insert().values(sender_id=tracker.sender_id, **row))

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        with self._engine.connect() as connection:
            found = connection.execute(
                sa.select(_standing.c.standing).where(_standing.c.sender_id == sender_id)
            ).scalar()
        if found is None:
            return None
        self._read[sender_id] = found
        return DialogueStateTracker.from_events(sender_id, events_of(json.loads(found)), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        with self._engine.connect() as connection:
            return [row.sender_id for row in connection.execute(sa.select(_standing.c.sender_id))]

    async def delete(self, sender_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(_standing.delete().where(_standing.c.sender_id == sender_id))

    def _forget_old(self) -> None:
        self._forgot_at = _now()
        with self._engine.begin() as connection:
            connection.execute(_standing.delete().where(_standing.c.updated_at < _now() - KEPT_FOR))


def _default_url() -> str:
    Path("var").mkdir(exist_ok=True)
    return "sqlite:///var/dialogue.db"


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
