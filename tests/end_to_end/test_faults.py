"""Processes die, hang and come back: nothing that was accepted is lost, doubled or left without a word."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cards import hrefs
from tests.chat import Chat, texts
from tests.service import Service


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of this module's own, to be broken."""
    running = Service(tmp_path_factory.mktemp("fragile"))
    running.start()
    yield running
    running.stop()


def test_rasa_is_killed_in_the_middle_of_an_answer(fragile: Service) -> None:
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        os.kill(fragile.pid_of("rasa"), signal.SIGSTOP)
        sent = chat.post({"text": "my aunt rosa 555-0101"}).json()["id"]
        fragile.kill("rasa")
        meanwhile = chat.wait_for_answer(sent)
        assert meanwhile[0]["from"] == "system"
        assert any(href.startswith("sms:") for href in hrefs(meanwhile[0]))
        said = chat.wait_for_answer(sent, but=("you", "system"))
        assert "1. Aunt Rosa, 555-0101" in texts(said)
        assert chat.names("safe_people") == ["Aunt Rosa"]
        chat.say("and coach dave")
        assert chat.names("safe_people") == ["Aunt Rosa", "Coach Dave"]


def test_a_worry_is_answered_at_once_while_rasa_hangs(fragile: Service) -> None:
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        os.kill(fragile.pid_of("rasa"), signal.SIGSTOP)
        try:
            chat.post({"text": "my aunt rosa"})
            answers_a_worry_at_once(chat)
        finally:
            os.kill(fragile.pid_of("rasa"), signal.SIGCONT)


def answers_a_worry_at_once(chat: Chat) -> None:
    began = time.monotonic()
    said = chat.say("i want to kill myself")
    took = time.monotonic() - began
    assert said[0]["from"] == "bot"  # not the notice that an answer is late
    assert "tel:988" in hrefs(said[0])
    assert took < 2


def test_a_worry_is_answered_at_once_while_rasa_is_dead(fragile: Service) -> None:
    with Chat(fragile.url) as chat:
        fragile.kill("rasa")
        answers_a_worry_at_once(chat)
        fragile.wait_until_ready()


def test_a_worry_is_answered_at_once_while_the_actions_fail(fragile: Service) -> None:
    """The plan's items cannot be reached, so every action of the plan fails."""
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        change(fragile, "ALTER TABLE plan_item RENAME TO plan_item_gone")
        try:
            chat.post({"text": "my aunt rosa"})
            answers_a_worry_at_once(chat)
        finally:
            change(fragile, "ALTER TABLE plan_item_gone RENAME TO plan_item")


def change(service: Service, statement: str) -> None:
    with sqlite3.connect(service.data_dir / "porchlight.db", timeout=10) as database:
        database.execute(statement)
    database.close()


def test_the_app_is_killed_in_the_middle_of_an_answer(fragile: Service) -> None:
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        os.kill(fragile.pid_of("rasa"), signal.SIGSTOP)
        sent = chat.post({"text": "my aunt rosa 555-0101"}).json()["id"]
        fragile.kill("app")
        os.kill(fragile.pid_of("rasa"), signal.SIGCONT)
        fragile.wait_until_ready()
        said = chat.wait_for_answer(sent, but=("you", "system"))
        assert "1. Aunt Rosa, 555-0101" in texts(said)
        assert chat.names("safe_people") == ["Aunt Rosa"]
        ids = [message["id"] for message in chat.messages()]
        assert ids == list(range(1, len(ids) + 1))


def test_all_is_stopped_and_started_again(fragile: Service) -> None:
    with Chat(fragile.url, language="es") as chat:
        chat.press("/start_plan")
        chat.say("mi tía Rosa 555-0101")
        assert fragile.stop() == 0
        fragile.start()
        assert "Coach Dave" in chat.says("y coach dave")
        assert len(chat.names("safe_people")) == 2


def test_the_supervisor_is_killed_and_takes_its_processes_with_it(fragile: Service) -> None:
    pids = [fragile.pid_of("app"), fragile.pid_of("rasa")]
    fragile.kill("supervisor")
    fragile.wait_until_gone()
    until = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until, "a process stayed behind"
        time.sleep(0.1)
    fragile.start()


def test_a_message_sent_twice_with_one_key_is_kept_once(fragile: Service) -> None:
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        first = chat.post({"text": "my cousin Bea", "key": "abc-1"}).json()["id"]
        chat.wait_for_answer(first)
        assert chat.post({"text": "my cousin Bea", "key": "abc-1"}).json()["id"] == first
        assert chat.names("safe_people") == ["Bea"]


def test_no_word_of_a_youth_is_in_plain_text_in_the_data_folder(fragile: Service) -> None:
    """Database, its journals, Rasa's table, logs; after interruptions, failures and a crash, too."""
    canaries = ["zubenelgenubi", "555-0163", "xochiquetzal"]
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        chat.say("my aunt Zubenelgenubi 555-0163")
        chat.say("who can see what i wrote about xochiquetzal")
        chat.say("xochiquetzal wants to kill me, im scared")
        os.kill(fragile.pid_of("rasa"), signal.SIGSTOP)
        sent = chat.post({"text": "coach Xochiquetzal"}).json()["id"]
        fragile.kill("rasa")
        fragile.wait_until_ready()
        chat.wait_for_answer(sent, but=("you", "system"))
        assert "Aunt Zubenelgenubi" in chat.names("safe_people")
    held = {path.name: path.read_bytes().lower() for path in fragile.data_dir.rglob("*") if path.is_file()}
    assert {"porchlight.db", "dialogue.db", "rasa.log", "up.log"} <= set(held)
    for canary in canaries:
        assert [name for name, content in held.items() if canary.encode() in content] == []


def test_what_is_past_its_time_is_deleted(fragile: Service) -> None:
    with Chat(fragile.url) as chat:
        chat.press("/start_plan")
        chat.say("my cousin Bea")
        with sqlite3.connect(fragile.data_dir / "porchlight.db") as database:
            database.execute("UPDATE conversation SET expires_at = '2020-01-01 00:00:00'")
        database.close()
        assert chat.post({"text": "hello"}).status_code == 401
    fragile.kill("app")  # it looks for what is past its time when it starts
    fragile.wait_until_ready()
    until = time.monotonic() + 10
    while _rows(fragile) != {"conversation": 0, "message": 0, "plan": 0, "plan_item": 0}:
        assert time.monotonic() < until, _rows(fragile)
        time.sleep(0.1)


def _rows(service: Service) -> dict[str, int]:
    database = sqlite3.connect(service.data_dir / "porchlight.db", timeout=10)
    tables = ("conversation", "message", "plan", "plan_item")
    counts = {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    database.close()
    return counts


def test_it_is_not_ready_while_rasa_is_down(fragile: Service) -> None:
    os.kill(fragile.pid_of("rasa"), signal.SIGSTOP)
    try:
        assert httpx.get(f"{fragile.url}/health/live", timeout=10).status_code == 200
        assert httpx.get(f"{fragile.url}/health/ready", timeout=20).status_code == 503
    finally:
        os.kill(fragile.pid_of("rasa"), signal.SIGCONT)
