"""Read one message: rules first, the classifier's guess where they are not sure."""

from collections.abc import Sequence

from .corrections import read_correction
from .message import Message
from .model import MOVES, Item, Kind, Known, Language, Move, Stage, Turn
from .moves import Moves
from .people import PeopleReader
from .places import PlacesReader
from .targets import Targets


def read_turn(
    text: str,
    *,
    kind: Kind,
    known: Sequence[Known],
    section: str,
    language: Language,
    intent: str | None,
    stage: Stage,
) -> Turn:
    """What the message asks of the plan. Never raises; reads the first MAX_CHARACTERS only."""
    message = Message.of(text, language)
    moves = Moves(message)
    rest = moves.without()
    targets = Targets(known, section)
    corrected = read_correction(rest, kind, targets, stage, read_items)
    if corrected:
        return _followed(corrected, moves)
    items = read_items(rest, kind, intent)
    if items:
        return _followed(_added(items, kind, targets, stage), moves)
    return Turn(moves.alone(stage) or _guess(intent, stage))


def read_items(message: Message, kind: Kind, intent: str | None) -> tuple[Item, ...]:
    if kind == "places":
        return PlacesReader(message, intent).items()
    items = PeopleReader(message, kind, intent).items()
    if not items and kind == "contacts":
        return PlacesReader(message, intent, ("helpers.org", "helpers.names", "places.proper")).items()
    return items


def find_known(text: str, known: Sequence[Known], language: Language) -> Known | None:
    """Which of these lines a short answer to "which one?" means; None unless exactly one fits."""
    message = Message.of(text, language)
    targets = Targets(known, known[0].section if known else "")
    return targets.one(targets.match(message, 0, len(message.tokens), loose=True))


def _followed(turn: Turn, moves: Moves) -> Turn:
    return Turn(turn.move, turn.items, turn.target, moves.closing())


def _added(items: tuple[Item, ...], kind: Kind, targets: Targets, stage: Stage) -> Turn:
    """New lines, or more about one that is there: "rosa 555-0199" when Rosa has no number yet."""
    if len(items) == 1:
        nameless = items[0].phone is not None and items[0].name == items[0].phone
        last = targets.last()
        if nameless and stage == "more" and last and last.item.phone is None:
            return Turn(
                Move.CHANGE,
                (targets.merged(last.item, Item(last.item.name, None, items[0].phone, items[0].note)),),
                last.id,
            )
        same = targets.same(items[0], kind)
        if same:
            return Turn(Move.CHANGE, (targets.merged(same.item, items[0]),), same.id)
    fresh = tuple(item for item in items if not targets.adds_nothing(item, kind))
    return Turn(Move.ADD, fresh or items)


def _guess(intent: str | None, stage: Stage) -> Move:
    if intent == "deny":
        return Move.NO_MORE if stage == "more" else Move.DONT_KNOW
    return MOVES.get(intent or "", Move.UNCLEAR)
