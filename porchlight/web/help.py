"""Who can help, for everybody: a read API in the shape of HSDS, and plain pages without a script.

`/services` and `/services/{id}` are pages for a browser and JSON for a program: whichever it asks for. What somebody
looks for is sent in the body (`POST /services/search`), so that it stands in no log and in no history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, compile_path
from starlette.templating import Jinja2Templates

from porchlight.directory import giving
from porchlight.directory.asking import Question, read_question, with_wider
from porchlight.directory.cards import (
    Way,
    ages_words,
    card_of,
    card_of_service,
    checked_words,
    date_words,
    reason_words,
    way_of,
    where_words,
)
from porchlight.directory.model import Service
from porchlight.directory.places import place_in
from porchlight.directory.searching import Hit, search, usable
from porchlight.directory.terms import taxonomy
from porchlight.store.times import now
from porchlight.texts import load_yaml, say
from porchlight.web.errors import Refusal
from porchlight.web.headers import POLICY
from porchlight.web.pages import language_of, page
from porchlight.web.requests import body_of, bytes_of, number_in, storable
from porchlight.web.services import Services

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

FOLDER = Path(__file__).parent / "help"
TEXTS = "texts/help.yml"
#: Services on a page of the API, when it is not said, and at most.
SIZE, LARGEST_SIZE = 20, 100
#: Services that a search gives at most, to a program and on a page.
FOUND, SHOWN = 25, 12
#: What may stand in the address of a list.
IN_ADDRESS = frozenset(["page", "per_page", "language"])
#: What is shown to somebody who asks for any kind of help.
ANY_HELP = ("help_finder", "talk", "crisis", "shelter", "food", "health")
#: Addresses of a service on its page at most.
PLACES = 20
VERSION, PROFILE = "3.1", "https://docs.openreferral.org/en/v3.1.0/"
#: Pages here have a form that is sent to ourselves.
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
}
#: Starlette's own environment escapes in files that end in .html only: what agencies write would be part of the page.
_templates = Jinja2Templates(env=Environment(loader=FileSystemLoader(FOLDER), autoescape=True))


async def root(request: Request) -> Response:
    """What the API is, for programs that ask for JSON; else the chat."""
    if not _wants_json(request, otherwise=False):
        return await page(request)
    told = {"version": VERSION, "profile": PROFILE, "openapi_url": f"{_base(request)}/api/openapi.json"}
    return JSONResponse(told, headers={"Vary": "Accept"})


async def services(request: Request) -> Response:
    if not _wants_json(request):
        return _form(request, language_of(request))
    _refuse_search_in_address(request)
    number, size = max(number_in(request, "page", 10**6), 1), number_in(request, "per_page", LARGEST_SIZE) or SIZE

    def work(session: Session) -> dict[str, Any]:
        return _paged(giving.page(session, (number - 1) * size, size), giving.count(session), number, size)

    return _json(await _services(request).store.read_async(work))


async def service(request: Request) -> Response:
    service_id = storable(request.path_params["id"])
    found, failed = await _read(request, lambda session: giving.one(session, service_id))
    if found is None and not _wants_json(request):
        wrong = say("help.unreadable" if failed else "help.gone", language_of(request))
        return _form(request, language_of(request), 503 if failed else 404, wrong=wrong)
    if found is None and failed:
        raise Refusal(503, "failed", "The directory cannot be read. Ask again in a moment.")
    if found is None:
        raise Refusal(404, "no_service", "There is no such service here. It may have closed. Look at /services.")
    document, known = found
    return _json(document) if _wants_json(request) else _service_page(request, known)


async def search_services(request: Request) -> Response:
    """A search by words, or by needs and the rest, from a program (JSON) or from the form of our page."""
    _refuse_search_in_address(request)
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return await _search_from_form(request)
    body = await body_of(request, "ServiceSearch")
    question = _question_of(body)

    def work(session: Session | None) -> dict[str, Any]:
        hits = search(session, question, FOUND)
        documents = giving.documents_of(session, [hit.service for hit in hits])
        found = [(document, hit) for document, hit in zip(documents, hits, strict=True) if document]
        contents = [{**document, "porchlight_fit": _fit(hit, question)} for document, hit in found]
        return _paged(contents, len(contents), 1, max(len(contents), 1))

    found, _ = await _read(request, work)
    return _json(found)


async def _read(request: Request, work: Callable[[Session | None], Result]) -> tuple[Result, bool]:
    """What is found; when the database fails (True), of our own services, which are in files."""
    try:
        return await _services(request).store.read_async(work), False
    except Exception as error:  # whatever it is; its words, which may be those of a search, stay out of the log
        logger.error("the directory could not be read: %s", type(error).__name__)
        return work(None), True


async def style(request: Request) -> Response:
    return FileResponse(FOLDER / "help.css", media_type="text/css", headers={"Cache-Control": "no-cache"})


class _ByAnyId(Route):
    """What agencies call their services may have strokes in it: {id} is all that follows."""

    def __init__(self, path: str, endpoint: Any) -> None:
        super().__init__(path, endpoint)
        compiled = compile_path(path.replace("{id}", "{id:path}"))
        self.path_regex, self.path_format, self.param_convertors = compiled


routes = [
    Route("/", root),
    Route("/services", services),
    Route("/services/search", search_services, methods=["POST"]),
    Route("/services/style.css", style),
    _ByAnyId("/services/{id}", service),
]


# For programs


def _question_of(body: dict[str, Any]) -> Question:
    language = body.get("language", "en")
    question = read_question(storable(body.get("text", "")), language, body.get("role"), now())
    place = place_in(body["place"]) if body.get("place") else question.place
    if body.get("place") and place is None:
        raise Refusal(
            400, "unknown_place", "There is no such place. Give a ZIP code, a city with its state, or a state."
        )
    return replace(
        question,
        needs=tuple(body.get("needs") or question.needs),
        groups=with_wider(body.get("groups") or question.groups),
        kinds=frozenset(body.get("channels") or question.kinds),
        age=body.get("age", question.age),
        open_now=body.get("open_now", question.open_now),
        wants_language=body.get("speaks", question.wants_language),
        place=place,
    )


def _fit(hit: Hit, question: Question) -> dict[str, Any]:
    return {
        "open_now": hit.opening.open,
        "miles": None if hit.miles is None else round(hit.miles, 1),
        "reasons": reason_words(hit, question.language),
        "past_recheck_date": hit.stale,
    }


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


def _refuse_search_in_address(request: Request) -> None:
    """What stands in an address is kept by browsers and in logs; and no filter is left out without a word."""
    if set(request.query_params) - IN_ADDRESS:
        message = "Only page and per_page go into the address. Send the rest in the body of POST /services/search."
        raise Refusal(400, "search_in_url", message)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


# For people


def _service_page(request: Request, known: Service) -> Response:
    language = language_of(request)
    question = Question(language=language, at=now())
    card, channels = card_of_service(known, question), usable(known, question)
    spoken = {*known.languages, *(code for each in channels for code in each.languages)}
    stale = known.stale(now().date())
    told: dict[str, Any] = {
        "card": card,
        "all_ways": _all_ways(card["ways"], [way_of(each, language) for each in channels]),
        "run_by": "" if known.ours or known.organization in card["name"] else known.organization,
        "about": list(dict.fromkeys(filter(None, _about(known, question)))),
        "needs": [
            taxonomy().needs[need].name[language] for need, strength in known.needs.items() if strength == "main"
        ],
        "languages": [name[language] for code, name in load_yaml(TEXTS)["languages"].items() if code in spoken],
        "fees": say("help.free", language) if known.fees == "Free" else known.fees,
        # The first fact on a stale card is that it is.
        "checked": card["facts"][0] if stale else channels and checked_words(channels, language, known.ours),
        "as_of": say("help.as_of", language, date=date_words(now().date().isoformat(), language)),
        "sources": _sources(known) if known.ours else [],
    }
    return _page(request, "service.html.jinja", language, title=card["name"], **told)


def _all_ways(first: list[Way], others: list[Way]) -> list[Way]:
    """A card has only some of them, in the reader's order."""
    return [*first, *(each for each in others if each not in first)]


def _about(known: Service, question: Question) -> Iterator[str]:
    """What there is to know before one calls or goes there."""
    language = question.language
    yield from (known.expect.get(language, ""), known.privacy.get(language, ""), ages_words(known, language))
    yield "" if known.ours else known.who.get(language, "")
    yield known.parent.get(language, "")
    if any(spot.confidential for spot in known.spots):
        yield where_words(known, question)
        return
    for spot in known.spots[:PLACES]:
        yield where_words(replace(known, spots=(spot,)), question)
        yield say("directory.facts.access", language, access=spot.access.rstrip(".")) if spot.access else ""


def _sources(known: Service) -> list[tuple[str, str]]:
    """What it rests on, the newest first."""
    found = {(each.source, each.date) for channel in known.channels for each in channel.evidence}
    return sorted(found, key=lambda each: each[1], reverse=True)


def _form(request: Request, language: str, status: int = 200, **told: Any) -> Response:
    needs = {key: _capital(term.name[language]) for key, term in taxonomy().needs.items()}
    told = {"asked": {}, "cards": [], "needs": needs, **told}
    return _page(request, "services.html.jinja", language, status, title=say("help.title", language), **told)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


async def _search_from_form(request: Request) -> Response:
    sent = parse_qs((await bytes_of(request)).decode("utf-8", "replace"))
    asked = {key: storable(values[0][:200]) for key, values in sent.items()}
    language = "es" if asked.get("language") == "es" else "en"
    question = _question_of_form(asked, language)

    def work(session: Session | None) -> list[Any]:
        return [card_of(hit, question) for hit in search(session, question, SHOWN)]

    cards, _ = await _read(request, work)
    lost = bool(asked.get("place")) and question.place is None
    wrong = "help.unknown_place" if lost and cards else "" if cards else "help.found_none"
    return _form(request, language, asked=asked, cards=cards, wrong=wrong and say(wrong, language), searched=True)


def _question_of_form(asked: dict[str, str], language: str) -> Question:
    question = read_question(asked.get("text", ""), language, asked.get("role") or None, now())
    if asked.get("need") in taxonomy().needs:
        question = replace(question, needs=tuple(dict.fromkeys([asked["need"], *question.needs])))
    elif not (question.needs or question.words or question.named or question.groups):
        question = replace(question, needs=ANY_HELP)
    return replace(question, place=place_in(asked["place"])) if asked.get("place") else question


def _page(request: Request, template: str, language: str, status: int = 200, **told: Any) -> Response:
    words = {key: text[language] for key, text in load_yaml(TEXTS).items() if key != "languages"}
    exit_url = _services(request).settings.exit_url
    other = "en" if language == "es" else "es"
    told = {"language": language, "other": other, "words": words, "exit_url": exit_url, **told}
    return _templates.TemplateResponse(request, template, told, status_code=status, headers=PAGE_HEADERS)
