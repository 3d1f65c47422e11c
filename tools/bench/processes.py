"""Starts, watches and ends what is measured."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

#: Seconds that a bot may take until it answers; and that it has to end by itself.
START, GRACE = 420.0, 20.0
PR_SET_PDEATHSIG = 1


class BenchFailed(Exception):
    """The measurement cannot go on. The message says why, or which log does."""


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    is_ready: Callable[[], bool],
) -> Iterator[int]:
    """The process of `command`, ready, by its id; ended at the end, whatever happens. Raises BenchFailed."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end them
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        try:
            _wait_until(is_ready, process, f"{Path(command[0]).name}: {log} may say why.")
            yield process.pid
        finally:
            _end(process)


def _wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], hint: str) -> None:
    until = time.monotonic() + START
    while not is_ready():
        if process.poll() is not None:
            raise BenchFailed(f"Ended with status {process.returncode}. {hint}")
        if time.monotonic() > until:
            raise BenchFailed(f"No answer after {START:.0f} s. {hint}")
        time.sleep(0.5)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:  # too slow, or a second Ctrl-C
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _die_with_parent() -> None:
    # Even when the bench is killed, no process of it stays behind.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody listens on now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def memory(pid: int) -> dict[int, int]:
    """Resident bytes of a process and of all below it, by id; empty where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return {}
    parents = dict(_parents())
    family = [pid]
    for each in family:  # grows while it is read
        family.extend(child for child, parent in parents.items() if parent == each)
    return {each: _resident(each) for each in family}


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in parentheses and may hold anything; state and parent follow it.
            parent = entry.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        yield int(entry.parent.name), int(parent)


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
