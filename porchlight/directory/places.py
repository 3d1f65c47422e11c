"""Where somebody is: ZIP codes, cities and states of the United States, read out of what they write.

The table of ZIP codes is in the package `zipcodes`; nothing is asked of a network.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import zipcodes

from porchlight.directory.hours import zone_named
from porchlight.directory.spelling import normal
from porchlight.texts import LANGUAGES, RESOURCES, load_yaml

FILE = "directory/places.yml"
#: Statute miles of a degree of latitude.
MILES = 69.0
#: ZIP codes that a city has, at least, to be taken for one without a word such as "in" before it.
LARGE = 3
#: The same for a name that is a word of everyday talk, too: fresno is an ash tree.
VERY_LARGE = 15
#: The same for one that stands in the middle of a sentence.
HUGE = 35
#: Letters of a name that is not taken for a city in the middle of a sentence.
SHORT = 4
#: States' abbreviations that are words, too.
SMALL_WORDS = frozenset(["in", "or", "me", "hi", "ok", "oh", "la", "de", "id", "pa", "ma", "al", "co", "mo"])
#: Words of a city's name at most.
LONGEST = 3

_zips: Any = zipcodes  # its functions have no types
# Digits of other scripts are no ZIP code: the table stops the process over them.
_ZIP = re.compile(r"(?<![\d-])(?<!\d )([0-9]{5})(?:-[0-9]{4})?(?![\d-])(?! \d{3})")


@dataclass(frozen=True)
class Place:
    """A ZIP code, a city or a state; what is not known is empty. `name`: how people call it."""

    name: str
    state: str
    county: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    zone: str = ""

    @property
    def exact(self) -> bool:
        return self.latitude is not None

    @property
    def time_zone(self) -> tzinfo:
        return zone_named(self.zone) or zone_of_state(self.state)

    def miles_to(self, latitude: float, longitude: float) -> float:
        """As the crow flies. Only for a place that is exact."""
        return miles(self.latitude or 0.0, self.longitude or 0.0, latitude, longitude)


def miles(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance of two points that are not on opposite sides of the earth, good to some per cent."""
    east = (longitude - other_longitude) * math.cos(math.radians((latitude + other_latitude) / 2))
    return MILES * math.hypot(latitude - other_latitude, east)


def place_in(text: str) -> Place | None:
    """The place that a message names, None when it names none (or a ZIP code that there is not)."""
    if code := zip_in(text):
        return place_of_zip(code)
    said = normal(text)
    return _city_in(said) or _state_in(said, text)


def zip_in(text: str) -> str | None:
    """What looks like a ZIP code."""
    found = _ZIP.search(text)
    return found[1] if found else None


@lru_cache(maxsize=4096)
def place_of_zip(code: str) -> Place | None:
    """The place of a ZIP code, None when there is none in a state."""
    known = _zips.matching(code) if re.fullmatch(r"[0-9]{5}", code) else []
    return _place(known[0], code) if known and known[0]["state"] in states() else None


def place_of_city(city: str, state: str | None = None) -> Place | None:
    """The city of that name: in the state, or where it has most ZIP codes."""
    found = [each for each in _of_city(city) if state in (None, each["state"])]
    if not found:
        return None
    chosen = state or Counter(each["state"] for each in found).most_common(1)[0][0]
    there = [each for each in found if each["state"] == chosen]
    middle = sorted(there, key=lambda each: float(each["lat"]))[len(there) // 2]
    name = f"{middle['city']}, {chosen}"
    return Place(name, chosen, middle["county"], "", float(middle["lat"]), float(middle["long"]), middle["timezone"])


def place_of_state(state: str, language: str = "en") -> Place:
    return Place(states()[state][language], state, zone=states()[state]["timezone"])


def state_named(text: str) -> str | None:
    """The state that a text is the name or the abbreviation of: "Ohio", "OH", "US-OH"."""
    bare = text.strip().upper().removeprefix("US-")
    return bare if bare in states() else _names().get(normal(text))


def names_of_state(state: str) -> str:
    """What a state is called, in either language."""
    return " ".join(states()[state][language] for language in LANGUAGES) if state in states() else ""


def zone_of_state(state: str) -> tzinfo:
    return ZoneInfo(states()[state]["timezone"] if state in states() else "America/New_York")


@cache
def states() -> Mapping[str, Mapping[str, str]]:
    """Names by language and time zone of each state, by its abbreviation."""
    listed: dict[str, dict[str, str]] = load_yaml(FILE)["states"]
    return listed


# States in what people write


@cache
def _names() -> Mapping[str, str]:
    return {normal(names[language]): key for key, names in states().items() for language in ("en", "es")}


def _state_in(said: str, text: str) -> Place | None:
    for name in sorted(_names(), key=len, reverse=True):
        hit = re.search(rf"\b{name}\b", said)
        if hit and (not _doubtful(name) or said == name or _is_announced(said[: hit.start()], said[hit.end() :])):
            return place_of_state(_names()[name])
    if _announces("LA", text) and not text.isupper():
        return place_of_city("Los Angeles", "CA")  # whoever means Louisiana names a city, or writes it out
    for short in re.findall(r"\b[A-Z]{2}\b", text):
        # "I have no ID", "my aunt OR my uncle": such a word must be announced.
        if short in states() and not text.isupper() and (short.lower() not in SMALL_WORDS or _announces(short, text)):
            return place_of_state(short)
    hit = re.search(rf"\b(?:{_before()}) ([a-z]{{2}})\b", said)
    if hit and hit[1].upper() in states() and not _is_word(hit[1]):
        return place_of_state(hit[1].upper())
    bare = said.upper()
    return place_of_state(bare) if bare in states() and not _is_word(said) else None


def _doubtful(name: str) -> bool:
    return any(word in load_yaml(FILE)["doubtful"] for word in name.split()) and " " not in name


def _is_announced(before: str, after: str) -> bool:
    return after.startswith(" state") or bool(re.search(rf"\b(?:{_before()}) $", before))


def _announces(short: str, text: str) -> bool:
    return bool(re.search(rf"\b(?i:{_before()}) {short}\b", text))


@cache
def _before() -> str:
    return "|".join(sorted(load_yaml(FILE)["before"], key=len, reverse=True))


@cache
def _ordinary() -> frozenset[str]:
    found: set[str] = set(load_yaml(FILE)["never"])
    for name in ("ordinary_words.txt", "given_names.txt", "surnames.txt"):
        for line in (RESOURCES / "reading" / name).read_text(encoding="utf-8").splitlines():
            found |= set() if line.startswith("#") else set(line.split())
    return frozenset(found)


def _is_word(word: str) -> bool:
    return word in _ordinary() or word in SMALL_WORDS


# Cities in what people write


def _city_in(said: str) -> Place | None:
    people = load_yaml(FILE)["people"]
    for name, (city, state) in load_yaml(FILE)["short"].items():
        hit = re.search(rf"\b{name}\b", said)
        if hit and not set(said[: hit.start()].split()[-1:]) & set(people):
            return place_of_city(city, state)
    words = said.split()
    taken = _of_states(words)
    announced = {hit.end(): hit[1] for hit in re.finditer(rf"\b({_before()}) ", said)}
    for start in range(len(words)):
        position = len(" ".join(words[:start])) + (1 if start else 0)
        announcing = announced.get(position, "")
        if start in taken or (start and words[start - 1] in people):
            continue
        for length in range(min(LONGEST, len(words) - start), 0, -1):
            if place := _city_at(words, start, length, announcing):
                return place
    return None


def _of_states(words: list[str]) -> set[int]:
    """Where the later words of a state's name stand: "New Mexico" is not Mexico, Maine."""
    return {
        start + later
        for start in range(len(words))
        for length in (2, 3)
        if " ".join(words[start : start + length]) in _names()
        for later in range(1, length)
    }


def _city_at(words: list[str], start: int, length: int, announced: str) -> Place | None:
    """The city whose name stands there, with the state after it if one does. `announced`: the words before it that
    tell of a place."""
    name = " ".join(words[start : start + length])
    if name != "new york" and any(" ".join(words[start : start + many]) in _names() for many in (length, 2, 3)):
        return None
    ends = start + length == len(words)
    rest = words[start + length : start + length + 2]
    if rest[:1] == ["pr"] or rest == ["puerto", "rico"]:
        return None  # no state, and its towns have namesakes
    has_state = any(state_named(after) for after in (" ".join(rest), *rest[:1]))
    if not (announced or ends or has_state) and len(name) <= SHORT:
        return None
    found = _of_city(name)
    if not found or not (announced or ends or has_state or len(found) >= HUGE):
        return None
    for after in (" ".join(rest), *rest[:1]):
        state = state_named(after)
        if state and any(each["state"] == state for each in found):
            return place_of_city(name, state)
    is_word = length == 1 and _is_word(name)
    if announced:
        # "I want to hurt myself": not Hurt, Virginia.
        vague = is_word and announced in load_yaml(FILE)["vague"] and len(found) < VERY_LARGE
        return None if vague or name in load_yaml(FILE)["never"] else place_of_city(name)
    doubted = length == 1 and (name in load_yaml(FILE)["doubtful"] or name in load_yaml(FILE)["never"])
    enough = VERY_LARGE if is_word else 1 if start == 0 else LARGE
    return place_of_city(name) if not doubted and len(found) >= enough else None


@cache
def _cities() -> frozenset[str]:
    """The names of all cities: most words are none, and looking one up takes a thousand times as long."""
    names = {normal(each["city"]) for state in states() for each in _zips.filter_by(state=state)}
    short = {abbreviated + name.removeprefix(long) for name in names for long, abbreviated in _LONG if long in name}
    return frozenset(names | short)


_LONG = (("saint ", "st "), ("fort ", "ft "))


@lru_cache(maxsize=8192)
def _of_city(name: str) -> tuple[Mapping[str, Any], ...]:
    """The ZIP codes of a city in any state."""
    if normal(name) not in _cities():
        return ()
    title = " ".join(word.capitalize() for word in normal(name).split())
    spellings = [title, title.replace("St ", "Saint ", 1), title.replace("Ft ", "Fort ", 1)]
    for spelling in dict.fromkeys(spellings):
        found = _zips.filter_by(city=spelling)
        there = [each for each in found if each["state"] in states() and each["lat"]]
        if there:
            return tuple(there)
    return ()


def _place(known: Mapping[str, Any], code: str) -> Place:
    has = bool(known["lat"] and known["long"])
    return Place(
        name=code,
        state=known["state"],
        county=known["county"] or "",
        postal_code=code,
        latitude=float(known["lat"]) if has else None,
        longitude=float(known["long"]) if has else None,
        zone=known["timezone"] or states()[known["state"]]["timezone"],
    )


def nearby_cells(latitude: float, longitude: float, around: float) -> Iterator[int]:
    """The cells of the map within so many miles of a point: see cell_of."""
    north = around / MILES
    east = around / (MILES * max(math.cos(math.radians(latitude)), 0.2))
    for row in range(_row(latitude - north), _row(latitude + north) + 1):
        for column in range(_row(longitude - east), _row(longitude + east) + 1):
            yield row * 2_000 + column


def cell_of(latitude: float, longitude: float) -> int:
    """The square of a quarter of a degree in which a point lies."""
    return _row(latitude) * 2_000 + _row(longitude)


def _row(degrees: float) -> int:
    return math.floor(degrees * 4)
