"""What the page with the widget weighs on its way to a phone."""

from __future__ import annotations

import gzip
import re

import httpx

from porchlight.web.pages import WIDGET
from tools.bench.processes import BenchFailed

#: As most servers compress.
LEVEL = 6


def paths() -> list[str]:
    """The page, and all that it loads: scripts, styles, words, and the icon."""
    files = sorted(path.name for path in WIDGET.iterdir() if path.suffix in (".js", ".css", ".svg"))
    return ["/", "/widget/texts.json", *(f"/widget/{name}" for name in files)]


def weigh(client: httpx.Client) -> dict[str, int]:
    """Bytes of each file as served, each gzipped by itself. Raises BenchFailed."""
    weights = {}
    for path in paths():
        served = client.get(path)
        if served.status_code != 200:
            raise BenchFailed(f"{path} answered {served.status_code}.")
        weights[path] = len(gzip.compress(served.content, LEVEL, mtime=0))
    return weights


def named_in(page: str) -> set[str]:
    """The widget's files that a page names: all of them must be among those weighed."""
    return set(re.findall(r"/widget/[\w.-]+", page))
