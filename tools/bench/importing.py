"""How long an agency's import of 100,000 services takes on SQLite, and a search over them: made from a real export."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from porchlight.config import Settings
from porchlight.directory.asking import read_question
from porchlight.directory.importing import import_content
from porchlight.directory.reading import Content, read
from porchlight.directory.searching import search
from porchlight.model import ROOT
from porchlight.store.engine import Store, open_store
from porchlight.store.times import now

#: A real export, kept outside this repository.
EXPORT = ROOT.parent / "shared/hsds_samples/transformer_fixtures_1.1/spec/fixtures/custom/ilao/output"
SERVICES, TO_AN_ORGANIZATION = 100_000, 10

HEADERS = {
    "organizations": "id name description email website",
    "services": "id organization_id name description url email status fees",
    "locations": "id organization_id name location_type latitude longitude",
    "service_at_location": "id service_id location_id",
    "phones": "id service_id number type",
    "schedules": "id service_id freq byday opens_at closes_at",
    "addresses": "id location_id address_1 city state_province postal_code country address_type",
}


@dataclass(frozen=True)
class Directory:
    """Seconds for the import of all services, and milliseconds of a search that 95 of 100 take no longer than: over
    those and the national ones, and over the national ones alone."""

    import_s: float
    search_ms: float
    national_ms: float


#: Questions of many kinds and places; what they ask is read, too.
ASKED = (
    "need a lawyer 75001",
    "abogado para mi caso en 60629",
    "legal aid in dallas tx",
    "eviction help 85004",
    "where can i sleep tonight, 93722",
    "custody lawyer oklahoma",
    "help with divorce forms 70112",
    "expungement 78205",
    "who do i report to in Ohio",
    "alguien con quien hablar por texto",
    "immigration lawyer 77002",
    "guardianship forms",
    "landlord tenant rights in kansas",
    "pro bono attorney 73102",
    "order of protection new orleans",
    "is there a line for trans kids",
)
TIMES = 10


def measure() -> Directory | None:
    """None where the real export is missing."""
    if not EXPORT.exists():
        return None
    with TemporaryDirectory() as folder:
        package = Path(folder) / "package"
        _write(package)
        settings = Settings(data_dir=Path(folder), database_url=f"sqlite:///{folder}/bench.db")
        with closing(open_store(settings)) as store:
            began = time.perf_counter()
            content = read(package)
            # The command asks at each step how far reading is.
            import_content(store, "bench", content, partial(_ask, content))
            import_s = time.perf_counter() - began
            return Directory(import_s, _search_ms(store), _search_ms(None))


def _search_ms(store: Store | None) -> float:
    """The time within which 95 of 100 searches are done, the first of each question among them."""
    times = []
    for asked in ASKED * TIMES:
        began = time.perf_counter()
        question = read_question(asked, "en", "youth", now())
        if store is None:
            search(None, question)
        else:
            store.read(partial(search, question=question))
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times)[int(0.95 * len(times))]


def _ask(content: Content, rows: int) -> None:
    content.meter.share()


def _write(package: Path) -> None:
    package.mkdir()
    services, organizations, phones = (_real(name) for name in ("services", "organizations", "phones"))
    pick = random.Random(1)
    with ExitStack() as stack:
        files = {name: stack.enter_context((package / f"{name}.csv").open("w", newline="")) for name in HEADERS}
        writers = {name: csv.writer(file) for name, file in files.items()}
        for name, header in HEADERS.items():
            writers[name].writerow(header.split())
        for number in range(SERVICES):
            real = pick.choice(services), pick.choice(organizations), pick.choice(phones)
            for name, row in _rows(number, *real):
                writers[name].writerow(row)


def _rows(
    number: int, service: dict[str, str], organization: dict[str, str], phone: dict[str, str]
) -> Iterator[tuple[str, list[Any]]]:
    owner, name = f"o{number // TO_AN_ORGANIZATION}", f"{service['name'] or 'Help'} {number}"
    if number % TO_AN_ORGANIZATION == 0:
        described = organization["description"] or organization["name"]
        yield "organizations", [owner, organization["name"], described, organization["email"], organization["url"]]
    told = [service["description"], service["url"], service["email"], "active", service["fees"]]
    yield "services", [f"s{number}", owner, name, *told]
    yield "locations", [f"l{number}", owner, name, "physical", 30 + number % 1500 / 100, -75 - number % 4500 / 100]
    yield "service_at_location", [f"a{number}", f"s{number}", f"l{number}"]
    yield "phones", [f"p{number}", f"s{number}", phone["number"] or "555-0100", "voice"]
    yield "schedules", [f"c{number}", f"s{number}", "WEEKLY", "MO,TU,WE,TH,FR", "09:00", "17:00"]
    place = ["Springfield", "IL", f"{60000 + number % 2999}", "US", "physical"]
    yield "addresses", [f"d{number}", f"l{number}", f"{number} Main St", *place]


def _real(name: str) -> list[dict[str, str]]:
    with (EXPORT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
