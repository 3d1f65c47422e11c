"""Read safe places out of a message: kept as written, "the library on 5th"."""

from dataclasses import dataclass, field

from .frame import Frame
from .kin import Kin
from .message import Message
from .model import MAX_ITEMS, MAX_NAME, MAX_PHONE, Item
from .names import Names
from .notes import Notes, Range
from .split import Segment, segments

_IS = frozenset({"is", "are", "be", "es", "son", "seria", "serian", "esta", "was", "thats", "its"})
_LONGEST = 40
"""Tokens of a place's name; what follows is a note."""

_NOT_SAFE = _IS | {"isnt", "aint", "feels", "doesnt", "arent", "wasnt", "no", "not"}


@dataclass(slots=True)
class _Place:
    name: Range
    notes: list[Range] = field(default_factory=list)
    phone: str | None = None
    address: bool = False


class PlacesReader:
    def __init__(self, message: Message, intent: str | None, more_words: tuple[str, ...] = ()) -> None:
        self.message, self.words = message, message.words
        self.answering = intent == "answer"
        self.names, self.kin = Names(message), Kin(message)
        self.frame, self.notes = Frame(message, intent), Notes(message)
        self.note_starts = {p.start: p for p in message.find("places.note_start", "places.proper")}
        self.place_words = {p.start: p for p in message.find("places.words", "places.proper", *more_words)}
        self.places: list[_Place] = []
        self.excluding = False

    def items(self) -> tuple[Item, ...]:
        for segment in segments(self.message, "places"):
            if len(self.places) >= MAX_ITEMS:
                break
            self._read(segment)
        return tuple(self._item(place) for place in self.places)[:MAX_ITEMS]

    def _read(self, segment: Segment) -> None:
        if self.frame.is_question(segment):
            return
        self.excluding = self.excluding and segment.separator in {"and", "or"}
        begin = self._skip_talk(segment.start, segment.end)
        if self._excluded(segment.start, begin, segment.end):
            self._exclude(segment)
        elif begin >= segment.end:
            self._hedges(segment.start, segment.end)
        elif self.places and self._is_remark(segment, begin):
            self._remark(segment.start, segment.end)
        else:
            self._take(begin, segment.end, self.frame.hedges(segment.start, begin))

    def _exclude(self, segment: Segment) -> None:
        if self.places and self.frame.opens_with_but(segment):
            self._remark(segment.start, segment.end)
            return
        self.excluding = True
        but = next(
            (
                i
                for i in range(segment.start, segment.end - 1)
                if self.message.keys[i] in {"but", "pero", "sino"}
            ),
            None,
        )
        if but and not self.frame.marks_cover(but):
            self.excluding = False
            self._read(Segment(but + 1, segment.end, "comma", segment.clause))

    def _excluded(self, start: int, begin: int, end: int) -> bool:
        labels = {m.label for i in range(start, min(begin + 1, end)) if (m := self.frame.marks.get(i))}
        if "include" in labels:
            return False
        return self.excluding or bool(labels & {"exclude", "negation"})

    def _hedges(self, start: int, end: int) -> None:
        if self.places:
            self.places[-1].notes += self.frame.hedges(start, end)

    # -- what stands before the place

    def _skip_talk(self, i: int, end: int) -> int:
        i = self._after_is(i, end)
        while i < end:
            mark = self.frame.marks.get(i)
            if i in self.place_words or self.message.tokens[i].kind == "phone":
                break
            if mark and mark.end <= end and (mark.label in {"filler", "hedge", "include", "affirm", "deny"}):
                i = mark.end
            elif self._is_talk(i, end):
                i += 1
            else:
                break
        return i

    def _after_is(self, start: int, end: int) -> int:
        """ "the only place i feel safe is ...": all of it is talk."""
        talk = self.frame.talk_end(start, end - 1)
        return next(
            (i + 1 for i in range(min(talk, end - 2), start, -1) if self.message.keys[i] in _IS), start
        )

    def _is_talk(self, i: int, end: int) -> bool:
        if self.message.tokens[i].kind == "mark":
            return True
        if self.message.has(i, "possessives") or self.message.has(i, "places.prefix_parts"):
            return False
        return self.message.has(i, "lead") or self.message.has(i, "places.go_to")

    # -- the place itself

    def _take(self, begin: int, end: int, hedges: list[Range]) -> None:
        if not self._opens_place(begin) or self.message.has(begin - 1, "subjects"):
            begin = self._after_preposition(begin, end)
        stop = self._name_end(begin, min(end, begin + _LONGEST))
        if self.answering and not self._is_place(begin, stop):
            begin = self._after_preposition(begin, end)
            stop = self._name_end(begin, min(end, begin + _LONGEST))
        cut = self._run_on(begin, stop)
        if (
            begin < stop
            and len(self.places) < MAX_ITEMS
            and self._is_place(begin, cut or stop)
            and not self._is_unsafe(stop, end)
        ):
            place = _Place((begin, cut or stop), hedges, address=self._is_address(begin, stop))
            self.places.append(place)
            if cut:
                self._take(self._skip_talk(cut, end), end, [])
            else:
                self._remark(stop, end)
        elif self.places and self.frame.is_talk(begin, end):
            self._hedges(begin, end)

    def _name_end(self, begin: int, end: int) -> int:
        i = begin
        while i < end:
            if i in self.place_words and self.place_words[i].label == "places.proper":
                i = self.place_words[i].end
                continue
            if self.message.tokens[i].kind == "phone":
                break
            if i > begin and self._begins_note(i, begin):
                break
            i += 1
        return min(i, end)

    def _begins_note(self, i: int, begin: int) -> bool:
        mark = self.frame.marks.get(i)
        if mark and mark.label in {"filler", "hedge"}:
            return not (self.names.sure(i) or i in self.place_words)
        note = self.note_starts.get(i)
        if not note or note.label != "places.note_start" or i in self.place_words:
            return False
        return not self.message.has(i - 1, "possessives")

    def _opens_place(self, i: int) -> bool:
        if (
            self.message.has(i, "possessives")
            or self.message.has(i, "places.prefix_parts")
            or i in self.place_words
        ):
            return True
        return self.message.keys[i] not in self.words.function or self.names.sure(i)

    def _after_preposition(self, begin: int, stop: int) -> int:
        """ "we always hang out at the park": only believed when we were told that this is an answer."""
        if self.answering:
            for i in range(begin, stop - 1):
                if self.message.has(i, "places.go_to") and self._opens_place(i + 1):
                    return i + 1
        return stop

    def _run_on(self, begin: int, stop: int) -> int | None:
        """ "the library my aunts house": where the next place begins."""
        for i in range(begin + 1, stop - 1):
            new = self.message.has(i, "possessives") or self._unlinked_proper(i)
            if (
                new
                and not self._leads_on(i - 1)
                and self._has_place_word(begin, i)
                and self._has_place_word(i, stop)
            ):
                return i
        return None

    def _unlinked_proper(self, i: int) -> bool:
        return i in self.place_words and self.place_words[i].label == "places.proper"

    def _leads_on(self, i: int) -> bool:
        return any(
            self.message.has(i, n)
            for n in ("govern", "of", "places.prefix_parts", "places.crossing", "possessives")
        )

    def _has_place_word(self, start: int, end: int) -> bool:
        return any(i in self.place_words for i in range(start, end))

    def _is_place(self, begin: int, end: int) -> bool:
        if self._has_place_word(begin, end):
            return True
        return any(self._hints_place(i, begin, end) for i in range(begin, end)) or self._is_short_unknown(
            begin, end
        )

    def _hints_place(self, i: int, begin: int, end: int) -> bool:
        token = self.message.tokens[i]
        if token.kind != "word":
            return False
        if token.key.endswith("s") and (
            i in self.place_words or token.key[:-1] in self.words.words("places.words")
        ):
            return True
        if i > begin and (self.message.has(i, "places.streets") or self._is_crossing(begin, i)):
            return True
        return self._is_somebodys(i, end) or (i > begin and self._is_capital_name(i))

    def _is_somebodys(self, i: int, end: int) -> bool:
        """ "my grandmas", "jay's": their home."""
        token = self.message.tokens[i]
        base = token.key[:-1] if token.key.endswith("s") else token.key
        head = self.kin.head_at(i, end)
        theirs = head is not None and (
            head.end == end or token.key.endswith("s") or self.message.has(i - 1, "places.where")
        )
        return (
            bool(theirs and head and (head.kin or head.relationship))
            or base in self.words.given
            and base not in self.words.ordinary
        )

    def _is_crossing(self, begin: int, i: int) -> bool:
        """ "4th and main"."""
        return self.message.keys[i] in {"and", "y", "&", "n"} and self.message.keys[begin][:1].isdigit()

    def _is_capital_name(self, i: int) -> bool:
        return self.message.tokens[i].capital and not self.message.shouting and self.names.unknown(i)

    def _is_short_unknown(self, begin: int, end: int) -> bool:
        if self.answering and self.message.has(begin, "possessives") and 1 < end - begin <= 6:
            return True
        return end - begin <= 2 and all(
            self.message.tokens[i].kind == "word" and self.names.unknown(i) and self.names.at(i, end, "nothing") for i in range(begin, end))  # fmt: skip

    def _is_address(self, begin: int, stop: int) -> bool:
        return any(self.message.keys[i].isdigit() for i in range(begin, stop)) and any(
            self.message.has(i, "places.streets") for i in range(begin, stop)
        )

    def _is_unsafe(self, stop: int, end: int) -> bool:
        words = self.message.keys[stop : min(end, stop + 5)]
        if (
            words
            and words[0] in _NOT_SAFE
            and any(w in self.frame.negation or w.endswith("nt") for w in words[:3])
        ):
            return True
        return bool(words) and words[0] in _IS and any(w in self.frame.unsafe for w in words)

    # -- remarks about the last place

    def _is_remark(self, segment: Segment, begin: int) -> bool:
        last = self.places[-1]
        if self.message.tokens[begin].kind == "phone":
            return True
        if last.address and segment.separator == "comma" and not self._has_place_word(begin, segment.end):
            return not self.message.has(begin, "possessives")
        if segment.separator == "paren":
            return True
        opening = segment.start
        while opening < segment.end - 1 and self.message.tokens[opening].kind == "mark":
            opening += 1
        theirs = self.message.has(opening, "others") or self.message.has(opening, "subjects")
        if theirs and not self._has_place_word(begin, segment.end):
            return True
        if theirs and self.message.has(opening, "subjects"):
            return segment.separator != "hard"
        note = self.note_starts.get(opening) or self.note_starts.get(begin)
        return bool(note and note.label == "places.note_start" and note.start not in self.place_words)

    def _remark(self, start: int, end: int) -> None:
        last, before = self.places[-1], start
        for i in range(start, end):
            if self.message.tokens[i].kind == "phone" and last.phone is None:
                last.phone = " ".join(self.message.tokens[i].text.split())[:MAX_PHONE]
                last.notes.append((before, i))
                before = i + 1
        if before < end:
            last.notes.append((before, end))

    def _item(self, place: _Place) -> Item:
        start, end = self._trimmed(*place.name)
        words = [self._word(i) for i in range(start, end)]
        return Item("".join(words)[:MAX_NAME].strip(), None, place.phone, self.notes.text(place.notes))

    def _trimmed(self, start: int, end: int) -> Range:
        while start < end and self._is_margin(start):
            start += 1
        while start < end and self._is_margin(end - 1):
            end -= 1
        return start, end

    def _is_margin(self, i: int) -> bool:
        return self.message.tokens[i].kind == "mark" and self.message.keys[i] not in {"'", "#"}

    def _is_person(self, i: int) -> bool:
        """ "jays house", "tía lupe", but not "vine and ivy" or "st marys"."""
        if self.names.is_kin(i) or self.message.has(i - 1, "places.saints"):
            return False
        if self.message.has(i - 1, "titles") or self.names.is_kin(i - 1):
            return self.names.surely(i)
        return self.message.tokens[i].key.endswith("s") and self.names.surely(i)

    def _word(self, i: int) -> str:
        """A token with the space before it; the name of a person gets its capital."""
        token = self.message.tokens[i]
        text = token.text
        if self._is_person(i):
            text = text[:1].upper() + text[1:]
        spaced = i > 0 and self.message.tokens[i - 1].end < token.start
        return f" {text}" if spaced else text
