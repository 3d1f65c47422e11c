"""Find who is meant by relationship, title or name: "my best friend Jay", "coach dave", "jay's mom"."""

from .head import Head
from .kin_words import MOST_BEFORE, KinWords


class Kin(KinWords):
    def head_at(self, i: int, end: int) -> Head | None:
        if self.message.tokens[i].kind != "word":
            return None
        helper = self.helpers.get(i)
        if helper and helper.end <= end:
            return Head(i, helper.end, name=(i, helper.end), line=True)
        known = self._related(i, end) or self._titled(i, end) or self._role(i, end)
        return known or self._described(i, end) or self._named(i, end)

    # -- "my best friend Jay"

    def _related(self, i: int, end: int) -> Head | None:
        first, own = self._skip_owner(i, end)
        p = self._skip_modifiers(first, end)
        if p >= end or not self._is_relation(p, end) or (p > i and self.message.tokens[p].kind != "word"):
            return None
        stop, plural = self._relation_end(p)
        if self._only_after_my(p, stop) and not own and first == p:
            return None
        head = Head(i, stop, own=own, plural=plural, close=self._is_close(p))
        return self._finish_relation(head, first, p, stop, end)

    def _finish_relation(self, head: Head, first: int, p: int, stop: int, end: int) -> Head:
        owned = self._owned_by(stop, end)
        office = None if owned else self._office(stop, end)
        if office:
            return Head(head.start, office, kin=(first, office), relationship=None, own=head.own)
        if owned:
            stop, head.plural, head.close = owned, False, False
        while stop in self.after and self.after[stop].end <= end:
            stop = self.after[stop].end
        stop, whose = self._of_whom(stop, end) if not owned else (stop, False)
        head.relationship = self._relationship(first, stop, head.plural and not whose)
        head.kin = (first, stop)
        whose_else = self._possessor(head.start, first)
        if whose_else is not None:
            head.kin, head.relationship, head.theirs = (whose_else, stop), None, True
        head.end = stop
        title = p if self._is_title(p, stop, head.own) and not owned and not whose else None
        return self._with_name(head, stop, end, title)

    def _with_name(self, head: Head, stop: int, end: int, title: int | None) -> Head:
        begin = stop
        if begin < end and self.message.tokens[begin].key in {":", ","} and head.plural:
            return head
        if begin < end and self.message.tokens[begin].key in {":", '"', "“", "'", "«"}:
            begin += 1
        if begin in self.intros and self.intros[begin].end < end:
            begin = self.intros[begin].end
        if (
            begin < end - 1
            and self.message.keys[begin] in {"is", "es", "are", "son"}
            and self._named_outright(begin + 1, end)
        ):
            begin += 1
        inner = self._titled(begin, end) if begin < end else None
        if inner and inner.name and (inner.name[0] == begin or self.message.keys[begin] in {"la", "el"}):
            head.name, head.end = inner.name, inner.end
            return head
        after = self.names.run(begin, end, "kin") if begin < end else begin
        if after > begin and self._owns_next(after, end) and head.kin and begin == stop:
            return self._owner(head.kin[0], after, end) or head
        if after > begin and not self._owns_next(after, end):
            head.name = (title if title is not None and begin == stop else begin, after)
            head.end = after
        return head

    def _named_outright(self, i: int, end: int) -> bool:
        """ "my teacher is ms lee", not "my teacher is nice"."""
        return self._titled(i, end) is not None or self.names.sure(i)

    def _owns_next(self, stop: int, end: int) -> bool:
        if stop >= end or stop not in self.relations:
            return False
        return self.message.tokens[stop - 1].possessive or self.names.surely_possessive(stop - 1)

    # -- "coach dave", "ms. lee"

    def _titled(self, i: int, end: int) -> Head | None:
        p, _ = self._skip_owner(i, end)
        if p >= end or not self.message.has(p, "titles"):
            return None
        q = self._after_title(p, end)
        if self.message.has(q, "join") and self.message.has(q + 1, "address") and q + 1 < end:
            q = self._after_title(q + 1, end)
        if q >= end:
            return None
        address = self.message.has(p, "address")
        after = self.names.run(q, end, "title" if address else "kin")
        if after == q:
            return None
        relationship = None if address else self.message.slice(p, p + 1).lower()
        if self.message.tokens[after - 1].possessive and self.message.has(after, "helpers.desks") and after < end:
            return Head(i, after + 1, name=(p, after + 1))
        return Head(i, after, name=(p, after), relationship=relationship)

    def _after_title(self, p: int, end: int) -> int:
        return p + 2 if p + 1 < end and self.message.tokens[p + 1].key == "." else p + 1

    # -- "my youth group leader pastor dan": words we do not list, then a name that is sure

    def _described(self, i: int, end: int) -> Head | None:
        first, own = self._skip_owner(i, end)
        if not own:
            return None
        for p in range(first, min(first + 4, end)):
            inner = self._titled(p, end) if p > first else None
            if inner is None and p > first and self.names.sure(p):
                inner = self._named(p, end)
            if inner and inner.name and inner.start == p:
                told = self.message.slice(first, p).lower()
                return Head(i, inner.end, name=inner.name, relationship=told, own=True)
            if not self._describes(p):
                return None
        return None

    def _describes(self, i: int) -> bool:
        if self.message.tokens[i].kind != "word" or self.message.keys[i] in self.words.function:
            return False
        return not any(self.message.has(i, name) for name in ("unsafe", "positive", "verbs", "places.words"))

    # -- "the lady at the front desk"

    def _role(self, i: int, end: int) -> Head | None:
        p, own = self._skip_owner(i, end)
        while i < p < min(end - 1, i + MOST_BEFORE) and p in self.modifiers and not self._is_role(p, end):
            p = self.modifiers[p].end
        if p == i or p >= end or not self._is_role(p, end):
            return None
        begin = self.intros[p + 1].end if p + 1 in self.intros else p + 1
        after = self.names.run(begin, end, "kin") if begin < end else begin
        if after > begin:
            return Head(i, after, name=(begin, after), own=own)
        return Head(i, p + 1, name=(i, p + 1), role=True, own=own)

    def _is_role(self, i: int, end: int) -> bool:
        placed = i + 1 < end and self.message.keys[i + 1] in {"at", "from", "in", "on", "de", "en", "del"}
        return self.message.has(i, "roles") or (placed and self.message.has(i, "vague_roles"))

    # -- "Jay", "jay's mom"

    def _named(self, i: int, end: int) -> Head | None:
        after = self.names.run(i, end, "nothing")
        if after == i:
            return self._owner_without_apostrophe(i, end)
        if self._owns_next(after, end):
            return self._owner(i, after, end)
        return self._owner_without_apostrophe(i, end) or Head(
            i, after, name=(i, after), strong=self._is_strong(i, after)
        )

    def _is_strong(self, start: int, end: int) -> bool:
        return any(
            self.names.sure(i) or (self.message.tokens[i].capital and not self.message.shouting)
            for i in range(start, end)
        )

    def _owner_without_apostrophe(self, i: int, end: int) -> Head | None:
        """ "jays mom"."""
        key = self.message.tokens[i].key
        if i + 1 < end and key.endswith("s") and key[:-1] in self.words.given and i + 1 in self.relations:
            return self._owner(i, i + 1, end)
        return None

    def _owner(self, start: int, owner_end: int, end: int) -> Head | None:
        stop = self.relations[owner_end].end
        if stop > end:
            return None
        head = Head(start, stop, kin=(start, stop), relationship=self.message.slice(start, stop).lower())
        return self._with_name(head, stop, end, None)
