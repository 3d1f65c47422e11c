"""The talk about help: what somebody says in, cards and words out.

What they ask for is read by porchlight.directory.asking, and found by porchlight.directory.searching. What is here:
what is said beside the cards, what is asked back, what stands in the way, how it went, and the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from porchlight.directory import national
from porchlight.directory.asking import NEED_OF_WORRY, Question, read_question, reading_of, says
from porchlight.directory.cards import Card, add_button, card_of, card_of_service
from porchlight.directory.catalogue import service_of_source
from porchlight.directory.model import Kind, Service
from porchlight.directory.places import states
from porchlight.directory.searching import EMERGENCY, Hit, search
from porchlight.directory.spelling import normal
from porchlight.directory.terms import taxonomy
from porchlight.plans import queries as plan_queries
from porchlight.plans.reading import Item
from porchlight.plans.sections import all_sections
from porchlight.referrals import queries
from porchlight.referrals.state import State
from porchlight.screening import Screening
from porchlight.texts import Language, load_yaml, say

#: Cards in one answer.
CARDS = 3
#: Local ones beside the answer to an emergency, whose list is long already; and miles within which they are near.
LOCAL_CARDS, NEARBY = 1, 50.0
#: After so long we ask, once, how it went.
LATER = timedelta(minutes=10)

#: What an intent asks for when its words name no need.
NEEDS_OF: Mapping[str, tuple[str, ...]] = {
    "find_place_tonight": ("shelter",),
    "ask_food_money": ("food", "money"),
    "ask_text_line": ("talk",),
    "ask_hotline": ("talk",),
    "ask_report_how": ("report",),
}
#: The ways that are left when something stands in the way of others.
BARRIER_KINDS: Mapping[str, frozenset[Kind]] = {
    "bill": frozenset(["chat"]),
    "minutes": frozenset(["chat"]),
    "quiet": frozenset(["text", "chat"]),
    "shy": frozenset(["text", "chat"]),
}
#: Worries in which a place near somebody helps.
LOCAL_WORRIES = frozenset(
    [
        "homeless_tonight",
        "runaway",
        "dating_violence",
        "trafficking_sex",
        "trafficking_labor",
        "sexual_abuse",
        "substance_use",
        "eating_disorder",
        "neglect",
        "physical_abuse",
    ]
)
ORDINALS = (
    ("first", "1st", "primero", "primera", "top", "arriba"),
    ("second", "2nd", "segundo", "segunda", "middle"),
    ("third", "3rd", "tercero", "tercera", "last", "ultimo", "ultima"),
)


@dataclass(frozen=True)
class Heard:
    """A message as the search gets it. `number`: what a button says with it, from 1."""

    message_id: int
    text: str
    intent: str
    language: Language
    role: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Say:
    """One message, with its cards."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()  # (title, payload)
    cards: tuple[Card, ...] = ()

    def as_json(self) -> dict[str, Any]:
        buttons = [{"title": title, "payload": payload} for title, payload in self.buttons]
        return {"text": self.text, "buttons": buttons, "cards": list(self.cards)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Say:
        buttons = tuple((each["title"], each["payload"]) for each in told["buttons"])
        return cls(told["text"], buttons, tuple(told["cards"]))


@dataclass(frozen=True)
class Said:
    """What is said, and what it asked for: "asked_place", "asked_barrier" or nothing."""

    says: tuple[Say, ...]
    asked: str | None = None


@dataclass
class _Talk:
    session: Session
    conversation_id: str
    heard: Heard
    state: State
    at: datetime
    says: list[Say] = field(default_factory=list)
    asked: str | None = None

    @property
    def language(self) -> Language:
        return self.heard.language

    def say(
        self, key: str, buttons: Iterable[tuple[str, str]] = (), cards: Iterable[Card] = (), **blanks: object
    ) -> None:
        self.says.append(Say(self.words(key, **blanks), tuple(buttons), tuple(cards)))

    def words(self, key: str, **blanks: object) -> str:
        return say(f"referrals.{key}", self.language, **blanks)


def take(session: Session, conversation_id: str, heard: Heard, at: datetime) -> Said | None:
    """Answer a message about help; None when it is not about help after all (the dialogue engine did not know it).

    A message that is delivered twice is done once and answered the same.
    """
    state = queries.state_of(session, conversation_id)
    if state.last_turn == heard.message_id:
        return Said(tuple(Say.from_json(each) for each in state.last_said))
    talk = _Talk(session, conversation_id, heard, state, at)
    move = _MOVES.get(heard.intent, _find)
    if heard.intent == "nlu_fallback" and not _is_about_help(talk):
        return None
    move(talk)
    told = tuple(each.as_json() for each in talk.says)
    queries.keep_state(session, conversation_id, replace(talk.state, last_turn=heard.message_id, last_said=told))
    return Said(tuple(talk.says), talk.asked)


def beside_worry(
    session: Session, conversation_id: str, heard: Heard, screening: Screening, cards: list[Card], at: datetime
) -> list[Card]:
    """The cards beside the answer to a worry: all of them, with local services that are near and open after 911.

    What they need and where they are is remembered, so that "more" and a ZIP code are about it.
    """
    category = screening.worst.category
    if category not in LOCAL_WORRIES:
        return cards
    state = queries.state_of(session, conversation_id)
    question = read_question(heard.text, heard.language, heard.role, at, screening).with_memory(state.question)
    needs = (NEED_OF_WORRY[category],)
    question = replace(question, needs=needs, words=(), named=frozenset(), kinds=frozenset(), at=at)
    many = LOCAL_CARDS if len(cards) > CARDS else CARDS - 1
    local = [hit for hit in search(session, question) if _helps_now(hit)][:many]
    shown = [card_of(hit, question) for hit in local]
    found = [(hit.service.source, hit.service.id) for hit in local]
    keys = [(national.SOURCE, card["id"]) for card in cards]
    first = 1 if cards and cards[0]["id"] == EMERGENCY else 0
    cards, keys = [*cards[:first], *shown, *cards[first:]], [*keys[:first], *found, *keys[first:]]
    numbered = len(state.offered) + 1
    state = replace(state, question=question, shown=()).showing(tuple(keys), at, referred=False)
    queries.keep_state(session, conversation_id, state)
    return [Card(**{**card, "add": add_button(number)}) for number, card in enumerate(cards, numbered)]


def _helps_now(hit: Hit) -> bool:
    """Whether a service of an agency is of use to somebody who is in need now."""
    is_near = hit.miles is None or hit.miles <= NEARBY
    return hit.service.source != national.SOURCE and hit.opening.open is not False and is_near and not hit.stale


def ask_outcome(session: Session, conversation_id: str, language: Language, at: datetime) -> Say | None:
    """The question how a referral went: once, some time after it; None when there is nothing to ask."""
    state = queries.state_of(session, conversation_id)
    if state.asked_outcome or state.first is None or state.shown_at is None or at - state.shown_at < LATER:
        return None
    name = _name_of(session, state.first, language)
    queries.keep_state(session, conversation_id, replace(state, asked_outcome=True))
    if name is None:
        return None
    return Say(say("referrals.outcome.ask", language, name=name), _options("outcome", language))


def state_named(session: Session, conversation_id: str) -> str | None:
    """The state (as "OH") that somebody has said that they are in."""
    place = queries.state_of(session, conversation_id).question.place
    return place.state if place else None


# Finding


def _is_about_help(talk: _Talk) -> bool:
    """Whether words that the dialogue engine did not know ask for help that we can find."""
    question = read_question(talk.heard.text, talk.language, talk.heard.role, talk.at)
    return bool(question.named or (question.needs and (question.place or question.kinds or question.groups)))


def _asked(talk: _Talk) -> Question:
    """The question of this message, with what is known of the person from before."""
    heard = talk.heard
    question = read_question(heard.text, talk.language, heard.role, talk.at)
    if not question.needs and not question.named and heard.intent in NEEDS_OF:
        question = replace(question, needs=NEEDS_OF[heard.intent], words=())
    if heard.intent == "ask_text_line" and not question.kinds:
        question = replace(question, kinds=frozenset(["text", "chat"]))
    return replace(question.with_memory(talk.state.question), at=talk.at)


def _find(talk: _Talk) -> None:
    talk.state = replace(talk.state, missed=False)
    question = _asked(talk)
    is_new = question.place != talk.state.question.place
    talk.state = replace(talk.state, question=question, shown=())
    if question.unknown_zip:
        talk.say("unknown_zip", zip=question.unknown_zip)
        talk.asked = "asked_place"
    if not (question.needs or question.named or question.words or question.groups):
        _ask_need(talk, question)
        return
    hits = search(talk.session, question)
    _tell(talk, question, hits[:CARDS], _lead(talk, question, hits))
    _ask_back(talk, question, is_new)


def _ask_need(talk: _Talk, question: Question) -> None:
    payloads = {
        "shelter": "find_place_tonight",
        "food": "ask_food_money",
        "talk": "ask_text_line",
        "report": "ask_report_how",
    }
    buttons = [(talk.words(f"buttons.{key}"), f"/{intent}") for key, intent in payloads.items()]
    if question.place:
        talk.say("place_noted", buttons, place=question.place.name)
    else:
        talk.say("ask_need", buttons)


def _lead(talk: _Talk, question: Question, hits: list[Hit]) -> str:
    """The words before the cards."""
    need = question.needs[0] if question.needs else None
    state = question.place.state if question.place else None
    if "report" in question.needs and state and (line := national.report_line(state)) and not _has_number(line):
        return talk.words("no_single_line", state=states()[state][talk.language])
    if not hits:
        return talk.words("nobody")
    if question.named:
        return talk.words("found.named")
    if need in load_yaml("texts/referrals.yml")["found"]:
        return talk.words(f"found.{need}")
    if question.kinds and "call" not in question.kinds and need in (None, "talk", "crisis"):
        return talk.words("found.no_voice")
    if need:
        return talk.words("found.default", need=taxonomy().needs[need].name[talk.language])
    groups = [each for each in sorted(question.groups, reverse=True) if each in taxonomy().groups]
    if groups:
        return talk.words("found.group", group=taxonomy().groups[groups[0]].name[talk.language])
    return talk.words("found.words")


def _has_number(service: Service) -> bool:
    return any(channel.number for channel in service.channels)


def _tell(talk: _Talk, question: Question, hits: list[Hit], lead: str) -> None:
    """Say the words and show the cards; that calls show on a bill is said once."""
    numbered = len(talk.state.offered) + 1
    if not hits:
        found = [national.services()["line_211"]] if "line_211" in national.services() else []
        cards = [card_of_service(each, question, number) for number, each in enumerate(found, numbered)]
        keys = tuple((each.source, each.id) for each in found)
    else:
        cards = [card_of(hit, question, number) for number, hit in enumerate(hits, numbered)]
        keys = tuple((hit.service.source, hit.service.id) for hit in hits)
    costs = any(way["kind"] in ("call", "text") for card in cards for way in card["ways"])
    urgent = any(need in ("danger", "overdose", "missing_child") for need in question.needs)
    if costs and not urgent and not talk.state.bill_said:
        lead = f"{lead} {talk.words('bill')}"
        talk.state = replace(talk.state, bill_said=True)
    buttons = [(talk.words("buttons.more"), "/more_help"), (talk.words("buttons.barrier"), "/help_barrier")]
    talk.says.append(Say(lead, tuple(buttons), tuple(cards)))
    talk.state = talk.state.showing(keys, talk.at, referred=bool(keys) and keys[0][1] != EMERGENCY)


def _ask_back(talk: _Talk, question: Question, is_new_place: bool) -> None:
    """Ask where they are when it matters and we do not know; say where we looked when we may be wrong."""
    place = question.place
    if question.unknown_zip or question.named:
        return
    local = [need for need in question.needs if taxonomy().needs[need].local]
    if place is None and "report" in question.needs:
        talk.say("ask_state")
        talk.asked = "asked_place"
    elif place is None and local:
        talk.say("ask_place")
        talk.asked = "asked_place"
    elif place and place.exact and not place.postal_code and is_new_place:
        talk.say("looked_near", place=place.name)


def _give_place(talk: _Talk) -> None:
    """They said where they are: look again there for what they asked for."""
    said = read_question(talk.heard.text, talk.language, talk.heard.role, talk.at)
    if said.place or said.needs or said.named:
        _find(talk)
    elif said.unknown_zip:
        talk.say("unknown_zip", zip=said.unknown_zip)
        _ask_once_more(talk, "asked_place")
    elif talk.state.missed or _declines(talk):
        _let_be(talk)
    else:
        talk.say("unknown_place")
        _ask_once_more(talk, "asked_place")


def _ask_once_more(talk: _Talk, what: str) -> None:
    """Our question stays open, unless it was missed before."""
    if not talk.state.missed:
        talk.asked = what
    talk.state = replace(talk.state, missed=True)


def _let_be(talk: _Talk) -> None:
    talk.say("let_be", [(talk.words("buttons.more"), "/more_help")] if talk.state.shown else [])
    talk.state = replace(talk.state, missed=False)


def _declines(talk: _Talk) -> bool:
    return says(normal(talk.heard.text), "declines")


def _more(talk: _Talk) -> None:
    question = replace(talk.state.question, language=talk.language, role=talk.heard.role, at=talk.at)
    if not (question.needs or question.named or question.words or question.groups):
        _ask_need(talk, question)
        return
    new = _not_shown(talk, search(talk.session, question, limit=60))
    if new:
        _tell(talk, question, new[:CARDS], talk.words("more"))
    else:
        _tell(talk, question, [], talk.words("no_more"))


def _not_shown(talk: _Talk, hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if (hit.service.source, hit.service.id) not in talk.state.shown]


# What stands in the way


def _barrier(talk: _Talk) -> None:
    """Offer another way, or a first sentence; ask what it is that stands in the way when it was not said."""
    options = list(load_yaml("texts/referrals.yml")["barrier"]["options"])
    read = reading_of(normal(talk.heard.text), "barriers") if talk.heard.text else []
    number = talk.heard.number
    if number is not None and 0 < number <= len(options):
        read = [options[number - 1]]
    if read:
        _meet_barrier(talk, read[0])
    elif talk.heard.text and _outcomes(talk):
        _outcome(talk)  # "they did nothing" is both
    elif talk.heard.text and _asks_anew(talk):
        _find(talk)
    elif talk.heard.text and (talk.state.missed or _declines(talk)):
        _let_be(talk)
    else:
        talk.say("barrier.ask", _options("barrier", talk.language))
        _ask_once_more(talk, "asked_barrier")


def _asks_anew(talk: _Talk) -> bool:
    """Whether the words are about help of their own rather than about our question."""
    question = read_question(talk.heard.text, talk.language, talk.heard.role, talk.at)
    return bool(question.needs or question.named or question.place)


def _meet_barrier(talk: _Talk, barrier: str) -> None:
    question = replace(talk.state.question, language=talk.language, role=talk.heard.role, at=talk.at)
    needs = question.needs or ("talk",)
    kinds = BARRIER_KINDS.get(barrier, question.kinds)
    question = replace(question, needs=needs, kinds=kinds, named=frozenset())
    first = next((need for need in needs if need in load_yaml("texts/referrals.yml")["first"]), "default")
    lead = talk.words(f"barrier.{barrier}", first=talk.words(f"first.{first}"))
    hits = search(talk.session, question, limit=60)
    if kinds and not hits:
        hits = search(talk.session, replace(question, needs=("talk",)), limit=60)
    if barrier == "doubt":
        hits = _not_shown(talk, hits) or hits
    _tell_within(talk, question, hits[: CARDS - 1], lead)


def _tell_within(talk: _Talk, question: Question, hits: list[Hit], lead: str) -> None:
    """The same as _tell without the word on bills: the answer to what stands in the way says it all."""
    said = talk.state.bill_said
    talk.state = replace(talk.state, bill_said=True)
    _tell(talk, question, hits, lead)
    talk.state = replace(talk.state, bill_said=said)


# How it went


def _outcome(talk: _Talk) -> None:
    """Count how it went, without anything that says whose it was; offer another one when it went badly."""
    options = list(load_yaml("texts/referrals.yml")["outcome"]["options"])
    number = talk.heard.number
    if number is not None and 0 < number <= len(options):
        outcome: str | None = options[number - 1]
    else:
        outcome = next(iter(_outcomes(talk)), None)
    if outcome is None and talk.heard.text and _asks_anew(talk):
        _find(talk)
        return
    referral = None if talk.state.counted else talk.state.first
    talk.state = replace(talk.state, asked_outcome=True)
    if outcome is None:
        talk.say("outcome.unclear")
        return
    if referral:
        queries.count_outcome(talk.session, talk.at.date(), *referral, outcome)
        talk.state = replace(talk.state, counted=True)
    new = _not_shown(talk, search(talk.session, _again(talk), limit=60)) if outcome in ("no_answer", "no_help") else []
    if new:
        _tell(talk, _again(talk), new[: CARDS - 1], talk.words(f"outcome.{outcome}"))
    elif outcome in ("no_answer", "no_help"):
        talk.say("outcome.unclear")
    else:
        talk.say(f"outcome.{outcome}")


def _outcomes(talk: _Talk) -> list[str]:
    return reading_of(normal(talk.heard.text), "outcomes")


def _again(talk: _Talk) -> Question:
    question = replace(talk.state.question, language=talk.language, role=talk.heard.role, at=talk.at)
    return question if question.needs else replace(question, needs=("talk",), named=frozenset())


# Into the plan


def _add(talk: _Talk) -> None:
    """Put the line of a card into the plan, under who to call."""
    section = next((each for each in all_sections() if each.kind == "contacts"), None)
    if not talk.state.cards or section is None:
        talk.say("add.none")
        return
    chosen = _chosen(talk)
    card = _card(talk, chosen) if chosen is not None else None
    if card is None:
        talk.say("add.which")
        return
    plan = plan_queries.find_plan(talk.session, talk.conversation_id) or plan_queries.make_plan(
        talk.session, talk.conversation_id
    )
    item = _item_of(card)
    known = [each.item for each in plan_queries.items_of(talk.session, plan.conversation_id)]
    if any(each.name == item.name and each.phone == item.phone for each in known):
        talk.say("add.already", name=card["name"])
        return
    plan_queries.add_item(talk.session, plan.conversation_id, section.key, item)
    talk.say("add.added", name=card["name"], section=section.title[talk.language])


def _chosen(talk: _Talk) -> tuple[str, str] | None:
    """Which of the cards is meant: by its button, its place or its name; the only one when there is one."""
    cards, number = talk.state.cards, talk.heard.number
    if number is not None:
        return talk.state.offered[number - 1] if 0 < number <= len(talk.state.offered) else None
    said = normal(talk.heard.text).split()
    for place, words in enumerate(ORDINALS[: len(cards)]):
        if set(words) & set(said):
            return cards[place]
    question = read_question(talk.heard.text, talk.language, talk.heard.role, talk.at)
    named = [card for card in cards if card[1] in question.named]
    return named[0] if named else cards[0] if len(cards) == 1 else None


def _card(talk: _Talk, key: tuple[str, str]) -> Card | None:
    service = _service(talk.session, key)
    question = replace(talk.state.question, language=talk.language, at=talk.at)
    return card_of_service(service, question) if service else None


def _item_of(card: Card) -> Item:
    """A card as a line of the plan: its name, the first number, and the other ways as a note."""
    number = next((way for way in card["ways"] if way["kind"] == "call"), None)
    others = [way["value"] for way in card["ways"] if way is not number][:2]
    return Item(name=card["name"], phone=number["value"] if number else None, note="; ".join(others) or None)


def _service(session: Session, key: tuple[str, str]) -> Service | None:
    source, service_id = key
    if source == national.SOURCE:
        return national.services().get(service_id)
    return service_of_source(session, source, service_id)


def _name_of(session: Session, key: tuple[str, str], language: Language) -> str | None:
    service = _service(session, key)
    return service.name.get(language) if service else None


def _options(of: str, language: Language) -> tuple[tuple[str, str], ...]:
    """The buttons for what stands in the way, or for how it went."""
    listed = load_yaml("texts/referrals.yml")[of]["options"]
    return tuple(
        (words[language], f'/help_{of}{{"item": {number}}}') for number, words in enumerate(listed.values(), start=1)
    )


_MOVES: Mapping[str, Callable[[_Talk], None]] = {
    "give_place": _give_place,
    "more_help": _more,
    "help_barrier": _barrier,
    "help_outcome": _outcome,
    "add_card": _add,
}
