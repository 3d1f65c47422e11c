"""The service as an operator runs it: `porchlight up` with settings of its own. And the app's process alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import httpx

ROOT = Path(__file__).parent.parent
PORCHLIGHT = ROOT / ".venv/bin/porchlight"
PYTHON = ROOT / ".venv/bin/python"
PATIENCE = 120


class Service:
    """One supervisor with its two processes, on free ports, over a data folder of its own."""

    def __init__(self, data_dir: Path, embed_origin: str = "", **settings: str) -> None:
        ports = [free_port() for _ in range(3)]
        self.data_dir = data_dir
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.log = data_dir / "up.log"
        self.environment = environment_of(ports, data_dir, PORCHLIGHT_EMBED_ORIGINS=embed_origin, **settings)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([PORCHLIGHT, "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()
            try:
                if httpx.get(f"{self.url}/health/ready", timeout=10).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"not ready after {PATIENCE} s:\n{self.log.read_text()}")

    def stop(self) -> int:
        """As Ctrl-C does. Returns the supervisor's exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(30)

    def kill(self, name: str) -> None:
        """kill -9 of a process: "app", "rasa" or "supervisor"."""
        os.kill(self.pid_of(name), signal.SIGKILL)

    def pid_of(self, name: str) -> int:
        assert self._process is not None
        if name == "supervisor":
            return self._process.pid
        marks = {"app": "porchlight.web.serve", "rasa": "--credentials"}
        for pid in self._children():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            if marks[name] in command:
                return pid
        raise AssertionError(f"{name} does not run")

    def wait_until_gone(self) -> None:
        assert self._process is not None
        self._process.wait(10)

    def _children(self) -> list[int]:
        assert self._process is not None
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]


class App:
    """The app's process alone, with nothing, or something else, on Rasa's port."""

    def __init__(self, data_dir: Path, rasa_port: int | None = None, command: Sequence[str | Path] = (PYTHON,)) -> None:
        ports = [free_port(), free_port(), rasa_port or free_port()]
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.data_dir = data_dir
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        self._command = [*command, "-m", "porchlight.web.serve"]
        self._environment = environment_of(ports, data_dir)

    def __enter__(self) -> App:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            try:
                httpx.get(f"{self.url}/health/live", timeout=5)
                return self
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(f"not live after {PATIENCE} s:\n{self.log.read_text()}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(20)


def environment_of(ports: Sequence[int], data_dir: Path, **settings: str) -> dict[str, str]:
    """Settings for the ports of the app, the actions and Rasa."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORCHLIGHT_")},
        "PORCHLIGHT_PORT": str(ports[0]),
        "PORCHLIGHT_ACTIONS_PORT": str(ports[1]),
        "PORCHLIGHT_RASA_PORT": str(ports[2]),
        "PORCHLIGHT_DATA_DIR": str(data_dir),
        "PORCHLIGHT_MESSAGES_PER_MINUTE": "100000",
        "PORCHLIGHT_CONVERSATIONS_PER_MINUTE": "100000",
        **settings,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
