"""Find what moves the plan on: "thats all", "skip", "go back"."""

from dataclasses import dataclass

from .frame import Frame
from .lexicon import Phrase
from .message import Message
from .model import Move, Stage

_MOVES = {
    "stop": Move.STOP, "back": Move.BACK, "show": Move.SHOW, "skip": Move.SKIP, "no_more": Move.NO_MORE,
    "why": Move.WHY, "example": Move.EXAMPLE, "nobody": Move.DONT_KNOW, "dont_know": Move.DONT_KNOW,
}  # fmt: skip
_ORDER = tuple(dict.fromkeys(_MOVES.values()))
_LABELS = tuple(f"moves.{name}.{where}" for name in _MOVES for where in ("whole", "within"))
_ENDS = frozenset({".", "!", "?", ";", "\n", ",", "…", "-", "\u2013", "\u2014", "(", ")", ":"})
_AFTER_ANSWER = frozenset({Move.NO_MORE, Move.SKIP, Move.BACK, Move.SHOW, Move.STOP})


@dataclass(frozen=True, slots=True)
class Found:
    move: Move
    name: str
    start: int
    end: int


class Moves:
    def __init__(self, message: Message) -> None:
        self.message = message
        self.frame = Frame(message)
        self.phrases = message.find(*_LABELS)
        self.starts = {p.start: p for p in self.phrases}
        self.found = self._find()

    def _find(self) -> list[Found]:
        found: list[Found] = []
        start = 0
        for i in range(len(self.message.keys) + 1):
            if i == len(self.message.keys) or self.message.keys[i] in _ENDS:
                found += self._in_chunk(start, i)
                start = i + 1
        return found

    def _in_chunk(self, start: int, end: int) -> list[Found]:
        phrases = [p for p in (self.starts.get(i) for i in range(start, end)) if p and p.end <= end]
        if not phrases:
            return []
        reached, done = self._reached(start, end), self._done(start, end)
        return [self._as_move(p) for p in phrases if self._counts(p, p.start in reached, p.end in done)]

    @staticmethod
    def _counts(phrase: Phrase, before: bool, after: bool) -> bool:
        """`before`, `after`: nothing but talk and other moves stands there."""
        if phrase.label.endswith("whole"):
            return before and after
        if "no_more" in phrase.label:
            return after
        return after or before

    def _reached(self, start: int, end: int) -> set[int]:
        """The tokens before which only talk or another move stands: "idk skip"."""
        reached, i = {start}, start
        while i < end and (step := self._step(i, end)) > i:
            i = step
            reached.add(i)
        return reached

    def _done(self, start: int, end: int) -> set[int]:
        """The tokens from which on only talk or another move follows."""
        done = {end}
        for i in range(end - 1, start - 1, -1):
            if (step := self._step(i, end)) > i and step in done:
                done.add(i)
        return done

    def _step(self, i: int, end: int) -> int:
        """Past the talk or the move at i; i if there is none."""
        other, mark = self.starts.get(i), self.frame.marks.get(i)
        if other and other.end <= end:
            return other.end
        if mark and mark.end <= end and mark.label in {"filler", "affirm", "deny", "hedge"}:
            return mark.end
        plain = self.message.tokens[i].kind == "mark" or self.message.has(i, "polite") or self.message.has(i, "join")
        return i + 1 if plain else i

    @staticmethod
    def _as_move(phrase: Phrase) -> Found:
        name = phrase.label.split(".")[1]
        return Found(_MOVES[name], name, phrase.start, phrase.end)

    def without(self) -> Message:
        """The message with the moves taken out and a full stop in their place."""
        text = list(self.message.text)
        for found in self.found:
            first, last = self.message.tokens[found.start].start, self.message.tokens[found.end - 1].end
            text[first:last] = "." + " " * (last - first - 1)
        return Message("".join(text), self.message.language)

    def closing(self) -> Move | None:
        """The move that follows an answer in the same message."""
        return next((f.move for f in reversed(self.found) if f.move in _AFTER_ANSWER and f.start > 0), None)

    def alone(self, stage: Stage) -> Move | None:
        """The move of a message that answers nothing."""
        if not self.found:
            return self._denial(stage)
        if stage == "more" and all(f.name in {"nobody", "no_more"} for f in self.found):
            return Move.NO_MORE
        return min((f.move for f in self.found), key=_ORDER.index)

    def _denial(self, stage: Stage) -> Move | None:
        labels = {m.label for m in self.frame.marks.values()}
        if "deny" in labels and len(self.message.keys) in self._reached(0, len(self.message.keys)):
            return Move.NO_MORE if stage == "more" else Move.DONT_KNOW
        return None
