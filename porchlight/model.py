"""The trained model: whether it fits what it was trained from, training it, and checking that it loads."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from porchlight.config import Settings

ROOT = Path(__file__).parent.parent
RASA = ROOT / ".venv-rasa/bin/rasa"
LAUNCH = (str(RASA.parent / "python"), "-m", "bot.launch")
MODEL = ROOT / "models/porchlight.tar.gz"
SEAL = ROOT / "models/porchlight.sha256"
#: What the model is made from.
SOURCES = (
    "config.yml",
    "bot/entities.jsonl",
    "bot/requirements.lock",
    "bot/domain",
    "bot/components",
    "data/nlu",
    "data/rules",
)


class ModelMissing(Exception):
    """There is no model, or not the one that was checked. The message says what to do."""


def needs_training() -> bool:
    """Whether the model is missing, or was made from other sources than stand here now."""
    return not MODEL.exists() or not SEAL.exists() or SEAL.read_text().split()[1:] != [_digest_of_sources()]


def check_model() -> None:
    """Raises ModelMissing when the model is not the one that was trained and loaded once."""
    if not MODEL.exists() or not SEAL.exists():
        raise ModelMissing("There is no trained model. Run `make setup`.")
    if SEAL.read_text().split()[:1] != [_digest(MODEL)]:
        raise ModelMissing("The model is not the one that was trained and checked. Run `porchlight train`.")


def train(settings: Settings, log: Path) -> int:
    """Train, load once, and seal. Rasa's own words go to `log`. Returns an exit status."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    SEAL.unlink(missing_ok=True)
    with log.open("wb") as output:
        for command in (_training(), _loading()):
            status = subprocess.run(
                command,
                cwd=ROOT,
                env=rasa_environment(settings, dict(os.environ)),
                stdout=output,
                stderr=output,
            ).returncode
            if status:
                return status
    SEAL.write_text(f"{_digest(MODEL)} {_digest_of_sources()}\n")
    return 0


def rasa_environment(settings: Settings, base: dict[str, str]) -> dict[str, str]:
    """The environment of every Rasa process: no telemetry, no words in logs, one thread for arithmetic."""
    # Rasa has no use for the key or the database of the app.
    own = {name: value for name, value in base.items() if not name.startswith("PORCHLIGHT_")}
    return {
        **own,
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PORCHLIGHT_ACTIONS_PORT": str(settings.actions_port),
        "PORCHLIGHT_DIALOGUE_URL": settings.dialogue_database,
    }


def _training() -> list[str]:
    # --force: Rasa's cache has given models that do not load, with exit status 0.
    return [*LAUNCH, "train", "--force", "--fixed-model-name", "porchlight", "--out", "models"]


def _loading() -> list[str]:
    code = f"""
import asyncio, sys, skops.io
from rasa.core.agent import load_agent
agent = asyncio.run(load_agent({str(MODEL)!r}))
sys.exit(not agent.is_ready())
"""
    return [str(RASA.parent / "python"), "-c", code]


def _digest_of_sources() -> str:
    summary = hashlib.sha256()
    for path in _files():
        summary.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return summary.hexdigest()


def _files() -> Iterator[Path]:
    for source in SOURCES:
        path = ROOT / source
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (each for each in found if each.is_file() and "__pycache__" not in each.parts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
