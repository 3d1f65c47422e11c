"""The talk about a plan: a message in, what to say out, the rows changed.

What a message means is read by porchlight.plans.reading; porchlight.plans.moves does it. Where the talk stands is in
the rows, never in the dialogue engine, so that after a crash, a reload or an interruption it goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from porchlight.plans import queries
from porchlight.plans.model import Plan
from porchlight.plans.moves import Talk
from porchlight.plans.phrases import Say, phrase
from porchlight.plans.reading import MOVES, Language, Move, Turn, read_turn
from porchlight.plans.sections import Section, section_of

OPENING_INTENTS = ("start_plan", "continue_plan")
#: Plan talk that is no answer: a name that stands in it is a line of the plan only if that is certain.
UNLIKE_AN_ANSWER = frozenset([*MOVES, *OPENING_INTENTS, "print_plan"])
#: What can be done while no question is open.
NEED_NO_QUESTION = (Move.SHOW, Move.STOP, Move.CHANGE, Move.REMOVE)
#: Talk about help, whose words are of many kinds: a line of the plan is easily taken for it.
SEARCHING = frozenset(["find_help", "give_place", "more_help", "help_barrier", "help_outcome", "add_card"])
#: Words of a question.
ASKING = frozenset(["who", "where", "what", "can", "could", "help", "quien", "quién", "donde", "dónde", "ayuda", "?"])
#: Words of a line that only names someone: "my cousin Joy Reyes".
SHORT = 4


@dataclass(frozen=True)
class Heard:
    """A message as the plan gets it."""

    message_id: int
    text: str  # empty when a button was pressed
    intent: str | None  # the button's, or the classifier's guess
    language: Language
    item_id: int | None = None  # the item beside which the button stands
    interrupts: bool = False  # the classifier took it for something else than plan talk
    returns: bool = False  # the plan was left for a worry: "continue" means the same question again


@dataclass(frozen=True)
class Outcome:
    """What a plan made of a message. `taken`: it was for the plan; `asking`: a question of the plan is open now."""

    says: tuple[Say, ...]
    taken: bool
    asking: bool

    def as_json(self) -> dict[str, Any]:
        return {"says": [each.as_json() for each in self.says], "taken": self.taken, "asking": self.asking}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Outcome:
        return cls(tuple(Say.from_json(each) for each in value["says"]), value["taken"], value["asking"])


def take(session: Session, conversation_id: str, heard: Heard) -> Outcome:
    """Do what the message says to the plan. A message that is delivered twice is done once and answered the same."""
    plan = queries.find_plan(session, conversation_id) or queries.make_plan(session, conversation_id)
    if plan.last_outcome and plan.last_turn == heard.message_id:
        return Outcome.from_json(plan.last_outcome)
    talk = Talk(session, plan, heard.language)
    taken = _take(talk, heard)
    if talk.asked:
        plan.asked_turn = heard.message_id
    outcome = Outcome(tuple(talk.says), taken, plan.asking is not None)
    if taken:
        plan.last_turn, plan.last_outcome = heard.message_id, outcome.as_json()
    return outcome


def _take(talk: Talk, heard: Heard) -> bool:
    if heard.intent in OPENING_INTENTS and (not heard.text or talk.section is None or heard.returns):
        talk.open()
    elif heard.text:
        return _hear(talk, heard)
    elif heard.interrupts:
        return False
    else:
        _press(talk, heard)
    return True


def _press(talk: Talk, heard: Heard) -> None:
    if heard.intent == "print_plan":
        talk.say(phrase("print_hint", heard.language))
        talk.ask_again()
    else:
        _move(talk, MOVES.get(heard.intent or "", Move.UNCLEAR), heard.item_id)


def _move(talk: Talk, move: Move, target: int | None = None) -> None:
    """Do a move; one that needs an open question, when none is open, is answered with what can be done."""
    if talk.section is None and move not in NEED_NO_QUESTION:
        talk.offer()
    else:
        talk.do_move(move, target)


def _hear(talk: Talk, heard: Heard) -> bool:
    if talk.section is None:
        return _hear_outside(talk, heard)
    turn = weigh(_read(talk, heard, talk.section), heard)
    if turn is None:
        return False
    if turn.move is Move.UNCLEAR and heard.intent == "print_plan":
        _press(talk, heard)
    elif turn.move is Move.UNCLEAR and heard.intent in OPENING_INTENTS:
        talk.go_on()
    else:
        talk.do_turn(turn, heard.text)
    return True


def weigh(turn: Turn, heard: Heard) -> Turn | None:
    """What was read, held against what the classifier heard; None when the message is not for the plan.

    A name in a sentence ("can my mom see this?") makes no line of the plan when the sentence means something else;
    a number, or a short line that names someone with their relationship, does whatever the classifier thought.
    """
    if heard.interrupts and heard.returns:
        return None  # right after a worry, words are about that
    if heard.interrupts:
        if turn.move is Move.ADD:
            sure = is_certain(turn, heard.text) or (heard.intent in SEARCHING and begins_with_someone(turn, heard.text))
        else:
            sure = turn.target is not None
        return turn if sure and turn.move in (Move.ADD, Move.CHANGE, Move.REMOVE) else None
    if turn.move is Move.ADD and heard.intent in UNLIKE_AN_ANSWER and not is_certain(turn, heard.text):
        return Turn(MOVES.get(heard.intent, Move.UNCLEAR))
    return turn


def is_certain(turn: Turn, text: str) -> bool:
    """Whether new items were read from words that can hardly be anything else."""
    if "?" in text:
        return False
    if any(item.phone for item in turn.items):
        return True
    words = text.casefold().split()
    if len(words) > SHORT or not any(item.relationship for item in turn.items):
        return False
    return _names_someone(turn) or (words[0] in ("my", "mi") and len(words) <= SHORT - 1)


def begins_with_someone(turn: Turn, text: str) -> bool:
    """Whether a line begins with somebody by relation and name, "my uncle Ray, but …", and asks nothing."""
    words = text.casefold().split()
    return _names_someone(turn) and words[:1] in (["my"], ["mi"]) and not ASKING & set(words)


def _names_someone(turn: Turn) -> bool:
    """Whether there is a name beside a relation: "my uncle Ray", not "my uncle"."""
    return any(item.relationship and item.name.casefold() != item.relationship.casefold() for item in turn.items)


def _hear_outside(talk: Talk, heard: Heard) -> bool:
    """Plan talk while no question is open: look at the plan, change it, or open it again."""
    if heard.interrupts:
        return False
    if heard.intent in ("show_plan", "print_plan"):
        _press(talk, heard)
    elif heard.intent in ("change_item", "remove_item") and talk.known:
        turn = _read(talk, heard, section_of(talk.known[-1].section))
        if turn.move in (Move.CHANGE, Move.REMOVE):
            talk.do_turn(turn, heard.text)
        else:
            _move(talk, MOVES[heard.intent])
    else:
        talk.offer()
    return True


def _read(talk: Talk, heard: Heard, section: Section) -> Turn:
    return read_turn(
        heard.text,
        kind=section.kind,
        known=talk.known,
        section=section.key,
        language=talk.language,
        intent=heard.intent,
        stage="ask" if talk.plan.asking and talk.plan.stage == "ask" else "more",
    )


def open_question(session: Session, conversation_id: str, language: Language, message_id: int) -> Say | None:
    """The question that is open, unless it was said in the turn of that message: for coming back to the plan."""
    plan: Plan | None = queries.find_plan(session, conversation_id)
    if plan is None or plan.asking is None or plan.asked_turn == message_id:
        return None
    plan.asked_turn = message_id
    return Talk(session, plan, language).question().after(phrase("back_to_plan", language).text)
