"""Somebody named in a message."""

from dataclasses import dataclass


@dataclass(slots=True)
class Head:
    """A person found at tokens [start, end)."""

    start: int
    end: int
    name: tuple[int, int] | None = None
    kin: tuple[int, int] | None = None
    """Where the words of the relationship stand."""

    relationship: str | None = None
    plural: bool = False
    close: bool = False
    own: bool = False
    strong: bool = True
    """False for a bare word that only might be a name."""

    theirs: bool = False
    """ "her mom": somebody else's."""

    role: bool = False
    """Somebody without name or relationship: "the lady at the front desk"."""

    line: bool = False
    """A helpline or an office."""
