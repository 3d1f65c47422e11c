"""Services come from an address within limits, all pages of them; whatever else the other side does is refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from porchlight import directory_commands
from porchlight.cli import app
from porchlight.config import Settings
from porchlight.directory.fetching import Limits, fetched
from porchlight.directory.importing import import_content
from porchlight.directory.reading import Refused, read
from porchlight.store.engine import Store, open_store
from tests.directory.samples import ORGANIZATION, PACKAGE, SERVICE, content, write_package

WHOLE = {**SERVICE, "organization": ORGANIZATION}
PAGES = 3


class Answers(BaseHTTPRequestHandler):
    """The other side. What it does depends on the path; whoever is silent waits until the test is over."""

    over: threading.Event

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        page = int(parse_qs(asked.query).get("page", ["1"])[0])
        with suppress(OSError):  # who asked may have gone
            WAYS[asked.path](self, page)

    def send(self, body: bytes, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_page(self, page: int, total: int = PAGES, told: int | None = None) -> None:
        items = [{**WHOLE, "id": f"s{page}"}]
        about = {"total_items": total, "total_pages": total, "page_number": page if told is None else told}
        self.send(json.dumps({**about, "contents": items}).encode())

    def drip(self, head: bytes, drop: bytes) -> None:
        """Never silent, never ready."""
        self.wfile.write(head)
        while not self.over.wait(0.01):
            self.wfile.write(drop)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _silent(other: Answers, page: int) -> None:
    other.over.wait()


def _silent_in_the_middle(other: Answers, page: int) -> None:
    other.send_response(200)
    other.send_header("Content-Length", "100")
    other.end_headers()
    other.wfile.write(b"[")
    other.over.wait()


def _redirect(other: Answers, page: int) -> None:
    other.send_response(302)
    other.send_header("Location", f"/round?page={page + 1}")
    other.end_headers()


def _cut_off(other: Answers, page: int) -> None:
    other.send_response(200)
    other.send_header("Content-Length", "100")
    other.end_headers()
    other.wfile.write(b"[]")


def _missing_page(other: Answers, page: int) -> None:
    other.send_error(500) if page == 2 else other.send_page(page)


WAYS: dict[str, Callable[[Answers, int], None]] = {
    "/services.json": lambda other, page: other.send(json.dumps([WHOLE]).encode()),
    "/services": lambda other, page: other.send_page(page),
    "/gone": lambda other, page: other.send_error(404),
    "/web": lambda other, page: other.send(b"\n<!DOCTYPE html><html></html>", "text/html"),
    "/silent": _silent,
    "/silent_later": _silent_in_the_middle,
    "/drips": lambda other, page: other.drip(b"HTTP/1.0 200 OK\r\n\r\n", b" "),
    "/drips_head": lambda other, page: other.drip(b"HTTP/1.0 200 OK\r\n", b"X-A: b\r\n"),
    # Compressed, in such a way that nothing comes of it: the limit must hold inside one read, too.
    "/drips_zip": lambda other, page: other.drip(
        b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + b"\0" * 6, b"x"
    ),
    "/round": _redirect,
    "/cut_off": _cut_off,
    "/large": lambda other, page: other.send(b" " * 5_000),
    "/many": lambda other, page: other.send_page(page, 1_000_000),
    "/always_first": lambda other, page: other.send_page(page, told=1),
    "/changing": lambda other, page: other.send_page(page, PAGES + page),
    "/missing_page": _missing_page,
    "/drips_later": lambda other, page: (
        other.send_page(page) if page == 1 else other.drip(b"HTTP/1.0 200 OK\r\n\r\n", b" ")
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    over = threading.Event()
    handler = type("Here", (Answers,), {"over": over})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    over.set()
    running.shutdown()
    running.server_close()


def test_an_address(store: Store, server: str) -> None:
    with fetched(f"{server}/services.json") as path:
        assert import_content(store, "web", read(path)).rows == {"organization": 1, "service": 1}
    assert not path.exists()


def test_it_tells_how_much_has_come(server: str) -> None:
    told: list[float | None] = []
    with fetched(f"{server}/services.json", tell=told.append):
        assert told[-1] == 1.0
    with fetched(f"{server}/services", tell=told.append):
        assert told[-PAGES:] == [1 / 3, 2 / 3, 1.0]


@pytest.mark.parametrize("query", ["", "?page=2&per_page=1", "?minimum_age=12"])
def test_all_pages_of_an_api_come_in(store: Store, server: str, query: str) -> None:
    with fetched(f"{server}/services{query}") as path:
        assert import_content(store, "web", read(path)).rows == {"organization": 1, "service": PAGES}
    assert [json.loads(row)["id"] for row in content(store, "web")["service"]] == ["s1", "s2", "s3"]


SLOW = Limits(all_of_it=0.3)
IMPATIENT = Limits(silent=0.1)
REFUSED: dict[str, tuple[Limits, str]] = {
    "/gone": (Limits(), "/gone answers with 404."),
    "/web": (Limits(), "/web sends a web page or other XML, not CSV or JSON."),
    "/silent": (IMPATIENT, "/silent is too slow: it was silent for 0.1 seconds."),
    "/silent_later": (IMPATIENT, "/silent_later is too slow: it was silent for 0.1 seconds."),
    "/drips": (SLOW, "/drips is too slow: after 0.3 seconds it was not all there."),
    "/drips_head": (SLOW, "/drips_head is too slow: after 0.3 seconds it was not all there."),
    "/drips_zip": (SLOW, "/drips_zip is too slow: after 0.3 seconds it was not all there."),
    "/drips_later": (SLOW, "/drips_later is too slow: after 0.3 seconds it was not all there."),
    "/round": (Limits(), "/round sends us from one address to another without end."),
    "/cut_off": (Limits(), "/cut_off cannot be reached: RemoteProtocolError."),
    "/large": (Limits(size=4_000), "/large sends more than 0 MB."),
    "/many": (Limits(), "/many has 1000000 pages; at most 5000 are fetched."),
    "/always_first": (Limits(), "/always_first?page=2 is page 1 of 3, not 2 of 3"),
    "/changing": (Limits(), "/changing?page=2 is page 2 of 5, not 2 of 4"),
    "/missing_page": (Limits(), "/missing_page?page=2 answers with 500."),
}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service with a package in it, for the real command."""
    return tmp_path_factory.mktemp("service")


@pytest.mark.parametrize("path", REFUSED)
def test_addresses_that_are_refused(server: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """By the real command, which leaves what was there before."""
    limits, reason = REFUSED[path]
    monkeypatch.setenv("PORCHLIGHT_DATA_DIR", str(data_dir / "var"))
    monkeypatch.setattr(directory_commands, "fetched", partial(fetched, limits=limits))
    write_package(data_dir / "in", PACKAGE)
    assert _run("import", str(data_dir / "in"), "--source", "local")[0] == 0
    status, words = _run("import", f"{server}{path}", "--source", "local")
    assert status == 1
    assert words.startswith("Nothing was imported; what was there stays.")
    assert f"{server}{reason}" in words
    with closing(open_store(Settings(data_dir=data_dir / "var"))) as store:
        assert [json.loads(row)["name"] for row in content(store, "local")["service"]] == [SERVICE["name"]]


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["directory", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:9/x", "cannot be reached: ConnectError"),
        ("http://[::1", "is no address"),
        ("http://", "cannot be reached: UnsupportedProtocol"),
        ("http://a b", "cannot be reached"),
    ],
)
def test_addresses_where_nobody_is(address: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason), fetched(address):
        pass
