"""Read safe places out of a message: kept as written, "the library on 5th"."""

from dataclasses import dataclass, field

from .frame import Frame
from .message import Message
from .model import MAX_ITEMS, MAX_NAME, MAX_PHONE, Item
from .notes import Notes, Range
from .place_names import PlaceNames
from .split import Segment, segments

_PLACES = ("places.words", "places.proper")


@dataclass(slots=True)
class _Place:
    name: Range
    notes: list[Range] = field(default_factory=list)
    phone: str | None = None
    address: bool = False


class PlacesReader:
    def __init__(self, message: Message, intent: str | None, lists: tuple[str, ...] = _PLACES) -> None:
        """`lists`: whose words make a place."""
        self.message = message
        self.frame, self.notes = Frame(message), Notes(message)
        self.names = PlaceNames(message, self.frame, intent == "answer", lists)
        self.unsafe = message.words.words("unsafe")
        self.negation = message.words.words("negation")
        self.places: list[_Place] = []
        self.excluding = False

    def items(self) -> tuple[Item, ...]:
        for segment in segments(self.message, "places"):
            if len(self.places) >= MAX_ITEMS:
                break
            self._read(segment)
        return tuple(map(self._item, self.places))[:MAX_ITEMS]

    def _read(self, segment: Segment) -> None:
        if self.frame.questions.asks(segment):
            return
        self.excluding = self.excluding and segment.separator in {"and", "or"}
        begin = self.names.skip_talk(segment.start, segment.end)
        if self._excluded(segment.start, begin, segment.end):
            self._exclude(segment)
        elif begin >= segment.end:
            self._hedges(segment.start, segment.end)
        elif self.places and self._is_remark(segment, begin):
            self._remark(segment.start, segment.end)
        else:
            self._take(segment, begin, self.frame.hedges(segment.start, begin))

    def _excluded(self, start: int, begin: int, end: int) -> bool:
        labels = {m.label for i in range(start, min(begin + 1, end)) if (m := self.frame.marks.get(i))}
        return "include" not in labels and (self.excluding or bool(labels & {"exclude", "negation"}))

    def _exclude(self, segment: Segment) -> None:
        if self.places and self.frame.opens_with_but(segment):
            self._remark(segment.start, segment.end)
            return
        turn = self.frame.turn_in(segment.start, segment.end - 1)
        self.excluding = turn is None
        if turn is not None:
            self._read(Segment(turn + 1, segment.end, "comma", segment.clause))

    def _hedges(self, start: int, end: int) -> None:
        if self.places:
            self.places[-1].notes += self.frame.hedges(start, end)

    def _take(self, segment: Segment, begin: int, hedges: list[Range]) -> None:
        start, stop = self.names.span(begin, segment.end)
        if start == stop or self._is_unsafe(stop, segment.end):
            self._take_nothing(segment, begin, start == stop)
            return
        cut = self.names.run_on(start, stop)
        place = _Place((start, cut or stop), hedges, address=self.names.is_address(start, stop))
        self.places.append(place)
        if not cut:
            self._remark(stop, segment.end)
        elif len(self.places) < MAX_ITEMS:
            self._take(segment, self.names.skip_talk(cut, segment.end), [])

    def _take_nothing(self, segment: Segment, begin: int, no_place: bool) -> None:
        if self.frame.is_talk(begin, segment.end):
            self._hedges(begin, segment.end)
        elif self.places and no_place and segment.separator in {"comma", "dash"} and segment.end - begin > 1:
            self._remark(begin, segment.end)

    def _is_unsafe(self, stop: int, end: int) -> bool:
        """ "my house is not safe", "home is scary"."""
        words = self.message.keys[stop : min(end, stop + 5)]
        if not words or not (self.message.has(stop, "is_words") or self.message.has(stop, "is_not")):
            return False
        return any(w in self.negation for w in words[:3]) or any(w in self.unsafe for w in words)

    # -- remarks about the last place

    def _is_remark(self, segment: Segment, begin: int) -> bool:
        if self.message.tokens[begin].kind == "phone" or segment.separator == "paren":
            return True
        opening = segment.start
        while opening < segment.end - 1 and self.message.tokens[opening].kind == "mark":
            opening += 1
        named = self.names.has_word(begin, segment.end)
        if self.message.has(opening, "subjects"):
            return not named or segment.separator != "hard"
        if not named and (self.message.has(opening, "others") or self._goes_on_address(segment, begin)):
            return True
        return any(self._is_note_word(i) for i in (opening, begin))

    def _goes_on_address(self, segment: Segment, begin: int) -> bool:
        """ "1234 Oak St, Springfield"."""
        listed = segment.separator == "comma" and self.places[-1].address
        return listed and not self.message.has(begin, "possessives")

    def _is_note_word(self, i: int) -> bool:
        note = self.names.note_starts.get(i)
        return note is not None and note.label == "places.note_start" and i not in self.names.place_words

    def _remark(self, start: int, end: int) -> None:
        last, before = self.places[-1], start
        for i in range(start, end):
            if self.message.tokens[i].kind == "phone" and last.phone is None:
                last.phone = " ".join(self.message.tokens[i].text.split())[:MAX_PHONE]
                last.notes.append((before, i))
                before = i + 1
        last.notes.append((before, end))

    def _item(self, place: _Place) -> Item:
        name = self.names.text(*place.name)[:MAX_NAME].rstrip()
        return Item(name, None, place.phone, self.notes.text([n for n in place.notes if n[0] < n[1]]))
