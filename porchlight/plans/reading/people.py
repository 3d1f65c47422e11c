"""Read people and helplines out of a message."""

from .drafts import Draft, Drafts
from .frame import Frame, Verdict
from .head import Head
from .kin import Kin
from .linked import Linked
from .message import Message
from .model import Item, Kind
from .notes import Range
from .offers import Offers
from .phones import is_short_line
from .split import Segment, segments

_OPPOSITES = frozenset({"but", "pero", "sino", "only", "just"})


class PeopleReader:
    def __init__(self, message: Message, kind: Kind, intent: str | None) -> None:
        self.message = message
        self.kin, self.frame = Kin(message), Frame(message)
        self.offers = Offers(message, self.frame, intent)
        self.drafts = Drafts(message, kind, self.kin, self.frame)
        self.segments = segments(message, kind)
        self.linked = Linked(message, self.kin, self.frame, self.drafts, self.segments)
        self.index = 0
        self.shared: str | None = None
        """The relationship of "my sisters", for the names that follow."""

        self.excluding = False
        """ "not my mom or my dad": still among those who must not be asked."""

        self.chatter = False

    def items(self) -> tuple[Item, ...]:
        for index, segment in enumerate(self.segments):
            if self.drafts.full:
                break
            self.index = index
            self._read(segment)
        if self.chatter:
            self.drafts.list = [d for d in self.drafts.list if d.head.strong or d.phone or d.relationship]
        return self.drafts.items()

    def _read(self, segment: Segment) -> None:
        if self.frame.questions.asks(segment):
            self.shared = None
            return
        self.excluding = self.excluding and segment.separator in {"and", "or"}
        if self.drafts.last and self._continues(segment):
            self._remark(segment)
            return
        head = self._next_head(segment.start, segment.end)
        if head is None:
            self._without_head(segment)
        else:
            self._with_head(segment, head)

    def _next_head(self, start: int, end: int) -> Head | None:
        i = start
        while i < end:
            mark = self.frame.marks.get(i)
            if mark and i + 1 < mark.end <= end:
                i = mark.end
                continue
            head = self.kin.head_at(i, end)
            if head:
                return head
            i += 1
        return None

    def _continues(self, segment: Segment) -> bool:
        """A remark about the one before, though it may name others: "she lives with my mom"."""
        if self.frame.opens_with_subject(segment):
            return not self._says_who(segment)
        return segment.separator != "hard" and self.frame.opens_with_condition(segment)

    def _remark(self, segment: Segment) -> None:
        """ "my uncle. he hurts me" takes the uncle back."""
        if self.offers.is_unsafe(segment.start, segment.end):
            self.drafts.list.pop()
        else:
            self.drafts.gather((segment.start, segment.end), apposition=False)

    def _says_who(self, segment: Segment) -> bool:
        """ "shes my aunt"."""
        head = self._next_head(segment.start, segment.end)
        alone = head is not None and head.kin is not None and head.name is None and head.end == segment.end
        return head is not None and alone and self.frame.is_link(segment.start, head.start)

    # -- a segment without anybody in it

    def _without_head(self, segment: Segment) -> None:
        phones = [i for i in range(segment.start, segment.end) if self.drafts.is_phone(i)]
        if phones:
            self._loose_numbers(segment, phones)
        elif self._is_name_in_list(segment):
            span = (segment.start, segment.end)
            self.drafts.add(Draft(Head(*span, name=span), self.index))
        elif self.frame.is_filler(segment.start, segment.end):
            self.drafts.remarks(self.frame.hedges(segment.start, segment.end))
        elif self.frame.opens_note(segment) or segment.separator in {"paren", "dash"}:
            self.drafts.note(segment.start, segment.end)
        elif segment.end - segment.start > 2:
            self.chatter = True

    def _is_name_in_list(self, segment: Segment) -> bool:
        """ "jay and will": a word of every day, in a list of names."""
        last = self.drafts.last
        if segment.end - segment.start != 1 or self.message.tokens[segment.start].key not in self.message.words.given:
            return False
        after_name = last is not None and last.bare and self.index == last.segment + 1
        return (after_name and segment.separator in {"and", "comma"}) or self._before_name(segment)

    def _before_name(self, segment: Segment) -> bool:
        following = self.segments[self.index + 1] if self.index + 1 < len(self.segments) else None
        if following is None or following.separator not in {"and", "comma"} or segment.separator != "start":
            return False
        head = self.kin.head_at(following.start, following.end)
        return head is not None and head.name is not None and not head.relationship and head.end == following.end

    def _loose_numbers(self, segment: Segment, phones: list[int]) -> None:
        before = segment.start
        for i in phones:
            last = self.drafts.last
            alone = is_short_line(self.drafts.phone_text(i)) and segment.separator not in {
                "paren",
                "dash",
                "start",
            }
            if last and not last.phone and not alone:
                self.drafts.note(before, i)
                self.drafts.give_phone(i)
            elif last and not alone and self.frame.is_link(segment.start, i):
                self.drafts.note(i, i + 1)
            else:
                self._number_item(before, i)
            before = i + 1
        self.drafts.note(before, segment.end)

    def _number_item(self, before: int, i: int) -> None:
        """A number alone, or with words that name whose it is: "youth law center 555-0155"."""
        if self.message.said(before, i) in self.message.words.words("own_number"):
            return
        start, end = self.drafts.notes.strip(self.frame.skip_lead(before, i), i)
        named = any(self.message.keys[p] not in self.message.words.function for p in range(start, end))
        texting = any(self.message.has(p, "texting") for p in range(before, i))
        name = (start, end) if named and not texting and end - start <= 6 else (i, i + 1)
        draft = Draft(Head(i, i + 1, name=name, line=True), self.index, self.drafts.phone_text(i))
        draft.notes += [(before, i)] if texting else []
        self.drafts.add(draft)

    # -- a segment with somebody

    def _with_head(self, segment: Segment, head: Head) -> None:
        verdict = self.frame.before(segment.start, head, self.excluding)
        if verdict is Verdict.EXCLUDED:
            self._exclude(segment, head)
        elif not self.linked.take(self.index, head):
            self._people_in(segment, head, verdict)

    def _people_in(self, segment: Segment, head: Head | None, verdict: Verdict) -> None:
        while head is not None and not self.drafts.full:
            following, rest = self._run_on(head, segment.end)
            self._add(segment, head, rest, verdict)
            head, verdict = following, Verdict.CLEAN

    def _exclude(self, segment: Segment, head: Head) -> None:
        self.shared = None
        if self.drafts.last and self.frame.opens_with_but(segment):
            self.drafts.note(segment.start, segment.end)
            return
        self.excluding = True
        following, _ = self._run_on(head, segment.end)
        if following and self.message.keys[following.start - 1] in _OPPOSITES:
            self.excluding = False
            self._people_in(segment, following, Verdict.CLEAN)

    def _run_on(self, head: Head, end: int) -> tuple[Head | None, Range]:
        """The next person in the same breath, and what is said before them."""
        if head.role:
            head.end = self.frame.role_end(head.end, end)
            head.name = (head.start, head.end)
        i, closed, subordinate = head.end, True, False
        while i < end:
            following = None if self.drafts.is_phone(i) else self.kin.head_at(i, end)
            if following and self._begins_new(head, following, closed, subordinate):
                return following, (head.end, following.start)
            after = following.end if following else i + 1
            closed = closed and all(self.drafts.is_phone(k) or self.frame.is_closed(k) for k in range(i, after))
            subordinate = self.frame.still_subordinate(i, after, subordinate)
            i = after
        return None, (head.end, end)

    def _begins_new(self, head: Head, new: Head, closed: bool, subordinate: bool) -> bool:
        """`closed`: only numbers, hedges and the like stand between; `subordinate`: after a "when", "if"."""
        if new.role or (new.line and not closed):
            return False
        address = new.name is not None and self.message.has(new.name[0], "address")
        certain = new.kin is not None or new.relationship is not None or address
        if new.start == head.end:
            attaches = head.name is not None and head.relationship is None and new.name is None and not new.close
            return certain and not attaches
        if closed:
            return certain or new.strong
        governed = self.message.has(new.start - 1, "govern")
        opposed = self.message.keys[new.start - 1] in _OPPOSITES and new.own
        return certain and not governed and (new.name is not None or opposed) and not subordinate

    def _add(self, segment: Segment, head: Head, rest: Range, verdict: Verdict) -> None:
        early = self._early_numbers(segment, head)
        numbered = self.drafts.any_phone(head.start, rest[1]) or bool(early)
        nameless = head.name is None
        rest = self._late_name(head, rest)
        introduced = nameless and head.name is not None and not self.offers.is_unsafe(*rest)
        if not (introduced or self.offers.accepts(segment.start, head, rest, verdict, numbered)):
            self._drop(segment, head, rest)
            return
        draft = Draft(head, self.index, relationship=head.relationship)
        draft.notes += self.frame.hedges(segment.start, head.start) if verdict is not Verdict.UNCLEAN else []
        draft.notes += self.frame.orders(segment.start, head.start)
        self._share(segment, draft)
        self.drafts.add(draft)
        for i in early:
            self.drafts.give_phone(i)
        self.drafts.gather(rest)

    def _drop(self, segment: Segment, head: Head, rest: Range) -> None:
        """ "my aunt rosa but my mom cant know": no answer, but said of the one before in the same breath."""
        last = self.drafts.last
        if last and last.segment == self.index:
            self.drafts.note(head.start, rest[1])
        else:
            self.chatter = self.chatter or rest[1] - segment.start > 2

    def _early_numbers(self, segment: Segment, head: Head) -> list[int]:
        """ "555-0101 is my aunt": numbers before the first person of the segment."""
        last = self.drafts.last
        if last and last.segment == self.index:
            return []
        return [i for i in range(segment.start, head.start) if self.drafts.is_phone(i)]

    def _late_name(self, head: Head, rest: Range) -> Range:
        """ "my teacher said i can call her name is ms brooks": the rest without the name."""
        if head.name or not head.kin or head.plural:
            return rest
        for i in range(*rest):
            intro = self.kin.intros.get(i)
            if intro and not self.message.has(i, "not_intro") and intro.end < rest[1]:
                named = self.kin.head_at(intro.end, rest[1])
                if named and named.name and named.end == rest[1]:
                    head.name = named.name
                    return rest[0], i
        return rest

    def _share(self, segment: Segment, draft: Draft) -> None:
        """ "my sisters Ana and Luz": Luz is a sister too."""
        last = self.drafts.last
        if not (draft.bare and self.shared and last):
            self.shared = draft.relationship if draft.head.plural else None
            return
        if last.head.name is None and segment.separator != "and" and not self.drafts.notes.text(last.notes):
            self.drafts.list.pop()
        if last.head.name is not None or segment.separator != "and":
            draft.relationship = self.shared
        if segment.separator in {"and", "hard"}:
            self.shared = None
