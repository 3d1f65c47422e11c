"""Where somebody's search for help stands, and what came of referrals."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from porchlight.store.encryption import Sealed
from porchlight.store.engine import Row


class Referral(Row):
    """The search of a conversation: `state`, sealed, is a porchlight.referrals.state.State."""

    __tablename__ = "referral"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[Any] = mapped_column(Sealed)


class Outcome(Row):
    """How often a referral went so in a week, which begins on `day`. Nothing says whose it was."""

    __tablename__ = "referral_outcome"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    source: Mapped[str] = mapped_column(String(200), primary_key=True)
    service_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16), primary_key=True)  # helped | no_answer | no_help | not_yet
    count: Mapped[int]
