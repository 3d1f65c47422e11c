"""From what was measured to figures with targets."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from porchlight.model import ROOT
from tools.bench.importing import Directory
from tools.bench.measure import NEAR, Times, all_turns, at_turn, places

#: The targets: an answer as fast as a stock bot's, no slower late in a conversation, a page for a slow phone.
SAME_SPEED, FLAT, LIGHT_KB = 1.0, 1.3, 20.0
#: One message is screened so fast, loaded so fast, in so much memory; and four times the text takes four times as long.
SCREENED_MS, LOADED_S, SCREENING_MB, LINEAR = 8.0, 2.0, 300.0, 1.3
#: Seconds for the import of 100,000 services: 3,000 a second.
IMPORT_S = 33.3
#: Milliseconds within which 95 of 100 searches are to answer: over 100,000 services, and over the national ones.
SEARCH_MS, NATIONAL_MS = 50.0, 10.0
#: More processes than this share of the cores that want to run before we begin: others use the machine.
BUSY = 0.3


@dataclass(frozen=True)
class Figure:
    """One line of the table. `target` is the most that `judged` may be."""

    name: str
    unit: str
    ours: float
    stock: float | None = None
    target: float | None = None
    judged: str = "ratio"  # or "ours"

    @property
    def ratio(self) -> float | None:
        return self.ours / self.stock if self.stock else None

    @property
    def met(self) -> bool | None:
        """None when there is no target."""
        value = self.ours if self.judged == "ours" else self.ratio
        return None if self.target is None or value is None else value <= self.target

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


@dataclass(frozen=True)
class Measured:
    """All that one run of the bench found."""

    plans: Times
    long: Times
    turns: int
    widget: Mapping[str, int]  # gzipped bytes by path
    memory: Mapping[str, float]  # megabytes by process
    reading: Mapping[str, float]  # the screening alone, as tools.bench.reading names it
    directory: Directory | None = None  # of 100,000 services; None when there are none to be made

    def figures(self) -> list[Figure]:
        return [*self._plan(), *self._length(), *self._size(), *self._reading(), *self._directory()]

    def _plan(self) -> list[Figure]:
        ours, stock = all_turns(self.plans.ours), all_turns(self.plans.stock)
        return [
            Figure("Plan turn, median", "ms", median(ours), median(stock), SAME_SPEED),
            Figure("Plan turn, 95th percentile", "ms", _slow(ours), _slow(stock)),
        ]

    def _length(self) -> list[Figure]:
        where = places(self.turns)
        ours, stock = ([at_turn(times, place) for place in where] for times in (self.long.ours, self.long.stock))
        names = [f"Turns {place - NEAR} to {place + NEAR}" for place in where]
        growth = Figure("Growth, last over first", "times", ours[-1] / ours[0], stock[-1] / stock[0], FLAT, "ours")
        stretches = zip(names, ours, stock, strict=True)
        return [*(Figure(name, "ms", one, other) for name, one, other in stretches), growth]

    def _size(self) -> list[Figure]:
        kilobytes = sum(self.widget.values()) / 1000
        widget = Figure("Page with widget, gzipped", "KB", kilobytes, None, LIGHT_KB, "ours")
        parts = [Figure(f"Memory: {name}", "MB", size) for name, size in self.memory.items() if name != "stock"]
        if not parts:
            return [widget]
        memory = Figure("Memory, all", "MB", sum(part.ours for part in parts), self.memory["stock"])
        return [widget, *parts, memory]

    def _reading(self) -> list[Figure]:
        found = self.reading
        return [
            Figure("Screening, median", "ms", found["median_ms"]),
            Figure("Screening, 95th percentile", "ms", found["p95_ms"], None, SCREENED_MS, "ours"),
            Figure("Screening of 10,000 letters", "ms", found["longest_ms"]),
            Figure("Screening, growth over length", "times", found["growth"], None, LINEAR, "ours"),
            Figure("Screening, loading", "s", found["load_s"], None, LOADED_S, "ours"),
            Figure("Screening, whole process", "MB", found["memory_mb"], None, SCREENING_MB, "ours"),
        ]

    def _directory(self) -> list[Figure]:
        if self.directory is None:
            return []
        return [
            Figure("Import of 100,000 services", "s", self.directory.import_s, None, IMPORT_S, "ours"),
            Figure("Search over them, p95", "ms", self.directory.search_ms, None, SEARCH_MS, "ours"),
            Figure("Search, national, p95", "ms", self.directory.national_ms, None, NATIONAL_MS, "ours"),
        ]


@dataclass(frozen=True)
class Machine:
    """Where and when it was measured."""

    date: str
    cores: int
    processor: str
    system: str
    pythons: str
    load: float  # processes that wanted to run, mean of the last minute before the bench
    commit: str

    @property
    def is_busy(self) -> bool:
        return self.load > BUSY * self.cores

    def __str__(self) -> str:
        place = f"{self.date}, {self.cores} cores ({self.processor}), {self.system}"
        return f"{place}, {self.pythons}, {self.commit}; load before it {self.load:.1f}"


def this_machine() -> Machine:
    return Machine(
        date=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        processor=_processor(),
        system=f"{platform.system()} {platform.machine()}",
        pythons=f"app Python {_python('.venv')}, Rasa Python {_python('.venv-rasa')}",
        load=os.getloadavg()[0],
        commit=f"commit {_said('git', 'rev-parse', '--short', 'HEAD') or 'unknown'}",
    )


def _slow(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _python(environment: str) -> str:
    return _said(str(ROOT / environment / "bin/python"), "-V").removeprefix("Python ")


def _said(*command: str) -> str:
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return run.stdout.strip()
