"""What all readers of corrections share: the lists, the lines meant, the new wording."""

from collections.abc import Callable

from .frame import Frame
from .lexicon import Phrase
from .message import Message
from .model import MAX_NAME, Item, Kind, Move, Stage, Turn
from .names import with_capitals
from .rewrite import replaced
from .targets import Match, Targets

Reader = Callable[[Message, Kind, str | None], tuple[Item, ...]]
_LISTS = ("verbs", "sure", "to", "should_be", "wrong", "meant", "its", "not", "number")


class Correction:
    def __init__(self, message: Message, kind: Kind, targets: Targets, stage: Stage, read: Reader) -> None:
        self.message, self.kind, self.targets, self.stage, self.read_items = (
            message,
            kind,
            targets,
            stage,
            read,
        )
        self.frame = Frame(message)
        self.size = len(message.tokens)
        self.lists = {name: message.find(f"change.{name}") for name in _LISTS}
        self.start = self._start()
        self.phones = [i for i, token in enumerate(message.tokens) if token.kind == "phone"]

    def _start(self) -> int:
        start = self.skip_talk(0)
        return next((p.start for p in self.lists["meant"] if p.start <= start < p.end), start)

    def skip_talk(self, i: int) -> int:
        """Past "no", "wait", "can you"; not past "no its", "i meant"."""
        while i < self.size:
            mark = self.frame.marks.get(i)
            if mark and mark.label in {"filler", "affirm", "deny"} and not self._starts_correction(i):
                i = mark.end
            elif (
                self.message.tokens[i].kind == "mark"
                or self.message.has(i, "polite_opening")
                or (mark and mark.label == "deny")
            ):
                i += 1
            else:
                break
        return i

    def _starts_correction(self, i: int) -> bool:
        return any(p.start == i and p.end > i + 1 for name in ("its", "meant", "not") for p in self.lists[name])

    def at_start(self, name: str) -> Phrase | None:
        """A phrase of the list with which the correction opens."""
        return next((p for p in self.lists[name] if p.start <= self.start < p.end), None)

    def first(self, name: str, start: int = 0) -> Phrase | None:
        return next((p for p in self.lists[name] if p.start >= start), None)

    def match(self, start: int, end: int) -> list[Match]:
        return self.targets.match(self.message, start, end) if start < end else []

    def pronoun(self, start: int, end: int) -> list[Match]:
        """ "it", "that one", "her name": the line that was written last."""
        last = self.targets.last()
        plain = ("pronouns", "position_words", "change.its", "others", "definite")
        meant = start < end and all(
            self.message.tokens[i].kind == "mark" or any(self.message.has(i, n) for n in plain)
            for i in range(start, end)
        )
        return [Match(last, 1.0, "")] if last and meant else []

    def skip_its(self, i: int) -> int:
        """Past "its", "i meant", commas and talk, to what it should be."""
        moved = True
        while moved and i < self.size:
            ends = [p.end for name in ("meant", "its") for p in self.lists[name] if p.start == i]
            before, i = i, self.skip_talk(max(ends, default=i))
            moved = i > before
        return i

    def item(self, start: int, end: int) -> Item | None:
        """Tokens [start, end) as a line; None if there is nothing to write."""
        text = self.message.slice(min(self.skip_its(start), end), end).strip(" ,.;:!?-\"'")
        if not text:
            return None
        items = self.read_items(Message(text, self.message.language), self.kind, "answer")
        if items:
            return items[0]
        words = text if self.kind == "places" else with_capitals(text)
        return Item(words[:MAX_NAME].rstrip()) if len(text.split()) <= 4 else None

    def changed(self, matches: list[Match], new: Item | None) -> Turn:
        """CHANGE of the one line that matches; no target if several do, no item if none is told."""
        target = self.targets.one(matches)
        if target is None or new is None:
            return Turn(Move.CHANGE, (new,) if new else (), target.id if target else None)
        return Turn(Move.CHANGE, (replaced(target.item, new, matches[0].word, self.kind),), target.id)
