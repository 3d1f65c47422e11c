"""Cards of messages that were kept before cards had their present shape: a day later there are none of them."""

from __future__ import annotations

from typing import Any


def cards_of(contacts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cards as they are now; each line of the old shape, `{name, kind, value, href, hours}`, as a card of its own."""
    return [each if "ways" in each else _card(each) for each in contacts]


def _card(line: dict[str, Any]) -> dict[str, Any]:
    way = {"kind": line["kind"], "value": line["value"], "href": line["href"], "note": ""}
    about = {"id": "", "why": "", "facts": [], "page": "", "add": ""}
    return {**about, "name": line["name"], "ways": [way], "hours": line["hours"]}
