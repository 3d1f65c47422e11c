"""Where the name of a place begins and ends, and what makes it one."""

from .frame import Frame
from .kin import Kin
from .message import Message
from .names import Names

_LONGEST = 40
"""Tokens of a place's name; what follows is a note."""


class PlaceNames:
    def __init__(self, message: Message, frame: Frame, answering: bool, lists: tuple[str, ...]) -> None:
        """`lists`: whose words make a place."""
        self.message, self.words, self.frame, self.answering = message, message.words, frame, answering
        self.names, self.kin = Names(message), Kin(message)
        self.note_starts = {p.start: p for p in message.find("places.note_start", "places.proper")}
        self.place_words = {p.start: p for p in message.find(*lists)}
        self.only_lines = "places.words" not in lists

    def has_word(self, start: int, end: int) -> bool:
        return any(i in self.place_words for i in range(start, end))

    # -- where it begins

    def skip_talk(self, i: int, end: int) -> int:
        """Past "i could go to", "the only place i feel safe is"."""
        i = self._after_is(i, end)
        while i < end and not self._begins(i):
            mark = self.frame.marks.get(i)
            if mark and mark.end <= end and mark.label not in {"exclude", "negation"}:
                i = mark.end
            elif self._is_talk(i):
                i += 1
            else:
                break
        return i

    def _begins(self, i: int) -> bool:
        """A place word, a number or words written as a name: "Safe Horizon"."""
        pair = self.message.tokens[i : i + 2]
        titled = len(pair) == 2 and all(token.capital and len(token.text) > 1 for token in pair)
        return i in self.place_words or pair[0].kind == "phone" or (titled and not self.message.shouting)

    def _after_is(self, start: int, end: int) -> int:
        talk = self.frame.talk_end(start, end - 1)
        ends = (i + 1 for i in range(min(talk, end - 2), start, -1) if self.message.has(i, "is_words"))
        return next(ends, start)

    def _is_talk(self, i: int) -> bool:
        if self.message.tokens[i].kind == "mark":
            return True
        if self.message.has(i, "possessives") or self.message.has(i, "places.prefix_parts"):
            return False
        return self.message.has(i, "lead") or self.message.has(i, "places.go_to")

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """The name in tokens [begin, end); empty if there is none."""
        if not self._opens(begin) or self.message.has(begin - 1, "subjects"):
            begin = self._after_preposition(begin, end)
        stop = self._end(begin, min(end, begin + _LONGEST))
        if self.answering and not self.is_place(begin, stop):
            begin = self._after_preposition(begin, end)
            stop = self._end(begin, min(end, begin + _LONGEST))
            if not self.has_word(begin, stop):
                return begin, begin
        cut = self.run_on(begin, stop) or stop
        good = self.is_place(begin, cut) and not self._is_statement(begin, cut, end)
        return (begin, stop) if good else (begin, begin)

    def _is_statement(self, begin: int, stop: int, end: int) -> bool:
        """ "my dad came into my room", "my boyfriend makes me ..." speak of people, not of places."""
        head = self.kin.head_at(begin, stop)
        owned = head is not None and self.message.tokens[head.end - 1].key.endswith("s")
        if head is not None and head.kin and head.end < stop and not owned:
            return not (head.end in self.place_words or self.message.has(head.end, "of_where"))
        vague = not self.has_word(begin, stop) and (head is None or not owned)
        return vague and stop < end and not self._is_remark(stop)

    def _is_remark(self, i: int) -> bool:
        """What may follow a place that only is somebody's: "with my aunt on weekends"."""
        if self.message.tokens[i].kind != "word" or i in self.frame.marks:
            return True
        note = self.note_starts.get(i)
        timed = note is not None and note.end > i + 1
        return timed or any(self.message.has(i, name) for name in ("conditions", "but", "of_where"))

    def _opens(self, i: int) -> bool:
        if any(self.message.has(i, name) for name in ("possessives", "places.prefix_parts")) or i in self.place_words:
            return True
        return self.message.keys[i] not in self.words.function or self.names.sure(i) or self._begins(i)

    def _after_preposition(self, begin: int, end: int) -> int:
        """ "we always hang out at the park": only believed when we were told that this is an answer."""
        starts = (i + 1 for i in range(begin, end - 1) if self.message.has(i, "places.go_to") and self._opens(i + 1))
        return next(starts, end) if self.answering else end

    # -- where it ends

    def _end(self, begin: int, end: int) -> int:
        i = begin
        while i < end and self.message.tokens[i].kind != "phone":
            if self._is_proper(i):
                i = self.place_words[i].end
            elif i > begin and self.begins_note(i):
                break
            else:
                i += 1
        return min(i, end)

    def _is_proper(self, i: int) -> bool:
        return i in self.place_words and self.place_words[i].label == "places.proper"

    def begins_note(self, i: int) -> bool:
        mark = self.frame.marks.get(i)
        if mark and mark.label in {"filler", "hedge"}:
            return not (self.names.sure(i) or i in self.place_words)
        note = self.note_starts.get(i)
        if not note or note.label != "places.note_start" or i in self.place_words:
            return False
        after_preposition = note.end == i + 1 and self.message.has(i - 1, "of_place")
        return not self.message.has(i - 1, "possessives") and not after_preposition

    def run_on(self, begin: int, stop: int) -> int | None:
        """ "the library my aunts house": where the next place begins."""
        starts = (i for i in range(begin + 1, stop - 1) if self.message.has(i, "possessives") or self._is_proper(i))
        free = (i for i in starts if not self._leads_on(i - 1))
        return next((i for i in free if self.has_word(begin, i) and self.has_word(i, stop)), None)

    def _leads_on(self, i: int) -> bool:
        lists = ("govern", "of", "places.prefix_parts", "places.crossing", "possessives")
        return any(self.message.has(i, name) for name in lists)

    # -- what makes it a place

    def is_place(self, begin: int, end: int) -> bool:
        if begin >= end:
            return False
        if self.only_lines:
            return self.has_word(begin, end) or self._is_named(begin, end)
        hinted = self.has_word(begin, end) or any(self._hints(i, begin, end) for i in range(begin, end))
        return hinted or self._is_somewhere(begin, end) or self._is_short_unknown(begin, end)

    def _is_named(self, begin: int, end: int) -> bool:
        """ "Safe Horizon": written as a name of several words."""
        words = self.message.tokens[begin:end]
        return 1 < len(words) < 6 and not self.message.shouting and all(w.capital for w in words)

    def _hints(self, i: int, begin: int, end: int) -> bool:
        token = self.message.tokens[i]
        if token.kind == "word" and token.key.endswith("s") and token.key[:-1] in self.words.words("places.words"):
            return True
        if i > begin and (self.message.has(i, "places.streets") or self._is_crossing(begin, i)):
            return True
        return token.kind == "word" and (self._is_somebodys(i, begin, end) or (i > begin and self._is_capital_name(i)))

    def _is_somebodys(self, i: int, begin: int, end: int) -> bool:
        """ "my grandmas", "jay's", "with my aunt": their home."""
        token = self.message.tokens[i]
        base = token.key.removesuffix("s")
        if base in self.words.given and not {token.key, base} & self.words.ordinary:
            return True
        head = self.kin.head_at(i, end)
        if head is None or not (head.kin or head.relationship):
            return False
        whole = head.end == end and i == begin
        at = self.message.has(i - 1, "places.where") or self.message.has(begin, "places.where")
        return whole or at or token.key.endswith("s")

    def _is_crossing(self, begin: int, i: int) -> bool:
        """ "4th and main"."""
        return self.message.has(i, "crossing_joins") and self.message.keys[begin][:1].isdigit()

    def _is_capital_name(self, i: int) -> bool:
        return self.message.tokens[i].capital and not self.message.shouting and self.names.unknown(i)

    def _is_somewhere(self, begin: int, end: int) -> bool:
        """ "my spot by the creek", if we were told that this is an answer."""
        mine = self.message.has(begin, "own") or self.message.has(begin, "definite")
        return self.answering and mine and 1 < end - begin <= 6

    def _is_short_unknown(self, begin: int, end: int) -> bool:
        words = range(begin, end)
        return end - begin <= 2 and all(self.names.unknown(i) and self.names.at(i, end, "nothing") for i in words)

    def is_address(self, begin: int, stop: int) -> bool:
        words = range(begin, stop)
        numbered = any(self.message.keys[i].isdigit() for i in words)
        return numbered and any(self.message.has(i, "places.streets") for i in words)

    # -- how it is written

    def text(self, start: int, end: int) -> str:
        """As written, without marks at its ends; the name of a person gets its capital."""
        while start < end and self._is_margin(start):
            start += 1
        while start < end and self._is_margin(end - 1):
            end -= 1
        return "".join(map(self._word, range(start, end))).strip()

    def _is_margin(self, i: int) -> bool:
        return self.message.tokens[i].kind == "mark" and self.message.keys[i] != "#"

    def _word(self, i: int) -> str:
        """A token with the space before it."""
        token = self.message.tokens[i]
        text = token.text[:1].upper() + token.text[1:] if self._is_person(i) else token.text
        return f" {text}" if i > 0 and self.message.tokens[i - 1].end < token.start else text

    def _is_person(self, i: int) -> bool:
        """ "jays house", "tía lupe", but not "vine and ivy" or "st marys"."""
        if self.names.is_kin(i) or self.message.has(i - 1, "places.saints"):
            return False
        if self.message.has(i - 1, "titles") or self.names.is_kin(i - 1) or self.message.keys[i - 1] == "de":
            return self.names.surely(i)
        return self.message.tokens[i].key.endswith("s") and self.names.surely(i)
