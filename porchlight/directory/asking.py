"""What somebody asks for: read out of their words, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from porchlight.directory.model import Kind
from porchlight.directory.places import Place, names_of_state, place_in, zip_in
from porchlight.directory.spelling import normal, stem
from porchlight.directory.terms import taxonomy
from porchlight.screening import Screening, screen
from porchlight.texts import LANGUAGES, load_yaml

FILE = "directory/asking.yml"
_AGES = re.compile(
    r"\b(?:im|i am|age|aged|shes|hes|she is|he is|is|tengo|tiene|tenia|de)\s+(?:a\s+)?(\d{1,2})\b"
    r"(?!\s*(?:am|pm|min|hour|hora|dolar|dollar|buck|peso|kid|hijo|week|day|month|mile|semana|dia|mes|hr|%|:))"
    r"|\b(\d{1,2})\s*(?:yo|y o|yr old|year old|year olds|yrs old|years old|anos)\b(?!\s*(?:ago|atras))"
)
_SINCE = re.compile(
    r"\b(?:for|hace|por|durante|desde)\s+\d{1,2}\s*(?:years?|yrs?|anos)\b(?! olds?)"
    r"|\b\d{1,2}\s*(?:years?|yrs?)\s+ago\b"
)
#: Letters of a message in which it is looked for what it asks.
READ = 500
YOUNGEST, OLDEST = 5, 99


@dataclass(frozen=True)
class Question:
    """Who needs what, where, when and in which way; what is not known is empty.

    `words`: the other words of a question, for the full-text search; `police`: they ask for a line of the police;
    `police_done`: they have called 911; `unknown_zip`: what looks like a ZIP code, and is none.
    """

    needs: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    role: str | None = None
    age: int | None = None
    place: Place | None = None
    at: datetime | None = None
    open_now: bool = False
    language: str = "en"
    wants_language: str | None = None
    kinds: frozenset[Kind] = frozenset()
    police: bool = False
    police_done: bool = False
    words: tuple[str, ...] = ()
    unknown_zip: str | None = None
    named: frozenset[str] = field(default_factory=frozenset)

    def needs_of(self, some: Iterable[str]) -> bool:
        """Whether one of some needs is among those asked for."""
        return any(need in some for need in self.needs)

    def with_memory(self, earlier: Question) -> Question:
        """This question with what an earlier one told of the person: place, age, groups, and needs when it has none."""
        asks_anew = bool(self.needs or self.named or self.words)
        return replace(
            self,
            needs=self.needs if asks_anew else earlier.needs,
            words=self.words if asks_anew else earlier.words,
            named=self.named if asks_anew else earlier.named,
            groups=self.groups | earlier.groups,
            age=self.age or earlier.age,
            place=self.place or earlier.place,
            kinds=self.kinds or (frozenset() if asks_anew else earlier.kinds),
            wants_language=self.wants_language or earlier.wants_language,
        )


def read_question(
    text: str, language: str, role: str | None, at: datetime, screening: Screening | None = None
) -> Question:
    """What a message asks for; of a long one, its beginning. `screening`: of the message, if there is one already."""
    text = text[:READ]
    said = normal(text)
    terms = taxonomy()
    place = place_in(text)
    police = says(said, "police") and not says(said, "no_police")
    named = frozenset(each for each in _named(said) if police or each not in POLICE)
    needs = _with_worry(screening or screen(text), terms.asked(said, terms.needs), role)
    groups = terms.asked(said, terms.groups)
    code = zip_in(text)
    kinds = _kinds(said)
    if "deaf" in groups and not kinds:
        kinds = frozenset(["video", "text", "chat"])
    return Question(
        needs=_sharper(needs),
        groups=with_wider(groups),
        role=role,
        age=_age(said, role),
        place=place,
        at=at,
        open_now=says(said, "open_now"),
        language=language,
        wants_language=_language(said),
        kinds=kinds,
        police=police,
        police_done=says(said, "police_done"),
        words=tuple(_other_words(said, place)) if not needs else (),
        unknown_zip=code if code and place is None else None,
        named=named,
    )


def with_wider(groups: Collection[str]) -> frozenset[str]:
    """Groups, and those that they are a part of."""
    return frozenset([*groups, *wider(groups)])


def wider(groups: Collection[str]) -> frozenset[str]:
    """The groups that some are a part of."""
    known = [taxonomy().groups[each] for each in groups if each in taxonomy().groups]
    return frozenset(each.within for each in known if each.within)


#: What somebody needs of whom the screening says that a worry of that category weighs on them.
NEED_OF_WORRY = {
    "suicide": "suicide",
    "self_harm": "self_harm",
    "immediate_danger": "danger",
    "overdose": "overdose",
    "sexual_abuse": "sexual_assault",
    "physical_abuse": "abuse",
    "neglect": "abuse",
    "dating_violence": "partner_violence",
    "trafficking_sex": "trafficking",
    "trafficking_labor": "trafficking",
    "online_exploitation": "online_harm",
    "missing_child": "missing_child",
    "runaway": "runaway",
    "homeless_tonight": "shelter",
    "substance_use": "substance",
    "eating_disorder": "eating",
    "harm_to_others": "crisis",
}
#: What comes before all else that a message asks for.
FIRST = ("overdose", "suicide")
#: Lines of the police: a name that only stands in a message is no wish for them.
POLICE = ("fbi_tips", "know2protect")


def _with_worry(screening: Screening, asked: list[str], role: str | None) -> tuple[str, ...]:
    """The needs that are asked for; what the screening sees in the words, where they ask for nothing or for less."""
    worry = NEED_OF_WORRY.get(screening.worst.category) if screening.answer != "none" else None
    if worry and (_is_sure(screening, 0.9 if asked else 0.3) and (not asked or worry in FIRST)):
        asked = [worry, *(need for need in asked if need != worry)]
    if role == "caregiver" and "shelter" not in asked:
        # Of a child in their care that is not where it belongs.
        asked = ["missing_child" if need == "runaway" else need for need in asked]
    return tuple(dict.fromkeys(asked))


def _is_sure(screening: Screening, confidence: float) -> bool:
    return screening.worst.confidence >= confidence


def _sharper(needs: tuple[str, ...]) -> tuple[str, ...]:
    """A general wish ("someone to talk to", "resources") says nothing beside one that is of something."""
    general = ("help_finder", "talk", "crisis")
    overruled = {other for need in needs for other in taxonomy().needs[need].over}
    told = tuple(need for need in needs if need not in overruled)
    return tuple(need for need in told if need not in general) or told


def _age(said: str, role: str | None) -> int | None:
    """How old they say that somebody is; with a caregiver, the child."""
    found = [int(hit[1] or hit[2]) for hit in _AGES.finditer(_SINCE.sub(" ", said))]
    ages = [age for age in found if YOUNGEST <= age <= OLDEST]
    return (min(ages) if role == "caregiver" else ages[0]) if ages else None


def _kinds(said: str) -> frozenset[Kind]:
    """The ways that they can use; those that are wished for, less those that will not do."""
    no_voice = says(said, "no_call")
    wanted: set[Kind] = {kind for kind in ("text", "chat", "video") if says(said, kind)}
    if wanted or no_voice:
        return frozenset(wanted or {"text", "chat", "email"})
    return frozenset(["call"]) if says(said, "call") else frozenset()


def _language(said: str) -> str | None:
    return next((language for language in LANGUAGES if says(said, f"in_{language}")), None)


def says(said: str, key: str) -> bool:
    """Whether a text, as normal() has it, says one of the ways of asking.yml."""
    return any(pattern.search(said) for pattern in _patterns(key))


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    written: dict[str, list[str]] = load_yaml(FILE)["ways"][key]
    return tuple(
        re.compile(rf"\b(?:{'|'.join(written[language])})\b") for language in LANGUAGES if written.get(language)
    )


def reading_of(said: str, key: str) -> list[str]:
    """Which entries of a table of asking.yml (barriers, outcomes) a text speaks of; the first named is first."""
    found = []
    for name, written in load_yaml(FILE)[key].items():
        pattern = re.compile(rf"\b(?:{'|'.join(each for language in LANGUAGES for each in written[language])})\b")
        if hit := pattern.search(said):
            found.append((hit.start(), name))
    return [name for _, name in sorted(found)]


def _named(said: str) -> Iterable[str]:
    """The national services that a text calls by name."""
    for service, names in load_yaml(FILE)["names"].items():
        if re.search(rf"\b(?:{'|'.join(names)})\b", said):
            yield service


def _other_words(said: str, place: Place | None) -> Iterable[str]:
    """The words that say what is looked for, when no need was recognized."""
    ordinary = _ordinary()
    of_place = set(normal(f"{place.name} {place.county} {names_of_state(place.state)}").split()) if place else set()
    for word in re.sub(r"[^a-z0-9 ]", " ", said).split():
        if word not in ordinary and word not in of_place and len(word) > 2 and not word.isdigit():
            yield stem(word)


@cache
def _ordinary() -> frozenset[str]:
    listed: Any = load_yaml(FILE)["ordinary"]
    return frozenset(str(word) for word in listed)
