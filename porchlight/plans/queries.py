"""The SQL of plans."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from porchlight.plans.model import Plan, PlanItem, PlanSection
from porchlight.plans.reading import Item, Known


def find_plan(session: Session, conversation_id: str) -> Plan | None:
    return session.get(Plan, conversation_id)


def make_plan(session: Session, conversation_id: str) -> Plan:
    plan = Plan(conversation_id=conversation_id, stage="ask", hesitated=False, last_turn=0, asked_turn=0)
    session.add(plan)
    session.flush()
    return plan


def items_of(session: Session, conversation_id: str) -> list[Known]:
    """All items of a plan, in the order in which they were written."""
    rows = session.scalars(select(PlanItem).where(PlanItem.conversation_id == conversation_id).order_by(PlanItem.id))
    return [Known(id=row.id, section=row.section, item=Item(**row.content)) for row in rows]


def add_item(session: Session, conversation_id: str, section: str, item: Item) -> None:
    session.add(PlanItem(conversation_id=conversation_id, section=section, content=asdict(item)))
    session.flush()


def change_item(session: Session, conversation_id: str, item_id: int, item: Item) -> None:
    session.get_one(PlanItem, item_id).content = asdict(item)
    session.flush()


def remove_item(session: Session, conversation_id: str, item_id: int) -> None:
    session.execute(delete(PlanItem).where(PlanItem.id == item_id, PlanItem.conversation_id == conversation_id))


def statuses_of(session: Session, conversation_id: str) -> dict[str, str]:
    """Status by section key; a section that is not there is open."""
    rows = session.scalars(select(PlanSection).where(PlanSection.conversation_id == conversation_id))
    return {row.key: row.status for row in rows}


def set_status(session: Session, conversation_id: str, key: str, status: str) -> None:
    session.merge(PlanSection(conversation_id=conversation_id, key=key, status=status))
    session.flush()


def delete_plan(session: Session, conversation_id: str) -> None:
    session.execute(delete(Plan).where(Plan.conversation_id == conversation_id))
