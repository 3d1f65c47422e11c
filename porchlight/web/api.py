"""The chat API: what the widget, tests and other clients use. Described by openapi.yml."""

from __future__ import annotations

import asyncio
import json
import logging
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
from porchlight.conversations.model import Conversation
from porchlight.plans.view import view_of
from porchlight.screening import Screening, screen
from porchlight.web.errors import Refusal, no_conversation, too_many
from porchlight.web.pages import language_of
from porchlight.web.requests import body_of, description, incoming_of, number_in
from porchlight.web.said import answer_unkept, shown
from porchlight.web.services import Services

logger = logging.getLogger(__name__)

LONGEST_WAIT = 30
#: Seconds after which a stream sends a comment, so that no proxy takes it for dead.
HEARTBEAT = 15
#: Seconds that the database has to take a message in; then the answer goes out without it.
KEEPING = 1.0
#: Of them, for looking whether the conversation of a long message is open.
LOOKING = 0.4
#: Characters that are screened at once; reading more takes too long to keep others waiting.
AT_ONCE = 500


async def open_conversation(request: Request) -> Response:
    services = _services(request)
    body = await body_of(request, "NewConversation")
    if wait := services.new_conversations.seconds_to_wait("all"):
        raise too_many(wait)

    role, language = body.get("role"), body.get("language", "en")

    def work(session: Session) -> dict[str, Any]:
        opened, token = service.open_conversation(session, role, language)
        return {
            "token": token,
            "messages": [shown(each) for each in queries.messages_after(session, opened, 0)],
        }

    opened = await services.store.run_async(work)
    services.speakers.remember(service.hash_of(opened["token"]), language, role)
    return _json(opened, 201)


async def post_message(request: Request) -> Response:
    services, token_hash = _services(request), _token_hash(request)
    incoming = await incoming_of(request)
    incoming = replace(incoming, screening=await _screen(services, token_hash, incoming.text))
    _limit(services, token_hash, worried=incoming.screening.answer == "respond")

    def work(session: Session) -> service.Accepted:
        return service.accept(session, _open(session, token_hash, writing=True), incoming)

    try:
        accepted = await services.store.run_within(KEEPING, work)
    except Refusal:
        raise
    except Exception as error:  # whatever it is, somebody may need an answer now; its words stay out of the log
        logger.error("a message could not be kept: %s", type(error).__name__)
        language, role = services.speakers.of(token_hash, otherwise=language_of(request))
        status, body = answer_unkept(incoming.screening, role, language)
        return _json(body, status)
    conversation = accepted.conversation
    services.speakers.remember(token_hash, conversation.language, conversation.role)
    if accepted.pending:
        services.worker.wake(conversation.id, (conversation, accepted.message))
    services.hub.notify(conversation.id)
    return _json({"id": accepted.message.id}, 202)


async def _screen(services: Services, token_hash: str, text: str) -> Screening:
    """What worries us in a text. A long one takes its time: beside the others, and only for an open conversation."""
    if not text:
        return Screening()
    if len(text) <= AT_ONCE:
        return screen(text)
    if len(text) > service.READABLE:
        await _refuse_strangers(services, token_hash)
    return await anyio.to_thread.run_sync(screen, text, limiter=services.readers)


async def _refuse_strangers(services: Services, token_hash: str) -> None:
    """Raises Refusal when there is no such conversation; when the database does not say so, anybody may be heard."""
    try:
        await services.store.run_within(LOOKING, lambda session: _open(session, token_hash), reading=True)
    except Refusal:
        raise
    except Exception as error:
        logger.error("a conversation could not be looked up: %s", type(error).__name__)


async def get_messages(request: Request) -> Response:
    services, token_hash = _services(request), _token_hash(request)
    after, wait = number_in(request, "after", 10**9), number_in(request, "wait", LONGEST_WAIT)
    if "text/event-stream" in request.headers.get("accept", ""):
        return await _stream(services, token_hash, max(after, _last_event_id(request)))

    def work(session: Session) -> tuple[Conversation, list[dict[str, Any]]]:
        conversation = _open(session, token_hash)
        return conversation, _shown_after(session, conversation.id, after)

    conversation, messages = await services.store.read_async(work)
    services.speakers.remember(token_hash, conversation.language, conversation.role)
    if not messages and wait:
        messages = await _wait_for(services, conversation.id, after, wait)
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
    services.speakers.forget(token_hash)
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
