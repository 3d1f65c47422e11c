"""A wrong setting stops the start with a sentence that says what to set."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from porchlight.config import Settings, WrongSetting, load_settings
from tests.service import PORCHLIGHT, ROOT


def test_without_any_variable_the_defaults_hold() -> None:
    assert load_settings({"PATH": "/bin"}) == Settings(data_dir=ROOT / "var")


def test_each_kind_of_setting_is_read() -> None:
    given = {
        "PORCHLIGHT_PORT": "9000",
        "PORCHLIGHT_TURN_SECONDS": "1.5",
        "PORCHLIGHT_DATA_DIR": "elsewhere",
        "PORCHLIGHT_EMBED_ORIGINS": "https://a.example, https://b.example/",
        "PORCHLIGHT_KEYS": "",
    }
    assert load_settings(given) == Settings(
        port=9000,
        turn_seconds=1.5,
        data_dir=ROOT / "elsewhere",
        embed_origins=("https://a.example", "https://b.example"),
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORCHLIGHT_PROT", "1", "PORCHLIGHT_PROT is not a setting. Did you mean PORCHLIGHT_PORT?"),
        ("PORCHLIGHT_ZZZ", "1", "PORCHLIGHT_ZZZ is not a setting."),
        ("PORCHLIGHT_PORT", "many", "PORCHLIGHT_PORT must be a number, not 'many'."),
        ("PORCHLIGHT_PORT", "70000", "PORCHLIGHT_PORT must be between 1 and 65535, not 70000."),
        ("PORCHLIGHT_PORT", "5005", "three different ports"),
        ("PORCHLIGHT_MESSAGES_PER_MINUTE", "0", "PORCHLIGHT_MESSAGES_PER_MINUTE must be greater than 0."),
        ("PORCHLIGHT_TURN_SECONDS", "nan", "PORCHLIGHT_TURN_SECONDS"),
        ("PORCHLIGHT_EMBED_ORIGINS", "*", "must hold origins like https://example.org, not '*'."),
        ("PORCHLIGHT_EMBED_ORIGINS", "https://a.example/path", "must hold origins"),
        ("PORCHLIGHT_EXIT_URL", "javascript:alert(1)", "PORCHLIGHT_EXIT_URL must begin with https://"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, sentence: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        load_settings({name: value})
    assert sentence in str(refused.value)


@pytest.mark.parametrize("command", ["up", "train", "migrate", "chat", "doctor"])
def test_every_command_stops_at_a_wrong_setting(command: str) -> None:
    run = _run(command, PORCHLIGHT_PORT="many")
    assert run.returncode == 2
    assert "PORCHLIGHT_PORT must be a number" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_a_wrong_key_stops_the_start(tmp_path: Path) -> None:
    run = _run("migrate", PORCHLIGHT_KEYS="not-a-key", PORCHLIGHT_DATA_DIR=str(tmp_path))
    assert run.returncode == 2
    assert "PORCHLIGHT_KEYS must hold Fernet keys" in run.stdout


def test_a_database_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    run = _run("migrate", PORCHLIGHT_DATABASE_URL=url, PORCHLIGHT_DATA_DIR=str(tmp_path))
    assert run.returncode == 2
    assert "PORCHLIGHT_DATABASE_URL" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize("command", [[], ["up"], ["train"], ["migrate"], ["chat"], ["doctor"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    run = _run(*command, "--help")
    assert run.returncode == 0
    assert "Usage" in run.stdout


def _run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings, "COLUMNS": "200"}
    return subprocess.run(
        [PORCHLIGHT, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
