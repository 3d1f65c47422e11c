"""Gets HSDS data from an address into a file, within limits; all pages of it, when an API gives it in pages."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from porchlight.directory.reading import DOCUMENT, Refused, page_number, total_pages

#: Hears how much has come, from 0 to 1; None when the other side does not say how much there is.
Tell = Callable[[float | None], None]


@dataclass(frozen=True)
class Limits:
    """Seconds that all of it may take, and that the other side may be silent; bytes and pages that may come."""

    all_of_it: float = 300.0
    silent: float = 20.0
    size: int = 1_000_000_000
    pages: int = 5_000


LIMITS = Limits()
#: What may stand before the first letter of a text: blanks, and what some programs begin a file with.
_BLANK = b"\xef\xbb\xbf \r\n\t"


@contextmanager
def fetched(address: str, limits: Limits = LIMITS, tell: Tell = lambda share: None) -> Iterator[Path]:
    """The file that stands at an address, or a folder with its pages, for as long as the block runs. Raises Refused."""
    with TemporaryDirectory() as folder:
        try:
            name = _name(address) or "data.json"
        except ValueError as error:
            raise Refused([f"{address} is no address."]) from error
        fetching = _Fetching(address, limits, tell)
        # A thread of its own: a loop may be running in ours.
        with ThreadPoolExecutor(1, thread_name_prefix="fetching") as thread:
            path = thread.submit(lambda: asyncio.run(fetching.all_of_it(Path(folder), name))).result()
        yield path


def _name(address: str) -> str:
    return re.sub(r"[^\w.-]", "_", unquote(Path(urlsplit(address).path).name))[-100:].lstrip(".")


class _Fetching:
    def __init__(self, address: str, limits: Limits, tell: Tell) -> None:
        self._address, self._limits, self._tell = address, limits, tell
        self._size = 0

    async def all_of_it(self, folder: Path, name: str) -> Path:
        """The file, or the folder with the pages."""
        try:
            # A limit of a read alone is none: the other side may send a byte now and then, or the head of an answer
            # for ever.
            async with asyncio.timeout(self._limits.all_of_it):
                async with httpx.AsyncClient(timeout=self._limits.silent, follow_redirects=True) as client:
                    return await self._pages(client, folder, name)
        except TimeoutError as error:
            waited = f"after {self._limits.all_of_it:g} seconds it was not all there"
            raise Refused([f"{self._address} is too slow: {waited}."]) from error
        except httpx.TimeoutException as error:
            waited = f"it was silent for {self._limits.silent:g} seconds"
            raise Refused([f"{self._address} is too slow: {waited}."]) from error
        except httpx.TooManyRedirects as error:
            raise Refused([f"{self._address} sends us from one address to another without end."]) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Refused([f"{self._address} cannot be reached: {type(error).__name__}."]) from error

    async def _pages(self, client: httpx.AsyncClient, folder: Path, name: str) -> Path:
        path = folder / name
        await self._get(client, self._address, path, self._tell)
        first = _listed(path)
        total = total_pages(first)
        if total <= 1:
            return path
        if total > self._limits.pages:
            raise Refused([f"{self._address} has {total} pages; at most {self._limits.pages} are fetched."])
        # The name of the folder tells what the pages hold.
        pages = folder / "pages" / path.stem
        pages.mkdir(parents=True)
        path.rename(pages / f"page_{page_number(first):05}.json")
        for number in range(1, total + 1):
            if number != page_number(first):
                await self._page(client, number, total, pages / f"page_{number:05}.json")
            self._tell(number / total)
        return pages

    async def _page(self, client: httpx.AsyncClient, number: int, total: int, path: Path) -> None:
        address = str(httpx.URL(self._address).copy_set_param("page", number))
        await self._get(client, address, path, lambda share: None)
        page = _listed(path)
        if (page_number(page), total_pages(page)) != (number, total):
            told = f"is page {page_number(page)} of {total_pages(page)}, not {number} of {total}"
            raise Refused([f"{address} {told}: perhaps it changed meanwhile. Try again."])

    async def _get(self, client: httpx.AsyncClient, address: str, path: Path, tell: Tell) -> None:
        async with client.stream("GET", address) as answer:
            if answer.status_code != httpx.codes.OK:
                raise Refused([f"{address} answers with {answer.status_code}."])
            with path.open("wb") as file:
                # Of what comes compressed, nobody knows how much it will be.
                length = 0 if "content-encoding" in answer.headers else int(answer.headers.get("content-length") or 0)
                async for piece in answer.aiter_bytes():
                    if not file.tell() and piece.lstrip(_BLANK)[:1] == b"<":
                        raise Refused([f"{address} sends a web page or other XML, not CSV or JSON."])
                    self._size += len(piece)
                    if self._size > self._limits.size:
                        raise Refused([f"{address} sends more than {self._limits.size // 1_000_000} MB."])
                    file.write(piece)
                    tell(file.tell() / length if length else None)


def _listed(path: Path) -> Any:
    """What stands in a page of a list; None when it is none. Whether it is right in itself, the reading says."""
    with path.open("rb") as file:
        if file.read(100).lstrip(_BLANK)[:1] != b"{" or path.stat().st_size > DOCUMENT:
            return None
    written = path.read_bytes()
    try:
        return json.loads(written) if b'"total_pages"' in written else None
    except (ValueError, RecursionError):
        return None
