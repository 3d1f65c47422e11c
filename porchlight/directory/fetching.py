"""Gets HSDS data from an address into a file, within limits."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

import httpx

from porchlight.directory.reading import Refused

#: Seconds that all of it may take, and that the other side may be silent; bytes that may come.
ALL_OF_IT, SILENT, BYTES = 300.0, 20.0, 1_000_000_000


@contextmanager
def fetched(address: str) -> Iterator[Path]:
    """The file that stands at an address, for as long as the block runs. Raises Refused."""
    with TemporaryDirectory() as folder:
        try:
            path = Path(folder) / (_name(address) or "data.json")
        except ValueError as error:
            raise Refused([f"{address} is no address."]) from error
        _fetch(address, path)
        yield path


def _name(address: str) -> str:
    return re.sub(r"[^\w.-]", "_", unquote(Path(urlsplit(address).path).name))[-100:]


def _fetch(address: str, path: Path) -> None:
    until = time.monotonic() + ALL_OF_IT
    size = 0
    try:
        with httpx.stream("GET", address, timeout=SILENT, follow_redirects=True) as answer, path.open("wb") as file:
            if answer.status_code != httpx.codes.OK:
                raise Refused([f"{address} answers with {answer.status_code}."])
            for piece in answer.iter_bytes():
                size += len(piece)
                if size > BYTES:
                    raise Refused([f"{address} sends more than {BYTES // 1_000_000} MB."])
                if time.monotonic() > until:
                    raise Refused([f"{address} is too slow: after {ALL_OF_IT:.0f} seconds it was not all there."])
                file.write(piece)
    except httpx.TimeoutException as error:
        raise Refused([f"{address} is too slow: it was silent for {SILENT:.0f} seconds."]) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Refused([f"{address} cannot be reached: {type(error).__name__}."]) from error
