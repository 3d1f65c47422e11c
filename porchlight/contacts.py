"""Which lines of help stand beside what is said: those that resources/ names, as the directory knows them now.

Whoever is in danger gets lines whatever fails: without the directory, those that stand here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from porchlight.directory import national
from porchlight.directory.asking import Question
from porchlight.directory.cards import Card, Way, card_of_service
from porchlight.directory.model import Service
from porchlight.directory.places import place_of_state
from porchlight.directory.searching import open_at, usable
from porchlight.store.times import now
from porchlight.texts import BrokenText, load_yaml

logger = logging.getLogger(__name__)

#: Worries about which an adult may have to report.
REPORTED = ("physical_abuse", "sexual_abuse", "neglect", "trafficking_sex", "trafficking_labor")


def contacts_for(ids: Iterable[str], language: str) -> list[Card]:
    """The cards of the lines named by `ids`, in that order. Raises BrokenText for an unknown id."""
    question = Question(language=language, at=now())
    return [card_of_service(_line(each), question) for each in ids]


def contacts_meanwhile(ids: Iterable[str], language: str) -> list[Card]:
    """The same for somebody whom nothing may keep without lines: those of FALLBACK when the directory fails."""
    return _or_fallback(lambda: contacts_for(ids, language), language)


def contacts_for_concern(
    category: str, severity: str, role: str, language: str, state: str | None = None, at: datetime | None = None
) -> list[Card]:
    """The lines for a worry of a youth or a caregiver, at this hour and, where it matters, in their state.

    Never empty, and never an exception: when the directory fails, the lines of FALLBACK.
    """
    return _or_fallback(lambda: _for_concern(category, severity, role, language, state, at or now()), language)


def contacts_for_check_in(role: str, language: str) -> list[Card]:
    """The lines beside the question whether somebody is okay; FALLBACK when the directory fails."""
    return _or_fallback(lambda: contacts_for(_listed("check_in", role), language), language)


def check_contacts(roles: Iterable[str], categories: Iterable[str], severities: Iterable[str], language: str) -> None:
    """Raises BrokenText when an answer to a worry has no lines, or names one that there is not."""
    severities, categories = list(severities), list(categories)
    for role in roles:
        contacts_for(_listed("check_in", role), language)
        for category in categories:
            for severity in severities:
                _for_concern(category, severity, role, language, None, now())


def _or_fallback(find: Callable[[], list[Card]], language: str) -> list[Card]:
    try:
        return find()
    except Exception as error:  # whatever it is: somebody may be in danger
        logger.error("the directory failed, the fallback was shown: %s", type(error).__name__)
        return fallback(language)


def _for_concern(category: str, severity: str, role: str, language: str, state: str | None, at: datetime) -> list[Card]:
    question = Question(language=language, role=role, at=at, place=place_of_state(state, language) if state else None)
    lines = _within_reach([_line(each) for each in _listed("answers", category, role, severity)], question)
    if state and role == "caregiver" and category in REPORTED:
        report = national.report_line(state)
        lines += [report] if report is not None and usable(report, question) else []
    return [card_of_service(each, question) for each in lines]


def _within_reach(lines: list[Service], question: Question) -> list[Service]:
    """The lines that are not closed and not past their re-check date, unless what is left would not do."""
    today = (question.at or now()).date()

    def good(line: Service) -> bool:
        return not line.stale(today) and open_at(line, usable(line, question), question).open is not False

    kept = [line for line in lines if good(line)]
    return kept if _has_silent(kept) or (not _has_silent(lines) and kept) else lines


def _has_silent(lines: list[Service]) -> bool:
    """Whether one of them needs no voice."""
    return any(channel.kind in ("text", "chat") for line in lines for channel in line.channels)


def _listed(*path: str) -> list[str]:
    """The ids that stand at a place of resources/texts/safety.yml."""
    found: Any = load_yaml("texts/safety.yml")
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    ids = found.get("contacts") if isinstance(found, dict) else None
    if not ids or not isinstance(ids, list):
        raise BrokenText(f"resources/texts/safety.yml names no contacts for {'.'.join(path)}.")
    return [str(each) for each in ids]


def _line(line: str) -> Service:
    found = national.services().get(line)
    if found is None:
        raise BrokenText(f"resources/directory has no line {line!r}.")
    return found


# What is shown when all else fails


def _card(name: str, line: str, *ways: Way) -> Card:
    return Card(id=line, name=name, why="", ways=list(ways), hours="", facts=[], page="", add="")


def _way(kind: str, value: str, href: str) -> Way:
    return Way(kind=kind, value=value, href=href, note="")


#: Words in code, against the rule: nothing that may be broken is between them and whoever needs them. A test holds
#: them to the directory.
FALLBACK: dict[str, list[Card]] = {
    "en": [
        _card("Emergency (911)", "emergency_911", _way("call", "911", "tel:911")),
        _card(
            "988 Suicide & Crisis Lifeline",
            "lifeline_988",
            _way("call", "988", "tel:988"),
            _way("text", "Text 988", "sms:988"),
            _way("chat", "chat.988lifeline.org", "https://chat.988lifeline.org/"),
        ),
        _card("Crisis Text Line", "crisis_text_line", _way("text", "Text HOME to 741741", "sms:741741?&body=HOME")),
    ],
    "es": [
        _card("Emergencias (911)", "emergency_911", _way("call", "911", "tel:911")),
        _card(
            "988 Línea de Prevención del Suicidio y Crisis",
            "lifeline_988",
            _way("call", "988", "tel:988"),
            _way("text", "Envía AYUDA al 988", "sms:988?&body=AYUDA"),
            _way("chat", "chat.988lifeline.org", "https://chat.988lifeline.org/"),
        ),
        _card(
            "Crisis Text Line (por mensaje)",
            "crisis_text_line",
            _way("text", "Envía HOLA al 741741", "sms:741741?&body=HOLA"),
        ),
    ],
}


def fallback(language: str) -> list[Card]:
    """The lines that need no file and no database."""
    return [Card(**card) for card in FALLBACK["es" if language == "es" else "en"]]
