"""Thousands of patterns, looked for at once.

Most sentences hold none of them. So each pattern is only tried where the words stand that it cannot do without, and
only then compiled: that is most of the time that they would take to load and to search for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from math import log2
from re import Pattern
from typing import Dict, FrozenSet, List, Optional, Set, Tuple

from porchlight.screening.spelling import squeeze, word_lists

#: Words, of which a sentence must hold one. They are parts of words, too, and may hold blanks.
Words = FrozenSet[str]

#: A sentence's words are looked up by so many of their first letters. Shorter ones are no help.
START = 3
#: Of the words that a pattern cannot do without, so many sets are looked for: those that say most.
SETS = 3

_GROUP = re.compile(r"<([a-z]+)>")
_CAPTURING = re.compile(r"\((?!\?)")
#: What a pattern is made of: a <group>, a plain choice, brackets, a bar, [letters], how often, a place, letters.
_TOKEN = re.compile(
    r"<[a-z]+>|\([a-z0-9 |]+\)|\(\?(?:<?[=!]|:)|\(|\)|\||\[[^\]]*\]|[?*+]|\{[^}]*\}|\\b|[$^]|[a-z0-9 ,]+"
)
_LOOK = re.compile(r"\(\?<?[=!]")
_OPTIONAL = re.compile(r"[?*]|\{0*[,}]")


class Patterns:
    """Patterns, each with the name of the rule or context that it belongs to."""

    def __init__(self) -> None:
        self._patterns: List[Tuple[str, str, List[Words]]] = []
        self._always: List[int] = []
        self._by_start: Dict[str, Dict[str, List[int]]] = {}

    def add(self, name: str, pattern: str) -> None:
        """Raises ValueError for an unknown group or for brackets that do not match."""
        number, needed = len(self._patterns), needs(pattern)[:SETS]
        self._patterns.append((name, pattern, needed[1:]))
        if not needed:
            self._always.append(number)
        for word in needed[0] if needed else ():
            self._by_start.setdefault(word[:START], {}).setdefault(word, []).append(number)

    def find(self, sentence: str) -> Dict[str, List[Pattern[str]]]:
        """The patterns that may stand in a sentence, by name: it holds the words that they cannot do without."""
        found: Dict[str, List[Pattern[str]]] = {}
        for number in sorted(self._near(sentence)):
            name, pattern, needed = self._patterns[number]
            if all(any(word in sentence for word in words) for words in needed):
                found.setdefault(name, []).append(compiled(pattern))
        return found

    def compile(self) -> None:
        """Compile them all, so that none has to be when it is needed. Raises re.error for a broken one."""
        for _, pattern, _ in self._patterns:
            compiled(pattern)

    def _near(self, sentence: str) -> Set[int]:
        numbers = set(self._always)
        for start in {sentence[at : at + START] for at in range(len(sentence))}:
            for word, patterns in self._by_start.get(start, {}).items():
                if word in sentence:
                    numbers.update(patterns)
        return numbers


def first(patterns: List[Pattern[str]], sentence: str) -> Optional[str]:
    """The first words of the sentence that match one of the patterns; None when there are none."""
    matches = [match for match in (pattern.search(sentence) for pattern in patterns) if match]
    return min(matches, key=lambda match: match.start()).group() if matches else None


@lru_cache(maxsize=None)
def compiled(pattern: str) -> Pattern[str]:
    """The pattern as it is searched for, in whole words. Raises re.error, ValueError."""
    # Nothing is asked of the brackets but to hold together: not capturing is faster.
    return re.compile(_CAPTURING.sub("(?:", rf"\b(?:{expand(pattern)})\b"))


def expand(pattern: str) -> str:
    """The pattern with its <groups> written out and its double letters made single, as in the messages."""
    return squeeze(_GROUP.sub(lambda name: _group(name.group(1)), pattern))


def needs(pattern: str) -> List[Words]:
    """The words that a sentence must hold so that the pattern can match: one of each set, the telling sets first.

    Raises ValueError for an unknown group or for what is no pattern.
    """
    tokens = _TOKEN.findall(pattern)
    # Brackets with a question mark are groups or look around: what else they can be is read wrongly here.
    if "".join(tokens) != pattern or any(pair == ("(", "?") for pair in pairwise(tokens)):
        raise ValueError(f"a bracket is not closed, or a sign does not belong here: {pattern}")
    tokens.reverse()
    needed = _choice(tokens)
    if tokens:
        raise ValueError(f"a bracket is not opened: {pattern}")
    return sorted(needed, key=_telling, reverse=True)


def _choice(tokens: List[str]) -> List[Words]:
    """What the choice needs that the last token begins; its tokens are taken from the end of the list."""
    choices = [_sequence(tokens)]
    while tokens and tokens[-1] == "|":
        tokens.pop()
        choices.append(_sequence(tokens))
    if len(choices) == 1:
        return choices[0]
    return [frozenset().union(*(max(needed, key=_telling) for needed in choices))] if all(choices) else []


def _sequence(tokens: List[str]) -> List[Words]:
    needed: List[Words] = []
    while tokens and tokens[-1] not in ("|", ")"):
        token = tokens.pop()
        part = _part(token, tokens)
        optional = bool(tokens and _OPTIONAL.match(tokens[-1]))
        if tokens and tokens[-1][0] in "?*+{":
            tokens.pop()
        if token[0] not in "<([\\^$":
            # How often is said of the last letter only.
            needed += _words([squeeze(token)[:-1] if optional else squeeze(token)])
        elif not optional:
            needed += part
    return needed


def _part(token: str, tokens: List[str]) -> List[Words]:
    """What a group, a bracket or a place needs."""
    if token[0] == "<":
        return _group_needs(token[1:-1])
    if token[0] != "(":
        return []
    if token[-1] == ")":
        return _words(squeeze(token[1:-1]).split("|"))
    needed = _choice(tokens)
    if not tokens:
        raise ValueError("a bracket is not closed")
    tokens.pop()
    return [] if _LOOK.match(token) else needed


def _words(choices: List[str]) -> List[Words]:
    return [frozenset(choices)] if min(map(len, choices)) >= START else []


def _telling(words: Words) -> float:
    """How seldom a sentence holds one of the words: long ones and few are best."""
    return min(map(len, words)) - 0.6 * log2(len(words))


@lru_cache(maxsize=None)
def _group(name: str) -> str:
    groups: Dict[str, str] = word_lists()["groups"]
    if name not in groups:
        raise ValueError(f"there is no group <{name}> in _words.yml")
    group = re.sub(r"\| +", "|", groups[name])
    if not group.startswith("("):
        raise ValueError(f"the group <{name}> in _words.yml must stand in brackets")
    return group


@lru_cache(maxsize=None)
def _group_needs(name: str) -> List[Words]:
    return needs(_group(name))[:SETS]
