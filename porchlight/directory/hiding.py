"""Places that nobody may find: what shares one with a hidden service is hidden there, too.

A counselling office in the house of a shelter would else give the shelter's address away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from porchlight.directory.spelling import normal
from porchlight.directory.tables import SPOTS, TABLES, Secret

#: What a place is known by: its id, and its street with the ZIP code.
BY_ID, BY_ADDRESS = "id:", "at:"


def keys_of(location_id: str, addresses: Iterable[Mapping[str, Any]]) -> set[str]:
    """What a location is known by."""
    keys = {BY_ID + location_id}
    for address in addresses:
        street = normal(str(address.get("address_1") or ""))
        if street:
            keys.add(f"{BY_ADDRESS}{street}|{str(address.get('postal_code') or '')[:5]}")
    return keys


def secrets_of(session: Session, batch: int) -> set[str]:
    """By what the hidden places of a batch are known."""
    return set(session.scalars(select(Secret.id).where(Secret.batch_id == batch)))


def hide_shared(session: Session, batch: int) -> None:
    """Take off the map what shares a place with a hidden service."""
    secrets = secrets_of(session, batch)
    if not secrets:
        return
    at = TABLES["service_at_location"]
    known = select(at.c.service_id).where(
        at.c.batch_id == batch, at.c.location_id.in_(_locations(session, batch, secrets))
    )
    spots = update(SPOTS).where(
        SPOTS.c.batch_id == batch, SPOTS.c.reach == "place", SPOTS.c.service_id.in_(list(session.scalars(known)))
    )
    session.execute(spots.values(reach="state", cell=None, latitude=None, longitude=None))


def _locations(session: Session, batch: int, secrets: set[str]) -> list[str]:
    """The ids of the locations that are known by one of these."""
    found = {key.removeprefix(BY_ID) for key in secrets if key.startswith(BY_ID)}
    address = TABLES["address"]
    codes = {key.rpartition("|")[2] for key in secrets if key.startswith(BY_ADDRESS)}
    columns = (address.c.location_id, address.c.address_1, address.c.postal_code)
    near = select(*columns).where(address.c.batch_id == batch, address.c.postal_code.in_(codes))
    for row in map(dict, session.execute(near).mappings()):
        if row["location_id"] and keys_of(row["location_id"], [row]) & secrets:
            found.add(row["location_id"])
    return sorted(found)
