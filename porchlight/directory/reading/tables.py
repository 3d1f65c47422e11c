"""Reads the tables of a package of HSDS 3."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator
from functools import cache
from io import TextIOWrapper
from typing import Any

from porchlight.directory.hsds import objects

from .content import BROKEN, File, Found, Meter, Refused
from .values import HALF, STRANGE_DEPTH, is_deeper, no_number

#: Letters in a cell and in a line.
CELL, LINE = 100_000, 20_000_000


def rows(files: list[File], meter: Meter) -> Iterator[Found]:
    for file in files:
        name, kind = file.name, by_file()[file.path.stem]
        for number, fields in table_rows(file, meter, objects()[kind].fields):
            yield Found(kind, fields, f"{name} row {number}")


def table_rows(file: File, meter: Meter, known: Collection[str] = ()) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV file, each with the number of its line. Raises Refused.

    `known`: in columns that are none of these a cell may hold an object or a list, as we give them away.
    """
    name = file.name
    limit = csv.field_size_limit(CELL)
    line = 1
    try:
        with file.open() as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
            meter.here = raw.tell
            reader = csv.reader(_lines(text), strict=True)
            header = [column.strip() for column in next(reader, [])]
            if len(set(header)) < len(header):
                raise Refused([f"{name}: a column stands twice."])
            if any("\0" in column for column in header):
                raise Refused([f"{name}: this is not UTF-8. Save it as UTF-8."])
            strange = [column for column in header if column not in known] if known else []
            for cells in reader:
                line = reader.line_num
                if len(cells) > len(header):
                    raise Refused([f"{name} row {line}: it has {len(cells)} cells, the first row has {len(header)}."])
                if any(cells):
                    row: dict[str, Any] = dict(zip(header, cells, strict=False))
                    if strange:
                        row |= {name: _unfolded(row[name]) for name in strange if name in row}
                    yield line, row
    except UnicodeDecodeError as error:
        raise Refused([f"{name}, after row {line}: this is not UTF-8. Save it as UTF-8."]) from error
    except (csv.Error, *BROKEN) as error:
        why = f"a cell has more than {CELL} letters" if "field larger" in str(error) else str(error)
        raise Refused([f"{name}, after row {line}: {why}."]) from error
    finally:
        csv.field_size_limit(limit)
        meter.here = int
        meter.done += file.size


def _unfolded(cell: str) -> Any:
    """The object or list that a cell holds as JSON; the cell itself when it holds none that can be kept."""
    if cell[:1] not in ("{", "[") or HALF.search(cell):
        return cell
    try:
        value = json.loads(cell, parse_constant=no_number)
    except (ValueError, RecursionError):
        return cell
    return cell if is_deeper(value, STRANGE_DEPTH) else value


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """Lines that fit into memory: the reader would take a whole one before it looks at its cells."""
    while line := text.readline(LINE):
        if len(line) == LINE and line[-1] not in "\r\n":
            raise csv.Error(f"a line has more than {LINE} letters")
        yield line


@cache
def by_file() -> dict[str, str]:
    return {shape.file: name for name, shape in objects().items()}
