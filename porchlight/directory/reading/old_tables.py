"""Reads packages of HSDS 1.1: other names, fewer ids, addresses of organizations, a row for each day of the week."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from .content import File, Found, Meter
from .tables import by_file, table_rows

#: Names for the ids of rows that have none, as in 1.1. The same file gives the same ids.
_IDS = uuid.UUID("6f1a3f0e-0c6b-4f0a-9f7e-2b1f5a7d9c11")
_WEEKDAYS = {
    day: short
    for short, names in {
        "MO": "monday mon",
        "TU": "tuesday tue",
        "WE": "wednesday wed",
        "TH": "thursday thu",
        "FR": "friday fri",
        "SA": "saturday sat",
        "SU": "sunday sun",
    }.items()
    for day in (*names.split(), short.lower())
}
OLD_FILES = {
    "services_at_location": "service_at_location",
    "regular_schedules": "schedule",
    "holiday_schedules": "schedule",
    "postal_addresses": "address",
    "physical_addresses": "address",
    "eligibility": "service",
    "accessibility_for_disabilities": "accessibility",
}
_OLD_DAYS = {"start_date": "valid_from", "end_date": "valid_to"}
_OLD_FIELDS = {"organization": {"url": "website"}, "accessibility": {"accessibility": "description"}}


def old_rows(files: list[File], meter: Meter) -> Iterator[Found]:
    for file in files:
        name, stem = file.name, file.path.stem
        kind = {**by_file(), **OLD_FILES}[stem]
        for number, fields in table_rows(file, meter):
            place = f"{name} row {number}"
            renamed = {_OLD_FIELDS.get(kind, {}).get(key, key): value for key, value in fields.items()}
            if stem == "eligibility":
                if renamed.get("eligibility"):
                    described = {"id": renamed.get("service_id"), "eligibility_description": renamed["eligibility"]}
                    yield Found("service", described, place, part=True)
                continue
            # Two tables of old became one: an id may stand in both.
            if not renamed.get("id") or stem in OLD_FILES:
                renamed["id"] = _made_id(f"{stem} {renamed.get('id') or place}")
            yield from _as_now(kind, stem, renamed, place)


def _as_now(kind: str, stem: str, fields: dict[str, Any], place: str) -> Iterator[Found]:
    """A row of 1.1 as 3.0 has it."""
    if kind == "service":
        fields["status"] = fields.get("status") or "active"
    elif kind == "organization":
        fields["description"] = fields.get("description") or fields.get("name")
    elif kind == "location":
        fields["location_type"] = fields.get("location_type") or "physical"
    elif kind == "schedule":
        day = _WEEKDAYS.get(str(fields.get("weekday") or "").strip().lower())
        if day:
            del fields["weekday"]
            fields |= {"freq": "WEEKLY", "byday": day}
        fields |= {new: fields.pop(old) for old, new in _OLD_DAYS.items() if fields.get(old)}
    elif kind == "phone" and fields.get("language"):
        language = fields.pop("language")
        yield Found(
            "language", {"id": _made_id(f"{place} language"), "phone_id": fields["id"], "name": language}, place
        )
    elif kind == "address":
        fields["address_type"] = stem.partition("_")[0]
        fields["country"] = fields.get("country") or "US"
        organization = fields.pop("organization_id", None)
        if organization and not fields.get("location_id"):
            # An address belongs to a location now.
            fields["location_id"] = _made_id(f"{place} location")
            at = {"id": fields["location_id"], "location_type": fields["address_type"]}
            yield Found("location", {**at, "organization_id": organization}, place)
    yield Found(kind, fields, place)


def _made_id(place: str) -> str:
    return str(uuid.uuid5(_IDS, place))
