"""Makes a batch findable: its words, needs and places, some services at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.orm import Session

from porchlight.directory.model import area_of, is_hidden
from porchlight.directory.places import cell_of, place_of_zip, state_named
from porchlight.directory.spelling import words_of
from porchlight.directory.tables import ENTRIES, SPOTS, TABLES
from porchlight.directory.terms import taxonomy
from porchlight.store.engine import Store

#: Services that are made findable in one transaction.
AT_ONCE = 1_000
#: Letters of a description that are searched.
SEARCHED = 600
#: As a word that no text holds, in whose words: for everybody, or for one state ("zzca").
EVERYWHERE, STATE = "zzus", "zz{state}"


#: A row, of which only the asked fields are there.
Fields = RowMapping | dict[str, Any]


def index_batch(store: Store, batch: int) -> None:
    """Make the active services of a batch findable."""
    last: str | None = ""
    while last is not None:
        last = store.run(partial(_index_some, batch=batch, after=last))


def _index_some(session: Session, batch: int, after: str) -> str | None:
    """Index the services after an id; returns the last one's, None when there were none."""
    service = TABLES["service"]
    columns = [service.c[name] for name in _SERVICE.split()]
    query = select(*columns).where(service.c.batch_id == batch, service.c.id > after).order_by(service.c.id)
    rows = session.execute(query.limit(AT_ONCE)).mappings().all()
    if not rows:
        return None
    beside = _Beside(session, batch, [row["id"] for row in rows], {row["organization_id"] for row in rows})
    entries, spots = [], []
    for row in rows:
        if row["status"] != "active":
            continue
        entry, own = _indexed(batch, row, beside)
        entries.append(entry)
        spots += own
    if entries:
        session.execute(insert(ENTRIES), entries)
    if spots:
        session.execute(insert(SPOTS), spots)
    return str(rows[-1]["id"])


_SERVICE = "id organization_id name alternate_name description status minimum_age maximum_age more"


class _Beside:
    """What stands beside some services in other tables, by their ids."""

    def __init__(self, session: Session, batch: int, ids: list[str], organizations: set[str | None]) -> None:
        self._session, self._batch = session, batch
        named = self._rows("organization", "id name", "id", [each for each in organizations if each])
        self.organizations = {row["id"]: row["name"] for row in named}
        self.attributes = self._by("link_id", self._attributes(ids))
        self.areas = self._by(
            "service_id", self._rows("service_area", "service_id name extent extent_type", "service_id", ids)
        )
        self.places = self._by("service_id", self._places(ids))

    def _rows(self, name: str, columns: str, key: str, values: list[str]) -> list[RowMapping]:
        table = TABLES[name]
        query = select(*(table.c[column] for column in columns.split()))
        found = self._session.execute(query.where(table.c.batch_id == self._batch, table.c[key].in_(values)))
        return list(found.mappings())

    def _attributes(self, ids: list[str]) -> list[RowMapping]:
        attribute, term = TABLES["attribute"], TABLES["taxonomy_term"]
        joined = (term.c.batch_id == attribute.c.batch_id) & (term.c.id == attribute.c.taxonomy_term_id)
        query = select(attribute.c.link_id, attribute.c.value, term.c.code, term.c.name, term.c.taxonomy)
        found = query.join(term, joined).where(attribute.c.batch_id == self._batch, attribute.c.link_id.in_(ids))
        return list(self._session.execute(found).mappings())

    def _places(self, ids: list[str]) -> list[RowMapping]:
        """The locations of services, each with its first address."""
        at, location, address = TABLES["service_at_location"], TABLES["location"], TABLES["address"]
        is_there = (location.c.batch_id == at.c.batch_id) & (location.c.id == at.c.location_id)
        is_its = (address.c.batch_id == location.c.batch_id) & (address.c.location_id == location.c.id)
        query = (
            select(
                at.c.service_id,
                location.c.name,
                location.c.description,
                location.c.location_type,
                location.c.latitude,
                location.c.longitude,
                location.c.more,
                address.c.address_1,
                address.c.state_province,
                address.c.postal_code,
            )
            .join(location, is_there)
            .outerjoin(address, is_its)
            .where(at.c.batch_id == self._batch, at.c.service_id.in_(ids))
        )
        return list(self._session.execute(query).mappings())

    @staticmethod
    def _by(key: str, rows: list[RowMapping]) -> dict[str, list[RowMapping]]:
        grouped: dict[str, list[RowMapping]] = {}
        for row in rows:
            grouped.setdefault(row[key], []).append(row)
        return grouped


def _indexed(batch: int, row: Fields, beside: _Beside) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The entry of a service, and its spots."""
    needs, groups = taxonomy().of_document({**row, "attributes": _as_told(beside.attributes.get(row["id"], ()))})
    places = beside.places.get(row["id"], [])
    text = f"{row['name'] or ''} {row['description'] or ''}"
    hidden = bool(((row["more"] or {}).get("porchlight") or {}).get("confidential")) or is_hidden(text, needs)
    where = [_where(place, hidden) for place in places]
    states, national = area_of(map(dict, beside.areas.get(row["id"], ())), {each["state"] for each in where})
    scope = [EVERYWHERE] if national else [STATE.format(state=state.lower()) for state in sorted(states)]
    said = f"{row['name']} {row['alternate_name'] or ''} {beside.organizations.get(row['organization_id'], '')} "
    words = dict.fromkeys([*words_of(said + (row["description"] or "")[:SEARCHED]), *groups, *scope])
    entry = {"batch_id": batch, "service_id": row["id"], "words": " ".join(words)}
    reached = [{**_BLANK, "reach": "country"}] if national or not states else list(_reached(where, states))
    about = {key: row[key] for key in ("minimum_age", "maximum_age")} | {"batch_id": batch, "service_id": row["id"]}
    return entry, [{**each, **about, "need": need} for need in needs or ("",) for each in reached]


_BLANK: dict[str, Any] = {"state": "", "cell": None, "latitude": None, "longitude": None}


def _as_told(attributes: Any) -> list[dict[str, Any]]:
    return [
        {"value": each["value"], "taxonomy_term": {key: each[key] for key in ("code", "name", "taxonomy")}}
        for each in attributes
    ]


def _where(place: Fields, hidden: bool) -> dict[str, Any]:
    """The state of a location, and its coordinates if anybody may know them."""
    said = f"{place['name'] or ''} {place['description'] or ''} {place['address_1'] or ''}"
    state = state_named(str(place["state_province"] or "")) or ""
    north, east = place["latitude"], place["longitude"]
    by_zip = place_of_zip(str(place["postal_code"] or "")[:5]) if north is None or not state else None
    if by_zip:
        state, north, east = state or by_zip.state, north or by_zip.latitude, east or by_zip.longitude
    own = ((place["more"] or {}).get("porchlight") or {}).get("confidential")
    if hidden or own or is_hidden(said, ()) or north is None or east is None or place["location_type"] == "virtual":
        return {**_BLANK, "state": state}
    return {"state": state, "cell": cell_of(north, east), "latitude": north, "longitude": east}


def _reached(where: list[dict[str, Any]], states: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Its places on the map; and the states in which it has none of them."""
    exact = [each for each in where if each["cell"] is not None]
    yield from ({**each, "reach": "place"} for each in exact)
    for state in states - {each["state"] for each in exact}:
        yield {**_BLANK, "state": state, "reach": "state"}
