"""What else was said about somebody: kept, less the talk around it."""

from .lexicon import Phrase
from .message import Message
from .model import MAX_NOTE

Range = tuple[int, int]
_EDGES = frozenset({"and", "y", "e", "so", "n", "nd", "also", "tambien", "or", "o", "&", "+"})

# "just text", "solo mensaje": at the start of a note these words matter.
_LIMITS = frozenset({"just", "only", "solo", "solamente", "nomas", "no", "idk", "i"})


class Notes:
    def __init__(self, message: Message) -> None:
        self.message = message
        self.fillers = {p.start: p for p in message.find("filler")}
        self.filler_ends = {p.end: p for p in self.fillers.values()}
        self.links = {p.end: p for p in message.find("link")}

    def text(self, ranges: list[Range]) -> str | None:
        kept = [r for r in (self.strip(*m) for m in self._merged(ranges)) if not self._only_pronoun(*r)]
        parts = [self.message.slice(*r) for r in kept]
        joined = "; ".join(part for part in parts if any(c.isalnum() for c in part))
        return joined[:MAX_NOTE].rstrip() or None

    def _only_pronoun(self, start: int, end: int) -> bool:
        return end - start == 1 and self.message.has(start, "pronouns")

    def _merged(self, ranges: list[Range]) -> list[Range]:
        """Ranges that only a separator keeps apart are one remark."""
        merged: list[Range] = []
        for start, end in sorted(ranges):
            if merged and self._only_joined(merged[-1][1], start):
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((start, end))
        return merged

    def _only_joined(self, start: int, end: int) -> bool:
        keys = self.message.keys[start:end]
        return len(keys) <= 2 and all(k in _EDGES or k in {",", "-"} for k in keys)

    def strip(self, start: int, end: int) -> Range:
        if end < len(self.message.tokens) and self.message.tokens[end].kind == "phone":
            start, end = self._strip_links(start, end)
        changed = True
        while changed and start < end:
            before = (start, end)
            start, end = self._strip_once(start, end)
            changed = before != (start, end)
        return start, end

    def _strip_links(self, start: int, end: int) -> Range:
        while start < end:
            link = self.links.get(end)
            if link and link.start >= start:
                end = link.start
            elif self.message.tokens[end - 1].kind == "mark":
                end -= 1
            else:
                break
        return start, end

    def _strip_once(self, start: int, end: int) -> Range:
        if self._is_edge(start):
            return start + 1, end
        if self._is_edge(end - 1):
            return start, end - 1
        phrase: Phrase | None = self.fillers.get(start)
        if phrase and phrase.end <= end and not (phrase.end < end and self.message.keys[start] in _LIMITS):
            return phrase.end, end
        phrase = self.filler_ends.get(end)
        if phrase and phrase.start >= start:
            return start, phrase.start
        return start, end

    def _is_edge(self, i: int) -> bool:
        token = self.message.tokens[i]
        return token.key in _EDGES or (token.kind == "mark" and token.key not in {"#", "$", "+"})
