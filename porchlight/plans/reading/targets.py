"""Which line of the plan is meant: by name, relationship or position."""

from collections.abc import Sequence
from dataclasses import dataclass

from .lexicon import lexicon
from .message import Message
from .model import MAX_NOTE, Item, Kind, Known
from .text import fold, tokenise

IDLE_WORDS = frozenset(
    {"the", "a", "my", "mi", "la", "el", "on", "at", "de", "en", "ms", "mr", "mrs", "dr", "and", "y", "of"}
)


@dataclass(frozen=True, slots=True)
class Match:
    known: Known
    score: float
    word: str
    """The word of the line's name that was named, folded; empty if it was found otherwise."""


def words_of(text: str) -> list[str]:
    return [t.key.removesuffix("s") if t.possessive else t.key for t in tokenise(text) if t.kind != "mark"]


class Targets:
    def __init__(self, known: Sequence[Known], section: str) -> None:
        self.here = [k for k in known if k.section == section]
        self.elsewhere = [k for k in known if k.section != section]

    @property
    def empty(self) -> bool:
        return not (self.here or self.elsewhere)

    def last(self) -> Known | None:
        return self.here[-1] if self.here else None

    @staticmethod
    def one(matches: list[Match]) -> Known | None:
        return matches[0].known if len(matches) == 1 else None

    def match(self, message: Message, start: int, end: int, loose: bool = False) -> list[Match]:
        """The lines that tokens [start, end) name, the best only, those of this section first."""
        placed = self._by_position(message, start, end, loose)
        if placed:
            return [Match(placed, 1.0, "")]
        for group in (self.here, self.elsewhere):
            scored = [m for known in group if (m := self._score(known, message, start, end))]
            best = max((m.score for m in scored), default=0.0)
            if best:
                return [m for m in scored if m.score == best]
        return []

    def _by_position(self, message: Message, start: int, end: int, loose: bool) -> Known | None:
        group = self.here or self.elsewhere
        for i in range(start, end):
            position = message.words.positions.get(message.keys[i])
            if position is None and message.keys[i].isdigit() and len(message.keys[i]) == 1:
                marked = message.has(i - 1, "position_words") or (message.has(i - 1, "possessives") and i + 1 == end)
                position = int(message.keys[i]) if loose or marked or end - start == 1 else None
            elif position is not None and not (loose or self._says_position(message, i, start, end)):
                position = None
            if position and -1 <= position <= len(group) and group:
                return group[position - 1] if position > 0 else group[-1]
        return None

    @staticmethod
    def _says_position(message: Message, i: int, start: int, end: int) -> bool:
        around = message.has(i + 1, "position_words") or message.has(i - 1, "position_words")
        return around or (message.has(i - 1, "possessives") and i + 1 >= end) or end - start == 1

    def _score(self, known: Known, message: Message, start: int, end: int) -> Match | None:
        names = [w for w in words_of(known.item.name) if w not in IDLE_WORDS]
        relation = fold(known.item.relationship or "").split()
        score, word = 0.0, ""
        for i in range(start, end):
            spoken = _spellings(message, i)
            hit = max(((_alike(s, n), n) for s in spoken for n in names), default=(0.0, ""))
            related = 0.7 if any(s in relation or lexicon().plurals.get(s) in relation for s in spoken) else 0.0
            if hit[0]:
                score, word = (
                    score + hit[0] + (0.1 if related else 0.0),
                    hit[1] if hit[1] not in relation else word,
                )
            else:
                score += related
        return Match(known, round(score, 3), word) if score >= 0.6 else None

    # -- the same person or place named again

    def same(self, item: Item, kind: Kind) -> Known | None:
        found = [k for k in self.here if _same_name(k.item, item)]
        if not found and kind == "places":
            found = [k for k in self.here if _names_part(k.item, item)]
        return found[0] if len(found) == 1 else None

    def adds_nothing(self, item: Item, kind: Kind) -> bool:
        same = self.same(item, kind)
        return same is not None and self.merged(same.item, item) == same.item

    @staticmethod
    def merged(old: Item, new: Item) -> Item:
        """The old line with what the new one says besides; nothing is lost."""
        notes = [n for n in (old.note, new.note) if n]
        if len(notes) == 2 and fold(notes[1]) in fold(notes[0]):
            notes.pop()
        return Item(
            old.name,
            new.relationship or old.relationship,
            new.phone or old.phone,
            "; ".join(notes)[:MAX_NOTE].rstrip() or None,
        )


def _spellings(message: Message, i: int) -> set[str]:
    """The word at i, also without a possessive s, with or without apostrophe."""
    token = message.tokens[i]
    keys = {token.key, message.keys[i]}
    if token.possessive or (len(token.key) > 3 and token.key.endswith("s")):
        keys.add(token.key[:-1])
    keys |= {lexicon().in_english[k] for k in list(keys) if k in lexicon().in_english}
    return {k for k in keys if k not in IDLE_WORDS and k}


def _same_name(one: Item, other: Item) -> bool:
    a, b = set(words_of(one.name)) - IDLE_WORDS, set(words_of(other.name)) - IDLE_WORDS
    if a == b:
        return bool(a)
    ours, theirs = fold(one.relationship or ""), fold(other.relationship or "")
    if ours and theirs and ours != theirs:
        return False
    return (
        bool(a and b)
        and (a - set(ours.split()) == b - set(theirs.split()) - set(ours.split()))
        and bool(a - set(ours.split()))
    )


def _names_part(known: Item, item: Item) -> bool:
    """ "the library" when "the library on 5th" is there."""
    said = set(words_of(item.name)) - IDLE_WORDS
    return bool(said) and said < set(words_of(known.name))


def _alike(spoken: str, name: str) -> float:
    if spoken == name:
        return 1.0
    allowed = 0 if min(len(spoken), len(name)) < 4 else 1 if len(name) < 7 else 2
    return 0.8 if allowed and distance(spoken, name, allowed) <= allowed else 0.0


def distance(a: str, b: str, limit: int) -> int:
    """Letters to change, add, drop or swap to make b of a; more than `limit` is limit + 1."""
    if abs(len(a) - len(b)) > limit or max(len(a), len(b)) > 40:
        return limit + 1
    older, previous = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        current = [i]
        for j, right in enumerate(b, 1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            current.append(cost)
        older, previous = previous, current
    return min(previous[-1], limit + 1)
