"""Read "change rosa to rose", "no, Rose not Rosa", "the second one is wrong, its Devon"."""

from dataclasses import replace

from .correction import Correction
from .lexicon import Phrase
from .model import Item, Known, Move, Turn
from .rewrite import replaced, similar
from .targets import Match

_SENTENCE_ENDS = frozenset({",", ".", "\n", ";", "!"})
_IS = frozenset({"is", "es", "are", "era"})


class Renames(Correction):
    # -- "change rosa to rose"

    def change_to(self) -> Turn | None:
        verb = self.at_start("verbs") or self.at_start("sure")
        if not verb:
            return None
        sure = self.at_start("sure") is not None
        for split in self.lists["to"]:
            if verb.end < split.start and split.end < self.size:
                new = self.item(split.end, self.size)
                matches = self.match(verb.end, split.start) or self._spelled_like(verb.end, split.start, new)
                if matches and (sure or len(matches) == 1):
                    return self.changed(matches, new)
        return self.changed(self.match(verb.end, self.size), None) if sure else None

    def _spelled_like(self, start: int, end: int, new: Item | None) -> list[Match]:
        """ "change her name to rosie": her whose name looks like it, or the last."""
        if not new or not self.pronoun(start, end):
            return []
        return self._alike(new) or self.pronoun(start, end)

    def replaced_whole(self) -> Turn | None:
        """ "change the second one to my uncle Tito 555-0155": more than a number."""
        split = next((p for p in self.lists["to"] if p.start > self.start), None)
        if not self.phones or self.lists["number"] or split is None or split.end >= self.phones[0]:
            return None
        turn = self.change_to()
        return turn if turn and turn.items else None

    # -- "the second one should be Devon"

    def should_be(self) -> Turn | None:
        phrase = self.first("should_be", self.start)
        if not phrase or phrase.end >= self.size:
            return None
        matches = self.match(self.start, phrase.start) or self.pronoun(self.start, phrase.start)
        negated = self.first("not", phrase.end + 1)
        end = negated.start if negated else self.size
        return self.changed(matches, self.item(phrase.end, end)) if matches else None

    # -- "the second one is wrong, its Devon"

    def wrong(self) -> Turn | None:
        phrase = self.first("wrong", min(self.start, 1))
        if not phrase:
            return None
        before, after = self.match(0, phrase.start), self.match(phrase.end, self.size)
        matches = before or after or self.pronoun(0, phrase.start) or self.pronoun(phrase.start, phrase.start + 1)
        told = not self.lists["number"] and not (after and not before)
        return self.changed(matches, self.item(phrase.end, self.size) if told else None) if matches else None

    # -- "Rose not Rosa", "no es Rosa, es Rosalía"

    def instead(self) -> Turn | None:
        return next((turn for phrase in self.lists["not"] if (turn := self._not_at(phrase))), None)

    def _not_at(self, phrase: Phrase) -> Turn | None:
        left = self.skip_its(self.start)
        if left < phrase.start <= left + 6:
            return self._this_not_that(left, phrase)
        idle = self.message.language == "en" and self.message.keys[0] == "no" and phrase.end <= 1
        return None if phrase.start > left or idle else self._not_that_but_this(phrase.end)

    def _this_not_that(self, left: int, phrase: Phrase) -> Turn | None:
        matches = self.match(phrase.end, self._sentence_end(phrase.end))
        if not matches:
            return None
        if told := self._told_relationship(left, phrase.start):
            return told
        same = self.targets.one([m for m in self.match(left, phrase.start) if m.word and m.score >= 1])
        if same and same == matches[0].known:
            return self._is_something_else(same, phrase)
        return self.changed(matches, self.item(left, phrase.start))

    def _is_something_else(self, known: Known, phrase: Phrase) -> Turn | None:
        """ "dave isnt my coach hes my uncle"."""
        its = self.first("its", phrase.end)
        new = self.item(its.start, self.size) if its else None
        return Turn(Move.CHANGE, (replaced(known.item, new, "", self.kind),), known.id) if new else None

    def _sentence_end(self, start: int) -> int:
        return next((i for i in range(start + 1, self.size) if self.message.keys[i] in _SENTENCE_ENDS), self.size)

    def _not_that_but_this(self, start: int) -> Turn | None:
        starts = {p.start for name in ("its", "meant") for p in self.lists[name]}
        ends = (i for i in range(start + 1, self.size) if self.message.keys[i] in _SENTENCE_ENDS or i in starts)
        cut = next(ends, None)
        if cut is None:
            return None
        matches, new = self.match(start, cut), self.item(cut, self.size)
        return self.changed(matches, new) if matches and new else None

    # -- "dave is my uncle", "the first one is my aunt rosita"

    def told(self) -> Turn | None:
        return self._told_relationship(self.start, self.size) or self._told_place_in_list()

    def _told_relationship(self, start: int, end: int) -> Turn | None:
        phrase = self._is_between(start + 1, end - 1)
        if phrase is None or not self.message.has(phrase + 1, "own"):
            return None
        target = self.targets.one([m for m in self.match(start, phrase) if m.word])
        new = self.item(phrase + 1, end)
        if not target or not new or not new.relationship or new.name.lower() != new.relationship:
            return None
        return Turn(Move.CHANGE, (replaced(target.item, new, "", self.kind),), target.id)

    def _is_between(self, start: int, end: int) -> int | None:
        return next((i for i in range(start, end) if self.message.keys[i] in _IS), None)

    def _told_place_in_list(self) -> Turn | None:
        phrase = self._is_between(self.start + 1, self.size - 1)
        if phrase is None or not any(
            self.message.keys[i] in self.message.words.positions for i in range(self.start, phrase)
        ):
            return None
        matches = [m for m in self.match(self.start, phrase) if not m.word]
        return self.changed(matches, self.item(phrase + 1, self.size)) if matches else None

    # -- "i meant rose", "its rose", "no, rose"

    def meant(self) -> Turn | None:
        phrase = next((p for p in self.lists["meant"] if p.start <= self.start + 1), None)
        opening = phrase or self.at_start("its")
        if not self.targets.here or (not opening and not self._follows_no()):
            return None
        new = self.item(opening.end if opening else self.start, self.size)
        if not new:
            return None
        alike = self._alike(new)
        if len(alike) == 1:
            return self.changed(alike, new)
        sure = phrase is not None and self.message.said(phrase.start, phrase.end) in self.message.words.words(
            "change.meant_sure"
        )
        last = self.targets.last()
        return self.changed([Match(last, 1.0, "")] if last and not alike else [], new) if sure else None

    def _follows_no(self) -> bool:
        """ "no, rose"; only a name that looks like one we have is taken for its correction."""
        mark = self.frame.marks.get(0)
        return mark is not None and mark.label == "deny" and self.start > 0 and self.size - self.start <= 2

    def _alike(self, new: Item) -> list[Match]:
        return [
            Match(known, 1.0, next((w.lower() for w in known.item.name.split() if similar(w, new.name)), ""))
            for known in self.targets.here
            if similar(known.item.name, new.name) and replace(known.item, name=new.name) != known.item
        ]
