"""A safety plan, as rows. What a youth wrote stands only in sealed columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from porchlight.store.encryption import Sealed
from porchlight.store.engine import Row


class Plan(Row):
    """Where the talk about a plan stands: the question that is open, if one is."""

    __tablename__ = "plan"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    asking: Mapped[str | None] = mapped_column(String(32))  # key of the section asked now; None: no question open
    stage: Mapped[str] = mapped_column(String(16), default="ask")  # ask | more | which_change | which_remove | instead
    focus: Mapped[int | None]  # id of the item that the question is about
    hesitated: Mapped[bool] = mapped_column(default=False)  # "I don't know" was said once to this question
    last_turn: Mapped[int] = mapped_column(default=0)  # id of the last message that this plan took in
    last_outcome: Mapped[Any | None] = mapped_column(Sealed)  # and what it answered, for a message delivered twice
    asked_turn: Mapped[int] = mapped_column(default=0)  # id of the message after which the question was last said


class PlanSection(Row):
    """What became of a section; a section without a row is open."""

    __tablename__ = "plan_section"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("plan.conversation_id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(8))  # open | done | skipped


class PlanItem(Row):
    """One line of a plan: `content` is `{name, relationship, phone, note}`, sealed."""

    __tablename__ = "plan_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("plan.conversation_id", ondelete="CASCADE"), index=True)
    section: Mapped[str] = mapped_column(String(32))
    content: Mapped[Any] = mapped_column(Sealed)
