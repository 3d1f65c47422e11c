"""Makes a batch findable: its words, needs and places, some services at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from porchlight.directory.hiding import hide_shared, keys_of
from porchlight.directory.model import an_object, area_of, is_hidden, located
from porchlight.directory.places import cell_of
from porchlight.directory.spelling import words_of
from porchlight.directory.tables import ENTRIES, SECRETS, SPOTS, TABLES
from porchlight.directory.terms import taxonomy
from porchlight.directory.writing import write_new
from porchlight.store.engine import Store

#: Services that are made findable in one transaction.
AT_ONCE = 1_000
#: Letters of a description that are searched.
SEARCHED = 300
#: As a word that no text holds, in whose words: for everybody, or for one state ("zzca").
EVERYWHERE, STATE = "zzus", "zz{state}"


#: A row, of which only the asked fields are there.
Fields = RowMapping | dict[str, Any]


def index_batch(store: Store, batch: int) -> None:
    """Make the active services of a batch findable."""
    last: str | None = ""
    while last is not None:
        last = store.run(partial(_index_some, batch=batch, after=last))
    store.run(partial(hide_shared, batch=batch))


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
    secrets: set[str] = set()
    for row in rows:
        if row["status"] != "active":
            continue
        entry, own, secret = _indexed(batch, row, beside)
        entries.append(entry)
        spots += own
        secrets |= secret
    write_new(session, ENTRIES, entries)
    write_new(session, SPOTS, spots)
    write_new(session, SECRETS, [{"batch_id": batch, "id": each} for each in sorted(secrets)])
    return str(rows[-1]["id"])


_SERVICE = "id organization_id name alternate_name description status minimum_age maximum_age more"


_LOCATION = "id name alternate_name description location_type latitude longitude more"
_ADDRESS = "location_id attention address_1 address_2 state_province postal_code"


def _place(location: Fields, addresses: Sequence[Fields], service_id: str) -> Fields:
    said = [location[key] for key in ("name", "alternate_name", "description")]
    said += [address[key] for address in addresses for key in ("attention", "address_1", "address_2")]
    first = addresses[0] if addresses else {}
    return {
        **location,
        "service_id": service_id,
        "state_province": first.get("state_province"),
        "postal_code": first.get("postal_code"),
        "said": " ".join(each for each in said if each),
        "keys": keys_of(location["id"], map(dict, addresses)),
    }


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

    def _rows(self, name: str, columns: str, key: str, values: list[str]) -> list[dict[str, Any]]:
        table = TABLES[name]
        query = select(*(table.c[column] for column in columns.split()))
        found = self._session.execute(query.where(table.c.batch_id == self._batch, table.c[key].in_(values)))
        names = columns.split()
        return [dict(zip(names, row, strict=True)) for row in found]

    def _attributes(self, ids: list[str]) -> list[RowMapping]:
        attribute, term = TABLES["attribute"], TABLES["taxonomy_term"]
        joined = (term.c.batch_id == attribute.c.batch_id) & (term.c.id == attribute.c.taxonomy_term_id)
        query = select(attribute.c.link_id, attribute.c.value, term.c.code, term.c.name, term.c.taxonomy)
        found = query.join(term, joined).where(attribute.c.batch_id == self._batch, attribute.c.link_id.in_(ids))
        return list(self._session.execute(found).mappings())

    def _places(self, ids: list[str]) -> list[Fields]:
        """The locations of services, each with an address, and with all that is said there (`said`)."""
        at = self._rows("service_at_location", "service_id location_id", "service_id", ids)
        wanted = [row["location_id"] for row in at if row["location_id"]]
        # Three questions, not a join: SQLite would go through all addresses for each location.
        locations = {row["id"]: row for row in self._rows("location", _LOCATION, "id", wanted)}
        addresses = self._by("location_id", self._rows("address", _ADDRESS, "location_id", wanted))
        return [
            _place(locations[row["location_id"]], addresses.get(row["location_id"], ()), row["service_id"])
            for row in at
            if row["location_id"] in locations
        ]

    @staticmethod
    def _by(key: str, rows: Iterable[Fields]) -> dict[str, list[Fields]]:
        grouped: dict[str, list[Fields]] = {}
        for row in rows:
            grouped.setdefault(row[key], []).append(row)
        return grouped


def _indexed(batch: int, row: Fields, beside: _Beside) -> tuple[dict[str, Any], list[dict[str, Any]], set[str]]:
    """The entry of a service, its spots, and by what those of its places are known that must not be found."""
    needs, groups = taxonomy().of_document({**row, "attributes": _as_told(beside.attributes.get(row["id"], ()))})
    places = beside.places.get(row["id"], [])
    text = f"{row['name'] or ''} {row['description'] or ''}"
    hidden = _is_confidential(row) or is_hidden(text, needs)
    secret = {key for place in places if hidden or _is_secret(place) for key in place["keys"]}
    where = [_where(place, hidden) for place in places]
    states, national = area_of(map(dict, beside.areas.get(row["id"], ())), {each["state"] for each in where})
    scope = [EVERYWHERE] if national else [STATE.format(state=state.lower()) for state in sorted(states)]
    said = f"{row['name']} {row['alternate_name'] or ''} {beside.organizations.get(row['organization_id'], '')} "
    words = dict.fromkeys([*words_of(said + (row["description"] or "")[:SEARCHED]), *groups, *scope])
    entry = {"batch_id": batch, "service_id": row["id"], "words": " ".join(words)}
    reached = [{**_BLANK, "reach": "country"}] if national or not states else list(_reached(where, states))
    about = {key: row[key] for key in ("minimum_age", "maximum_age")} | {"batch_id": batch, "service_id": row["id"]}
    return entry, [{**each, **about, "need": need} for need in needs or ("",) for each in reached], secret


_BLANK: dict[str, Any] = {"state": "", "cell": None, "latitude": None, "longitude": None}


def _as_told(attributes: Any) -> list[dict[str, Any]]:
    return [
        {"value": each["value"], "taxonomy_term": {key: each[key] for key in ("code", "name", "taxonomy")}}
        for each in attributes
    ]


def _where(place: Fields, hidden: bool) -> dict[str, Any]:
    """The state of a location, and its coordinates if anybody may know them."""
    state, north, east = located(place["state_province"], place["postal_code"], place["latitude"], place["longitude"])
    if hidden or _is_secret(place) or north is None or east is None or place["location_type"] == "virtual":
        return {**_BLANK, "state": state}
    return {"state": state, "cell": cell_of(north, east), "latitude": north, "longitude": east}


def _is_secret(place: Fields) -> bool:
    return _is_confidential(place) or is_hidden(place["said"])


def _is_confidential(row: Fields) -> bool:
    more = row["more"]
    return bool(more) and bool(an_object(more.get("porchlight")).get("confidential"))


def _reached(where: list[dict[str, Any]], states: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Its places on the map; and the states in which it has none of them."""
    exact = [each for each in where if each["cell"] is not None]
    yield from ({**each, "reach": "place"} for each in exact)
    for state in states - {each["state"] for each in exact}:
        yield {**_BLANK, "state": state, "reach": "state"}
