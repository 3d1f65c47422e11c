"""Says that the service is ready, once a message has really been answered."""

from __future__ import annotations

import time

import httpx
from rich.console import Console

from porchlight.config import Settings

#: Seconds after which a service that is not ready yet is said to be slow.
SLOW_AFTER = 90


def address_of(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://{host}:{settings.port}"


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=10, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def announce(settings: Settings, console: Console) -> None:
    """Wait for the service, then print its address."""
    address, began = address_of(settings), time.monotonic()
    with console.status("Starting …") as status:
        while not is_ready(address):
            if time.monotonic() - began > SLOW_AFTER:
                status.update(f"Still starting; {settings.data_dir / 'rasa.log'} may say why …")
            time.sleep(0.3)
    seconds = time.monotonic() - began
    console.print(f"[green]Ready[/] after {seconds:.0f} s: a test message was answered.")
    console.print(f"Open [bold]{address}/[/]   (Ctrl-C stops)")
