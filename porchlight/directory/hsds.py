"""The shape of HSDS data (hsds.yml): which objects there are, what fields they have, and what a field may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

SHAPE = Path(__file__).with_name("hsds.yml")

#: Where an object stands in another one, in JSON: a list of it, or the object itself.
LISTS: dict[str, str] = {
    "services": "service",
    "programs": "program",
    "locations": "location",
    "service_at_locations": "service_at_location",
    "contacts": "contact",
    "phones": "phone",
    "addresses": "address",
    "schedules": "schedule",
    "funding": "funding",
    "service_areas": "service_area",
    "required_documents": "required_document",
    "languages": "language",
    "accessibility": "accessibility",
    "cost_options": "cost_option",
    "capacities": "service_capacity",
    "additional_urls": "url",
    "additional_websites": "url",
    "organization_identifiers": "organization_identifier",
    "attributes": "attribute",
    "metadata": "metadata",
}
OBJECTS: dict[str, str] = {
    "organization": "organization",
    "program": "program",
    "service": "service",
    "location": "location",
    "unit": "unit",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
}
#: JSON documents and their folders, and the object that stands in them.
DOCUMENTS: dict[str, str] = {
    "organizations": "organization",
    "services": "service",
    "locations": "location",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
#: Attributes and metadata belong to an object of any kind: the field with its id, and the one with its kind.
ANY_LINKS: dict[str, tuple[str, str]] = {
    "attribute": ("link_id", "link_entity"),
    "metadata": ("resource_id", "resource_type"),
}

_FIELD = re.compile(r"(?P<name>\w+)(?P<wanted>[!*])?(?::(?P<kind>\w+))?(?:>(?P<link>\w+))?(?:=(?P<words>[\w|]+))?")

#: What a database does not take: NUL, and halves of a character.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class WrongValue(ValueError):
    """A field does not hold what it should. The message says what is wrong, after the field's name."""


@dataclass(frozen=True)
class Field:
    """`required`: without it a row is refused; `wanted`: HSDS requires it; `kind`: text, number, date, time, moment
    or zone; `link`: the object whose id it holds."""

    name: str
    required: bool = False
    wanted: bool = False
    kind: str = "text"
    link: str | None = None
    words: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """The value as it is kept: a number, or text. Raises WrongValue."""
        if self.kind == "number":
            return _number(value)
        text = value if isinstance(value, str) else _as_text(value)
        if _UNKEEPABLE.search(text):
            raise WrongValue("holds a character that cannot be kept")
        if self.words:
            if text.casefold() not in self._known:
                raise WrongValue(f"is {text[:40]!r}, not one of {', '.join(self.words)}")
            return self._known[text.casefold()]
        if self.kind != "text":
            return _AS_TEXT[self.kind](text)
        return text

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {word.casefold(): word for word in self.words}


@dataclass(frozen=True)
class Object:
    """One kind of thing, the name of its file in a tabular package, and its fields in their order."""

    name: str
    file: str
    fields: Mapping[str, Field]

    @cached_property
    def required(self) -> list[str]:
        return [field.name for field in self.fields.values() if field.required]

    @cached_property
    def _blank(self) -> dict[str, Any]:
        return {**dict.fromkeys(self.fields), "more": None}

    @cached_property
    def links(self) -> list[Field]:
        return [field for field in self.fields.values() if field.link]

    def read(self, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """A row with all fields, None where there is nothing, and in words what is wrong with `raw`, or missing.

        What HSDS does not know is kept in `more`, so that nothing is lost.
        """
        row = self._blank.copy()
        wrong: list[str] = []
        for name, written in raw.items():
            value = written.strip() if isinstance(written, str) else written
            if value is None or value == "" or value == [] or value == {}:
                continue
            field = self.fields.get(name)
            if field is None:
                row["more"] = {**(row["more"] or {}), str(name): value}
                continue
            try:
                row[name] = field.read(value)
            except WrongValue as error:
                wrong.append(f"{name} {error}")
        if missing := [name for name in self.required if row[name] is None]:
            named = {each.partition(" ")[0] for each in wrong}
            wrong += [f"{name} is missing" for name in missing if name not in named]
        return row, wrong


@cache
def objects() -> Mapping[str, Object]:
    """All kinds of things, by name."""
    shape = yaml.safe_load(SHAPE.read_text(encoding="utf-8"))
    return {name: Object(name, entry["file"], _fields(entry["fields"])) for name, entry in shape.items()}


def _fields(written: str) -> Mapping[str, Field]:
    fields = {}
    for word in written.split():
        found = _FIELD.fullmatch(word)
        if found is None:
            raise ValueError(f"{SHAPE.name}: {word!r} is no field")
        words = tuple(each.replace("_", " ") for each in (found["words"] or "").split("|") if each)
        name = found["name"]
        fields[name] = Field(
            name, found["wanted"] == "!", bool(found["wanted"]), found["kind"] or "text", found["link"], words
        )
    return fields


def _as_text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise WrongValue("holds a list or an object, not text")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise WrongValue(f"is {str(value)[:40]!r}, not a number") from None
    if not abs(number) < 1e15:
        raise WrongValue(f"is {str(value)[:40]!r}, which is no number of anything")
    return number


def _date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        # Some write the moment where the day is asked.
        return _moment(text, "a date (2026-01-31)")
    return text


def _moment(text: str, what: str = "a date and time") -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise WrongValue(f"is {text[:40]!r}, not {what}") from None
    return text


def _time(text: str) -> str:
    padded = f"0{text}" if re.match(r"\d:", text) else text
    try:
        time.fromisoformat(padded)
    except ValueError:
        raise WrongValue(f"is {text[:40]!r}, not a time (09:00)") from None
    return padded


_AS_TEXT: dict[str, Callable[[str], str]] = {"date": _date, "moment": _moment, "time": _time, "zone": str}
