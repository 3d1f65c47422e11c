"""The webhook that Rasa calls for its custom actions: in this process, on loopback, on a port of its own."""

from __future__ import annotations

import json
import logging

from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions import executor_of
from actions.envelope import Late
from porchlight.store.engine import Store

logger = logging.getLogger(__name__)


def make_actions_app(store: Store) -> Starlette:
    """`POST /webhook`, as Rasa's action server answers it."""
    executor = executor_of(store)

    async def webhook(request: Request) -> Response:
        call = json.loads(await request.body())
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as rejection:
            return JSONResponse({"error": str(rejection), "action_name": rejection.action_name}, status_code=400)
        except ActionNotFoundException as unknown:
            return JSONResponse({"error": str(unknown), "action_name": unknown.action_name}, status_code=404)
        except Late:
            return JSONResponse({"error": "late"}, status_code=409)
        except Exception as error:
            # The words of the turn are in some errors' texts: the kind of error must do.
            logger.error("action %s failed: %s", call.get("next_action"), type(error).__name__)
            return JSONResponse({"error": "failed"}, status_code=500)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    return Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])
