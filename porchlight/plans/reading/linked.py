"""Segments that only say more about the person before: "my therapist (her name is Sam)"."""

from .drafts import Drafts
from .frame import Frame
from .head import Head
from .kin import Kin
from .message import Message
from .split import Segment


class Linked:
    def __init__(self, message: Message, kin: Kin, frame: Frame, drafts: Drafts, segments: list[Segment]) -> None:
        self.message, self.kin, self.frame = message, kin, frame
        self.drafts, self.segments = drafts, segments

    def take(self, index: int, head: Head) -> bool:
        """Give the segment to the last person if it speaks of them; False if it is about somebody new."""
        if self.drafts.last is None:
            return False
        segment = self.segments[index]
        following = self.segments[index + 1] if index + 1 < len(self.segments) else None
        if self._tells_relationship(segment, head, following):
            self.drafts.tell_who(head)
            self.drafts.gather((head.end, segment.end))
            return True
        if self._tells_name(segment, head, following):
            self.drafts.last.head.name = head.name
            self.drafts.gather((head.end, segment.end))
            return True
        if self._is_aside(segment, head) or self._is_listed_in_note(segment, head):
            self.drafts.gather((segment.start, segment.end), apposition=False)
            return True
        return False

    # -- "Rosa, my aunt", "Ana and Luz (my sisters)", "jay. hes my cousin"

    def _tells_relationship(self, segment: Segment, head: Head, following: Segment | None) -> bool:
        last = self.drafts.last
        if head.kin is None or head.name is not None or last is None or not last.bare:
            return False
        if segment.separator in {"paren", "dash"} or self.frame.opens_with_subject(segment):
            return True
        listed = segment.separator == "comma" and head.own and not head.close
        return listed and head.start == segment.start and not self._is_relationship_alone(following)

    def _is_relationship_alone(self, segment: Segment | None) -> bool:
        """ "jay, my cousin, my coach" is a list."""
        head = self.kin.head_at(segment.start, segment.end) if segment else None
        return bool(head and head.kin and head.name is None)

    # -- "my therapist (her name is Sam)", "my caseworker, Denise, 555-0170"

    def _tells_name(self, segment: Segment, head: Head, following: Segment | None) -> bool:
        last = self.drafts.last.head if self.drafts.last else None
        if last is None or not last.kin or last.name or last.plural or not self._is_plain_name(head):
            return False
        if segment.start in self.kin.intros:
            return True
        if head.start != segment.start:
            return False
        if segment.separator == "paren":
            return True
        listed = segment.separator == "comma" and (last.own or self._is_formal(last)) and not self._is_close_word(last)
        return listed and self._ends_with(head, following)

    @staticmethod
    def _is_plain_name(head: Head) -> bool:
        return head.name is not None and not (head.relationship or head.line or head.role)

    @staticmethod
    def _is_close_word(head: Head) -> bool:
        """ "my mom, Jay" are two; "my foster mom, Denise" is one."""
        return head.close and head.kin is not None and head.kin[1] - head.kin[0] == 1

    def _ends_with(self, head: Head, following: Segment | None) -> bool:
        """One name between commas, and no list of names before or after it."""
        if any(draft.bare for draft in self.drafts.list) or self._is_list_of_names(head):
            return False
        if following is None or following.separator in {"paren", "hard"}:
            return True
        return self.frame.opens_with_subject(following) or self.drafts.is_phone(following.start)

    def _is_list_of_names(self, head: Head) -> bool:
        """ "my aunt, ms lee" are two; "my counselor, ms lee" is one."""
        last = self.drafts.last
        if not (last and last.head.kin and head.name and self.message.has(head.name[0], "address")):
            return False
        return not self._is_formal(last.head)

    def _is_formal(self, head: Head) -> bool:
        said = f" {self.message.said(*head.kin)} " if head.kin else ""
        return any(f" {word} " in said for word in self.message.words.words("formal"))

    # -- "grandma (dads side)", "i call her auntie", "she lives with my mom and my brother"

    def _is_aside(self, segment: Segment, head: Head) -> bool:
        if head.theirs and head.name is None and self.frame.skip_filler(segment.start, head.start) < head.start:
            return True
        return segment.separator == "paren" and head.name is None and head.end < segment.end

    def _is_listed_in_note(self, segment: Segment, head: Head) -> bool:
        last = self.drafts.last
        if segment.separator not in {"and", "or"} or head.name or not head.kin or last is None or not last.notes:
            return False
        start, end = last.notes[-1]
        other = next((h for i in range(start, end) if (h := self.kin.head_at(i, end))), None)
        return other is not None and other.end == end and end < segment.start
