"""Cut a message where one answer ends and the next begins."""

from dataclasses import dataclass, replace
from typing import Literal

from .message import Message
from .model import Kind

Separator = Literal["start", "hard", "comma", "and", "or", "paren", "dash"]

_HARD = {";", "\n", ".", "!", "?", "…", "•", "*", "¡", "¿", "|", "·", "►", "→", ">", "<"}
_COMMA = {",", "/", "&", "+", "،", "、", "\\"}
_DASH = {"-", "\u2013", "\u2014", "=", "~"}
# "and" inside these is no list: "4th and Main".
_ORDINAL_ENDS = ("st", "nd", "rd", "th")


@dataclass(frozen=True, slots=True)
class Segment:
    start: int
    end: int
    separator: Separator
    clause: int
    """Number of the sentence it stands in."""

    asks: bool = False
    """The sentence ends in a question mark."""


def segments(message: Message, kind: Kind) -> list[Segment]:
    return _Splitter(message, kind).run()


class _Splitter:
    def __init__(self, message: Message, kind: Kind) -> None:
        self.message, self.kind = message, kind
        self.keys = message.keys
        self.joins = {p.start: p for p in message.find("join", "join_or")}
        self.likes = {p.start: p for p in message.find("like") if message.has(p.end, "possessives")}
        self.held = self._held_together()
        self.proper = {p.start for p in message.find("places.proper")}
        self.found: list[Segment] = []
        self.clause = 0
        self.asking: set[int] = set()
        self.numbered = 0

    def _held_together(self) -> set[int]:
        """Tokens inside a proper name that holds a separator."""
        phrases = self.message.find("places.proper", "helpers.names")
        return {i for p in phrases if p.end - p.start > 1 for i in range(p.start, p.end)}

    def run(self) -> list[Segment]:
        start, i, size = 0, 0, len(self.keys)
        separator: Separator = "start"
        while i < size:
            found, width = self._separator_at(i)
            if found is not None:
                self._close(start, i, separator)
                if found == "hard":
                    self._end_clause(i)
                start, separator = i + width, found
            i += width
        self._close(start, size, separator)
        return [replace(s, asks=s.clause in self.asking) for s in self.found]

    def _close(self, start: int, end: int, separator: Separator) -> None:
        if start < end:
            self.found.append(Segment(start, end, separator, self.clause))

    def _end_clause(self, i: int) -> None:
        if self.keys[i] == "?":
            self.asking.add(self.clause)
        self.clause += 1

    def _separator_at(self, i: int) -> tuple[Separator | None, int]:
        key = self.keys[i]
        if i in self.held:
            return None, 1
        if self.message.tokens[i].kind == "mark":
            return self._mark_at(i, key), 1
        if i in self.joins:
            return self._join_at(i)
        if i in self.likes and self.kind == "places":
            return "comma", self.likes[i].end - i
        if self._list_number_at(i):
            return "hard", 2
        return None, 1

    def _mark_at(self, i: int, key: str) -> Separator | None:
        if key == "." and self._is_abbreviation(i - 1):
            return None
        if key in _HARD:
            return "hard"
        if key in "&/" and self.kind == "places" and self._is_crossing(i, i + 1):
            return None
        if key in _COMMA:
            return "comma"
        if key in "([{":
            return "paren"
        if key in ")]}":
            return "comma"
        if key in _DASH:
            return "dash"
        return None

    def _is_abbreviation(self, i: int) -> bool:
        if i < 0:
            return False
        key = self.message.tokens[i].key
        return key in self.message.words.words("abbreviations") or (len(key) == 1 and key.isalpha())

    def _list_number_at(self, i: int) -> bool:
        """ "1. Jay" or "2) Ana" at the start of an answer."""
        if not (self.keys[i].isdigit() and len(self.keys[i]) < 3 and i + 2 < len(self.keys)):
            return False
        if self.keys[i + 1] not in {".", ")"}:
            return False
        counted = int(self.keys[i]) == self.numbered + 1
        if counted or i == 0 or self.message.tokens[i - 1].kind == "mark":
            self.numbered = int(self.keys[i])
            return True
        return False

    def _join_at(self, i: int) -> tuple[Separator | None, int]:
        phrase = self.joins[i]
        width = phrase.end - phrase.start
        couple = self.message.has(i - 1, "address") and self.message.has(phrase.end, "address")
        if couple or self._joins_within(i, phrase.end):
            return None, width
        return ("or" if phrase.label == "join_or" else "and"), width

    def _joins_within(self, i: int, after: int) -> bool:
        key = self.keys[i]
        if key in {"also", "tambien", "luego", "plus", "aparte"} and self.message.has(i - 1, "pronouns"):
            return True
        if key in {"e", "u"}:
            if self.message.language != "es":
                return True
            following = self.keys[after] if after < len(self.keys) else ""
            return not following.startswith(("i", "hi", "o", "ho"))
        return self.kind == "places" and self._is_crossing(i, after)

    def _is_crossing(self, i: int, after: int) -> bool:
        """Two streets: "4th and Main", "on Main and Oak", "corner of Vine and Ivy"."""
        if not 0 < i < len(self.keys) - 1:
            return False
        if self.message.has(after, "possessives") or self.message.has(after, "places.words"):
            return False
        if self._is_street_part(i - 1) or self._is_street_part(after):
            return not self.message.has(after, "places.proper")
        return self._street_named_before(i) and not self._is_known_place(after)

    def _is_street_part(self, i: int) -> bool:
        key = self.keys[i]
        ordinal = key[:-2].isdigit() and key.endswith(_ORDINAL_ENDS)
        return ordinal or self.message.has(i, "places.streets") or key.isdigit()

    def _street_named_before(self, i: int) -> bool:
        return any(self.message.said(i - n - 1, i - 1) in self.message.words.words("places.crossing")
                   for n in (1, 2, 3) if i - n - 1 >= 0)  # fmt: skip

    def _is_known_place(self, i: int) -> bool:
        return i in self.proper
