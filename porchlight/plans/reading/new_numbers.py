"""Read "rosa's number is wrong its 555-0102", "actually make that 555-0104"."""

from .correction import Correction
from .model import Item, Known, Move, Turn
from .targets import Match

_PLAIN = ("number", "wrong", "its", "not", "meant", "to", "verbs")


class Numbers(Correction):
    def read(self) -> Turn | None:
        new = self._new_phone()
        if new is None or not self._speaks_of_number():
            return None
        matches = self._meant()
        if not matches:
            return None
        phone = " ".join(self.message.tokens[new].text.split())
        target = self.targets.one(matches)
        if target is None:
            return Turn(Move.CHANGE, (Item(phone, None, phone),), None)
        item = self.targets.merged(target.item, Item(target.item.name, None, phone))
        return Turn(Move.CHANGE, (item,), target.id)

    def _speaks_of_number(self) -> bool:
        opens = self.at_start("verbs") is not None
        return bool(self.lists["number"] or self.lists["wrong"] or opens or self._old_owner())

    def _new_phone(self) -> int | None:
        fresh = [i for i in self.phones if not self._owner(i) and not self._denied(i)]
        return fresh[-1] if fresh and len(self.phones) <= 2 else None

    def _denied(self, i: int) -> bool:
        """ "its 555-0102 not 555-0101"."""
        return len(self.phones) > 1 and any(p.end == i for p in self.lists["not"])

    def _owner(self, i: int) -> Known | None:
        digits = [c for c in self.message.tokens[i].text if c.isdigit()]
        every = [*self.targets.here, *self.targets.elsewhere]
        return next((k for k in every if k.item.phone and [c for c in k.item.phone if c.isdigit()] == digits), None)

    def _old_owner(self) -> Known | None:
        return next((owner for i in self.phones if (owner := self._owner(i))), None)

    def _meant(self) -> list[Match]:
        begins, ends = [0, *(i + 1 for i in self.phones)], [*self.phones, self.size]
        for start, end in zip(begins, ends, strict=True):
            if matches := self.match(start, end):
                return matches
        if owner := self._old_owner():
            return [Match(owner, 1.0, "")]
        last = self.targets.last()
        return [Match(last, 1.0, "")] if last and self._names_nobody_new() else []

    def _names_nobody_new(self) -> bool:
        """ "her number is ...", "the number is wrong its ..."."""
        plain = {i for name in _PLAIN for p in self.lists[name] for i in range(p.start, p.end)} | {*self.phones}
        return all(i in plain or self._says_nothing(i) for i in range(self.size))

    def _says_nothing(self, i: int) -> bool:
        return self.message.tokens[i].kind == "mark" or self.message.keys[i] in self.message.words.function
