"""What is missing, in words."""

from __future__ import annotations

from dataclasses import dataclass

from porchlight import model, ready, supervisor
from porchlight.config import Settings, WrongSetting
from porchlight.store.engine import open_store
from porchlight.texts import BrokenText
from porchlight.web.checks import check_content


@dataclass(frozen=True)
class Finding:
    well: bool
    words: str


def examine(settings: Settings) -> list[Finding]:
    """Each part, and what to do about it when it is not well."""
    return [_rasa(), _model(), _store(settings), _content(), _running(settings)]


def _rasa() -> Finding:
    if model.RASA.exists():
        return Finding(True, "Rasa is installed.")
    return Finding(False, "Rasa is not installed in .venv-rasa: run `make setup`.")


def _model() -> Finding:
    try:
        model.check_model()
    except model.ModelMissing as missing:
        return Finding(False, str(missing))
    if model.needs_training():
        return Finding(False, "The data has changed since the model was trained: run `porchlight train`.")
    return Finding(True, "The model is trained and fits the data.")


def _store(settings: Settings) -> Finding:
    try:
        open_store(settings).close()
    except WrongSetting as wrong:
        return Finding(False, str(wrong))
    return Finding(True, "The database opens and its tables are up to date.")


def _content() -> Finding:
    try:
        whole = check_content()
    except BrokenText as broken:
        return Finding(False, str(broken))
    if not whole:
        return Finding(False, "The screening's classifier is missing, so it misses more: run `make setup`.")
    return Finding(True, "All texts and contacts are there in both languages.")


def _running(settings: Settings) -> Finding:
    if ready.is_ready(ready.address_of(settings)):
        return Finding(True, f"The service answers at {ready.address_of(settings)}.")
    try:
        supervisor.check_ports(settings)
    except supervisor.PortTaken as taken:
        return Finding(False, str(taken))
    return Finding(True, "The service is not running; `make run` starts it.")
