"""Read "take rosa off", "delete the second one", "actually not ms lee"."""

from .correction import Correction
from .lexicon import Phrase
from .model import Move, Turn
from .targets import Match

# "forget it", "drop it" are no request to take a line away.
_IDLE_WITH_IT = frozenset({"forget", "drop", "olvida"})


class Removals(Correction):
    def read(self) -> Turn | None:
        for phrase in self.message.find("remove.verbs", "remove.instead", "remove.apart"):
            if phrase.label == "remove.instead" or phrase.start <= self._after_polite() < phrase.end:
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
        added = next((i for i in range(phrase.end, self.size) if self._adds(i)), None)
        matches = self.match(phrase.end, min(added or end, end))
        if added and matches:
            return self._put_instead(matches, added)
        return self._removal(matches, phrase)

    def _adds(self, i: int) -> bool:
        """ "take rosa off and add jay"."""
        return (self.message.has(i, "join") or self.message.keys[i] == ",") and self.message.has(i + 1, "adding")

    def _put_instead(self, matches: list[Match], added: int) -> Turn:
        target, new = self.targets.one(matches), self.item(added + 2, self.size)
        return Turn(Move.CHANGE, (new,) if new else (), target.id if target else None)

    def _removal(self, matches: list[Match], phrase: Phrase) -> Turn | None:
        last = self.targets.last() if not matches and self._means_last(phrase) else None
        target = self.targets.one(matches) or last
        if matches or target:
            return Turn(Move.REMOVE, target=target.id if target else None)
        sure = self.message.said(phrase.start, phrase.end) in self.message.words.words("remove.sure")
        return Turn(Move.REMOVE) if sure else None

    def _means_last(self, phrase: Phrase) -> bool:
        """ "remove her", "quítala"."""
        verb = self.message.keys[phrase.end - 1]
        rest = [i for i in range(phrase.end, self.size) if self.message.tokens[i].kind == "word"]
        if verb in _IDLE_WITH_IT:
            return False
        if not rest:
            return self.message.has(phrase.end - 1, "remove.with_pronoun")
        return len(rest) <= 2 and all(self.message.has(i, "pronouns") or self.message.has(i, "polite") for i in rest)

    def _not_anymore(self) -> Turn | None:
        """ "not ms lee", "rosa no": of a line in this section, with nothing in its place."""
        if self.stage != "more":
            return None
        start, end = self._denied_span()
        if not 0 < end - start <= 4:
            return None
        here = [m for m in self.match(start, end) if m.known in self.targets.here]
        target = self.targets.one(here)
        return Turn(Move.REMOVE, target=target.id) if target else None

    def _denied_span(self) -> tuple[int, int]:
        spanish = self.message.language == "es"
        opening = next((p for p in self.lists["not"] if p.start == self.start or (p.start == 0 and spanish)), None)
        if opening:
            return opening.end, self.size
        if self.size <= 4 and self.message.keys[-1] == "no":
            return self.start, self.size - 1
        return 0, 0
