"""Words of relationship: "my two older sisters", "friend's mom", "la mamá de mi amigo"."""

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
MOST_BEFORE = 6


class KinWords:
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

    def _skip_owner(self, i: int, end: int) -> tuple[int, bool]:
        own, first = False, i
        while i in self.owners and self.owners[i].end < end and i < first + MOST_BEFORE:
            phrase = self.owners[i]
            own = own or self.message.said(phrase.end - 1, phrase.end) in self.words.words("own")
            own = own or self.message.said(phrase.start, phrase.end).endswith("de mis")
            i = phrase.end
        return i, own

    def _skip_modifiers(self, p: int, end: int) -> int:
        """Past "best", "ex foster": unless that word is all there is of the relationship."""
        last = min(end, p + MOST_BEFORE)
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
        return (
            len(token.key) > 3
            and token.key.endswith("s")
            and token.key[:-1] in self.words.words("relations.named") | self.words.words("relations.close")
        )

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

    def _possessor(self, i: int, first: int) -> int | None:
        """ "her mom" is not "mom": where "her" stands."""
        return next((p for p in range(i, first) if self.message.has(p, "others")), None)

    def _owned_by(self, stop: int, end: int) -> int | None:
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
        while q < min(end, stop + MOST_BEFORE) and (self.message.has(q, "of") or self.message.has(q, "possessives")):
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
        return said in self.words.words("titles") and not (own and said in self.words.words("titles_not_after_my"))
