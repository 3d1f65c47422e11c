"""What the app says by itself: the opening, and the words for when the dialogue engine has none."""

from __future__ import annotations

from dataclasses import dataclass, field

from porchlight.contacts import contacts_meanwhile
from porchlight.directory.cards import Card
from porchlight.texts import say

#: Lines for someone who cannot be answered now.
MEANWHILE = ("lifeline_988", "crisis_text_line")


@dataclass(frozen=True)
class Reply:
    """One message of the bot, before it is a row."""

    language: str
    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    contacts: list[Card] = field(default_factory=list)


def static(key: str, language: str, **blanks: object) -> Reply:
    return Reply(language, say(f"app.{key}", language, **blanks))


def moment(language: str) -> Reply:
    """The honest word while an answer is late, with people who can be reached meanwhile."""
    return _meanwhile("moment", language)


def not_kept(language: str) -> Reply:
    """The honest word for a message that could not be kept, with people who can be reached meanwhile."""
    return _meanwhile("not_kept", language)


def _meanwhile(key: str, language: str) -> Reply:
    return Reply(language, say(f"app.{key}", language), contacts=contacts_meanwhile(MEANWHILE, language))


def opening(role: str | None, language: str) -> list[Reply]:
    """The first words. Who is here is not asked of one who has said so."""
    first = [static("opening_1", language), static("opening_2", language)]
    other = _button("other_language", "/speak_english" if language == "es" else "/speak_spanish", language)
    if role in ("youth", "caregiver"):
        start = {"title": say("plan.buttons.start", language), "payload": "/start_plan"}
        return [*first, Reply(language, say(f"app.opening_{role}", language), [start, other])]
    roles = [("youth", "/i_am_youth"), ("caregiver", "/i_am_caregiver"), ("looking", "/just_looking")]
    buttons = [*(_button(key, payload, language) for key, payload in roles), other]
    return [*first, Reply(language, say("app.opening_3", language), buttons)]


def _button(key: str, payload: str, language: str) -> dict[str, str]:
    return {"title": say(f"app.opening_buttons.{key}", language), "payload": payload}
