"""The app that faces people: the chat API, the page, the widget. And the listener for Rasa's actions, on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from porchlight.config import Settings
from porchlight.web import api, help, pages
from porchlight.web.errors import Refusal, fail, refuse, refuse_http
from porchlight.web.headers import SafeHeaders
from porchlight.web.services import Services


def make_app(services: Services) -> Starlette:
    """The public app. Its services start and stop with it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await services.start()
        yield
        await services.stop()

    routes: list[BaseRoute] = [*api.routes, *help.routes, *pages.routes]
    app = Starlette(
        routes=routes,
        middleware=_middleware(services.settings),
        exception_handlers={Refusal: refuse, HTTPException: refuse_http, Exception: fail},
        lifespan=lifespan,
    )
    app.state.services = services
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    # Only the named sites may talk to the API from a page of theirs; no cookie is ever used.
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.embed_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=600,
    )

    compress = Middleware(GZipMiddleware, minimum_size=1000)
    return [Middleware(SafeHeaders), compress, *([cors] if settings.embed_origins else [])]
