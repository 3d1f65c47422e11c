"""Tell a question or a request from an answer: "can you tell my caseworker" names nobody for the plan."""

from collections.abc import Mapping

from .lexicon import Phrase
from .message import Message
from .split import Segment

_BREAKS = frozenset({".", "!", "?", "\n", ";", "…", ","})
_ACCENTED = ("ándo", "ónde", "ién", "ómo", "ál", "ué")
_FEW = 8


class Questions:
    def __init__(self, message: Message, marks: Mapping[int, Phrase]) -> None:
        self.message, self.marks = message, marks
        self.begins = self._beginnings()
        self.requests = {p.start for p in message.find("requests")}
        self.offers = {p.start for p in message.find("offers") if not message.has(p.end, "indefinite")}

    def _beginnings(self) -> list[int]:
        """For each token the start of its sentence or of its part between commas."""
        begins, start = [], 0
        for i, key in enumerate(self.message.keys):
            begins.append(start)
            if key in _BREAKS:
                start = i + 1
        return begins

    def asks(self, segment: Segment) -> bool:
        if any(i in self.requests for i in range(segment.start, segment.end)):
            return True
        start = self._opening(segment)
        mark = self.marks.get(start)
        if start in self.offers or (mark and mark.label in {"filler", "hedge", "include"}):
            return False
        if segment.asks:
            return self.message.has(start, "question") or self.message.has(start, "addressed")
        return self.message.has(start, "question") and not self._may_open_answer(start)

    def _opening(self, segment: Segment) -> int:
        """The first token of the sentence after words like "um"."""
        first = i = self.begins[segment.start]
        while i < min(segment.end - 1, first + _FEW) and self._is_small_talk(i):
            i += 1
        return min(i, segment.end - 1)

    def _is_small_talk(self, i: int) -> bool:
        mark = self.marks.get(i)
        if self.message.has(i, "question"):
            return False
        return bool(mark and mark.end == i + 1 and mark.label in {"filler", "affirm", "deny"})

    def _may_open_answer(self, i: int) -> bool:
        """ "es mi tía", "cuando estoy mal llamo a Ana", "where my cousin lives", "who i trust is ..."."""
        if self.message.has(i, "question_or_not"):
            return not self.message.tokens[i].text.lower().endswith(_ACCENTED)
        following = self.message.keys[i + 1] if i + 1 < len(self.message.keys) else ""
        if following == "":
            return self.message.tokens[i].key in self.message.words.given
        if self.message.has(i, "question_of_whom"):
            return self.message.has(i + 1, "possessives") or following in {"i", "id", "im", "ill", "we"}
        return False
