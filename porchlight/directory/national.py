"""The services of resources/directory: help for the whole country, and the report lines of the states.

They are read from their files, not from the database: what is shown to somebody in danger needs no database. The same
documents are loaded into it, so that they are found, listed and given away like those of an agency.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from porchlight.directory.hsds import LISTS
from porchlight.directory.model import Service, service_of
from porchlight.directory.terms import TAXONOMY, taxonomy
from porchlight.store.times import now
from porchlight.texts import RESOURCES, BrokenText, load_yaml

#: What the source is called in the database.
SOURCE = "porchlight"
NATIONAL, STATES, SCHEMA = "directory/national.yml", "directory/states.yml", "directory/schema.json"
LANGUAGE_NAMES = {"en": "English", "es": "Spanish", "ase": "American Sign Language"}


@cache
def documents() -> tuple[Mapping[str, Any], ...]:
    """All services as whole HSDS documents, best first. Raises BrokenText."""
    return tuple(_whole(entry) for entry in _entries())


@cache
def services() -> Mapping[str, Service]:
    """All services by id, best first. Raises BrokenText."""
    today = now().date()
    found = {}
    for number, document in enumerate(documents()):
        try:
            found[document["id"]] = service_of(document, SOURCE, today, ours=True, order=number)
        except (LookupError, TypeError, ValueError) as error:
            raise BrokenText(f"resources/directory: {document['id']} cannot be used: {error}") from error
    return found


def report_line(state: str) -> Service | None:
    """Where abuse of a child is reported in a state."""
    return services().get(f"report_{state.lower()}")


def check_entries() -> None:
    """Raises BrokenText, with the entry and its place, when one is not as our schema says."""
    validator = Draft202012Validator(json.loads((RESOURCES / SCHEMA).read_text(encoding="utf-8")))
    for entry in _entries():
        for error in validator.iter_errors(entry):
            place = ".".join(str(part) for part in error.absolute_path) or "the entry"
            raise BrokenText(f"resources/directory: {entry.get('id')}: {place}: {error.message[:200]}")
    ids = [entry["id"] for entry in _entries()]
    if len(ids) != len(set(ids)):
        raise BrokenText("resources/directory: an id stands twice.")
    documents()
    services()


def _entries() -> Iterator[Mapping[str, Any]]:
    yield from load_yaml(NATIONAL)
    yield from load_yaml(STATES)["services"]


def _whole(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with what the files leave out: ids of what stands in it, names of languages, whole terms."""
    try:
        attributes = [
            {"value": each.get("value", "main"), "taxonomy_term": taxonomy().document_of(each["taxonomy_term_id"])}
            for each in entry.get("attributes") or ()
        ]
    except BrokenText as error:
        raise BrokenText(f"resources/directory: {entry['id']}: {error}") from error
    for attribute in attributes:
        attribute["taxonomy_term"]["taxonomy_detail"] = TAXONOMY
    whole = {"status": "active", "assured_date": _assured(entry), **entry, "attributes": attributes}
    return _with_ids({key: value for key, value in whole.items() if value is not None}, str(entry["id"]))


def _assured(entry: Mapping[str, Any]) -> str | None:
    """The day on which a person had confirmed every channel; None while one is not confirmed."""
    channels = [*(entry.get("phones") or ()), *(entry.get("additional_urls") or ())]
    days = [str((each.get("porchlight") or {}).get("confirmed_on") or "") for each in channels]
    return min(days) if days and all(days) else None


def _with_ids(item: Mapping[str, Any], item_id: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, value in item.items():
        if key in LISTS and isinstance(value, list):
            told[key] = [
                _with_ids({**each, **_named(key, each)}, str(each.get("id") or f"{item_id}.{key}.{number}"))
                for number, each in enumerate(value, start=1)
            ]
        else:
            told[key] = value
    return {"id": item_id, **told}


def _named(key: str, item: Mapping[str, Any]) -> dict[str, str]:
    return {"name": LANGUAGE_NAMES[item["code"]]} if key == "languages" and "name" not in item else {}
