"""The settings: environment variables that begin with PORCHLIGHT_. A wrong one stops the start with a sentence."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "PORCHLIGHT_"
ROOT = Path(__file__).parent.parent


class WrongSetting(Exception):
    """A setting cannot be used. The message says which one, why, and what to set."""


@dataclass(frozen=True)
class Settings:
    """What an operator can set. Each field is the variable PORCHLIGHT_<NAME IN CAPITALS>."""

    host: str = "127.0.0.1"  # where the app listens
    port: int = 8000
    actions_port: int = 5055  # loopback: Rasa calls the custom actions here
    rasa_port: int = 5005  # loopback: the app calls Rasa here
    data_dir: Path = Path("var")  # database, key, logs
    database_url: str = ""  # SQLAlchemy URL; empty: SQLite in data_dir
    dialogue_url: str = ""  # the same for Rasa's own table
    keys: str = ""  # comma-separated Fernet keys, newest first; empty: a key file in data_dir
    turn_seconds: float = 6.0  # how long a turn may take before the app answers by itself
    messages_per_minute: int = 40  # of one conversation
    conversations_per_minute: int = 60  # of the whole service: new ones
    embed_origins: tuple[str, ...] = ()  # comma-separated: other sites that may show the widget
    exit_url: str = "https://www.weather.gov/"  # where "leave this page" goes

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'porchlight.db'}"

    @property
    def dialogue_database(self) -> str:
        return self.dialogue_url or f"sqlite:///{self.data_dir / 'dialogue.db'}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of `environment` (the process's own by default). Raises WrongSetting."""
    given = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX)
    }
    _refuse_unknown(given)
    read: dict[str, Any] = {name: _read(name, value) for name, value in given.items() if value}
    settings = Settings(**read)
    # The same folder for every process, wherever it was started.
    settings = replace(settings, data_dir=ROOT / settings.data_dir)
    _refuse_unusable(settings)
    return settings


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = [field.name for field in fields(Settings)]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {PREFIX}{near[0].upper()}?" if near else ""
            raise WrongSetting(f"{PREFIX}{name.upper()} is not a setting.{hint}")


def _read(name: str, value: str) -> object:
    kind = next(field.type for field in fields(Settings) if field.name == name)
    try:
        if kind in ("int", "float"):
            return int(value) if kind == "int" else float(value)
    except ValueError:
        raise WrongSetting(f"{PREFIX}{name.upper()} must be a number, not {value!r}.") from None
    if kind == "Path":
        return Path(value)
    if kind.startswith("tuple"):
        return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
    return value


def _refuse_unusable(settings: Settings) -> None:
    ports = {"PORT": settings.port, "ACTIONS_PORT": settings.actions_port, "RASA_PORT": settings.rasa_port}
    for name, port in ports.items():
        if not 1 <= port <= 65535:
            raise WrongSetting(f"{PREFIX}{name} must be between 1 and 65535, not {port}.")
    if len(set(ports.values())) < len(ports):
        raise WrongSetting(f"{PREFIX}PORT, {PREFIX}ACTIONS_PORT and {PREFIX}RASA_PORT must be three different ports.")
    for name in ("turn_seconds", "messages_per_minute", "conversations_per_minute"):
        if not 0 < getattr(settings, name) < float("inf"):  # NaN is neither
            raise WrongSetting(f"{PREFIX}{name.upper()} must be greater than 0.")
    for origin in settings.embed_origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise WrongSetting(f"{PREFIX}EMBED_ORIGINS must hold origins like https://example.org, not {origin!r}.")
    if urlsplit(settings.exit_url).scheme != "https":
        raise WrongSetting(f"{PREFIX}EXIT_URL must begin with https://, not {settings.exit_url!r}.")
