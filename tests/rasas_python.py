"""Rasa's own environment, in which the components of bot/ run: they are asked there."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from porchlight.model import RASA
from tests.service import ROOT

PYTHON = RASA.parent / "python"


def run(code: str, given: Any = None) -> Any:
    """What `code` prints last, as JSON; `given` is its standard input, as JSON."""
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", code],
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout.splitlines()[-1])
