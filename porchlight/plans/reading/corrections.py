"""Read what changes or takes away a line that is there already."""

from collections.abc import Callable, Iterator

from .correction import Reader
from .message import Message
from .model import Kind, Stage, Turn
from .new_numbers import Numbers
from .removals import Removals
from .renames import Renames
from .targets import Targets

_LONGEST = 25
"""Tokens; a longer message tells of new people."""


def read_correction(message: Message, kind: Kind, targets: Targets, stage: Stage, read: Reader) -> Turn | None:
    """The correction in the message, or None if it makes none. `read` reads a wording as items."""
    if targets.empty or not 0 < len(message.tokens) <= _LONGEST:
        return None
    turns = (way() for way in _ways(message, kind, targets, stage, read))
    return next((turn for turn in turns if turn), None)


def _ways(
    message: Message, kind: Kind, targets: Targets, stage: Stage, read: Reader
) -> Iterator[Callable[[], Turn | None]]:
    """The most certain first."""
    renames = Renames(message, kind, targets, stage, read)
    yield renames.replaced_whole
    yield Numbers(message, kind, targets, stage, read).read
    yield renames.change_to
    yield renames.should_be
    yield renames.instead
    yield renames.told
    yield Removals(message, kind, targets, stage, read).read
    yield renames.wrong
    yield renames.meant
