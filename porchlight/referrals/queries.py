"""The SQL of referrals."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from porchlight.directory.writing import dialect_of
from porchlight.referrals.model import Outcome, Referral
from porchlight.referrals.state import State


def state_of(session: Session, conversation_id: str) -> State:
    row = session.get(Referral, conversation_id)
    return State.from_json(row.state if row else None)


def keep_state(session: Session, conversation_id: str, state: State) -> None:
    session.merge(Referral(conversation_id=conversation_id, state=state.as_json()))
    session.flush()


def forget(session: Session, conversation_id: str) -> None:
    session.execute(delete(Referral).where(Referral.conversation_id == conversation_id))


def count_outcome(session: Session, day: date, source: str, service_id: str, outcome: str) -> None:
    """One more referral to a service that went so; by the week, so that no day points to somebody."""
    day -= timedelta(days=day.weekday())
    row = {"day": day, "source": source[:200], "service_id": service_id[:200], "outcome": outcome, "count": 1}
    statement = dialect_of(session).insert(Outcome).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["day", "source", "service_id", "outcome"], set_={"count": Outcome.count + 1}
        )
    )
