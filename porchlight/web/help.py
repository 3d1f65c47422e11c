"""Who can help, for everybody: a read API in the shape of HSDS, and plain pages without a script.

`/services` and `/services/{id}` are pages for a browser and JSON for a program: whichever it asks for. What somebody
looks for is sent in the body (`POST /services/search`), so that it stands in no log and in no history.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from porchlight.directory import giving
from porchlight.directory.asking import Question, read_question
from porchlight.directory.cards import ages_words, card_of, card_of_service, checked_words, where_words
from porchlight.directory.model import Service
from porchlight.directory.places import place_in, states
from porchlight.directory.searching import Hit, search, usable
from porchlight.directory.terms import taxonomy
from porchlight.store.times import now
from porchlight.texts import load_yaml, say
from porchlight.web.errors import Refusal
from porchlight.web.headers import POLICY
from porchlight.web.pages import language_of, page
from porchlight.web.requests import body_of, bytes_of, number_in
from porchlight.web.services import Services

FOLDER = Path(__file__).parent / "help"
#: Services on a page of the API, when it is not said, and at most.
SIZE, LARGEST_SIZE = 20, 100
#: Services that a search gives at most.
FOUND = 25
VERSION, PROFILE = "3.1", "https://docs.openreferral.org/en/v3.1.0/"
#: Pages here have a form that is sent to ourselves.
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
}
_templates = Jinja2Templates(directory=FOLDER)


async def root(request: Request) -> Response:
    """What the API is, for programs that ask for JSON; else the chat."""
    if not _wants_json(request, otherwise=False):
        return await page(request)
    told = {"version": VERSION, "profile": PROFILE, "openapi_url": f"{_base(request)}/api/openapi.json"}
    return JSONResponse(told, headers={"Vary": "Accept"})


async def services(request: Request) -> Response:
    if not _wants_json(request):
        return _form(request)
    if "search" in request.query_params:
        raise Refusal(400, "search_in_url", "Send what you look for in the body of POST /services/search.")
    number, size = max(number_in(request, "page", 10**6), 1), number_in(request, "per_page", LARGEST_SIZE) or SIZE

    def work(session: Session) -> dict[str, Any]:
        return _paged(giving.page(session, (number - 1) * size, size), giving.count(session), number, size)

    return _json(await _services(request).store.read_async(work))


async def service(request: Request) -> Response:
    service_id = request.path_params["id"]
    found = await _services(request).store.read_async(lambda session: giving.one(session, service_id))
    if found is None and not _wants_json(request):
        return _form(request, 404, wrong=_words("gone")[language_of(request)])
    if found is None:
        raise Refusal(404, "no_service", "There is no such service here. It may have closed. Look at /services.")
    document, known = found
    return _json(document) if _wants_json(request) else _service_page(request, known)


async def search_services(request: Request) -> Response:
    """A search by words, or by needs and the rest, from a program (JSON) or from the form of our page."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return await _search_from_form(request)
    body = await body_of(request, "ServiceSearch")
    question = _question_of(body)

    def work(session: Session) -> dict[str, Any]:
        hits = search(session, question, FOUND)
        documents = giving.documents_of(session, [hit.service for hit in hits])
        fits = [_fit(hit, question) for hit in hits]
        contents = [{**document, "porchlight_fit": fit} for document, fit in zip(documents, fits, strict=True)]
        return _paged(contents, len(contents), 1, max(len(contents), 1))

    return _json(await _services(request).store.read_async(work))


async def style(request: Request) -> Response:
    return FileResponse(FOLDER / "help.css", media_type="text/css", headers={"Cache-Control": "no-cache"})


routes = [
    Route("/", root),
    Route("/services", services),
    Route("/services/search", search_services, methods=["POST"]),
    Route("/services/style.css", style),
    Route("/services/{id}", service),
]


# For programs


def _question_of(body: dict[str, Any]) -> Question:
    language = body.get("language", "en")
    question = read_question(body.get("text", ""), language, body.get("role"), now())
    place = place_in(body["place"]) if body.get("place") else question.place
    if body.get("place") and place is None:
        raise Refusal(
            400, "unknown_place", "There is no such place. Give a ZIP code, a city with its state, or a state."
        )
    return replace(
        question,
        needs=tuple(body.get("needs") or question.needs),
        groups=frozenset(body.get("groups") or question.groups),
        kinds=frozenset(body.get("channels") or question.kinds),
        age=body.get("age", question.age),
        open_now=body.get("open_now", question.open_now),
        wants_language=body.get("speaks", question.wants_language),
        place=place,
    )


def _fit(hit: Hit, question: Question) -> dict[str, Any]:
    reasons = [
        say(f"directory.reasons.{key}", question.language, **_blanks(key, blanks, question.language))
        for key, blanks in hit.reasons
    ]
    return {
        "open_now": hit.opening.open,
        "miles": None if hit.miles is None else round(hit.miles, 1),
        "reasons": reasons,
        "past_recheck_date": hit.stale,
    }


def _blanks(key: str, blanks: Any, language: str) -> dict[str, str]:
    return {**blanks, "state": states()[blanks["state"]][language]} if key == "state" else dict(blanks)


def _paged(contents: list[dict[str, Any]], total: int, number: int, size: int) -> dict[str, Any]:
    pages = max(ceil(total / size), 1)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _json(content: Any) -> JSONResponse:
    headers = {"Cache-Control": "no-store", "Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    return JSONResponse(content, headers=headers)


def _wants_json(request: Request, otherwise: bool = True) -> bool:
    """A browser asks for HTML first; a program that says nothing gets JSON, but the chat where the chat is."""
    accepts = request.headers.get("accept", "*/*")
    if "text/html" in accepts:
        return False
    return "application/json" in accepts or otherwise


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


# For people


def _service_page(request: Request, known: Service) -> Response:
    language = language_of(request)
    question = Question(language=language, at=now())
    card = card_of_service(known, question)
    channels = usable(known, question)
    about = [
        *((words[language]) for words in (known.expect, known.privacy, known.parent) if words.get(language)),
        *filter(None, (ages_words(known, language), where_words(known, question))),
    ]
    told: dict[str, Any] = {
        "card": card,
        "about": about,
        "needs": [_name(need, language) for need, strength in known.needs.items() if strength == "main"],
        "languages": [
            _words("languages")[code][language] for code in sorted(known.languages) if code in _words("languages")
        ],
        "fees": known.fees if known.fees not in ("", "Free") else _words("free")[language] if known.fees else "",
        "checked": checked_words(channels, language, known.ours),
        "sources": sorted(
            {(each.source, each.date) for channel in channels for each in channel.evidence},
            key=lambda s: s[1],
            reverse=True,
        ),
    }
    return _page(request, "service.html.jinja", language, title=card["name"], **told)


def _form(request: Request, status: int = 200, **told: Any) -> Response:
    language = language_of(request)
    needs = {key: term.name[language] for key, term in taxonomy().needs.items()}
    return _page(request, "services.html.jinja", language, status, title=_words("title")[language], needs=needs, **told)


async def _search_from_form(request: Request) -> Response:
    sent = parse_qs((await bytes_of(request)).decode("utf-8", "replace"), max_num_fields=20)
    asked = {key: values[0][:200] for key, values in sent.items()}
    language = "es" if asked.get("language") == "es" else "en"
    question = read_question(asked.get("text", ""), language, asked.get("role") or None, now())
    place = place_in(asked.get("place", "")) if asked.get("place") else question.place
    need = asked.get("need", "")
    if need in taxonomy().needs:
        question = replace(question, needs=(need, *question.needs))
    question = replace(question, place=place)
    wrong = _words("unknown_place")[language] if asked.get("place") and place is None else ""

    def work(session: Session) -> list[Any]:
        return [card_of(hit, question) for hit in search(session, question, FOUND)]

    cards = await _services(request).store.read_async(work)
    return _form(request, asked=asked, cards=cards, wrong=wrong, searched=True, form_language=language)


def _page(request: Request, template: str, language: str, status: int = 200, **told: Any) -> Response:
    language = told.pop("form_language", language)
    words = {
        key: value[language]
        for key, value in load_yaml("texts/help.yml").items()
        if isinstance(value, dict) and language in value
    }
    told = {"language": language, "words": words, "exit_url": _services(request).settings.exit_url, **told}
    return _templates.TemplateResponse(request, template, told, status_code=status, headers=PAGE_HEADERS)


def _words(key: str) -> dict[str, Any]:
    found: dict[str, Any] = load_yaml("texts/help.yml")[key]
    return found


def _name(need: str, language: str) -> str:
    return taxonomy().needs[need].name[language]
