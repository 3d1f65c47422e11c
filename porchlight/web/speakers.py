"""Language and role of the last conversations, in memory: for an answer when the database has none to give."""

from __future__ import annotations

from collections import OrderedDict

#: Conversations that are remembered at most: the least active is forgotten first.
REMEMBERED = 10_000


class Speakers:
    """By the hash of the token, as in the database; nothing that was said."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[str, str | None]] = OrderedDict()

    def remember(self, token_hash: str, language: str, role: str | None) -> None:
        self._known[token_hash] = (language, role)
        self._known.move_to_end(token_hash)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, token_hash: str) -> None:
        self._known.pop(token_hash, None)

    def of(self, token_hash: str, otherwise: str) -> tuple[str, str | None]:
        """Language and role; of an unknown one the language `otherwise`."""
        return self._known.get(token_hash, (otherwise, None))
