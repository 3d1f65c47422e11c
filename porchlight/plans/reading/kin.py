"""Find who is meant by relationship, title or name: "my best friend Jay", "coach dave", "jay's mom"."""

from dataclasses import dataclass

from .lexicon import Phrase
from .message import Message
from .names import Names

_UNSAID = frozenset(
    {
        "two",
        "three",
        "dos",
        "tres",
        "2",
        "3",
        "4",
        "both",
        "only",
        "other",
        "unica",
        "unico",
        "otra",
        "otro",
        "new",
        "last",
        "main",
    }
)

# Words before the relationship: "one of my two older".
_MOST_BEFORE = 6


@dataclass(slots=True)
class Head:
    """A person found at tokens [start, end)."""

    start: int
    end: int
    name: tuple[int, int] | None = None
    kin: tuple[int, int] | None = None
    """Where the words of the relationship stand."""

    relationship: str | None = None
    plural: bool = False
    close: bool = False
    own: bool = False
    strong: bool = True
    """False for a bare word that only might be a name."""

    theirs: bool = False
    """ "her mom": somebody else's."""

    role: bool = False
    """Somebody without name or relationship: "the lady at the front desk"."""

    line: bool = False
    """A helpline or an office."""


class Kin:
    def __init__(self, message: Message) -> None:
        self.message, self.words = message, message.words
        self.names = Names(message)
        self.relations = self._starts("relations.close", "relations.named")
        self.modifiers = self._starts("modifiers")
        self.after = self._starts("after_modifiers")
        self.intros = self._starts("name_intro")
        self.owners = self._starts("possessives")
        self.helpers = self._starts("helpers.names")

    def _starts(self, *names: str) -> dict[int, Phrase]:
        return {p.start: p for p in self.message.find(*names)}

    def head_at(self, i: int, end: int) -> Head | None:
        if self.message.tokens[i].kind != "word":
            return None
        helper = self.helpers.get(i)
        if helper and helper.end <= end:
            return Head(i, helper.end, name=(i, helper.end), line=True)
        return self._related(i, end) or self._titled(i, end) or self._role(i, end) or self._named(i, end)

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

    def _skip_owner(self, i: int, end: int) -> tuple[int, bool]:
        own, first = False, i
        while i in self.owners and self.owners[i].end < end and i < first + _MOST_BEFORE:
            phrase = self.owners[i]
            own = own or self.message.said(phrase.end - 1, phrase.end) in self.words.words("own")
            own = own or self.message.said(phrase.start, phrase.end).endswith("de mis")
            i = phrase.end
        return i, own

    def _skip_modifiers(self, p: int, end: int) -> int:
        """Past "best", "ex foster": unless that word is all there is of the relationship."""
        last = min(end, p + _MOST_BEFORE)
        while p < last and p in self.modifiers and self.modifiers[p].end < end:
            after = self.modifiers[p].end
            if self._is_relation(p, end) and not self._is_relation(after, end):
                break
            p = after
        return p

    def _is_relation(self, i: int, end: int) -> bool:
        if i in self.relations:
            return self.relations[i].end <= end
        return self.message.keys[i] in self.words.plurals or self._owner_relation(i)

    def _owner_relation(self, i: int) -> bool:
        """ "friend's" or "friends" before another relationship: "my friends mom"."""
        token = self.message.tokens[i]
        return len(token.key) > 3 and token.key.endswith("s") and token.key[:-1] in self.words.words(
            "relations.named"
        ) | self.words.words("relations.close")

    def _relation_end(self, i: int) -> tuple[int, bool]:
        if i in self.relations:
            last = self.message.keys[self.relations[i].end - 1]
            return self.relations[i].end, last in self.words.plurals
        return i + 1, not self.message.tokens[i].possessive

    def _only_after_my(self, start: int, end: int) -> bool:
        return self.message.said(start, end) in self.words.words("relations_after_my")

    def _is_close(self, i: int) -> bool:
        if i in self.relations:
            return self.relations[i].label == "relations.close"
        return self.words.plurals.get(self.message.keys[i], "") in {
            "mom",
            "dad",
            "grandma",
            "grandpa",
            "parent",
        }

    def _finish_relation(self, head: Head, first: int, p: int, stop: int, end: int) -> Head:
        owned = self._owned_by(p, stop, end)
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

    def _possessor(self, i: int, first: int) -> int | None:
        """ "her mom" is not "mom": where "her" stands."""
        return next((p for p in range(i, first) if self.message.has(p, "others")), None)

    def _owned_by(self, p: int, stop: int, end: int) -> int | None:
        """ "friend's mom": the end of the second relationship."""
        q = self._skip_modifiers(stop, end)
        written = self.message.tokens[stop - 1].key.endswith("s")
        if not written or q >= end or q not in self.relations or self.relations[q].end > end:
            return None
        return self.relations[q].end

    def _office(self, stop: int, end: int) -> int | None:
        """ "my caseworkers after hours line": where it ends."""
        if self.message.tokens[stop - 1].key.endswith("s"):
            for q in range(stop, min(stop + 4, end)):
                if self.message.has(q, "helpers.desks"):
                    return q + 1
        return None

    def _of_whom(self, stop: int, end: int) -> tuple[int, bool]:
        """ "la mamá de mi amigo", "the mom of jay": the relationship goes on."""
        q = stop
        while q < min(end, stop + _MOST_BEFORE) and (
            self.message.has(q, "of") or self.message.has(q, "possessives")
        ):
            q += 1
        if q == stop or q >= end or not self.message.has(stop, "of"):
            return stop, False
        q = self._skip_modifiers(q, end)
        if q < end and q in self.relations and self.relations[q].end <= end:
            return self.relations[q].end, True
        named = self.names.run(q, end, "nothing") if q < end and self.names.sure(q) else q
        return (named, True) if named > q else (stop, False)

    def _relationship(self, first: int, stop: int, plural: bool) -> str:
        while first < stop - 1 and self.message.keys[first] in _UNSAID:
            first += 1
        words = self.message.slice(first, stop).lower()
        if self.message.tokens[stop - 1].possessive:
            return words[:-2]
        if not plural:
            return words
        one = self.words.plurals.get(self.message.said(first, stop)) or self.words.plurals.get(
            self.message.keys[stop - 1]
        )
        if one is None or self.message.said(first, stop) in self.words.plurals:
            return one or words
        return words.rsplit(" ", 1)[0] + " " + one

    def _is_title(self, start: int, stop: int, own: bool) -> bool:
        said = self.message.keys[start]
        if stop - start > 1 and not self.message.has(start, "titles"):
            return False
        return said in self.words.words("titles") and not (
            own and said in self.words.words("titles_not_after_my")
        )

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
        return self.message.tokens[stop - 1].possessive and stop < end and stop in self.relations

    # -- "coach dave", "ms. lee"

    def _titled(self, i: int, end: int) -> Head | None:
        p, _ = self._skip_owner(i, end)
        if p >= end or not self.message.has(p, "titles"):
            return None
        q = p + 1
        if q < end and self.message.tokens[q].key == ".":
            q += 1
        if q >= end:
            return None
        address = self.message.has(p, "address")
        after = self.names.run(q, end, "title" if address else "kin")
        if after == q:
            return None
        relationship = None if address else self.message.slice(p, p + 1).lower()
        return Head(i, after, name=(p, after), relationship=relationship)

    # -- "the lady at the front desk"

    def _role(self, i: int, end: int) -> Head | None:
        p, own = self._skip_owner(i, end)
        while i < p < min(end - 1, i + _MOST_BEFORE) and p in self.modifiers and not self._is_role(p, end):
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
        return self.message.has(i, "roles") or placed and self.message.has(i, "vague_roles")

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
            self.names.sure(i) or self.message.tokens[i].capital and not self.message.shouting
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
