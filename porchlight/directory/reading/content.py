"""What reading ends in, whichever way the data comes: rows, or the reasons why they are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

#: What reading a file or archive may end with that is broken, encrypted or out of reach.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)


class Refused(Exception):
    """What cannot be imported, with the reasons: each names the file, the row and what is wrong there."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass
class Meter:
    """How far reading is, in bytes of `size`: `done`, and in the file that is open `here()` more.

    Only who asks looks at the open file, so that nobody counts while rows are read.
    """

    size: int = 0
    done: float = 0.0
    here: Callable[[], int] = int

    def share(self) -> float | None:
        """From 0 to 1; None when nobody knows."""
        return min((self.done + self.here()) / self.size, 1.0) if self.size else None


@dataclass(frozen=True)
class File:
    """A file that is read: where it stands in its folder or archive, and its size there."""

    path: Path
    size: int
    open: Callable[[], BinaryIO]

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class Found:
    """One row: the object it is of, its fields as they were written, and where they stood.

    `part`: it tells a part of an object that has a row of its own.
    """

    object: str
    fields: dict[str, Any]
    place: str
    part: bool = False


@dataclass(frozen=True)
class Content:
    """What is to be imported.

    `documents`: JSON documents may point to what stands elsewhere; one object may stand in several places, each of
    which tells a part of it. `package`: each row stands once, and what it points to must be there. `package_1_1`: old
    exports are not as strict: what is wrong in them is left out and told, and what is pointed to may be missing.
    """

    rows: Iterator[Found]
    manner: Literal["documents", "package", "package_1_1"]
    strange: tuple[str, ...] = ()  # tables of an old export that are left out
    meter: Meter = field(default_factory=Meter)
