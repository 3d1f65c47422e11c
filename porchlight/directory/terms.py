"""Needs and groups (resources/directory/taxonomy.yml): what services are there for, and how people ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from porchlight.directory.spelling import normal
from porchlight.texts import LANGUAGES, BrokenText, load_yaml

FILE = "directory/taxonomy.yml"
#: Needs that the words of a service may tell of, and each be what it is there for.
FEW = 2
#: What our terms are called where HSDS wants a taxonomy.
TAXONOMY = {
    "id": "porchlight",
    "name": "Porchlight",
    "description": "What young people and those who care for them need",
}


@dataclass(frozen=True)
class Term:
    """A need or a group: how it is called, asked for, and told of; `also`: needs that help with it as well; `within`:
    the group that this one is a part of."""

    id: str
    name: Mapping[str, str]
    asks: Mapping[str, re.Pattern[str]]
    tells: frozenset[str]
    titles: frozenset[str]
    also: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    within: str | None = None
    local: bool = False


class Taxonomy:
    """All terms."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.needs = {key: _term(key, entry) for key, entry in written["needs"].items()}
        self.groups = {key: _term(key, entry) for key, entry in written["groups"].items()}
        unknown = {other for term in self.needs.values() for other in (*term.also, *term.over)} - set(self.needs)
        if unknown:
            raise BrokenText(f"resources/{FILE} knows no {', '.join(sorted(unknown))}.")

    def term(self, key: str) -> Term | None:
        return self.needs.get(key) or self.groups.get(key)

    def document_of(self, key: str) -> dict[str, Any]:
        """A term as HSDS tells it. Raises BrokenText."""
        term = self.term(key)
        if term is None:
            raise BrokenText(f"resources/{FILE} knows no {key}.")
        return {
            "id": f"porchlight.{key}",
            "code": key,
            "name": term.name["en"],
            "description": f"{term.name['en']} ({'need' if key in self.needs else 'group'})",
            "taxonomy": TAXONOMY["name"],
            "language": "en",
        }

    def asked(self, text: str, terms: Mapping[str, Term]) -> list[str]:
        """Which terms a text asks for, those that stand first in it before others. `text` is normal()."""
        found = []
        for key, term in terms.items():
            starts = [hit.start() for language in LANGUAGES if (hit := term.asks[language].search(text))]
            if starts:
                found.append((min(starts), key))
        return [key for _, key in sorted(found)]

    def of_document(self, document: Mapping[str, Any]) -> tuple[dict[str, str], set[str]]:
        """The needs ("main" or "also") and groups of a service's document: by its attributes, else by its words."""
        attributes = document.get("attributes")
        needs, groups = self._of_attributes(attributes if isinstance(attributes, list) else ())
        if (needs or groups) and isinstance(document.get("porchlight"), Mapping):
            return needs, groups  # it says all of it
        told = self.told(f"{document.get('name') or ''} {document.get('description') or ''}")
        # Words that tell of much tell of each less surely.
        return dict.fromkeys(told[0], "also" if needs or len(told[0]) > FEW else "main") | needs, groups | set(told[1])

    def told(self, text: str) -> tuple[list[str], list[str]]:
        """The needs and groups that the words of a service tell of."""
        keys = {key for found in self._telling.findall(normal(text)) for key in self._by_telling[found]}
        return [key for key in self.needs if key in keys], [key for key in self.groups if key in keys]

    @cached_property
    def _telling(self) -> re.Pattern[str]:
        """All that tells of anything, in one: a service's text is read once."""
        return _pattern(re.escape(each) for each in sorted(self._by_telling, key=len, reverse=True))

    @cached_property
    def _by_telling(self) -> Mapping[str, list[str]]:
        return _grouped((told, term.id) for term in self._all for told in term.tells)

    @cached_property
    def _by_title(self) -> Mapping[str, list[str]]:
        return _grouped((title, term.id) for term in self._all for title in term.titles)

    @property
    def _all(self) -> list[Term]:
        return [*self.needs.values(), *self.groups.values()]

    def _of_attributes(self, attributes: Iterable[Mapping[str, Any]]) -> tuple[dict[str, str], set[str]]:
        needs: dict[str, str] = {}
        groups: set[str] = set()
        for attribute in attributes:
            term = attribute.get("taxonomy_term")
            if not isinstance(term, Mapping):
                continue
            for key in self.of_term(str(term.get("code") or ""), str(term.get("name") or ""), term.get("taxonomy")):
                if key in self.needs:
                    needs[key] = "also" if attribute.get("value") == "also" else "main"
                else:
                    groups.add(key)
        return needs, groups

    def of_term(self, code: str, name: str, taxonomy: Any = None) -> list[str]:
        """Our terms for one of a taxonomy: our own by its code, others by their title."""
        if taxonomy == TAXONOMY["name"] and self.term(code):
            return [code]
        return list(self._by_title.get(name.strip().casefold(), ()))


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, key in pairs:
        found.setdefault(word, []).append(key)
    return found


def _term(key: str, entry: Mapping[str, Any]) -> Term:
    try:
        return Term(
            id=key,
            name={language: entry["name"][language] for language in LANGUAGES},
            asks={language: _pattern(entry["asks"][language]) for language in LANGUAGES},
            tells=frozenset(normal(each) for each in entry.get("tells") or ()),
            titles=frozenset(each.casefold() for each in entry.get("open_eligibility") or ()),
            also=tuple(entry.get("also") or ()),
            over=tuple(entry.get("over") or ()),
            within=entry.get("within"),
            local=bool(entry.get("local")),
        )
    except (KeyError, TypeError, re.error) as error:
        raise BrokenText(f"resources/{FILE}: {key} cannot be used: {error}") from error


def _pattern(alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


@cache
def taxonomy() -> Taxonomy:
    """Raises BrokenText."""
    return Taxonomy(load_yaml(FILE))
