"""People found so far, with what was said about each, until they are written as lines of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .frame import Frame
from .head import Head
from .kin import Kin
from .message import Message
from .model import MAX_ITEMS, MAX_NAME, MAX_PHONE, Item, Kind
from .names import with_capitals
from .notes import Notes, Range
from .phones import is_text_code


@dataclass(slots=True)
class Draft:
    head: Head
    segment: int
    phone: str | None = None
    notes: list[Range] = field(default_factory=list)
    relationship: str | None = None

    @property
    def bare(self) -> bool:
        """A name and nothing that says who it is."""
        return self.head.name is not None and self.relationship is None and not (self.head.role or self.head.line)


class Drafts:
    def __init__(self, message: Message, kind: Kind, kin: Kin, frame: Frame) -> None:
        self.message, self.kind, self.kin, self.frame = message, kind, kin, frame
        self.notes = Notes(message)
        self.list: list[Draft] = []

    @property
    def last(self) -> Draft | None:
        return self.list[-1] if self.list else None

    @property
    def full(self) -> bool:
        return len(self.list) >= MAX_ITEMS

    def add(self, draft: Draft) -> None:
        self.list.append(draft)

    def note(self, start: int, end: int) -> None:
        if self.list and start < end:
            self.list[-1].notes.append((start, end))

    def remarks(self, ranges: Sequence[Range]) -> None:
        if self.list:
            self.list[-1].notes += ranges

    def gather(self, rest: Range, apposition: bool = True) -> None:
        """Give the last person what the rest of the segment says: relationship, numbers, notes."""
        start, end = rest
        before = start = self._apposition_within(start, end) if apposition else start
        for i in range(start, end):
            if self.is_phone(i):
                self.note(before, i)
                self.give_phone(i)
                before = i + 1
        self.note(before, end)

    def _apposition_within(self, start: int, end: int) -> int:
        """ "rosa shes my aunt": where what follows the relationship begins."""
        if not self.list or not self.list[-1].bare or start >= end:
            return start
        i = self.frame.link_end(start, end)
        head = self.kin.head_at(i, end) if i < end else None
        if head and head.kin and head.name is None and (i > start or not head.close):
            self.tell_who(head)
            return head.end
        return start

    def tell_who(self, head: Head) -> None:
        """The relationship of the last name; a plural is that of all names before it."""
        for draft in reversed(self.list):
            if not draft.bare:
                break
            draft.relationship = head.relationship
            if not head.plural:
                break

    # -- numbers

    def is_phone(self, i: int) -> bool:
        token = self.message.tokens[i]
        return token.kind == "phone" or (is_text_code(token.key) and self._speaks_of_texting(i))

    def _speaks_of_texting(self, i: int) -> bool:
        return self.kind == "contacts" or any(self.message.has(p, "texting") for p in range(max(0, i - 3), i))

    def any_phone(self, start: int, end: int) -> bool:
        return any(self.is_phone(i) for i in range(start, end))

    def phone_text(self, i: int) -> str:
        return " ".join(self.message.tokens[i].text.split())[:MAX_PHONE]

    def give_phone(self, i: int) -> None:
        draft = self.list[-1]
        if draft.phone is None:
            draft.phone = self.phone_text(i)
        else:
            draft.notes.append((i, i + 1))

    # -- lines of the plan

    def items(self) -> tuple[Item, ...]:
        return tuple(map(self._item, self.list))[:MAX_ITEMS]

    def _item(self, draft: Draft) -> Item:
        relationship = draft.relationship
        if draft.head.plural and draft.head.name is None and draft.head.kin and relationship:
            relationship = self.message.slice(*draft.head.kin).lower()
        short = relationship[:MAX_NAME].rstrip() if relationship else None
        return Item(self._name(draft.head), short, draft.phone, self.notes.text(draft.notes))

    def _name(self, head: Head) -> str:
        if head.name is None:
            start, end = head.kin or (head.start, head.end)
            words = self._without_possessive(end - 1, self._with_names(start, end))
            return (words[:1].upper() + words[1:])[:MAX_NAME].rstrip()
        words = self.message.slice(*head.name)
        if head.role or head.line:
            return words[:MAX_NAME].rstrip()
        return with_capitals(self._without_possessive(head.name[1] - 1, words))

    def _with_names(self, start: int, end: int) -> str:
        """ "mamá de jay" -> "mamá de Jay"."""
        names = {self.message.tokens[i].text for i in range(start, end) if self.kin.names.surely(i)}
        words = self.message.slice(start, end).split(" ")
        return " ".join(w[:1].upper() + w[1:] if w in names else w for w in words)

    def _without_possessive(self, last: int, words: str) -> str:
        return words[:-2] if self.message.tokens[last].possessive else words
