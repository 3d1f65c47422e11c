"""Read "no, Rose not Rosa", "rosa's number is wrong its 555-0102", "take dave off"."""

from collections.abc import Callable

from .frame import Frame
from .lexicon import Phrase
from .message import Message
from .model import Item, Kind, Known, Move, Stage, Turn
from .names import with_capitals
from .rewrite import replaced, similar
from .targets import Match, Targets

Reader = Callable[[Message, Kind, str | None], tuple[Item, ...]]
Span = tuple[int, int]
_LISTS = ("verbs", "to", "should_be", "wrong", "meant", "its", "not", "number")
_LONGEST = 25
"""Tokens; a longer message tells of new people."""


class Corrections:
    def __init__(self, message: Message, kind: Kind, targets: Targets, stage: Stage, read: Reader) -> None:
        self.message, self.kind, self.targets, self.stage, self.read_items = (
            message,
            kind,
            targets,
            stage,
            read,
        )
        self.frame = Frame(message, None)
        self.size = len(message.tokens)
        self.lists = {name: message.find(f"change.{name}") for name in _LISTS}
        self.start = self._skip_talk(0)
        self.phones = [i for i, token in enumerate(message.tokens) if token.kind == "phone"]

    def read(self) -> Turn | None:
        if self.targets.empty or not 0 < self.size <= _LONGEST:
            return None
        ways = (
            self._replaced_whole,
            self._number,
            self._change_to,
            self._should_be,
            self._instead,
            self._relationship,
            self._remove,
            self._wrong,
            self._meant,
        )
        return next((turn for way in ways if (turn := way())), None)

    # -- helpers

    def _skip_talk(self, i: int) -> int:
        while i < self.size:
            mark = self.frame.marks.get(i)
            if (
                mark
                and mark.label in {"filler", "affirm", "deny"}
                and not self._starts(mark.start, "its", "meant", "not")
            ):
                i = mark.end
            elif self.message.tokens[i].kind == "mark" or self.message.has(i, "polite_opening"):
                i += 1
            elif mark and mark.label == "deny":
                i += 1
            else:
                break
        return i

    def _starts(self, i: int, *names: str) -> bool:
        return any(p.start == i and p.end > i + 1 for name in names for p in self.lists[name])

    def _first(self, name: str, start: int = 0) -> Phrase | None:
        return next((p for p in self.lists[name] if p.start >= start), None)

    def _match(self, start: int, end: int) -> list[Match]:
        return self.targets.match(self.message, start, end) if start < end else []

    def _skip_its(self, i: int) -> int:
        """Past "its", "i meant", commas and fillers, to what it should be."""
        moved = True
        while moved and i < self.size:
            phrases = [p for name in ("meant", "its") for p in self.lists[name] if p.start == i]
            before = i
            i = self._skip_talk(max((p.end for p in phrases), default=i))
            moved = i > before
        return i

    def _item(self, start: int, end: int) -> Item | None:
        """Tokens [start, end) as a line; None if there is nothing to write."""
        start = min(self._skip_its(start), end)
        text = self.message.slice(start, end).strip(" ,.;:!?-\"'")
        if not text:
            return None
        items = self.read_items(Message(text, self.message.language), self.kind, "answer")
        if items:
            return items[0]
        return (
            Item(text[:80].rstrip() if self.kind == "places" else with_capitals(text))
            if len(text.split()) <= 4
            else None
        )

    def _changed(self, matches: list[Match], new: Item | None) -> Turn:
        target = self.targets.one(matches)
        if target is None or new is None:
            return Turn(Move.CHANGE, (new,) if new else (), target.id if target else None)
        return Turn(Move.CHANGE, (replaced(target.item, new, matches[0].word, self.kind),), target.id)

    # -- "rosa's number is 555-0199"

    def _number(self) -> Turn | None:
        new = self._new_phone()
        if new is None:
            return None
        speaks_of_number = (
            self.lists["number"] or self.lists["wrong"] or self._changing() or self._old_phone()
        )
        matches = self._match_number()
        target = self.targets.one(matches)
        if not speaks_of_number or not matches:
            return None
        phone = " ".join(self.message.tokens[new].text.split())
        if target is None:
            return Turn(Move.CHANGE, (Item(phone, None, phone),), None)
        return Turn(
            Move.CHANGE, (self.targets.merged(target.item, Item(target.item.name, None, phone)),), target.id
        )

    def _new_phone(self) -> int | None:
        fresh = [i for i in self.phones if not self._owner(i) and not self._denied(i)]
        return fresh[-1] if fresh and len(self.phones) <= 2 else None

    def _denied(self, i: int) -> bool:
        return any(p.end == i for p in self.lists["not"]) and len(self.phones) > 1

    def _owner(self, i: int) -> Known | None:
        digits = [c for c in self.message.tokens[i].text if c.isdigit()]
        every = [*self.targets.here, *self.targets.elsewhere]
        return next(
            (k for k in every if k.item.phone and [c for c in k.item.phone if c.isdigit()] == digits), None
        )

    def _old_phone(self) -> Known | None:
        return next((owner for i in self.phones if (owner := self._owner(i))), None)

    def _changing(self) -> bool:
        return any(p.start == self.start for p in self.message.find("change.sure"))

    def _match_number(self) -> list[Match]:
        others = [
            (a, b) for a, b in zip([0, *[i + 1 for i in self.phones]], [*self.phones, self.size], strict=True)
        ]
        for start, end in others:
            matches = self._match(start, end)
            if matches:
                return matches
        owner = self._old_phone()
        if owner:
            return [Match(owner, 1.0, "")]
        last = self.targets.last()
        return [Match(last, 1.0, "")] if last and self._only_pronouns() else []

    def _only_pronouns(self) -> bool:
        """ "her number is ...", "the number is wrong its ...": nobody new is named."""
        plain = {
            i
            for name in ("number", "wrong", "its", "not", "meant", "to", "verbs")
            for p in self.lists[name]
            for i in range(p.start, p.end)
        }
        return all(
            i in plain or i in self.phones or self.message.has(i, "pronouns") or self.message.has(i, "possessives")
            or self.message.tokens[i].kind == "mark" or self.message.keys[i] in self.message.words.function
            for i in range(self.size)
        )  # fmt: skip

    # -- "change the second one to my uncle Tito 555-0155"

    def _replaced_whole(self) -> Turn | None:
        turn = self._change_to() if self.phones and not self.lists["number"] else None
        told = turn is not None and any(i.name != i.phone and (i.name or i.relationship) for i in turn.items)
        return turn if told and self._names_person() else None

    def _names_person(self) -> bool:
        split = next((p for p in self.lists["to"] if p.start > self.start), None)
        return split is not None and split.end < self.phones[0]

    # -- "change rosa to rose"

    def _change_to(self) -> Turn | None:
        verb = next((p for p in self.lists["verbs"] if p.start == self.start), None)
        if not verb:
            return None
        sure = self._changing()
        splits = [p for p in self.lists["to"] if p.start > verb.end and p.end < self.size]
        for split in splits:
            matches = self._match(verb.end, split.start)
            if matches and (sure or len(matches) == 1):
                return self._changed(matches, self._item(split.end, self.size))
        return self._changed(self._match(verb.end, self.size), None) if sure else None

    # -- "the second one should be Devon"

    def _should_be(self) -> Turn | None:
        phrase = self._first("should_be", self.start)
        if not phrase or phrase.end >= self.size:
            return None
        matches = self._match(self.start, phrase.start) or self._pronoun(self.start, phrase.start)
        return (
            self._changed(matches, self._item(phrase.end, self._before_not(phrase.end))) if matches else None
        )

    def _before_not(self, start: int) -> int:
        phrase = self._first("not", start + 1)
        return phrase.start if phrase else self.size

    def _pronoun(self, start: int, end: int) -> list[Match]:
        """ "it", "that", "her name": the line that was written last."""
        last = self.targets.last()
        plain = all(
            self.message.has(i, "pronouns")
            or self.message.has(i, "position_words")
            or self.message.tokens[i].kind == "mark"
            for i in range(start, end)
        )
        return [Match(last, 1.0, "")] if last and plain else []

    # -- "the second one is wrong, its Devon"

    def _wrong(self) -> Turn | None:
        phrase = self._first("wrong", self.start)
        if not phrase:
            return None
        matches = (
            self._match(self.start, phrase.start)
            or self._match(phrase.end, self.size)
            or self._pronoun(self.start, phrase.start)
        )
        about_number = any(p.start < phrase.start for p in self.lists["number"])
        return (
            self._changed(matches, None if about_number else self._item(phrase.end, self.size))
            if matches
            else None
        )

    # -- "Rose not Rosa", "no es Rosa, es Rosalía"

    def _instead(self) -> Turn | None:
        for phrase in self.lists["not"]:
            turn = self._not_at(phrase)
            if turn:
                return turn
        return None

    def _not_at(self, phrase: Phrase) -> Turn | None:
        left = self._skip_its(self.start)
        if left < phrase.start <= left + 6:
            return self._this_not_that(left, phrase)
        if phrase.start > left or phrase.end <= self._deny_end():
            return None
        return self._not_that_but_this(phrase.end)

    def _deny_end(self) -> int:
        """A bare "no" to the question before is not "not"."""
        lone = self.message.language == "en" and self.size > 1 and self.message.keys[0] in {"no", "nah"}
        return 1 if lone and self.message.tokens[0].kind == "word" and self.message.keys[0] == "no" else 0

    def _this_not_that(self, left: int, phrase: Phrase) -> Turn | None:
        end = self._clause_end(phrase.end)
        matches = self._match(phrase.end, end)
        if not matches:
            return None
        told = self._told_relationship(left, phrase.start)
        return told or self._changed(matches, self._item(left, phrase.start))

    def _clause_end(self, start: int) -> int:
        return next(
            (i for i in range(start + 1, self.size) if self.message.keys[i] in {",", ".", "\n", ";", "!"}),
            self.size,
        )

    def _not_that_but_this(self, start: int) -> Turn | None:
        starts = {p.start for name in ("its", "meant") for p in self.lists[name]}
        cut = next(
            (
                i
                for i in range(start + 1, self.size)
                if self.message.keys[i] in {",", ".", ";"} or i in starts
            ),
            None,
        )
        if cut is None:
            return None
        matches = self._match(start, cut)
        new = self._item(cut, self.size)
        return self._changed(matches, new) if matches and new else None

    # -- "dave is my uncle"

    def _relationship(self) -> Turn | None:
        return self._told_relationship(self.start, self.size)

    def _told_relationship(self, start: int, end: int) -> Turn | None:
        phrase = next(
            (i for i in range(start + 1, end - 1) if self.message.keys[i] in {"is", "es", "are", "era"}), None
        )
        if phrase is None or not self.message.has(phrase + 1, "own"):
            return None
        target = self.targets.one([m for m in self._match(start, phrase) if m.word])
        new = self._item(phrase + 1, end)
        if not target or not new or not new.relationship or new.name.lower() != new.relationship:
            return None
        return Turn(Move.CHANGE, (replaced(target.item, new, "", self.kind),), target.id)

    # -- "take rosa off", "actually not ms lee"

    def _remove(self) -> Turn | None:
        for phrase in self.message.find("remove.verbs", "remove.instead", "remove.apart"):
            if phrase.start in {self.start, self._after_polite()} or phrase.label == "remove.instead":
                turn = self._removed(phrase)
                if turn:
                    return turn
        return self._not_anymore()

    def _after_polite(self) -> int:
        i = self.start
        while i < self.size - 1 and self.message.has(i, "polite"):
            i += 1
        return i

    def _removed(self, phrase: Phrase) -> Turn | None:
        end = self.size
        if phrase.label == "remove.apart":
            ends = [p for p in self.message.find("remove.apart_end") if p.start > phrase.end]
            if not ends:
                return None
            end = ends[-1].start
        cut = next((i for i in range(phrase.end, self.size) if self._adds(i)), None)
        matches = self._match(phrase.end, min(cut or end, end))
        if cut and matches:
            return self._changed_for(matches, cut)
        return self._removal(matches, phrase)

    def _adds(self, i: int) -> bool:
        """ "take rosa off and add jay"."""
        return (self.message.has(i, "join") or self.message.keys[i] == ",") and self.message.has(
            i + 1, "adding"
        )

    def _changed_for(self, matches: list[Match], cut: int) -> Turn:
        target, new = self.targets.one(matches), self._item(cut + 2, self.size)
        return Turn(Move.CHANGE, (new,) if new else (), target.id if target else None)

    def _removal(self, matches: list[Match], phrase: Phrase) -> Turn | None:
        target = self.targets.one(matches) or (
            self.targets.last() if not matches and self._means_last(phrase.end) else None
        )
        if matches or target:
            return Turn(Move.REMOVE, target=target.id if target else None)
        sure = self.message.said(phrase.start, phrase.end) in self.message.words.words("remove.sure")
        return Turn(Move.REMOVE) if sure else None

    def _means_last(self, start: int) -> bool:
        rest = [i for i in range(start, self.size) if self.message.tokens[i].kind == "word"]
        if self.message.keys[start - 1] in {"forget", "drop", "olvida"}:
            return False
        return (
            bool(rest)
            and len(rest) <= 2
            and all(self.message.has(i, "pronouns") or self.message.has(i, "polite") for i in rest)
        )

    def _not_anymore(self) -> Turn | None:
        """ "not ms lee", "rosa no": of a line in this section, with nothing in its place."""
        if self.stage != "more":
            return None
        after = [
            p
            for p in self.lists["not"]
            if p.start == self.start or p.start == 0 and self.message.language == "es"
        ]
        span: Span | None = (after[0].end, self.size) if after else None
        if span is None and self.size <= 4 and self.message.keys[-1] == "no":
            span = (self.start, self.size - 1)
        matches = (
            [m for m in self._match(*span) if m.known in self.targets.here]
            if span and span[1] - span[0] <= 4
            else []
        )
        target = self.targets.one(matches)
        return Turn(Move.REMOVE, target=target.id) if target else None

    # -- "i meant rose"

    def _meant(self) -> Turn | None:
        phrase = next((p for p in self.lists["meant"] if p.start <= self.start + 1), None)
        plain_its = next((p for p in self.lists["its"] if p.start == self.start), None)
        if not phrase and not plain_its:
            return None
        new = self._item((phrase or plain_its).end, self.size)  # type: ignore[union-attr]  # one of them is there
        if not new or not self.targets.here:
            return None
        alike = [k for k in self.targets.here if similar(k.item.name, new.name)]
        if len(alike) == 1:
            return self._changed(
                [Match(alike[0], 1.0, self._closest_word(alike[0].item.name, new.name))], new
            )
        if not phrase or not self.message.said(phrase.start, phrase.end) in self.message.words.words(
            "change.meant_sure"
        ):
            return None
        last = self.targets.last()
        return self._changed([Match(last, 1.0, "")] if last and not alike else [], new)

    @staticmethod
    def _closest_word(name: str, new: str) -> str:
        return next((w.lower() for w in name.split() if any(similar(w, n) for n in new.split())), "")
