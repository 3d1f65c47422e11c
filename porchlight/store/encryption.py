"""What people wrote is encrypted at rest under the service's key. One class owns the key."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from porchlight.config import WrongSetting


class Cipher:
    """Seals JSON values. The first key seals, all of them open: so a key can be changed without downtime."""

    def __init__(self, keys: list[bytes]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise WrongSetting("PORCHLIGHT_KEYS must hold Fernet keys (32 bytes in URL-safe base64).") from error

    def seal(self, value: Any) -> bytes:
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Raises WrongSetting when no key fits: the key file was lost or changed."""
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise WrongSetting(
                "The stored conversations were sealed under another key. Give the old key in PORCHLIGHT_KEYS, "
                "or remove the database to begin anew."
            ) from None


def load_cipher(keys: str, data_dir: Path) -> Cipher:
    """The cipher of the setting `keys`, or of the key file in `data_dir`, which is made when it is missing."""
    if keys:
        return Cipher([key.strip().encode() for key in keys.split(",") if key.strip()])
    path = data_dir / "service.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
    return Cipher(path.read_bytes().split())


class Sealed(TypeDecorator[Any]):
    """A column of JSON that is encrypted at rest under the cipher that `use_cipher` has set."""

    impl = LargeBinary
    cache_ok = True
    _cipher: Cipher | None = None

    @classmethod
    def use_cipher(cls, cipher: Cipher) -> None:
        cls._cipher = cipher

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else self._ready().seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else self._ready().open(value)

    @classmethod
    def _ready(cls) -> Cipher:
        if cls._cipher is None:
            raise WrongSetting("The store was used before its key was loaded: call open_store first.")
        return cls._cipher
