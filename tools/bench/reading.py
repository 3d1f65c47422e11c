"""How long the screening takes for one message, on one core, in a process of its own; prints one JSON object."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from statistics import median, quantiles

from porchlight.model import ROOT
from tools.bench.processes import BenchFailed

#: Letters of a long message, and of one four times as long; and how often each is read.
LONG, LONGER, TIMES = 2_500, 10_000, 7
#: How often it is loaded, each time in a new process.
LOADS = 5
#: A stretch of ordinary talk, repeated to make long messages.
TALK = "so today was fine i guess, we had pasta and then my cousin came over and we watched a show. "


def measure() -> dict[str, float]:
    """Seconds to load (the median of some), milliseconds for a message, growth with the length, megabytes.

    Raises BenchFailed.
    """
    loads = [_run("load")["load_s"] for _ in range(LOADS)]
    return {**_run("read"), "load_s": median(loads)}


def _run(what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tools.bench.reading", what]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise BenchFailed(f"The screening could not be measured: {run.stderr.strip()[-300:]}")
    figures: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return figures


def main(what: str) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    began = time.perf_counter()
    from porchlight.screening import load, screen

    if not load():
        sys.exit("the classifier is missing")
    loaded = time.perf_counter() - began
    if what == "load":
        print(json.dumps({"load_s": loaded}))
        return

    def seconds(text: str) -> float:
        start = time.perf_counter()
        screen(text)
        return time.perf_counter() - start

    times = [seconds(text) for text in _messages()]
    long, longer = (min(seconds((TALK * 200)[:length]) for _ in range(TIMES)) for length in (LONG, LONGER))
    figures = {
        "load_s": loaded,
        "median_ms": 1000 * median(times),
        "p95_ms": 1000 * quantiles(times, n=20)[-1],
        "longest_ms": 1000 * longer,
        "growth": longer / long / (LONGER / LONG),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20),
    }
    print(json.dumps(figures))


def _messages() -> list[str]:
    """The messages that the screening is measured with, all of them, in both languages."""
    from tools.screening.measure import sets

    return [row.text for rows in sets().values() for row in rows]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "read")
