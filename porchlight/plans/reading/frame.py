"""The sentence around a name: does it offer somebody, rule somebody out, or only talk of them?"""

from enum import Enum

from .kin import Head
from .lexicon import Phrase
from .message import Message
from .names import laughter
from .notes import Range
from .split import Segment

# Intents that leave room for a bare word to be a name.
_OPEN_INTENTS = frozenset({None, "answer", "nlu_fallback", "out_of_scope", "change_item"})
_SUBJECTS = frozenset(
    {"she", "he", "they", "shes", "hes", "theyre", "ella", "ellos", "ellas", "shell", "hell", "theyll"}
)
_CONDITIONS = frozenset({
    "when", "if", "because", "cuz", "bc", "cause", "since", "until", "til", "till", "after", "before", "unless", "while",
    "cuando", "si", "porque", "pq", "hasta", "despues", "antes", "mientras", "aunque", "who", "whos", "whose", "quien", "que",
})  # fmt: skip
_LINKS = _SUBJECTS | {"thats", "is", "es", "who", "que", "are", "son", "whos"}
_BUT = frozenset({"but", "pero", "aunque", "though", "tho", "except", "menos"})
_ORDER = frozenset({"only", "just", "solo", "solamente", "nomas", "dont"})
_SAYS_HOW = frozenset(
    {
        "text",
        "txt",
        "call",
        "dm",
        "message",
        "mensaje",
        "texto",
        "textear",
        "texteale",
        "llamar",
        "facetime",
        "snap",
        "ig",
    }
)


class Verdict(Enum):
    CLEAN = 1
    UNCLEAN = 2
    EXCLUDED = 3


class Frame:
    def __init__(self, message: Message, intent: str | None) -> None:
        self.message, self.words, self.intent = message, message.words, intent
        found = message.find("include", "exclude", "negation", "hedge", "filler", "affirm", "deny")
        self.marks: dict[int, Phrase] = {p.start: p for p in found}
        self.begins = self._beginnings()
        self.requests = {p.start for p in message.find("requests")}
        self.link_phrases = {p.start: p for p in message.find("link")}
        talk = ("lead", "possessives", "join", "join_or", "modifiers")
        self.talk = frozenset().union(*(message.words.words(name) for name in talk))
        self.positive = message.words.words("positive")
        self.negation = message.words.words("negation")
        self.unsafe = message.words.words("unsafe") - self.negation - {"ya"}

    def _beginnings(self) -> list[int]:
        """For each token the start of its sentence or of its part between commas."""
        begins, start = [], 0
        for i, key in enumerate(self.message.keys):
            begins.append(start)
            if key in {".", "!", "?", "\n", ";", "…", ","}:
                start = i + 1
        return begins

    # -- questions

    def is_question(self, segment: Segment) -> bool:
        start = self._clause_start(segment)
        mark = self.marks.get(start)
        about = self.message.said(start, start + 2) in {"what about", "how about", "que tal", "y mi"}
        if about or mark and mark.label in {"filler", "hedge", "include"}:
            return False
        if any(segment.start <= i < segment.end for i in self.requests):
            return True
        opens = (
            self.message.has(start, "question")
            or segment.asks
            and self.message.keys[start] in {"u", "you", "tu"}
        )
        return opens and (segment.asks or not self._may_open_answer(start))

    def _clause_start(self, segment: Segment) -> int:
        i = self.begins[segment.start]
        while (
            i in self.marks
            and self.marks[i].label in {"filler", "affirm", "deny"}
            and self.marks[i].end < segment.end
        ):
            if self.marks[i].end > i + 1 or i > self.begins[segment.start] + 8:
                break
            i = self.marks[i].end
        return min(i, segment.end - 1)

    def _may_open_answer(self, i: int) -> bool:
        """ "who i trust is my aunt", "es mi tía", "cuando estoy mal llamo a Ana": openers that also begin a statement."""
        key = self.message.keys[i]
        following = self.message.keys[i + 1] if i + 1 < len(self.message.keys) else ""
        if key in {"es", "hay", "cuando", "when", "donde", "tengo", "is", "quien", "como"}:
            return not self.message.tokens[i].text.lower().endswith(("ándo", "ónde", "ién", "ómo"))
        if key in {"where", "donde"} and self.message.has(i + 1, "possessives"):
            return True
        if key in {"will", "am", "r", "que"}:
            return i + 1 >= len(self.message.keys)
        return (
            key in {"who", "whos", "where", "wheres"}
            and following in {"i", "id", "im", "ill", "we", "is"}
            and following != "is"
        )

    # -- what stands before a name

    def before(self, start: int, head: Head, excluding: bool) -> Verdict:
        start = self._after_but(start, head.start)
        labels = [m.label for m in self._marks(start, head.start) if not self._idle_no(m)]
        if "include" in labels:
            return Verdict.CLEAN
        if excluding or "exclude" in labels or "negation" in labels:
            return Verdict.EXCLUDED
        if (
            "deny" in labels
            and self.message.language == "es"
            and self.message.keys[head.start] not in self.words.words("own", "en")
        ):
            return Verdict.EXCLUDED
        return Verdict.CLEAN if self.is_talk(start, head.start) else Verdict.UNCLEAN

    def _after_but(self, start: int, end: int) -> int:
        """ "idk if she counts but my aunt": what stands before the but rules nobody out, unless it spoke of all."""
        for i in range(end - 1, start, -1):
            if self.message.keys[i] in {"but", "pero", "sino"} and not self.marks_cover(i):
                return start if any(self.message.has(k, "everybody") for k in range(start, i)) else i + 1
        return start

    def _idle_no(self, mark: Phrase) -> bool:
        """ "no my cousin": a no to the last question, not to the cousin."""
        return self.message.keys[mark.start] == "no" and mark.end - mark.start == 1 and self.message.has(mark.end, "possessives") and (
            self.message.keys[mark.end] in self.words.words("own", "en"))  # fmt: skip

    def _marks(self, start: int, end: int) -> list[Phrase]:
        return [self.marks[i] for i in range(start, end) if i in self.marks and self.marks[i].end <= end + 1]

    def is_talk(self, start: int, end: int) -> bool:
        return self.talk_end(start, end) == end

    def talk_end(self, i: int, end: int) -> int:
        while i < end:
            mark = self.marks.get(i)
            if mark and mark.end <= end and mark.label in {"filler", "hedge", "include", "affirm", "deny"}:
                i = mark.end
            elif self._is_talk_word(i):
                i += 1
            else:
                break
        return i

    def marks_cover(self, i: int) -> bool:
        """Whether the token belongs to a longer phrase: the "but" of "anyone but"."""
        return any(m.start < i < m.end for m in (self.marks.get(k) for k in range(max(0, i - 5), i)) if m)

    def skip_talk(self, start: int, end: int) -> int:
        """Past the talk before an answer."""
        i = start
        while i < end and (
            self.message.has(i, "lead") or i in self.marks or self.message.tokens[i].kind != "word"
        ):
            i = self.marks[i].end if i in self.marks else i + 1
        return min(i, end)

    def _is_talk_word(self, i: int) -> bool:
        token = self.message.tokens[i]
        return token.kind != "word" or self.message.keys[i] in self.talk or laughter(token.key)

    def hedges(self, start: int, end: int) -> list[Range]:
        return [(m.start, m.end) for m in self._marks(start, end) if m.label == "hedge" and m.end <= end]

    def orders(self, start: int, end: int) -> list[Range]:
        """ "only text my aunt": how to reach her is kept."""
        for i in range(start, end - 1):
            if self.message.keys[i] in _ORDER and self.message.keys[i + 1] in _SAYS_HOW:
                return [(i, i + 2)]
        first = self.skip_filler(start, end)
        return [(first, first + 1)] if first < end and self.message.has(first, "by_text") else []

    def skip_filler(self, i: int, end: int) -> int:
        while i < end and i in self.marks and self.marks[i].label in {"filler", "affirm"}:
            i = self.marks[i].end
        return i

    # -- what a segment opens with

    def _opening(self, segment: Segment) -> str:
        i = segment.start
        while i < segment.end - 1 and (self.message.tokens[i].kind == "mark" or self._skippable(i)):
            i += 1
        return self.message.keys[i]

    def _skippable(self, i: int) -> bool:
        mark = self.marks.get(i)
        return bool(mark and mark.label == "filler" and mark.end == i + 1)

    def opens_with_subject(self, segment: Segment) -> bool:
        i = segment.start
        key = self._opening(segment)
        return key in _SUBJECTS or self.message.tokens[i].text.lower() == "él"

    def opens_with_condition(self, segment: Segment) -> bool:
        return self._opening(segment) in _CONDITIONS

    def opens_with_but(self, segment: Segment) -> bool:
        return self.message.keys[segment.start] in _BUT

    def opens_note(self, segment: Segment) -> bool:
        key = self._opening(segment)
        first = self.message.keys[segment.start]
        return any(w in self.words.words("note_start") for w in (key, first)) or key in _ORDER or segment.start in self.marks and (
            self.marks[segment.start].label == "hedge")  # fmt: skip

    # -- what comes after a name

    def is_link(self, start: int, end: int) -> bool:
        return self.link_end(start, end) == end

    def link_end(self, i: int, end: int) -> int:
        """Past "is", "shes", "her number is" and marks."""
        while i < end:
            phrase = self.link_phrases.get(i)
            if phrase and phrase.end <= end:
                i = phrase.end
            elif self.message.keys[i] in _LINKS or self.message.tokens[i].kind == "mark":
                i += 1
            else:
                break
        return i

    def is_filler(self, start: int, end: int) -> bool:
        return self.is_talk(start, end) and not any(self.message.has(i, "texting") for i in range(start, end))

    def is_closed(self, i: int) -> bool:
        """A word after which somebody new may follow at once."""
        mark = any(m.start <= i < m.end for m in self._near(i))
        link = any(
            p.start <= i < p.end for p in (self.link_phrases.get(j) for j in range(max(0, i - 3), i + 1)) if p
        )
        return mark or link or self.message.tokens[i].kind == "mark"

    def _near(self, i: int) -> list[Phrase]:
        found = (self.marks.get(j) for j in range(max(0, i - 5), i + 1))
        return [m for m in found if m and m.label in {"filler", "hedge"}]

    def still_subordinate(self, start: int, end: int, before: bool) -> bool:
        """Whether "when", "if" ... governs what comes after these tokens; a "but" ends it."""
        for i in range(start, end):
            before = self.message.keys[i] not in _BUT and (before or self.message.keys[i] in _CONDITIONS)
        return before

    def role_end(self, i: int, end: int) -> int:
        """How far "the lady at the front desk" goes."""
        stop = i
        while stop < end and self.message.tokens[stop].kind == "word" and stop - i < 8:
            if (
                stop in self.marks
                and self.marks[stop].label != "negation"
                or self.message.keys[stop] in _CONDITIONS - {"who", "que"} | _BUT | _SUBJECTS
            ):
                break
            stop += 1
        return stop

    def accepts(self, segment: Segment, head: Head, rest: Range, verdict: Verdict, phone: bool) -> bool:
        """Whether a head is offered as an answer."""
        if self._is_unsafe(head, rest):
            return False
        if phone:
            return True
        answering = self.intent == "answer"
        if verdict is Verdict.UNCLEAN:
            return answering and (head.strong and not head.role)
        if head.role:
            return self.intent in _OPEN_INTENTS
        if head.name is None:
            return self._accepts_statement(rest, answering)
        if head.relationship is None and not head.line and not self.message.has(head.name[0], "address"):
            return self._accepts_bare(head, rest, answering)
        return True

    def _is_unsafe(self, head: Head, rest: Range) -> bool:
        words = self.message.keys[rest[0] : rest[0] + 5]
        for word in words:
            if word in _CONDITIONS | _BUT or word in self.positive:
                return False
            if word in self.unsafe:
                return True
        return False

    def _accepts_statement(self, rest: Range, answering: bool) -> bool:
        """ "my grandma is always there" answers; "my mom is at work" only tells."""
        words = self.message.keys[rest[0] : rest[1]]
        if not words or not self.message.has(rest[0], "verbs") or self.message.tokens[rest[0]].kind != "word":
            return True
        if words[0] in self.negation or any(w in self.negation for w in words[:3]):
            return False
        return answering or any(word in self.positive for word in words)

    def _accepts_bare(self, head: Head, rest: Range, answering: bool) -> bool:
        if not head.strong and self.intent not in _OPEN_INTENTS:
            return False
        if rest[0] >= rest[1] or answering and head.strong:
            return True
        if (
            self.message.tokens[rest[0]].kind != "word"
            or rest[0] in self.marks
            and self.marks[rest[0]].label in {"hedge", "filler"}
        ):
            return True
        return self.message.has(rest[0], "note_start") or self.message.has(rest[0], "possessives")
