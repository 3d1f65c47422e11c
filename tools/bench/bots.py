"""The two bots, each started as its makers start it, and each spoken to as its clients do."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import httpx

from porchlight.model import RASA, ROOT
from porchlight.ready import is_ready
from tools.bench.processes import BenchFailed, free_ports, running

FOLDER = ROOT / "var/bench"
STOCK = FOLDER / "stock"
#: Seconds that a client waits for one answer.
PATIENCE = 30


class Conversation(Protocol):
    def turn(self, line: str) -> float:
        """Say `line` and read the answer. Returns the seconds between. Raises BenchFailed."""


class Bot(Protocol):
    pid: int

    def open(self, language: str, /) -> Conversation: ...


@dataclass
class OurConversation:
    client: httpx.Client
    headers: dict[str, str]

    def turn(self, line: str) -> float:
        body = {"payload": line} if line.startswith("/") else {"text": line}
        began = time.perf_counter()
        sent = self.client.post("/api/messages", json=body, headers=self.headers)
        own = _json(sent, 202)["id"]
        self._read_answer(own)
        return time.perf_counter() - began

    def _read_answer(self, own: int) -> None:
        """A word that it takes a moment ("system") is no answer: we read on until the bot's own."""
        after = own
        for _ in range(3):
            query = {"after": after, "wait": PATIENCE}
            read = self.client.get("/api/messages", params=query, headers=self.headers)
            messages = _json(read, 200)["messages"]
            if any(message["from"] == "bot" for message in messages):
                return
            after = max([after, *(message["id"] for message in messages)])
        raise BenchFailed("Our bot gave no answer.")

    def plan_items(self) -> int:
        """How many people, places and contacts the plan holds now."""
        plan = _json(self.client.get("/api/plan", headers=self.headers), 200)
        return sum(len(section["items"]) for section in plan["sections"])

    def last_words(self) -> str:
        messages = _json(self.client.get("/api/messages", headers=self.headers), 200)["messages"]
        return str(messages[-1]["text"])


@dataclass
class Ours:
    client: httpx.Client
    pid: int

    def open(self, language: str) -> OurConversation:
        opened = self.client.post("/api/conversations", json={"role": "youth", "language": language})
        return OurConversation(self.client, {"Authorization": f"Bearer {_json(opened, 201)['token']}"})


@dataclass
class StockConversation:
    client: httpx.Client
    sender: str

    def turn(self, line: str) -> float:
        began = time.perf_counter()
        body = {"sender": self.sender, "message": line}
        answer = self.client.post("/webhooks/rest/webhook", json=body)
        said = _json(answer, 200)
        seconds = time.perf_counter() - began
        if not said:
            raise BenchFailed(f"The stock bot had nothing to say to {line!r}.")
        return seconds


@dataclass
class Stock:
    client: httpx.Client
    pid: int

    def open(self, _language: str, /) -> StockConversation:
        return StockConversation(self.client, uuid.uuid4().hex)


@contextmanager
def our_bot() -> Iterator[Ours]:
    """`porchlight up` with a database of its own. Raises BenchFailed."""
    port, actions, rasa = free_ports(3)
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="data-") as data:
        settings = {
            "PORT": port,
            "ACTIONS_PORT": actions,
            "RASA_PORT": rasa,
            "DATA_DIR": data,
            "MESSAGES_PER_MINUTE": 1_000_000,
            "CONVERSATIONS_PER_MINUTE": 1_000_000,
        }
        environment = _environment()
        environment |= {f"PORCHLIGHT_{name}": str(value) for name, value in settings.items()}
        command = [str(ROOT / ".venv/bin/porchlight"), "up"]
        log = FOLDER / "ours.log"
        ready = partial(is_ready, address)
        with running(command, ROOT, environment, log, ready) as pid, _client(address) as client:
            yield Ours(client, pid)


@contextmanager
def stock_bot() -> Iterator[Stock]:
    """`rasa run` in the project that `rasa init` makes. Raises BenchFailed."""
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    command = [str(RASA), "run", "--interface", "127.0.0.1", "--port", str(port)]
    log = FOLDER / "stock.log"
    ready = partial(_greets, address)
    with running(command, STOCK, _stock_environment(), log, ready) as pid, _client(address) as client:
        yield Stock(client, pid)


def make_stock_bot() -> None:
    """`rasa init`, which trains too; done once, and kept. Raises BenchFailed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if list(STOCK.glob("models/*.tar.gz")):
        return
    fresh = FOLDER / "stock.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    log = FOLDER / "stock-init.log"
    command = [str(RASA), "init", "--no-prompt", "--init-dir", "."]
    with log.open("wb") as output:
        made = subprocess.run(
            command,
            cwd=fresh,
            env=_stock_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    if made.returncode or not list(fresh.glob("models/*.tar.gz")):
        raise BenchFailed(f"The stock bot could not be made; {log} says why.")
    shutil.rmtree(STOCK, ignore_errors=True)
    fresh.rename(STOCK)


def _environment() -> dict[str, str]:
    """Ours without the operator's settings: no measurement may touch the real data."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORCHLIGHT_")}


def _stock_environment() -> dict[str, str]:
    return _environment() | {"RASA_TELEMETRY_ENABLED": "false"}


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=2 * PATIENCE, trust_env=False)


def _greets(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _json(response: httpx.Response, status: int) -> Any:
    if response.status_code != status:
        raise BenchFailed(f"{response.request.url.path} answered {response.status_code} in place of {status}.")
    return response.json()
