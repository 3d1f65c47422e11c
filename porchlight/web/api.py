"""The chat API: what the widget, tests and other clients use. Described by openapi.yml."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import anyio.to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from porchlight.conversations import queries, service
from porchlight.conversations.model import Conversation, Message
from porchlight.conversations.safety import worry_in
from porchlight.plans.view import view_of
from porchlight.web.errors import no_conversation, too_many
from porchlight.web.requests import body_of, description, incoming_of, number_in
from porchlight.web.services import Services

LONGEST_WAIT = 30
#: Seconds after which a stream sends a comment, so that no proxy takes it for dead.
HEARTBEAT = 15


async def open_conversation(request: Request) -> Response:
    services = _services(request)
    body = await body_of(request, "NewConversation")
    if wait := services.new_conversations.seconds_to_wait("all"):
        raise too_many(wait)

    def work(session: Session) -> dict[str, Any]:
        opened, token = service.open_conversation(session, body.get("role"), body.get("language", "en"))
        return {
            "token": token,
            "messages": [shown(each) for each in queries.messages_after(session, opened, 0)],
        }

    return _json(await services.store.run_async(work), 201)


async def post_message(request: Request) -> Response:
    services, token_hash = _services(request), _token_hash(request)
    incoming = await incoming_of(request)
    incoming = replace(incoming, worry=await _screen(services, token_hash, incoming.text))
    _limit(services, token_hash, worried=incoming.worry is not None)

    def work(session: Session) -> service.Accepted:
        return service.accept(session, _open(session, token_hash, writing=True), incoming)

    accepted = await services.store.run_async(work)
    conversation = accepted.conversation
    if accepted.pending:
        services.worker.wake(conversation.id, (conversation, accepted.message))
    services.hub.notify(conversation.id)
    return _json({"id": accepted.message.id}, 202)


async def _screen(services: Services, token_hash: str, text: str) -> str | None:
    """The worry in a text. A long one takes its time: beside the others', and only for a conversation that is open."""
    if len(text) <= service.READABLE:
        return worry_in(text)
    await services.store.read_async(lambda session: _open(session, token_hash))
    return await anyio.to_thread.run_sync(worry_in, text)


async def get_messages(request: Request) -> Response:
    services, token_hash = _services(request), _token_hash(request)
    after, wait = number_in(request, "after", 10**9), number_in(request, "wait", LONGEST_WAIT)
    if "text/event-stream" in request.headers.get("accept", ""):
        return await _stream(services, token_hash, max(after, _last_event_id(request)))

    def work(session: Session) -> tuple[str, list[dict[str, Any]]]:
        conversation = _open(session, token_hash)
        return conversation.id, _shown_after(session, conversation.id, after)

    conversation_id, messages = await services.store.read_async(work)
    if not messages and wait:
        messages = await _wait_for(services, conversation_id, after, wait)
    return _json({"messages": messages})


async def _stream(services: Services, token_hash: str, after: int) -> Response:
    conversation_id = await services.store.read_async(lambda session: _open(session, token_hash).id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = _events(services, conversation_id, after)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def get_plan(request: Request) -> Response:
    services, token_hash = _services(request), _token_hash(request)

    def work(session: Session) -> dict[str, Any]:
        conversation = _open(session, token_hash)
        return view_of(session, conversation.id, conversation.language)

    return _json(await services.store.read_async(work))


async def delete_conversation(request: Request) -> Response:
    services, token_hash = _services(request), _token_hash(request)

    def work(session: Session) -> str:
        conversation_id = _open(session, token_hash, writing=True).id
        queries.delete_conversation(session, conversation_id)
        return conversation_id

    conversation_id = await services.store.run_async(work)
    await services.rasa.forget(conversation_id)
    services.hub.notify(conversation_id)
    return Response(status_code=204)


async def openapi(request: Request) -> Response:
    return _json(description())


async def live(request: Request) -> Response:
    return _json({"status": "live"})


async def ready(request: Request) -> Response:
    """Ready only when a message really gets through Rasa and the store answers."""
    services = _services(request)
    await services.store.read_async(lambda session: queries.find(session, "health"))
    answers = await services.rasa.answers()
    return _json({"status": "ready" if answers else "rasa does not answer"}, 200 if answers else 503)


routes = [
    Route("/api/conversations", open_conversation, methods=["POST"]),
    Route("/api/conversations", delete_conversation, methods=["DELETE"]),
    Route("/api/messages", post_message, methods=["POST"]),
    Route("/api/messages", get_messages, methods=["GET"]),
    Route("/api/plan", get_plan, methods=["GET"]),
    Route("/api/openapi.json", openapi, methods=["GET"]),
    Route("/health/live", live, methods=["GET"]),
    Route("/health/ready", ready, methods=["GET"]),
]


def shown(message: Message) -> dict[str, Any]:
    """A message as clients see it."""
    body = message.body
    return {
        "id": message.id,
        "from": message.sender,
        "text": body["text"],
        "lang": message.lang,
        "buttons": body["buttons"],
        "contacts": body["contacts"],
        "at": message.at.isoformat(timespec="milliseconds"),
    }


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _token_hash(request: Request) -> str:
    """The hash of the bearer token. Raises Refusal 401 when there is nothing like one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(token) <= 100:
        raise no_conversation()
    return service.hash_of(token)


def _open(session: Session, token_hash: str, writing: bool = False) -> Conversation:
    """The conversation of the token. Raises Refusal 401."""
    conversation = service.find_open(session, token_hash, writing)
    if conversation is None:
        raise no_conversation()
    return conversation


def _limit(services: Services, token_hash: str, worried: bool) -> None:
    """Refuse what comes too fast; a message that shows a worry is refused only when it comes in floods."""
    wait = services.messages.seconds_to_wait(token_hash)
    if wait and worried:
        wait = services.worries.seconds_to_wait(token_hash)
    if wait:
        raise too_many(wait)


async def _wait_for(services: Services, conversation_id: str, after: int, seconds: float) -> list[dict[str, Any]]:
    """The messages after `after`; when there are none yet, those that come within `seconds`."""
    until = time.monotonic() + seconds
    while True:
        notice = services.hub.listen(conversation_id)
        try:
            messages = await services.store.read_async(lambda session: _shown_after(session, conversation_id, after))
            left = until - time.monotonic()
            if messages or left <= 0 or services.stopping:
                return messages
            await asyncio.wait_for(notice.wait(), left)
        except TimeoutError:
            return []
        finally:
            services.hub.leave(conversation_id, notice)


def _shown_after(session: Session, conversation_id: str, after: int) -> list[dict[str, Any]]:
    return [shown(each) for each in queries.messages_after(session, conversation_id, after)]


async def _events(services: Services, conversation_id: str, after: int) -> AsyncIterator[str]:
    while not services.stopping:
        messages = await _wait_for(services, conversation_id, after, HEARTBEAT)
        for message in messages:
            after = message["id"]
            yield f"id: {after}\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
        if messages:
            continue
        if await services.store.read_async(lambda session: queries.find(session, conversation_id)) is None:
            return
        yield ": still here\n\n"


def _last_event_id(request: Request) -> int:
    given = request.headers.get("last-event-id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 15 else 0


def _json(content: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status_code=status, headers={"Cache-Control": "no-store"})
