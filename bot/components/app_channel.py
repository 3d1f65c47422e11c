"""The channel over which the app talks to Rasa, and the time limit of the actions that a message calls.

Beside the stock `rest` channel this one says so when a message failed (the stock one answers 200 with an empty
list), logs no words of people, and sets the limit that endpoints.yml cannot set (Rasa waits 300 s for an action).
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from typing import Any, Awaitable, Callable, Dict, Optional

import aiohttp
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

#: Seconds for an action when the message names no deadline (a developer's `rasa shell`).
WITHOUT_DEADLINE = 10.0


class DeadlineEndpoint(EndpointConfig):
    """Calls the actions, all of a turn within the turn's own deadline (`metadata.deadline`, Unix time)."""

    _session: Optional[aiohttp.ClientSession] = None

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        body = kwargs["json"]
        timeout = aiohttp.ClientTimeout(total=_seconds_left(body), connect=1.0)
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self.headers)
        async with self._session.post(str(self.url), json=body, timeout=timeout) as answer:
            if answer.status >= 400:
                raise ClientResponseError(answer.status, answer.reason or "", await answer.text())
            return await answer.json()


def _seconds_left(body: Dict[str, Any]) -> float:
    latest = body["tracker"].get("latest_message") or {}
    deadline = (latest.get("metadata") or {}).get("deadline")
    return WITHOUT_DEADLINE if deadline is None else max(0.05, deadline - time.time())


class WholeMessages(CollectingOutputChannel):
    """Collects what the bot says. The stock one makes two messages of a text with an empty line in it."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self._persist_message(self._message(recipient_id, text=text))


class AppChannel(InputChannel):
    """`POST /webhooks/app/webhook {sender, message, metadata}` -> the list of what the bot says."""

    @classmethod
    def name(cls) -> str:
        return "app"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("app_channel", __name__)

        @routes.listener("after_server_start")
        async def limit_actions(server: Sanic, _loop: Any) -> None:
            install_deadline(server.ctx.agent)
            check_schema_once()

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            collected = WholeMessages()
            try:
                await on_new_message(self._message(request.json, collected))
            except (Exception, asyncio.CancelledError) as error:
                # The words of the message, which are in some errors' texts, must not reach the log.
                logger.error("a turn failed: %s", type(error).__name__)
                return response.json({"error": type(error).__name__}, status=503)
            return response.json(collected.messages)

        return routes

    def _message(self, body: Dict[str, Any], output: CollectingOutputChannel) -> UserMessage:
        return UserMessage(
            body["message"], output, body["sender"], input_channel=self.name(), metadata=body.get("metadata")
        )


def check_schema_once() -> None:
    """Let Rasa check each action's reply as before, but the constant schema of that check only now, not each time.

    Checking that schema was a fifth of the time of a turn in the plan, with the fastest library that Rasa accepts.
    """
    schema = RemoteAction.action_response_format_spec()
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)

    def validate(_self: RemoteAction, result: Dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def install_deadline(agent: Any) -> None:
    """Replace the agent's endpoint for actions by one that keeps each turn's deadline."""
    stock = agent.action_endpoint
    if isinstance(stock, DeadlineEndpoint) or stock is None:
        return
    port = os.environ.get("PORCHLIGHT_ACTIONS_PORT")
    url = f"http://127.0.0.1:{port}/webhook" if port else stock.url
    limited = DeadlineEndpoint(url, headers=stock.headers, token=stock.token, **stock.kwargs)
    agent.action_endpoint = agent.processor.action_endpoint = limited
