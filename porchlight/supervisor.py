"""Runs the app and Rasa, starts again what stops, and ends both when it ends itself."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from porchlight.config import Settings
from porchlight.model import LAUNCH, MODEL, rasa_environment

#: A process that stops sooner than this after its start is waited for, longer each time.
SETTLED_AFTER = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
#: Seconds that a process has to end by itself.
GRACE = 8.0
#: The exit status of a process that found a wrong setting: starting it again would not help.
WRONG_SETTING = 2

ROOT = Path(__file__).parent.parent
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path | None
    process: asyncio.subprocess.Process | None = field(default=None)
    ended: bool = False

    async def keep_running(self, stopping: asyncio.Event, tell: Callable[[str], None]) -> int:
        """Start it, and start it again when it stops, until `stopping`. Returns its status if that is final."""
        pause = FIRST_PAUSE
        while not stopping.is_set():
            began = time.monotonic()
            self.process = await self._start()
            if stopping.is_set():  # while it was being started
                await self.stop()
            status = await self.process.wait()
            if stopping.is_set():
                break
            if status == WRONG_SETTING:
                return status
            pause = FIRST_PAUSE if time.monotonic() - began > SETTLED_AFTER else min(2 * pause, LONGEST_PAUSE)
            tell(f"{self.name} stopped (status {status}); starting it again")
            await _wait(stopping, pause)
        return 0

    async def stop(self) -> None:
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            process.kill()

    async def _start(self) -> asyncio.subprocess.Process:
        output = open(self.log, "ab") if self.log else None  # noqa: SIM115 - the child holds it
        try:
            return await asyncio.create_subprocess_exec(
                *self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        finally:
            if output:
                output.close()


def children_of(settings: Settings, environment: dict[str, str] | None = None) -> list[Child]:
    """The two processes of the service."""
    base = {**(os.environ if environment is None else environment), "PYTHONUNBUFFERED": "1"}
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    serve = [sys.executable, "-m", "porchlight.web.serve"]
    run = [*LAUNCH, "run", "--model", str(MODEL), "--endpoints", "bot/endpoints.yml"]
    run += [
        "--credentials",
        "bot/credentials.yml",
        "--interface",
        "127.0.0.1",
        "--port",
        str(settings.rasa_port),
    ]
    return [
        Child("app", serve, base, None),
        Child("rasa", run, rasa_environment(settings, base), settings.data_dir / "rasa.log"),
    ]


async def run(children: Sequence[Child], tell: Callable[[str], None], started: Callable[[], object]) -> int:
    """Keep `children` running until a signal, or until one of them ends for good. Returns the exit status."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    tasks = [asyncio.create_task(child.keep_running(stopping, tell)) for child in children]
    waiter = asyncio.create_task(stopping.wait())
    started()
    await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
    stopping.set()
    await asyncio.gather(*(child.stop() for child in children))
    statuses = await asyncio.gather(*tasks)
    return max(statuses)


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


def _die_with_parent() -> None:
    # Even when the supervisor is killed, no process of it stays behind.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class PortTaken(Exception):
    """Another program listens where we want to. The message says which setting to change."""


def check_ports(settings: Settings) -> None:
    """Raises PortTaken."""
    wanted = [
        ("PORCHLIGHT_PORT", settings.host, settings.port),
        ("PORCHLIGHT_ACTIONS_PORT", "127.0.0.1", settings.actions_port),
        ("PORCHLIGHT_RASA_PORT", "127.0.0.1", settings.rasa_port),
    ]
    for name, host, port in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise PortTaken(f"Port {port} on {host} cannot be used ({error.strerror}): set {name}.") from None
