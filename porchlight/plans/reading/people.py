"""Read people and helplines out of a message."""

from dataclasses import dataclass, field

from .frame import Frame, Verdict
from .kin import Head, Kin
from .message import Message
from .model import MAX_ITEMS, MAX_NAME, MAX_PHONE, Item, Kind
from .names import with_capitals
from .notes import Notes, Range
from .phones import is_short_line, is_text_code
from .split import Segment, segments


@dataclass(slots=True)
class Draft:
    head: Head
    phone: str | None = None
    notes: list[Range] = field(default_factory=list)
    relationship: str | None = None
    segment: int = 0

    @property
    def bare(self) -> bool:
        """A name and nothing that says who it is."""
        return (
            self.head.name is not None
            and self.relationship is None
            and not (self.head.role or self.head.line)
        )


class PeopleReader:
    def __init__(self, message: Message, kind: Kind, intent: str | None) -> None:
        self.message, self.kind = message, kind
        self.kin, self.notes = Kin(message), Notes(message)
        self.frame = Frame(message, intent)
        self.drafts: list[Draft] = []
        self.segments = segments(message, kind)
        self.index = 0
        self.shared: str | None = None
        """The relationship of "my sisters", for the names that follow."""

        self.excluding = False
        self.owed: str | None = None
        """A number said before the name it belongs to."""

        self.chatter = False

    def items(self) -> tuple[Item, ...]:
        for self.index, segment in enumerate(self.segments):
            if len(self.drafts) >= MAX_ITEMS:
                break
            self._read(segment)
        self._settle_number()
        if self.chatter:
            self.drafts = [d for d in self.drafts if d.head.strong or d.phone or d.relationship]
        return tuple(self._item(d) for d in self.drafts)[:MAX_ITEMS]

    def _read(self, segment: Segment) -> None:
        start, end = segment.start, segment.end
        if self.frame.is_question(segment):
            self.shared = None
            return
        if segment.separator not in {"and", "or"}:
            self.excluding = False
        if self.drafts and self._continues(segment):
            self._gather((start, end), apposition=False)
            return
        head = self._next_head(start, end)
        if head is None:
            self._without_head(segment)
            return
        self._with_head(segment, head)

    def _next_head(self, start: int, end: int) -> Head | None:
        i = start
        while i < end:
            if i in self.frame.marks and self.frame.marks[i].end > i + 1 and self.frame.marks[i].end <= end:
                i = self.frame.marks[i].end
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

    def _says_who(self, segment: Segment) -> bool:
        """ "shes my aunt"."""
        head = self._next_head(segment.start, segment.end)
        return bool(
            head
            and head.kin
            and head.name is None
            and head.end == segment.end
            and self.frame.is_link(segment.start, head.start)
        )

    # -- a segment without anybody in it

    def _without_head(self, segment: Segment) -> None:
        phones = [i for i in range(segment.start, segment.end) if self._is_phone(i)]
        if phones:
            self._loose_numbers(segment, phones)
        elif self._is_name_in_list(segment):
            self.drafts.append(
                Draft(Head(segment.start, segment.end, name=(segment.start, segment.end)), segment=self.index)
            )
        elif self.frame.is_filler(segment.start, segment.end):
            self._hedges(segment.start, segment.end)
        elif self.drafts and (self.frame.opens_note(segment) or segment.separator in {"paren", "dash"}):
            self._note(segment.start, segment.end)
        elif segment.end - segment.start > 2:
            self.chatter = True

    def _is_name_in_list(self, segment: Segment) -> bool:
        """ "jay and will": a word of every day, in a list of names."""
        last = self.drafts[-1] if self.drafts else None
        listed = segment.separator in {"and", "comma"} and segment.end - segment.start == 1
        return bool(listed and last and last.head.name and self.index == last.segment + 1) and (
            self.message.keys[segment.start] in self.message.words.given)  # fmt: skip

    def _loose_numbers(self, segment: Segment, phones: list[int]) -> None:
        before = segment.start
        for i in phones:
            text = self._phone_text(i)
            alone = is_short_line(text) and (segment.separator != "paren" or not self.drafts)
            if (
                self.drafts
                and not self.drafts[-1].phone
                and not (alone and segment.separator in {"comma", "and", "hard", "or"})
            ):
                self._note(before, i)
                self._give_phone(i)
            elif self.drafts and not alone and self.drafts[-1].phone and self.frame.is_link(segment.start, i):
                self._note(i, i + 1)
            else:
                self._number_item(before, i)
            before = i + 1
        self._note(before, segment.end)

    def _number_item(self, before: int, i: int) -> None:
        """A number alone, or with words that name whose it is: "youth law center 555-0155"."""
        start, end = self.notes.strip(self.frame.skip_talk(before, i), i)
        named = any(self.message.keys[p] not in self.message.words.function for p in range(start, end))
        if self.message.said(before, i) in self.message.words.words("own_number"):
            return
        texting = any(self.message.has(p, "texting") for p in range(before, i))
        name = (start, end) if named and not texting and end - start <= 6 else (i, i + 1)
        draft = Draft(Head(i, i + 1, name=name, line=True), phone=self._phone_text(i), segment=self.index)
        self.drafts.append(draft)
        if texting:
            draft.notes.append((before, i))

    def _hedges(self, start: int, end: int) -> None:
        if self.drafts:
            self.drafts[-1].notes += self.frame.hedges(start, end)

    # -- a segment with somebody

    def _with_head(self, segment: Segment, head: Head) -> None:
        verdict = self.frame.before(segment.start, head, self.excluding)
        if verdict is Verdict.EXCLUDED:
            self._exclude(segment, head)
            return
        if self._in_apposition(segment, head) or self._names_last(segment, head):
            return
        if self._listed_in_note(segment, head):
            self._note(segment.start, segment.end)
            return
        while head is not None and len(self.drafts) < MAX_ITEMS:
            following, rest = self._run_on(head, segment.end)
            self._add(segment, head, rest, verdict)
            head, verdict = following, Verdict.CLEAN  # type: ignore[assignment]  # the loop ends on None

    def _exclude(self, segment: Segment, head: Head) -> None:
        self.shared = None
        if self.drafts and self.frame.opens_with_but(segment):
            self._note(segment.start, segment.end)
            return
        self.excluding = True
        following, _ = self._run_on(head, segment.end)
        if following and self.message.keys[following.start - 1] in {"but", "pero", "sino", "only", "just"}:
            self.excluding = False
            rest = Segment(following.start, segment.end, "comma", segment.clause)
            self._with_head(rest, following)

    def _run_on(self, head: Head, end: int) -> tuple[Head | None, Range]:
        """The next person in the same breath, and what is said before them."""
        if head.role:
            head.end = self.frame.role_end(head.end, end)
            head.name = (head.start, head.end)
        i, closed, subordinate = head.end, True, False
        while i < end:
            following = self.kin.head_at(i, end) if not self._is_phone(i) else None
            if following and self._begins_new(head, following, closed, subordinate):
                return following, (head.end, following.start)
            after = following.end if following else i + 1
            closed = closed and all(self._is_phone(k) or self.frame.is_closed(k) for k in range(i, after))
            subordinate = self.frame.still_subordinate(i, after, subordinate)
            i = after
        return None, (head.end, end)

    def _begins_new(self, head: Head, new: Head, closed: bool, subordinate: bool) -> bool:
        gap = range(head.end, new.start)
        if new.role or new.line and not closed:
            return False
        certain = new.kin is not None or new.relationship is not None or self._is_address(new)
        if not gap:
            return certain and not self._attaches(head, new)
        if closed:
            return certain or new.strong
        governed = self.message.has(new.start - 1, "govern")
        return certain and not governed and (new.name is not None) and not subordinate

    def _is_address(self, head: Head) -> bool:
        return head.name is not None and self.message.has(head.name[0], "address")

    def _attaches(self, head: Head, new: Head) -> bool:
        """ "rosa my aunt", not "jay my mom"."""
        return head.name is not None and head.relationship is None and new.name is None and not new.close

    def _in_apposition(self, segment: Segment, head: Head) -> bool:
        """ "Rosa, my aunt", "Ana and Luz (my sisters)", "jay. hes my cousin"."""
        last = self.drafts[-1] if self.drafts else None
        if head.kin is None or head.name is not None or last is None or not last.bare:
            return False
        plain = segment.separator in {"paren", "dash"} or self.frame.opens_with_subject(segment)
        listed = segment.separator == "comma" and head.own and not head.close and not self._list_goes_on()
        if not (plain or listed) or not (head.start == segment.start or plain):
            return False
        self._tell_who(head)
        self._gather((head.end, segment.end))
        return True

    def _names_last(self, segment: Segment, head: Head) -> bool:
        """ "my therapist (her name is Sam)", "my caseworker, Denise, 555-0170"."""
        last = self.drafts[-1].head if self.drafts else None
        if (
            not last
            or not last.kin
            or last.name
            or last.plural
            or head.name is None
            or head.relationship
            or head.line
            or head.role
        ):
            return False
        told = (
            segment.start in self.kin.intros or segment.separator == "paren" and head.start == segment.start
        )
        listed = (
            segment.separator == "comma"
            and not self._is_one_close_word(last)
            and last.own
            and not self.drafts[-1].notes
            and self._ends_here(segment, head)
        )
        if not (told or listed):
            return False
        last.name = head.name
        self._gather((head.end, segment.end))
        return True

    @staticmethod
    def _is_one_close_word(head: Head) -> bool:
        """ "my mom, Jay" are two; "my foster mom, Denise" is one."""
        return head.close and head.kin is not None and head.kin[1] - head.kin[0] == 1

    def _ends_here(self, segment: Segment, head: Head) -> bool:
        """One name between commas, and no list of names after it."""
        if head.start != segment.start or len(self.drafts) > 1 or self.message.has(head.start, "address"):
            return False
        following = self.segments[self.index + 1] if self.index + 1 < len(self.segments) else None
        return following is None or following.separator == "paren" or (
            self.frame.opens_with_subject(following) or self._is_phone(following.start))  # fmt: skip

    def _listed_in_note(self, segment: Segment, head: Head) -> bool:
        """ "she lives with my mom and my brother": the brother is no answer either."""
        if (
            segment.separator not in {"and", "or"}
            or head.name
            or not head.kin
            or not self.drafts
            or not self.drafts[-1].notes
        ):
            return False
        start, end = self.drafts[-1].notes[-1]
        other = next((h for i in range(start, end) if (h := self.kin.head_at(i, end))), None)
        return other is not None and other.end == end and end < segment.start

    def _list_goes_on(self) -> bool:
        following = self.segments[self.index + 1] if self.index + 1 < len(self.segments) else None
        head = self.kin.head_at(following.start, following.end) if following else None
        return bool(head and head.kin and head.name is None)

    def _tell_who(self, head: Head) -> None:
        for draft in reversed(self.drafts):
            if not draft.bare:
                break
            draft.relationship = head.relationship
            if not head.plural:
                break

    def _add(self, segment: Segment, head: Head, rest: Range, verdict: Verdict) -> None:
        phones = any(self._is_phone(i) for i in range(head.start, rest[1])) or any(
            self._is_phone(i)
            for i in range(segment.start, head.start)
            if verdict is not Verdict.CLEAN or not self.drafts
        )
        if not self.frame.accepts(segment, head, rest, verdict, phones):
            self.chatter = self.chatter or rest[1] - segment.start > 2
            return
        rest = self._late_name(head, rest)
        draft = Draft(head, relationship=head.relationship, segment=self.index)
        draft.notes += self.frame.hedges(segment.start, head.start) if verdict is not Verdict.UNCLEAN else []
        draft.notes += self.frame.orders(segment.start, head.start)
        self._share(segment, draft)
        self.drafts.append(draft)
        self._early_number(segment, head)
        self._gather(rest)

    def _late_name(self, head: Head, rest: Range) -> Range:
        """ "my teacher, she said i can call, her name is ms brooks": the rest without the name."""
        if head.name or not head.kin or head.plural:
            return rest
        for i in range(*rest):
            intro = self.kin.intros.get(i)
            if intro and intro.end - i > 1 and intro.end < rest[1]:
                named = self.kin.head_at(intro.end, rest[1])
                if named and named.name and named.end == rest[1]:
                    head.name = named.name
                    return rest[0], i
        return rest

    def _share(self, segment: Segment, draft: Draft) -> None:
        """ "my sisters Ana and Luz": Luz is a sister too."""
        last = self.drafts[-1] if self.drafts else None
        if draft.bare and self.shared and last:
            if last.head.name is None and segment.separator != "and" and not self.notes.text(last.notes):
                self.drafts.pop()
            if last.head.name is not None or segment.separator != "and":
                draft.relationship = self.shared
            if segment.separator in {"and", "hard"}:
                self.shared = None
        else:
            self.shared = draft.relationship if draft.head.plural else None

    def _early_number(self, segment: Segment, head: Head) -> None:
        for i in range(segment.start, head.start):
            if self._is_phone(i):
                self._give_phone(i)

    def _gather(self, rest: Range, apposition: bool = True) -> None:
        """Give the last person what the rest of the segment says: relationship, numbers, notes."""
        start, end = rest
        start = self._apposition_within(start, end) if apposition else start
        before = start
        for i in range(start, end):
            if self._is_phone(i):
                self._note(before, i)
                self._give_phone(i)
                before = i + 1
        self._note(before, end)

    def _apposition_within(self, start: int, end: int) -> int:
        last = self.drafts[-1]
        if not last.bare or start >= end:
            return start
        i = self.frame.link_end(start, end)
        head = self.kin.head_at(i, end) if i < end else None
        if head and head.kin and head.name is None and (i > start or not head.close):
            self._tell_who(head)
            return head.end
        return start

    def _give_phone(self, i: int) -> None:
        last = self.drafts[-1]
        if last.phone is None:
            last.phone = self._phone_text(i)
        else:
            last.notes.append((i, i + 1))

    def _note(self, start: int, end: int) -> None:
        if self.drafts and start < end:
            self.drafts[-1].notes.append((start, end))

    def _settle_number(self) -> None:
        pass

    def _is_phone(self, i: int) -> bool:
        token = self.message.tokens[i]
        return token.kind == "phone" or is_text_code(token.key) and (
            self.kind == "contacts" or any(self.message.has(p, "texting") for p in range(max(0, i - 3), i)))  # fmt: skip

    def _phone_text(self, i: int) -> str:
        return " ".join(self.message.tokens[i].text.split())[:MAX_PHONE]

    def _item(self, draft: Draft) -> Item:
        relationship = draft.relationship
        if draft.head.plural and draft.head.name is None and draft.head.kin and relationship:
            relationship = self.message.slice(*draft.head.kin).lower()
        return Item(
            self._name(draft),
            relationship and relationship[:MAX_NAME],
            draft.phone,
            self.notes.text(draft.notes),
        )

    def _name(self, draft: Draft) -> str:
        head = draft.head
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
