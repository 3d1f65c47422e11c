"""The page with the chat, an example of the widget on another site, and the widget's files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from porchlight.texts import LANGUAGES, load_yaml

WIDGET = Path(__file__).parent / "widget"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Starlette escapes only what is called .html: here all of it.
_templates = Jinja2Templates(env=Environment(loader=FileSystemLoader(WIDGET), autoescape=True))


async def page(request: Request) -> Response:
    return _page(request, "page.html.jinja")


async def example(request: Request) -> Response:
    return _page(request, "example.html.jinja")


async def widget_file(request: Request) -> Response:
    path = WIDGET / request.path_params["name"]
    if path.suffix not in TYPES or not path.is_file():
        return Response(status_code=404)
    headers = {
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return FileResponse(path, media_type=TYPES[path.suffix], headers=headers)


async def widget_texts(request: Request) -> Response:
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    exit_url = request.app.state.services.settings.exit_url
    return JSONResponse({**texts(), "exit_url": exit_url}, headers=headers)


@cache
def texts() -> dict[str, dict[str, str]]:
    """The widget's words by language."""
    phrases = load_yaml("texts/widget.yml")
    return {language: {key: phrase[language] for key, phrase in phrases.items()} for language in LANGUAGES}


def _page(request: Request, template: str) -> Response:
    language = language_of(request)
    context: dict[str, Any] = {
        "base": "",
        "exit_url": request.app.state.services.settings.exit_url,
        "texts": texts(),
        "language": language,
    }
    return _templates.TemplateResponse(request, template, context, headers={"Cache-Control": "no-store"})


def language_of(request: Request) -> str:
    """The language to begin with: `?language=`, else the browser's first choice of ours, else English."""
    asked = request.query_params.get("language")
    if asked in LANGUAGES:
        return str(asked)
    for part in request.headers.get("accept-language", "").split(","):
        if part.strip()[:2].lower() in LANGUAGES:
            return part.strip()[:2].lower()
    return "en"


routes = [
    Route("/example", example),
    Route("/widget/texts.json", widget_texts),
    Route("/widget/{name}", widget_file),
]
