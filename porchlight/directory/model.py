"""What we know of a service, read out of its HSDS document: how it is reached, by whom, when, where, and since when
somebody knew it to be right.

What HSDS has no field for stands in the document under `porchlight` (resources/directory/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from porchlight.directory.denylist import denied, digits, without_denied
from porchlight.directory.hours import Schedule
from porchlight.directory.places import place_of_zip, state_named
from porchlight.directory.terms import taxonomy
from porchlight.texts import LANGUAGES

Kind = Literal["call", "text", "chat", "video", "web", "email"]
Words = Mapping[str, str]
#: HSDS's types of a phone that we know how to use, by their first word. A fax reaches nobody in need.
PHONE_KINDS: dict[str, Kind] = {
    "voice": "call",
    "cell": "call",
    "hotline": "call",
    "phone": "call",
    "text": "text",
    "sms": "text",
    "video": "video",
}
UNUSABLE = ("fax", "pager", "tty", "tdd", "textphone", "textfon")
#: Days after which what was confirmed, or came from an agency, is to be looked at again.
GOOD_FOR = timedelta(days=182)
#: Years that a service may name as an age.
OLDEST = 130
#: Ways that need no voice.
SILENT: frozenset[Kind] = frozenset(["text", "chat", "video", "email", "web"])
HIDDEN = re.compile(r"\b(confidential|undisclosed|not disclosed|unlisted address|secret location|confidencial)", re.I)
#: A place to sleep for people who flee someone: where it is must not be known.
FLED = frozenset(["partner_violence", "trafficking", "sexual_assault"])
#: Where a location and its addresses may say that nobody may know of it.
TELLING = ("name", "description", "alternate_name")
TELLING_ADDRESS = ("attention", "address_1", "address_2")
_SHELTERS = frozenset(["shelter", "housing"])
_COUNTRY = ("united states", "usa", "us", "nationwide", "national")


@dataclass(frozen=True)
class Evidence:
    """Who said that it is so, and on which day, month or year: "2026", "2026-07" or "2026-07-20"."""

    source: str
    date: str


@dataclass(frozen=True)
class Channel:
    """One way to reach a service. `number` is a phone's, `url` that of a page; a text may need a `keyword`.

    `recheck_by`: the last day on which it may be offered before others; None: it does not age.
    """

    id: str
    kind: Kind
    number: str = ""
    url: str = ""
    keyword: Words = field(default_factory=dict)
    note: Words = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    hours: tuple[Schedule, ...] | None = None
    evidence: tuple[Evidence, ...] = ()
    recheck_by: date | None = None
    confidence: str = "medium"
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    counties: frozenset[str] = frozenset()
    except_counties: frozenset[str] = frozenset()
    only_for: frozenset[str] = frozenset()

    def stale(self, today: date) -> bool:
        return self.recheck_by is not None and today > self.recheck_by

    def confirmed(self, by: str, on: date) -> Channel:
        """The same, after a person has checked it."""
        if self.confirmed_on and self.confirmed_on >= on:
            return self
        aged = self.recheck_by and max(self.recheck_by, on + GOOD_FOR)
        return replace(self, confirmed_by=by, confirmed_on=on, recheck_by=aged)

    def value(self) -> str:
        """What a person reads: "1-800-786-2929", "1800runaway.org"."""
        if self.number:
            return self.number
        shown = self.url.removeprefix("mailto:").removeprefix("https://").removeprefix("http://")
        return shown.removeprefix("www.").rstrip("/")

    def href(self, language: str) -> str:
        """What is opened. The digits are those that are shown."""
        if self.kind == "text":
            word = self.keyword.get(language) or ""
            return f"sms:{self.dialled}" + (f"?&body={word}" if word else "")
        return f"tel:{self.dialled}" if self.number else self.url

    @property
    def dialled(self) -> str:
        number = digits(self.number)
        return f"+1{number}" if len(number) == 10 else number


@dataclass(frozen=True)
class Spot:
    """A place where a service is given. A confidential one has no address and no coordinates."""

    state: str = ""
    city: str = ""
    postal_code: str = ""
    street: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: str = ""
    confidential: bool = False


@dataclass(frozen=True)
class Service:
    """A service and its organization. `needs`: the terms that it is there for, "main" or "also"; `states`: where its
    people may be, all of the country when empty and `national`; `order`: its place in the file, best first."""

    source: str
    id: str
    name: Words
    purpose: Words
    organization: str = ""
    expect: Words = field(default_factory=dict)
    privacy: Words = field(default_factory=dict)
    who: Words = field(default_factory=dict)
    parent: Words = field(default_factory=dict)
    fees: str = ""
    url: str = ""
    audience: frozenset[str] = frozenset()
    minimum_age: float | None = None
    maximum_age: float | None = None
    languages: frozenset[str] = frozenset()
    national: bool = False
    states: frozenset[str] = frozenset()
    needs: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    schedules: tuple[Schedule, ...] = ()
    channels: tuple[Channel, ...] = ()
    spots: tuple[Spot, ...] = ()
    emergency: bool = False
    crisis: bool = True
    never_unasked: bool = False
    ours: bool = False
    order: int = 0

    def stale(self, today: date) -> bool:
        """Whether every way to reach it is past its re-check date."""
        return not self.emergency and bool(self.channels) and all(each.stale(today) for each in self.channels)

    def hours_of(self, channel: Channel) -> tuple[Schedule, ...]:
        return self.schedules if channel.hours is None else channel.hours

    def with_confirmations(self, confirmed: Mapping[tuple[str, str], tuple[str, date]]) -> Service:
        """The same, with what people have checked: by whom and when, by source and channel."""
        if not any((self.source, each.id) in confirmed for each in self.channels):
            return self
        channels = tuple(
            each.confirmed(*confirmed[self.source, each.id]) if (self.source, each.id) in confirmed else each
            for each in self.channels
        )
        return replace(self, channels=channels)


def service_of(document: Mapping[str, Any], source: str, came: date, ours: bool = False, order: int = 0) -> Service:
    """The service that a document tells of. `came`: the day on which the document came in; `ours`: it is one of
    resources/directory. Nothing of the denylist is in it."""
    ext = an_object(document.get("porchlight"))
    organization = an_object(document.get("organization"))
    needs, groups = terms_of(document)
    text = f"{document.get('name') or ''} {document.get('description') or ''}"
    spots = tuple(_spots(document, hidden=bool(ext.get("confidential")) or is_hidden(text, needs)))
    states, national = area_of(objects_of(document.get("service_areas")), {spot.state for spot in spots})
    return Service(
        source=source,
        id=str(document["id"]),
        name=_words(ext.get("name"), document.get("name")),
        purpose=_words(ext.get("for"), document.get("description")),
        organization=_safe(organization.get("name")),
        expect=_words(ext.get("expect")),
        privacy=_words(ext.get("privacy")),
        who=_words(ext.get("who"), None if ours else document.get("eligibility_description")),
        parent=_words(ext.get("parent")),
        fees=_safe(document.get("fees_description")),
        url=_safe(document.get("url")),
        audience=_named(ext.get("audience")) or frozenset(["youth", "caregiver", "professional"]),
        minimum_age=_age(document.get("minimum_age")),
        maximum_age=_age(document.get("maximum_age")),
        languages=_codes(document.get("languages")),
        national=national,
        states=states,
        needs=needs,
        groups=frozenset(groups),
        schedules=_schedules(document),
        channels=tuple(_channels(document, came, ours, next(iter(states)) if len(states) == 1 else None)),
        spots=spots,
        emergency=bool(ext.get("emergency")),
        crisis=bool(ext.get("crisis", ours)),
        never_unasked=bool(ext.get("never_unasked_to_youth")),
        ours=ours,
        order=order,
    )


def terms_of(document: Mapping[str, Any]) -> tuple[dict[str, str], set[str]]:
    """The needs ("main" or "also") and the groups that a document's attributes name, in our words or in those of a
    taxonomy that we know; else those that its name and description tell."""
    return taxonomy().of_document(document)


def _age(value: Any) -> float | None:
    """A number of years, if it can be one."""
    return value if isinstance(value, (int, float)) and 0 <= value <= OLDEST else None


def an_object(value: Any) -> Mapping[str, Any]:
    """What should be an object. In an import anything may stand there, and then it tells nothing."""
    return value if isinstance(value, Mapping) else {}


def objects_of(value: Any) -> list[Mapping[str, Any]]:
    """The same of what should be a list of objects."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _named(value: Any) -> frozenset[str]:
    return frozenset(str(each) for each in value) if isinstance(value, list) else frozenset()


def _words(ours: Any, theirs: Any = None) -> Words:
    """Words by language. Those of an import are in one language only, and stand for both."""
    said = _safe(theirs)
    told: dict[str, str] = {language: _safe(an_object(ours).get(language)) or said for language in LANGUAGES}
    return told if any(told.values()) else {}


def _safe(text: Any) -> str:
    return without_denied(" ".join(str(text).split())) if text else ""


# How it is reached


def _channels(document: Mapping[str, Any], came: date, ours: bool, state: str | None) -> Iterator[Channel]:
    """The usable ways, each once; a number that is denied (in the state) is none."""
    seen: set[tuple[str, str]] = set()
    for each in _all_channels(document, came, ours):
        # The second finds a denied number that has an extension.
        is_denied = denied(each.number, state) or without_denied(each.number) != each.number
        if each.number and (is_denied or not each.dialled.isascii()):
            continue
        key = (each.kind, each.dialled or each.url)
        if key not in seen:
            seen.add(key)
            yield each


def _all_channels(document: Mapping[str, Any], came: date, ours: bool) -> Iterator[Channel]:
    phones = list(_phones(document))
    for phone in phones or objects_of(an_object(document.get("organization")).get("phones")):
        kind = _phone_kind(phone.get("type"))
        number = _number(phone)
        if kind is None or len(digits(number)) not in (3, 5, 6, 10):
            continue
        known = _known(phone, document, came, ours)
        yield Channel(str(phone["id"]), kind, number=number, languages=_codes(phone.get("languages")), **known)
    for url in objects_of(document.get("additional_urls")):
        kind = _url_kind(str(url.get("label") or ""))
        address = _web(url.get("url"), kind)
        if address:
            languages = _named(an_object(url.get("porchlight")).get("languages"))
            known = _known(url, document, came, ours)
            yield Channel(str(url["id"]), kind, url=address, languages=languages, **known)
    if not ours:
        yield from _own_pages(document, came)


def _own_pages(document: Mapping[str, Any], came: date) -> Iterator[Channel]:
    known = _known({}, document, came, False)
    if address := _web(document.get("url"), "web"):
        yield Channel(f"{document['id']}.url", "web", url=address, **known)
    if address := _web(document.get("email"), "email"):
        yield Channel(f"{document['id']}.email", "email", url=address, **known)


def _phones(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from objects_of(document.get("phones"))
    for at in objects_of(document.get("service_at_locations")):
        yield from objects_of(at.get("phones"))
        yield from objects_of(an_object(at.get("location")).get("phones"))
        for contact in objects_of(at.get("contacts")):
            yield from objects_of(contact.get("phones"))


def _phone_kind(written: Any) -> Kind | None:
    words = re.findall(r"[a-z]+", str(written or "").lower())
    if words and words[0] in PHONE_KINDS:
        return PHONE_KINDS[words[0]]
    return None if set(words) & set(UNUSABLE) else "call"


def _number(phone: Mapping[str, Any]) -> str:
    # What turns the direction of writing would show other digits than are dialled.
    return "".join(each for each in str(phone.get("number") or "") if each.isprintable()).strip()


def _url_kind(label: str) -> Kind:
    first = label.lower().strip()
    return "chat" if first == "chat" else "email" if first == "email" else "web"


def _web(written: Any, kind: Kind) -> str:
    """An address that may be opened, or nothing."""
    text = str(written or "").strip()
    if not text or without_denied(text) != text:
        return ""
    if kind == "email" and "@" in text and not re.search(r"[\s<>]", text):
        return text if text.startswith("mailto:") else f"mailto:{text}"
    if re.match(r"www\.", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        parts = urlsplit(re.sub(r"http://", "https://", text, count=1, flags=re.IGNORECASE))
    except ValueError:
        return ""
    # "https://988lifeline.org@elsewhere.net" opens the page after the @.
    known = parts.scheme == "https" and "." in parts.netloc and "@" not in parts.netloc
    return parts.geturl() if known and not re.search(r"\s", text) else ""


def _known(channel: Mapping[str, Any], document: Mapping[str, Any], came: date, ours: bool) -> dict[str, Any]:
    """What is known of a channel beside its address."""
    if not ours:
        return _known_of_import(document, came)
    ext = channel.get("porchlight") or {}
    hours = ext.get("hours")
    return {
        "keyword": _words(ext.get("keyword")) if ext.get("keyword") else {},
        "note": _words(ext.get("note")),
        "hours": None if hours is None else tuple(Schedule.of(each) for each in hours),
        "evidence": tuple(Evidence(each["source"], str(each["date"])) for each in ext.get("evidence") or ()),
        "recheck_by": date.fromisoformat(ext["recheck_by"]) if ext.get("recheck_by") else None,
        "confidence": ext.get("confidence") or "medium",
        "confirmed_by": ext.get("confirmed_by"),
        "confirmed_on": date.fromisoformat(ext["confirmed_on"]) if ext.get("confirmed_on") else None,
        "counties": frozenset(ext.get("counties") or ()),
        "except_counties": frozenset(ext.get("except_counties") or ()),
        "only_for": frozenset(ext.get("only_for") or ()),
    }


def _known_of_import(document: Mapping[str, Any], came: date) -> dict[str, Any]:
    """An agency stands behind what it gives away: its word is from the day it names, else from the day it came. A day
    after that one is a mistake."""
    said = str(document.get("assured_date") or document.get("last_modified") or "")[:10]
    day = min(date.fromisoformat(said), came) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said) else came
    by = "the agency" if document.get("assured_date") else "import"
    return {"evidence": (Evidence(by, day.isoformat()),), "recheck_by": day + 2 * GOOD_FOR}


# When and where


def _schedules(document: Mapping[str, Any]) -> tuple[Schedule, ...]:
    found = objects_of(document.get("schedules"))
    for at in objects_of(document.get("service_at_locations")):
        found += objects_of(at.get("schedules")) or objects_of(an_object(at.get("location")).get("schedules"))
    return tuple(Schedule.of(each) for each in found)


def _spots(document: Mapping[str, Any], hidden: bool) -> Iterator[Spot]:
    for at in objects_of(document.get("service_at_locations")):
        location = an_object(at.get("location"))
        addresses = objects_of(location.get("addresses"))
        address: Mapping[str, Any] = next(iter(addresses), {})
        told = [location.get(key) for key in TELLING] + [each.get(key) for each in addresses for key in TELLING_ADDRESS]
        said = " ".join(str(each) for each in told if each)
        state, north, east = located(
            address.get("state_province"),
            address.get("postal_code"),
            location.get("latitude"),
            location.get("longitude"),
        )
        if location.get("location_type") == "virtual":
            north = east = None
        city = _safe(address.get("city"))
        if hidden or is_hidden(said) or an_object(location.get("porchlight")).get("confidential"):
            yield Spot(state, city, confidential=True)
            continue
        access = [each["description"] for each in objects_of(location.get("accessibility")) if each.get("description")]
        yield Spot(
            state,
            city,
            postal_code=str(address.get("postal_code") or "")[:5],
            street=_safe(", ".join(str(address[key]) for key in ("address_1", "address_2") if address.get(key))),
            latitude=north,
            longitude=east,
            access=_safe("; ".join(map(str, access))),
        )


def located(
    state: Any, postal_code: Any, latitude: float | None, longitude: float | None
) -> tuple[str, float | None, float | None]:
    """The state and the coordinates of an address; what it does not tell, its ZIP code does."""
    text = str(state or "").strip()
    # Puerto Rico and others are no states, and not in each of them.
    known = state_named(text) or (text.upper() if re.fullmatch(r"[A-Za-z]{2}", text) else "")
    is_exact = latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
    by_zip = None if known and is_exact else place_of_zip(str(postal_code or "").strip()[:5])
    if not is_exact:
        latitude, longitude = (by_zip.latitude, by_zip.longitude) if by_zip else (None, None)
    return known or (by_zip.state if by_zip else ""), latitude, longitude


def area_of(areas: Iterable[Mapping[str, Any]], located: Iterable[str]) -> tuple[frozenset[str], bool]:
    """The states that a service is for, by its areas and locations; and whether it is for all of the country."""
    states = set(located) - {""}
    for area in areas:
        name = str(area.get("name") or "")
        if str(area.get("extent_type") or "").lower() == "country" or name.lower() in _COUNTRY:
            return frozenset(), True
        if state := state_named(str(area.get("extent") or "")) or state_named(name):
            states.add(state)
    return frozenset(states), False


def is_hidden(text: str, needs: Iterable[str] = ()) -> bool:
    """Whether nobody may learn where a service is: its words say so, or it shelters people who flee someone."""
    known = set(needs)
    return bool(HIDDEN.search(text)) or (bool(known & _SHELTERS) and bool(known & FLED))


def _codes(languages: Any) -> frozenset[str]:
    """Codes of languages, also of those that an import only names."""
    named = {"english": "en", "spanish": "es", "american sign language": "ase", "asl": "ase"}
    found = set()
    for each in objects_of(languages):
        code = str(each.get("code") or "").lower().split("-")[0]
        code = {"eng": "en", "spa": "es"}.get(code, code)
        found.add(code or named.get(str(each.get("name") or "").lower().strip(), ""))
    return frozenset(found - {""})
