"""A service as the card that the chat shows, in the reader's language and in the hours of the reader's clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import TypedDict
from urllib.parse import quote

from porchlight.directory.asking import Question
from porchlight.directory.hours import Opening
from porchlight.directory.model import Channel, Evidence, Service
from porchlight.directory.places import states
from porchlight.directory.searching import Hit, open_at, readers_zone, usable
from porchlight.store.times import now
from porchlight.texts import load_yaml, say

#: Facts on a card at most, and ways.
FACTS, WAYS = 6, 4


class Way(TypedDict):
    """One way to reach a service: what is read (`value`) and what is dialled or opened (`href`) agree."""

    kind: str
    value: str
    href: str
    note: str


class Card(TypedDict):
    """A service as it is shown: why it is, the ways to reach it, whether it is open, and what else there is to know.

    `page`: a plain page with all of it; `add`: the button that puts it into the plan; empty when there is none.
    """

    id: str
    name: str
    why: str
    ways: list[Way]
    hours: str
    facts: list[str]
    page: str
    add: str


def card_of(hit: Hit, question: Question, number: int | None = None) -> Card:
    """The card of a search's hit; `number`: by which it can be put into the plan."""
    service, language = hit.service, question.language
    channels = usable(service, question)
    because = ", ".join(reason_words(hit, language))
    why = service.purpose.get(language, "")
    if because:
        why = f"{why} {say('directory.reasons.intro', language)} {because}."
    return Card(
        id=service.id,
        name=service.name.get(language, ""),
        why=why.strip(),
        ways=[way_of(channel, language) for channel in _in_order(channels, question)][:WAYS],
        hours=hours_words(hit.opening, question, channels),
        facts=list(facts_of(service, channels, question, hit.stale))[:FACTS],
        page=f"/services/{quote(service.id, safe='')}?language={language}",
        add="" if number is None else add_button(number),
    )


def add_button(number: int) -> str:
    """What the button of a card says that puts it into the plan."""
    return f'/add_card{{"item": {number}}}'


def card_of_service(service: Service, question: Question, number: int | None = None) -> Card:
    """The card of a service that was not searched for."""
    today = (question.at or now()).date()
    opened = open_at(service, usable(service, question), question)
    return card_of(Hit(service, 0.0, "named", opening=opened, stale=service.stale(today)), question, number)


def _in_order(channels: tuple[Channel, ...], question: Question) -> list[Channel]:
    """The ways that were asked for first, then those in the reader's language."""
    wanted = question.wants_language or question.language
    return sorted(channels, key=lambda each: (each.kind not in question.kinds, _speaks_not(each, wanted)))


def _speaks_not(channel: Channel, language: str) -> bool:
    return bool(channel.languages) and language not in channel.languages and channel.kind in ("text", "chat")


def way_of(channel: Channel, language: str) -> Way:
    return Way(
        kind=channel.kind,
        value=_value(channel, language),
        href=channel.href(language),
        note=channel.note.get(language, ""),
    )


def _value(channel: Channel, language: str) -> str:
    if channel.kind != "text":
        return channel.value()
    if word := channel.keyword.get(language):
        return say("directory.ways.text_word", language, word=word, number=channel.number)
    return say("directory.ways.text", language, number=channel.number)


def reason_words(hit: Hit, language: str) -> list[str]:
    """Why a hit came."""
    return [_reason(key, blanks, language) for key, blanks in hit.reasons]


def _reason(key: str, blanks: Mapping[str, str], language: str) -> str:
    filled = {**blanks, "state": states()[blanks["state"]][language]} if key == "state" else blanks
    return say(f"directory.reasons.{key}", language, **filled)


# Hours


def hours_words(opened: Opening, question: Question, channels: tuple[Channel, ...] = ()) -> str:
    """Whether it is open now, and until when: by the reader's clock, or by its own, which is named then."""
    language, reader = question.language, readers_zone(question)
    if opened.always:
        return say("directory.hours.always", language)
    if opened.holiday:
        return say("directory.hours.holiday", language)
    if opened.open is None:
        only_pages = bool(channels) and all(each.kind in ("web", "email") for each in channels)
        return say("directory.hours.any_time" if only_pages else "directory.hours.unknown", language)
    if opened.open and opened.until:
        return say("directory.hours.until", language, time=_time(opened.until, language, reader))
    return _opens(opened.opens, question, reader)


def _opens(opens: datetime | None, question: Question, reader: tzinfo | None) -> str:
    language = question.language
    if opens is None:
        return say("directory.hours.closed", language)
    local = opens.astimezone(reader) if reader else opens
    time = _time(opens, language, reader)
    if local.date() == (question.at or now()).astimezone(local.tzinfo).date():
        return say("directory.hours.opens_today", language, time=time)
    day = load_yaml("texts/directory.yml")["days"][local.weekday()][language]
    return say("directory.hours.opens_on", language, day=day, time=time)


def _time(moment: datetime, language: str, reader: tzinfo | None) -> str:
    local = moment.astimezone(reader) if reader else moment
    half = ("am", "pm") if language == "en" else ("a. m.", "p. m.")
    hour = f"{local.hour % 12 or 12}" + (f":{local.minute:02}" if local.minute else "")
    article = "" if language == "en" else "la " if local.hour % 12 == 1 else "las "
    told = f"{article}{hour} {half[local.hour >= 12]}"
    if (local.hour, local.minute) == (0, 0):
        told = say("directory.midnight", language)
    zone = load_yaml("texts/directory.yml")["zones"].get(str(local.tzinfo))
    if reader or zone is None or local.tzinfo is UTC:
        return told
    return say("directory.time_in_zone", language, time=told, zone=zone[language])


# What else there is to know


def facts_of(service: Service, channels: tuple[Channel, ...], question: Question, stale: bool) -> Iterator[str]:
    """What happens when one calls, who may, where it is, and since when it is known to be right."""
    language = question.language
    if stale:
        yield say("directory.facts.stale", language, date=_newest_words(channels, language))
    for words in (service.expect, service.privacy):
        if words.get(language):
            yield words[language]
    if ages := ages_words(service, language):
        yield ages
    if service.parent.get(language):
        yield service.parent[language]
    if where := where_words(service, question):
        yield where
    if not stale:
        yield checked_words(channels, language, service.ours)


def ages_words(service: Service, language: str) -> str:
    """Who may use it."""
    youngest, oldest = service.minimum_age, service.maximum_age
    if service.ours and service.who.get(language):
        return service.who[language]
    if youngest and oldest:
        return say("directory.facts.ages", language, youngest=f"{youngest:.0f}", oldest=f"{oldest:.0f}")
    if youngest:
        return say("directory.facts.ages_from", language, youngest=f"{youngest:.0f}")
    if oldest:
        return say("directory.facts.ages_to", language, oldest=f"{oldest:.0f}")
    return ""


def where_words(service: Service, question: Question) -> str:
    """The nearest address; none that must not be known."""
    language = question.language
    if any(spot.confidential for spot in service.spots):
        return say("directory.facts.where_hidden", language)
    known = [spot for spot in service.spots if spot.street or spot.city]
    place = question.place
    if place and place.exact:
        known.sort(
            key=lambda each: (
                place.miles_to(each.latitude, each.longitude)
                if each.latitude is not None and each.longitude is not None
                else 1e9
            )
        )
    if not known:
        return ""
    spot = known[0]
    address = ", ".join(part for part in (spot.street, spot.city, f"{spot.state} {spot.postal_code}".strip()) if part)
    return say("directory.facts.where", language, address=address)


def checked_words(channels: tuple[Channel, ...], language: str, ours: bool = True) -> str:
    """When a person last confirmed it, or else what it rests on."""
    confirmed = [each.confirmed_on for each in channels if each.confirmed_on]
    if confirmed:
        return say("directory.facts.confirmed", language, date=date_words(max(confirmed).isoformat(), language))
    key = "evidence" if ours else "given"
    return say(f"directory.facts.{key}", language, date=_newest_words(channels, language))


def _newest_words(channels: tuple[Channel, ...], language: str) -> str:
    dates = [_newest(each.evidence) for each in channels] + [
        each.confirmed_on.isoformat() for each in channels if each.confirmed_on
    ]
    return date_words(max(dates, default=""), language)


def _newest(evidence: tuple[Evidence, ...]) -> str:
    return max((each.date for each in evidence), default="")


def date_words(written: str, language: str) -> str:
    """ "2026-07-20" as "July 20, 2026"; months and years alone as they are."""
    parts = [int(part) for part in written.split("-") if part]
    if len(parts) < 2:
        return written
    month = load_yaml("texts/directory.yml")["months"][parts[1] - 1][language]
    if len(parts) == 2:
        return say("directory.date.month", language, month=month, year=parts[0])
    return say("directory.date.day", language, month=month, day=date(*parts).day, year=parts[0])
