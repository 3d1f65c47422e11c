"""What is wrong with the services that are there, so that somebody can put it right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from porchlight.directory import national
from porchlight.directory.denylist import denied, digits
from porchlight.directory.importing import loose_ends
from porchlight.directory.queries import Source, sources
from porchlight.directory.tables import TABLES

#: After so many days without anybody's word that it is right, a service is old.
FRESH_DAYS = 365
#: A line of 3 to 6 digits is a short code or 911; others have 10.
_SHORT, _LONG = range(3, 7), 10
_LINKED = re.compile(r"\b(?:tel|sms):([+\d().\s-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """`kind`: denied, number, link, old or dangling; where it stood when it was imported, and what is wrong."""

    kind: str
    source: str
    words: str


def check(session: Session, today: date) -> Iterator[Problem]:
    """All problems of all sources."""
    yield from _ours(today)
    for source in sources(session):
        if source.name == national.SOURCE:
            continue
        yield from _phones(session, source)
        yield from _services(session, source, today)
        for words in loose_ends(session, source.batch):
            yield Problem("dangling", source.name, words)


def _ours(today: date) -> Iterator[Problem]:
    """What is wrong in resources/directory."""
    of_state: dict[str, str] = {}
    for service in national.services().values():
        state = next(iter(service.states), None)
        for channel in service.channels:
            place = f"resources/directory: {channel.id}"
            if not service.emergency and channel.stale(today):
                yield Problem("old", national.SOURCE, f"{place}: it was to be checked again by {channel.recheck_by}.")
            if channel.number and (why := denied(channel.number, state)):
                yield Problem("denied", national.SOURCE, f"{place}: {channel.number} must not be shown: {why}.")
            if channel.number and digits(channel.href("en").partition("?")[0]) != digits(channel.number):
                yield Problem("link", national.SOURCE, f"{place}: the link does not dial {channel.number}.")
            if channel.number and state and of_state.setdefault(digits(channel.number), state) != state:
                other = of_state[digits(channel.number)]
                yield Problem("number", national.SOURCE, f"{place}: {channel.number} stands for {other}, too.")


def _phones(session: Session, source: Source) -> Iterator[Problem]:
    phone = TABLES["phone"]
    rows = session.execute(
        select(phone.c.number, phone.c.description, phone.c.place).where(phone.c.batch_id == source.batch)
    )
    for number, description, place in rows:
        if why := denied(number):
            yield Problem("denied", source.name, f"{place}: {number} must not be shown: {why}.")
        if len(digits(number)) not in (*_SHORT, _LONG):
            yield Problem("number", source.name, f"{place}: {number!r} cannot be dialled in the United States.")
        for linked in _LINKED.findall(f"{number} {description or ''}"):
            if digits(linked) not in digits(number):
                yield Problem(
                    "link", source.name, f"{place}: the link dials {linked.strip()}, the label says {number}."
                )


def _services(session: Session, source: Source, today: date) -> Iterator[Problem]:
    service = TABLES["service"]
    rows = session.execute(
        select(service.c.name, service.c.assured_date, service.c.last_modified, service.c.place).where(
            service.c.batch_id == source.batch, service.c.status == "active"
        )
    )
    oldest = today - timedelta(days=FRESH_DAYS)
    for name, assured, modified, place in rows:
        days = [each[:10] for each in (assured, modified) if each]
        if not days:
            yield Problem("old", source.name, f"{place}: nobody says when {name!r} was last right.")
        elif max(days) < oldest.isoformat():
            yield Problem("old", source.name, f"{place}: {name!r} was last right on {max(days)}.")
