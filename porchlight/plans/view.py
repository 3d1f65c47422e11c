"""A plan as clients see it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from porchlight.plans import queries
from porchlight.plans.sections import all_sections


def view_of(session: Session, conversation_id: str, language: str) -> dict[str, Any]:
    """`{language, sections: [{key, title, status, items: [{id, name, relationship, phone, note}]}]}`."""
    known = queries.items_of(session, conversation_id)
    statuses = queries.statuses_of(session, conversation_id)
    return {
        "language": language,
        "sections": [
            {
                "key": section.key,
                "title": section.title[language],
                "status": statuses.get(section.key, "open"),
                "items": [{"id": each.id, **asdict(each.item)} for each in known if each.section == section.key],
            }
            for section in all_sections()
        ],
    }
