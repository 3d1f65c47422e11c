"""Screening from the command line, so that an agency can check it on texts of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from porchlight.screening import Screening, screen


@dataclass(frozen=True)
class Unreadable:
    """A line of input that cannot be screened, and why, in words. Does not repeat the line."""

    number: int
    why: str


def screen_jsonl(lines: Iterable[str]) -> Iterator[str | Unreadable]:
    """For each line `{"id", "text"}` the line `{"id", "concerns", "answer"}`, in order. Blank ones are skipped."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            yield Unreadable(number, "is not JSON")
            continue
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            yield Unreadable(number, 'has no "text"')
            continue
        yield json.dumps(as_json(row.get("id"), screen(row["text"])), ensure_ascii=False)


def as_json(line_id: Any, screening: Screening) -> dict[str, Any]:
    """The screening of one message, for machines."""
    concerns = [
        {
            "category": concern.category,
            "severity": concern.severity,
            "confidence": round(concern.confidence, 3),
            "because": list(concern.because),
        }
        for concern in screening.concerns
    ]
    return {"id": line_id, "concerns": concerns, "answer": screening.answer}
