"""The words around a name: talk that is passed over, notes that are kept, what rules somebody out."""

from enum import Enum

from .head import Head
from .lexicon import Phrase
from .message import Message
from .names import laughter
from .notes import Range
from .questions import Questions
from .split import Segment

_TALK = frozenset({"filler", "hedge", "include", "affirm", "deny"})
_TURN = frozenset({"but", "pero", "sino"})


class Verdict(Enum):
    """What the words before a name make of it."""

    CLEAN = 1
    UNCLEAN = 2
    EXCLUDED = 3


class Frame:
    def __init__(self, message: Message) -> None:
        self.message, self.words = message, message.words
        found = message.find("include", "exclude", "negation", "hedge", "filler", "affirm", "deny")
        self.marks: dict[int, Phrase] = {p.start: p for p in found}
        self.links = {p.start: p for p in message.find("link")}
        self.questions = Questions(message, self.marks)
        talk = ("lead", "possessives", "join", "join_or", "modifiers")
        self.talk = frozenset().union(*(message.words.words(name) for name in talk))

    # -- what stands before a name

    def before(self, start: int, head: Head, excluding: bool) -> Verdict:
        start = self._after_but(start, head.start)
        labels = {m.label for m in self._marks(start, head.start) if not self._idle_no(m)}
        if "include" in labels:
            return Verdict.CLEAN
        if excluding or labels & {"exclude", "negation"} or ("deny" in labels and self._denies(head)):
            return Verdict.EXCLUDED
        return Verdict.CLEAN if self.is_talk(start, head.start) else Verdict.UNCLEAN

    def _after_but(self, start: int, end: int) -> int:
        """ "idk if she counts but my aunt": the words before rule nobody out, unless they spoke of all."""
        for i in range(end - 1, start, -1):
            if self.message.keys[i] in _TURN and not self.marks_cover(i):
                return start if any(self.message.has(k, "everybody") for k in range(start, i)) else i + 1
        return start

    def _denies(self, head: Head) -> bool:
        """ "no mi papá"; but "no my cousin" says no to the question before."""
        return self.message.language == "es" and self._is_english_own(head.start) is False

    def _is_english_own(self, i: int) -> bool:
        return i < len(self.message.keys) and self.message.keys[i] in self.words.words("own", "en")

    def _idle_no(self, mark: Phrase) -> bool:
        return self.message.said(mark.start, mark.end) == "no" and self._is_english_own(mark.end)

    def _marks(self, start: int, end: int) -> list[Phrase]:
        return [self.marks[i] for i in range(start, end) if i in self.marks and self.marks[i].end <= end + 1]

    def marks_cover(self, i: int) -> bool:
        """Whether the token belongs to a longer phrase: the "but" of "anyone but"."""
        return any(m.start < i < m.end for m in (self.marks.get(k) for k in range(max(0, i - 5), i)) if m)

    def turn_in(self, start: int, end: int) -> int | None:
        """Where a "but" stands that is no part of "anyone but"."""
        turns = (i for i in range(start, end) if self.message.keys[i] in _TURN and not self.marks_cover(i))
        return next(turns, None)

    # -- talk

    def is_talk(self, start: int, end: int) -> bool:
        return self.talk_end(start, end) == end

    def talk_end(self, i: int, end: int) -> int:
        while i < end:
            mark = self.marks.get(i)
            if mark and mark.end <= end and mark.label in _TALK:
                i = mark.end
            elif self._is_talk_word(i):
                i += 1
            else:
                break
        return i

    def _is_talk_word(self, i: int) -> bool:
        token = self.message.tokens[i]
        return token.kind != "word" or self.message.keys[i] in self.talk or laughter(token.key)

    def is_filler(self, start: int, end: int) -> bool:
        return self.is_talk(start, end) and not any(self.message.has(i, "texting") for i in range(start, end))

    def skip_lead(self, i: int, end: int) -> int:
        """Past "i would call", "um maybe"; not past words that may belong to a name."""
        while i < end and (self.message.has(i, "lead") or i in self.marks or self.message.tokens[i].kind != "word"):
            i = self.marks[i].end if i in self.marks else i + 1
        return min(i, end)

    def skip_filler(self, i: int, end: int) -> int:
        while i < end and i in self.marks and self.marks[i].label in {"filler", "affirm"}:
            i = self.marks[i].end
        return i

    # -- what is kept from before a name

    def hedges(self, start: int, end: int) -> list[Range]:
        return [(m.start, m.end) for m in self._marks(start, end) if m.label == "hedge" and m.end <= end]

    def orders(self, start: int, end: int) -> list[Range]:
        """ "only text my aunt": how to reach her."""
        for i in range(start, end - 1):
            if self.message.has(i, "order") and self.message.has(i + 1, "ways_to_reach"):
                return [(i, i + 2)]
        first = self.skip_filler(start, end)
        return [(first, first + 1)] if first < end and self.message.has(first, "by_text") else []

    # -- what a segment opens with

    def _opening(self, segment: Segment) -> int:
        i = segment.start
        while i < segment.end - 1 and (self.message.tokens[i].kind == "mark" or self._is_short_filler(i)):
            i += 1
        return i

    def _is_short_filler(self, i: int) -> bool:
        mark = self.marks.get(i)
        return bool(mark and mark.label == "filler" and mark.end == i + 1)

    def opens_with_subject(self, segment: Segment) -> bool:
        i = self._opening(segment)
        return self.message.has(i, "third_person") or self.message.tokens[i].text.lower() == "él"

    def opens_with_condition(self, segment: Segment) -> bool:
        return self.message.has(self._opening(segment), "conditions")

    def opens_with_but(self, segment: Segment) -> bool:
        return self.message.has(segment.start, "but")

    def opens_note(self, segment: Segment) -> bool:
        mark = self.marks.get(segment.start)
        if mark and mark.label == "hedge":
            return True
        places = (segment.start, self._opening(segment))
        return any(self.message.has(i, name) for i in places for name in ("note_start", "order"))

    # -- what comes after a name

    def is_link(self, start: int, end: int) -> bool:
        return self.link_end(start, end) == end

    def link_end(self, i: int, end: int) -> int:
        """Past "is", "shes", "her number is" and marks."""
        while i < end:
            phrase = self.links.get(i)
            if phrase and phrase.end <= end:
                i = phrase.end
            elif self._links(i):
                i += 1
            else:
                break
        return i

    def _links(self, i: int) -> bool:
        listed = self.message.has(i, "third_person") or self.message.has(i, "is_words")
        return listed or self.message.tokens[i].kind == "mark"

    def is_closed(self, i: int) -> bool:
        """A word after which somebody new may follow at once: a hedge, a filler, "her number is"."""
        near = [table.get(k) for table in (self.marks, self.links) for k in range(max(0, i - 5), i + 1)]
        covered = (p for p in near if p and p.start <= i < p.end)
        return self.message.tokens[i].kind == "mark" or any(p.label in {"filler", "hedge", "link"} for p in covered)

    def still_subordinate(self, start: int, end: int, before: bool) -> bool:
        """Whether "when", "if" ... governs what comes after these tokens; a "but" ends it."""
        for i in range(start, end):
            before = not self.message.has(i, "but") and (before or self.message.has(i, "conditions"))
        return before

    def role_end(self, i: int, end: int) -> int:
        """How far "the lady at the front desk" goes."""
        last = min(end, i + 8)
        return next((k for k in range(i, last) if self._ends_role(k)), last)

    def _ends_role(self, i: int) -> bool:
        mark = self.marks.get(i)
        if self.message.tokens[i].kind != "word" or (mark and mark.label != "negation"):
            return True
        ends = any(self.message.has(i, name) for name in ("conditions", "but", "third_person"))
        return ends and self.message.keys[i] not in {"who", "que"}
