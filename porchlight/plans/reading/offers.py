"""Whether somebody named is offered as an answer, or only talked of: "my mom is at work"."""

from .frame import Frame, Verdict
from .head import Head
from .message import Message
from .notes import Range

# Guesses that leave room for a bare word to be a name.
_OPEN_INTENTS = frozenset({None, "answer", "nlu_fallback", "out_of_scope", "change_item"})
_NEAR = 6
"""Words after a name that tell what kind of person this is."""


class Offers:
    def __init__(self, message: Message, frame: Frame, intent: str | None) -> None:
        self.message, self.frame, self.intent = message, frame, intent
        self.answering = intent == "answer"
        words = message.words
        self.positive, self.virtues = words.words("positive"), words.words("virtues")
        self.negation = words.words("negation")
        self.unsafe = words.words("unsafe") - self.negation

    def accepts(self, before: int, head: Head, rest: Range, verdict: Verdict, numbered: bool) -> bool:
        """`before`: where the words before the name begin; `rest`: what is said after it; `numbered`: with a
        phone number. A disclosure about somebody must never make them a line of the plan."""
        if self.is_unsafe(*rest):
            return False
        if numbered:
            return True
        if verdict is Verdict.UNCLEAN and not self._is_answer_all_the_same(before, head):
            return False
        if head.role:
            return self.intent in _OPEN_INTENTS
        if head.line:
            return True
        if head.name is None:
            return self._accepts_statement(rest)
        if head.relationship or self.message.has(head.name[0], "address"):
            return self._accepts_statement(rest) or not self._tells_of_me(rest)
        return self._accepts_bare(before, head, rest)

    def _is_answer_all_the_same(self, before: int, head: Head) -> bool:
        """The words before are unknown to us, but the guess says answer, and they speak of nobody else."""
        others = any(self.message.has(i, "subjects_else") for i in range(before, head.start))
        return self.answering and head.name is not None and head.strong and not others

    def is_unsafe(self, start: int, end: int) -> bool:
        """ "my uncle tito hits me", "coach dave isnt safe", "but she scares me"."""
        if start < end and self.message.has(start, "but"):
            start += 1
        near = range(start, min(end, start + _NEAR))
        words = [self.message.keys[i] for i in near]
        told = bool(words) and (self.message.has(start, "verbs") or self.message.has(start, "third_person"))
        if told and any(w in self.negation for w in words[:3]) and any(w in self.virtues for w in words):
            return True
        for i in near:
            if self.message.has(i, "conditions") or self.message.keys[i] in self.positive:
                return False
            if self.message.keys[i] in self.unsafe:
                return True
        return False

    def _accepts_statement(self, rest: Range) -> bool:
        """ "my grandma is always there" answers; "my mom is at work" only tells."""
        if self._is_note(rest):
            return True
        words = self.message.keys[rest[0] : rest[0] + _NEAR]
        if any(word in self.negation for word in words[:3]):
            return False
        return any(word in self.positive for word in words)

    def _is_note(self, rest: Range) -> bool:
        """What follows is no statement: "from school", "til 8", "but only by text", or nothing."""
        start, end = rest
        if start >= end or self.message.tokens[start].kind != "word":
            return True
        mark = self.frame.marks.get(start)
        if (mark and mark.label in {"hedge", "filler"}) or (start in self.frame.links and not self._states(start)):
            return True
        opens = any(
            self.message.has(start, n) for n in ("note_start", "conditions", "but", "third_person", "possessives")
        )
        return opens and not self._states(start)

    def _states(self, i: int) -> bool:
        return self.message.has(i, "statement_start")

    def _tells_of_me(self, rest: Range) -> bool:
        """ "my uncle tito came in my room": something done, no remark to keep."""
        words = range(rest[0], min(rest[1], rest[0] + _NEAR))
        at_place = self.message.has(rest[0], "is_words") and self.message.has(rest[0] + 1, "of_where")
        return not at_place and (self._states(rest[0]) or any(self.message.has(i, "first_person") for i in words))

    def _accepts_bare(self, before: int, head: Head, rest: Range) -> bool:
        if not head.strong and self.intent not in _OPEN_INTENTS:
            return False
        if before < head.start and self.message.has(head.start - 1, "not_before_name"):
            return False
        return self._is_note(rest) and (
            head.strong or not self.message.has(rest[0], "possessives") or rest[0] >= rest[1]
        )
