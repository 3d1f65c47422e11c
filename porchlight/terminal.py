"""The chat in a terminal, over the same API as the widget."""

from __future__ import annotations

from typing import Any

import httpx
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

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
        console.print(Text.assemble("\n", (message["from"], "cyan"), "  ", message["text"]))
        for card in message["contacts"]:
            console.print(Padding(_card(card), (1, 0, 0, 3)))
        buttons = message["buttons"] or buttons
    for number, button in enumerate(buttons, start=1):
        console.print(Text.assemble("   ", (f"#{number}", "dim"), " ", button["title"]))
    return buttons


def _card(card: dict[str, Any]) -> Text:
    """Who it is and why, the ways to reach them, whether they are open, and the first of what else there is to know.

    Text, not a string: in a string "[/]" would be taken as markup.
    """
    lines = [
        Text(card["name"], "bold"),
        Text(card["why"]),
        *(_way(way) for way in card["ways"]),
        Text(card["hours"]),
        *(Text(fact, "dim") for fact in card["facts"][:1]),
    ]
    return Text("\n").join(line for line in lines if line)


def _way(way: dict[str, str]) -> Text:
    return Text.assemble((f"{way['kind']:>5}", "dim"), "  ", way["value"], "  ", (way["note"], "dim"))
