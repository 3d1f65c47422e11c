"""Finds the services that fit a question, the one that a librarian would name first, and says why each came."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from porchlight.directory import catalogue, national, queries
from porchlight.directory.asking import Question, wider
from porchlight.directory.hours import Opening, Schedule, opening
from porchlight.directory.model import FLED, SILENT, Channel, Kind, Service
from porchlight.directory.places import zone_of_state
from porchlight.directory.terms import taxonomy
from porchlight.store.times import now

logger = logging.getLogger(__name__)

#: What we take a young person's age for who has not said it.
YOUTH_AGES = (12, 21)
#: Miles beyond which a place is of no use to someone who may have to walk or take a bus.
REACHABLE = 100.0
#: Needs that cannot wait for a line that is not made for a crisis.
CRISES = frozenset(["danger", "suicide", "crisis", "self_harm", "overdose"])
#: Needs for which one must be able to speak with somebody.
SPOKEN = CRISES | {"talk", "peer"}
#: Needs for which somebody needs it now, whether they say so or not.
PRESSING = SPOKEN | {"shelter", "missing_child", "abuse", "partner_violence", "sexual_assault", "report", "eating"}
#: The line that nobody needs who has just called it.
EMERGENCY = "emergency_911"
#: Services that are read of those which the database names.
READ = 16

# What a fit weighs: a need that the service is there for before all, then the person, then the place and the hour.
NAMED, MAIN, ALSO, RELATED, WORDS = 400.0, 100.0, 55.0, 35.0, 45.0
MORE_NEEDS = 12.0
OWN_GROUP, WIDER_GROUP = 55.0, 40.0
SPEAKS, MAY_SPEAK, MUST_SPEAK = 22.0, -14.0, -45.0
OPEN, CLOSED, CLOSED_WHEN_PRESSING, CLOSED_NOW_ASKED = 20.0, -30.0, -70.0, -120.0
MAY_BE_CLOSED, MAY_BE_CLOSED_WHEN_PRESSING = -6.0, -50.0
FOR_THE_YOUNG = -15.0
OWN_STATE = 14.0
NEAR = ((3.0, 60.0), (10.0, 50.0), (25.0, 36.0), (50.0, 18.0), (REACHABLE, 4.0))
NOT_FOR_A_CRISIS, UNSURE = -90.0, -4.0
NO_VOICE, AGE_NAMED = 4.0, 8.0
ORDER = 0.05
#: How far a hit meets the question, the strongest last.
STRENGTH = {"none": 0, "related": 1, "group": 2, "words": 2, "also": 2, "main": 3, "named": 4}


@dataclass(frozen=True)
class Hit:
    """A service that fits, how well, why, and how far away it is (miles). `reasons`: keys and blanks of the words in
    resources/texts/directory.yml. `stale`: nobody has checked it in time, and there was no other one."""

    service: Service
    score: float
    strength: str
    reasons: tuple[tuple[str, Mapping[str, str]], ...] = ()
    opening: Opening = field(default_factory=lambda: Opening(None))
    miles: float | None = None
    stale: bool = False


def search(session: Session | None, question: Question, limit: int = 12) -> list[Hit]:
    """The services that fit, best first. Without a session, those of the whole country and the report lines only."""
    confirmed = queries.confirmations(session) if session else {}
    found = (
        _fit_or_none(service.with_confirmations(confirmed), question, by_words)
        for service, by_words in _candidates(session, question)
    )
    hits = [hit for hit in found if hit]
    hits.sort(key=lambda hit: (-hit.score, hit.service.id))
    return _fresh_first(hits, (question.at or now()).date())[:limit]


def _fit_or_none(service: Service, question: Question, by_words: bool) -> Hit | None:
    """One broken service of an import is left out; it must not silence the others."""
    try:
        return fit(service, question, by_words)
    except Exception as error:  # whatever it is
        logger.error("a service of %s cannot be used: %s", service.source, type(error).__name__)
        return None


def _candidates(session: Session | None, question: Question) -> Iterator[tuple[Service, bool]]:
    """Services that may fit; whether the words of the question stand in them."""
    for service in national.services().values():
        yield service, False
    if session is None:
        return
    current = list(queries.batches(session))
    if not current:
        return
    wanted = _needs_and_related(question)
    found = queries.find_spots(session, current, wanted, question, READ) if wanted else []
    by_words = queries.find_words(session, current, question, READ)
    keys = dict.fromkeys([*by_words, *found])
    said = set(by_words)
    for key, service in catalogue.services(session, list(keys)[: 2 * READ]).items():
        yield service, key in said


def _needs_and_related(question: Question) -> list[str]:
    needs = taxonomy().needs
    return list(dict.fromkeys([*question.needs, *(also for need in question.needs for also in needs[need].also)]))


def fit(service: Service, question: Question, by_words: bool = False) -> Hit | None:
    """How well a service fits; None when it does not, or must not be shown."""
    named = service.ours and service.id in question.named
    if not named and not _is_for(service, question):
        return None
    if _must_not_see(service, question):
        return None
    if question.police_done and service.id == EMERGENCY and service.ours:
        return None
    strength, score = _need(service, question, by_words, named)
    if strength == "none":
        return None
    miles = _miles(service, question)
    where = _where(service, question, miles)
    channels = usable(service, question)
    if where is None or not channels:
        return None
    if question.kinds and not named and not _has_way(channels, question.kinds):
        return None
    opened = open_at(service, channels, question)
    score += (
        (where / 2 if strength == "related" else where)
        + _person(service, question)
        + _hour(opened, question)
        + _language(channels, question)
    )
    score += _quality(service, channels, question) - ORDER * service.order
    reasons = tuple(_reasons(service, question, opened, miles, channels))
    return Hit(service, score, strength, reasons, opened, miles)


def _has_way(channels: tuple[Channel, ...], kinds: frozenset[Kind]) -> bool:
    """Whether it can be reached in one of these ways; a page is as good as a letter where there is nothing else."""
    if any(each.kind in kinds for each in channels):
        return True
    return "email" in kinds and all(each.kind in ("web", "email") for each in channels)


# Whether it may be shown at all


def _is_for(service: Service, question: Question) -> bool:
    role = question.role if question.role in ("youth", "caregiver", "professional") else None
    # A caregiver asks for the child, too.
    readers = {"youth"} if role == "youth" else {"professional"} if role == "professional" else {"youth", "caregiver"}
    if not service.audience & readers:
        return False
    if service.groups and not service.groups & question.groups:
        return False
    youngest, oldest = (question.age, question.age) if question.age else YOUTH_AGES
    if role == "youth" or question.age:
        return (service.minimum_age or 0) <= oldest and youngest <= (service.maximum_age or 200)
    return True


def _must_not_see(service: Service, question: Question) -> bool:
    """Lines of the police and of immigration are shown to nobody young who has not asked for them."""
    if not service.never_unasked:
        return False
    asked = question.police or service.id in question.named
    if question.role == "caregiver":
        return not (
            asked or "online_harm" in question.needs or "work" in question.needs or "trafficking" in question.needs
        )
    return not asked and not ("work" in question.needs and service.needs.get("work") == "main")


# What it is worth


def _need(service: Service, question: Question, by_words: bool, named: bool) -> tuple[str, float]:
    """How the service meets the needs: main, also, related, words, none; and what that is worth."""
    if named:
        return "named", NAMED
    met = [strength for need in question.needs if (strength := service.needs.get(need))]
    more = MORE_NEEDS * (len(met) - 1)
    if met and _is_for_the_fled(service) and not question.needs_of(FLED):
        return "related", RELATED
    if "main" in met:
        return "main", MAIN + more + (WORDS if by_words else 0)
    if met:
        return "also", ALSO + more + (WORDS if by_words else 0)
    related = [also for need in question.needs for also in taxonomy().needs[need].also]
    if any(service.needs.get(each) == "main" for each in related):
        return "related", RELATED - 5 * min(
            related.index(each) for each in related if service.needs.get(each) == "main"
        )
    if by_words:
        return "words", WORDS + RELATED
    asked_group = service.groups & question.groups
    return ("group", ALSO) if asked_group and not question.needs else ("none", 0.0)


def _is_for_the_fled(service: Service) -> bool:
    """Whether it gives shelter to people who flee someone: not the first thing for whoever does not."""
    return not service.ours and bool(FLED & set(service.needs)) and bool({"shelter", "housing"} & set(service.needs))


def _miles(service: Service, question: Question) -> float | None:
    place = question.place
    if place is None or not place.exact:
        return None
    known = [
        place.miles_to(spot.latitude, spot.longitude)
        for spot in service.spots
        if spot.latitude is not None and spot.longitude is not None
    ]
    return min(known, default=None)


def _where(service: Service, question: Question, miles: float | None) -> float | None:
    """What the place is worth; None when the service is not for people there."""
    if service.national:
        return 0.0
    if question.place is None:
        return None if service.states or service.spots else UNSURE
    if service.states and question.place.state not in service.states and (miles is None or miles > REACHABLE):
        return None
    if miles is None:
        return OWN_STATE if service.states else UNSURE
    local = (
        any(taxonomy().needs[need].local for need in question.needs if need in taxonomy().needs) or not question.needs
    )
    if miles > REACHABLE:
        return None if local else OWN_STATE / 2
    worth = next(worth for within, worth in NEAR if miles <= within)
    return worth if local else worth / 2


def _person(service: Service, question: Question) -> float:
    worth = 0.0
    if shared := service.groups & question.groups:
        around = wider(question.groups)
        worth += OWN_GROUP if shared - around and not service.groups & around else WIDER_GROUP
    if question.age and (service.minimum_age or service.maximum_age):
        worth += AGE_NAMED
    if question.role == "caregiver" and ("caregiver" not in service.audience or (service.maximum_age or 99) < 30):
        worth += FOR_THE_YOUNG
    return worth


def _hour(opened: Opening, question: Question) -> float:
    if opened.open:
        return OPEN
    pressing = any(need in PRESSING for need in question.needs)
    if opened.open is None:
        return (MAY_BE_CLOSED_WHEN_PRESSING if pressing else MAY_BE_CLOSED) if opened.holiday else 0.0
    return CLOSED_NOW_ASKED if question.open_now else CLOSED_WHEN_PRESSING if pressing else CLOSED


def _language(channels: tuple[Channel, ...], question: Question) -> float:
    wanted = question.wants_language or question.language
    known = [each for each in channels if each.languages]
    if any(wanted in each.languages for each in channels):
        return (2 * SPEAKS if question.wants_language else SPEAKS) if wanted != "en" else 0.0
    if wanted == "en" or not known:
        return 0.0
    return MUST_SPEAK if question.wants_language or question.needs_of(SPOKEN) else MAY_SPEAK


def _quality(service: Service, channels: tuple[Channel, ...], question: Question) -> float:
    worth = 0.0 if any(each.confidence == "high" or each.confirmed_on for each in channels) else UNSURE
    if not service.crisis and CRISES & set(question.needs):
        worth += NOT_FOR_A_CRISIS
    return worth + (NO_VOICE if any(each.kind in SILENT - {"web"} for each in channels) else 0.0)


# The ways and the hour


def usable(service: Service, question: Question) -> tuple[Channel, ...]:
    """The ways that may be shown: those of the county, those that are there for this need, and, while there are others,
    none that is past its re-check date."""
    place = question.place
    here = [each for each in service.channels if _is_of_county(each, place.county if place else "")]
    here = [each for each in here if not each.only_for or each.only_for & set(question.needs)] or here
    today = (question.at or now()).date()
    fresh = [each for each in here if service.emergency or not each.stale(today)]
    return tuple(fresh or here)


def _is_of_county(channel: Channel, county: str) -> bool:
    if not county:
        return True
    return (
        county not in channel.except_counties
        if channel.except_counties
        else not channel.counties or county in channel.counties
    )


def readers_zone(question: Question) -> tzinfo | None:
    """The zone in which the reader's clock runs; None when we do not know it."""
    return question.place.time_zone if question.place else None


def open_at(service: Service, channels: Iterable[Channel], question: Question) -> Opening:
    """Whether one can be reached now: by the way that one wants, else by any of them."""
    at = question.at or now()
    wanted = (
        [each for each in channels if each.kind in question.kinds]
        or [each for each in channels if each.kind != "web"]
        or list(channels)
    )
    found = [_opening(service, service.hours_of(each), at, question) for each in wanted]
    for state_of in (True, None, False):
        those = [each for each in found if each.open is state_of]
        if those:
            return max(those, key=lambda each: (each.always, each.until or datetime.min.replace(tzinfo=UTC)))
    return Opening(None)


#: Where most people of the country are, for hours that are meant in local time when we do not know whose.
_ZONES = tuple(ZoneInfo(f"America/{name}") for name in ("New_York", "Chicago", "Denver", "Los_Angeles"))


def _opening(service: Service, hours: tuple[Schedule, ...], at: datetime, question: Question) -> Opening:
    zone = zone_of_state(next(iter(service.states))) if len(service.states) == 1 else readers_zone(question)
    if zone:
        return opening(hours, at, zone)
    found = [opening(hours, at, each) for each in _ZONES]
    return found[0] if len({each.open for each in found}) == 1 else Opening(None)


def _fresh_first(hits: list[Hit], today: date) -> list[Hit]:
    """Without those past their re-check date, unless no other one meets the need as well: then it says so."""
    best = max((STRENGTH[hit.strength] for hit in hits if not hit.service.stale(today)), default=0)
    return [
        replace(hit, stale=hit.service.stale(today))
        for hit in hits
        if not hit.service.stale(today) or STRENGTH[hit.strength] > best
    ]


# Why it came


def _reasons(
    service: Service, question: Question, opened: Opening, miles: float | None, channels: tuple[Channel, ...]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    if question.age and (service.minimum_age or service.maximum_age):
        yield "age", {"age": str(question.age)}
    for group in sorted(service.groups & question.groups - wider(question.groups)):
        yield "group", {"group": taxonomy().groups[group].name[question.language]}
    if miles is not None and miles <= REACHABLE and question.place:
        far = round(miles)
        yield (
            ("near", {"miles": str(far), "place": question.place.name})
            if far > 1
            else (
                "very_near",
                {"place": question.place.name},
            )
        )
    elif question.place and question.place.state in service.states:
        yield "state", {"state": question.place.state}
    wanted = question.wants_language
    if wanted and any(wanted in each.languages for each in channels):
        yield f"speaks_{wanted}", {}
    for kind in sorted(question.kinds & {each.kind for each in channels}):
        yield f"way_{kind}", {}
    if opened.open and (question.open_now or not opened.always):
        yield "open", {}
