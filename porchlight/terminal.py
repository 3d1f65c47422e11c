"""The chat in a terminal, over the same API as the widget."""

from __future__ import annotations

from typing import Any

import httpx
from rich.console import Console

#: Seconds that we wait for an answer before we let the person write again.
PATIENCE = 30


def talk(address: str, language: str, console: Console) -> int:
    """Talk until end of input or "/quit". Returns an exit status."""
    try:
        with httpx.Client(base_url=address, timeout=PATIENCE + 10, trust_env=False) as client:
            opened = client.post("/api/conversations", json={"language": language})
            if opened.status_code != 201:
                console.print(f"[red]{opened.json()['error']['message']}[/]")
                return 1
            client.headers["Authorization"] = f"Bearer {opened.json()['token']}"
            _converse(client, opened.json()["messages"], console)
            client.delete("/api/conversations")
    except httpx.HTTPError:
        console.print(f"[red]Nothing answers at {address}. Start it with `make run` in another terminal.[/]")
        return 1
    return 0


def _converse(client: httpx.Client, messages: list[dict[str, Any]], console: Console) -> None:
    console.print("[dim]Write, or press a button by its number: 1, 2, … after #. /quit ends and erases the chat.[/]")
    while True:
        buttons = _show(messages, console)
        try:
            line = console.input("[bold]> [/]").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line == "/quit":
            return
        messages = _send(client, line, buttons, console) if line else []


def _send(client: httpx.Client, line: str, buttons: list[dict[str, str]], console: Console) -> list[dict[str, Any]]:
    number = int(line[1:]) if line[:1] == "#" and line[1:].isdigit() else 0
    body = {"payload": buttons[number - 1]["payload"]} if 0 < number <= len(buttons) else {"text": line}
    sent = client.post("/api/messages", json=body)
    if "messages" in sent.json():  # an answer of which nothing could be kept
        return list(sent.json()["messages"])
    if sent.status_code != 202:
        console.print(f"[red]{sent.json()['error']['message']}[/]")
        return []
    after = sent.json()["id"]
    read: list[dict[str, Any]] = client.get("/api/messages", params={"after": after, "wait": PATIENCE}).json()[
        "messages"
    ]
    return read


def _show(messages: list[dict[str, Any]], console: Console) -> list[dict[str, str]]:
    """Print the messages; returns the buttons of the last that has any."""
    buttons: list[dict[str, str]] = []
    for message in messages:
        console.print(f"\n[cyan]{message['from']}[/]  {message['text']}", markup=True)
        for contact in message["contacts"]:
            console.print(f"   {contact['name']}: {contact['value']}  [dim]{contact['hours']}[/]")
        buttons = message["buttons"] or buttons
    for number, button in enumerate(buttons, start=1):
        console.print(f"   [dim]#{number}[/] {button['title']}")
    return buttons
