"""What a client sends, checked against the API's own description (openapi.yml)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from starlette.requests import Request

from porchlight.conversations.service import Incoming
from porchlight.web.errors import Refusal

API = Path(__file__).with_name("openapi.yml")
INTENTS = Path(__file__).parents[2] / "bot/domain/intents.yml"
#: Bytes of one request at most.
LARGEST = 64 * 1024
#: Payloads that the app answers itself.
OWN_INTENTS = ("confirm_erase", "as_i_wrote")
_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]{1,40})(?:\{\s*\"item\"\s*:\s*(?P<item>\d{1,15})\s*\})?$")


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = yaml.safe_load(API.read_text(encoding="utf-8"))
    return document


@cache
def validator_of(schema: str) -> Draft202012Validator:
    """The validator of a schema of the document, by its name under components."""
    return Draft202012Validator({"components": description()["components"], "$ref": f"#/components/schemas/{schema}"})


async def body_of(request: Request, schema: str) -> dict[str, Any]:
    """The JSON object that was sent, as `schema` says. Raises Refusal 400 or 413."""
    try:
        sent = json.loads(await bytes_of(request) or b"{}")
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The body must be JSON.") from None
    error = next(iter(validator_of(schema).iter_errors(sent)), None)
    if error is not None:
        place = ".".join(str(part) for part in error.absolute_path) or "the body"
        # Never error.message: it quotes what was sent.
        raise Refusal(400, "wrong_body", f"{place} is not as /api/openapi.json describes it ({error.validator}).")
    body: dict[str, Any] = sent
    return body


async def bytes_of(request: Request) -> bytes:
    """The body of a request. Raises Refusal 413."""
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > LARGEST:
            raise Refusal(413, "too_large", f"A request may hold {LARGEST // 1024} KB at most. Send less.")
    return read


async def incoming_of(request: Request) -> Incoming:
    """The message that was sent: words or a button's payload. Raises Refusal."""
    body = await body_of(request, "NewMessage")
    key = body.get("key")
    if "payload" in body:
        intent, item = _pressed(body["payload"])
        return Incoming(intent=intent, item_id=item, key=key)
    text = storable(body["text"])
    if not text.strip():
        raise Refusal(400, "empty", "The message is empty. Write a few words.")
    return Incoming(text=text, key=key)


def storable(text: str) -> str:
    """`text` without what no database keeps: NUL, and halves of characters (lone surrogates)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _pressed(payload: str) -> tuple[str, int | None]:
    found = _PAYLOAD.match(payload)
    if not found or found["intent"] not in _intents():
        raise Refusal(400, "unknown_button", "There is no such button.")
    return found["intent"], int(found["item"]) if found["item"] else None


@cache
def _intents() -> frozenset[str]:
    listed = yaml.safe_load(INTENTS.read_text(encoding="utf-8"))["intents"]
    return frozenset([*listed, *OWN_INTENTS])


def number_in(request: Request, name: str, largest: int) -> int:
    """A whole number from the query, 0 when it is not given. Raises Refusal."""
    given = request.query_params.get(name, "0")
    if not given.isascii() or not given.isdigit() or len(given) > 15:
        raise Refusal(400, "wrong_query", f"{name} must be a whole number of 0 or more.")
    return min(int(given), largest)
