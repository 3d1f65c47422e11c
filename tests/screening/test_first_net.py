"""The first net catches what it must, and lets ordinary talk pass."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.screening import first_net
from porchlight.screening.first_net import RULES, WORDS, normalise, screen

ENTRIES: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
GROUPS: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["groups"]
CATCHES = [(entry["category"], text) for entry in ENTRIES for text in entry["catches"]]
PASSES = [text for entry in ENTRIES for text in entry["passes"]]
PATTERNS = [pattern for entry in ENTRIES for pattern in (*entry["signs"], *entry["exceptions"])]

PLAIN = [
    "hi", "ok so", "idk how to say this", "my name is Jade", "it is raining here", "thanks for reading",
    "i am 15", "hola", "no se como decirlo", "me llamo Luis", "gracias", "hace frio hoy",
]  # fmt: skip
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"
#: "1" is left for the letter i: a reader cannot know which of the two letters stands there.
LEET = {"a": "@4", "e": "3", "i": "1!", "o": "0", "s": "$5", "t": "7"}

catches = st.sampled_from(CATCHES)
separators = st.sampled_from([". ", "\n", " ", "! ", ", "])


@pytest.mark.parametrize(("category", "text"), CATCHES)
def test_catches(category: str, text: str) -> None:
    assert screen(text) == category


@pytest.mark.parametrize("text", PASSES)
def test_passes(text: str) -> None:
    assert screen(text) is None


def test_categories_go_from_the_worst_to_the_least() -> None:
    assert [entry["category"] for entry in ENTRIES] == ["overdose", "suicide", "violence", "running_away"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["category"]))
def test_every_category_has_enough_examples(entry: dict[str, Any]) -> None:
    assert len(set(entry["catches"])) >= 50
    assert len(set(entry["passes"])) >= 40


def test_no_example_stands_twice() -> None:
    examples = [text for _, text in CATCHES] + PASSES
    assert len(examples) == len(set(examples))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("i took all the pills, i want to die", "overdose"),
        ("he hits me and i want to die", "suicide"),
        ("my dad hits me so i ran away", "violence"),
        ("me pega y me quiero morir", "suicide"),
    ],
)
def test_the_worse_of_two_gives_the_answer(text: str, category: str) -> None:
    assert screen(text) == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("im not suicidal but i keep thinking about killing myself", "suicide"),
        ("no me quiero matar pero ya no quiero vivir", "suicide"),
        ("this homework is killing me and my dad beat me", "violence"),
        ("my dog ran away and now im running away too", "running_away"),
        ("i have an essay about suicide prevention. i want to die", "suicide"),
    ],
)
def test_an_exception_hides_nothing_else(text: str, category: str) -> None:
    assert screen(text) == category


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I’M  gonna DIEEEE", "im going to die"),
        ("¿Me quiéro   matar?", "me quiero matar?"),
        ("k i l l", "kil"),
        ("k.i.l.l", "kil"),
        ("su*cide", "suicide"),
        ("self-harm", "self harm"),
        ("don´t", "dont"),
        ("ｄｉｅ", "die"),
        ("dіе", "die"),
    ],
)
def test_normalise(typed: str, read: str) -> None:
    assert normalise(typed).strip(" ¿") == read


@given(st.text(max_size=300))
def test_never_raises(text: str) -> None:
    assert screen(text) in (None, "overdose", "suicide", "violence", "running_away")


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\x00", "\ud800", "?!", "🔪" * 50, "(" * 500, "\\b", "<gap>", "a\u0301" * 200]
)
def test_odd_text_shows_nothing(text: str) -> None:
    assert screen(text) is None


@given(catches, st.data())
def test_hidden_characters_change_nothing(catch: tuple[str, str], data: st.DataObject) -> None:
    category, text = catch
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.text(ZERO_WIDTH, min_size=1, max_size=3))
    assert screen(text[:place] + hidden + text[place:]) == category


@pytest.mark.parametrize(("category", "text"), CATCHES)
def test_case_and_apostrophes_change_nothing(category: str, text: str) -> None:
    assert screen(text.upper()) == category
    for apostrophe in ("’", "‘", "`", "´", "ʼ", ""):
        assert screen(re.sub("['’]", apostrophe, text)) == category


@given(catches, st.data())
def test_repeated_letters_change_nothing(catch: tuple[str, str], data: st.DataObject) -> None:
    category, text = catch
    letters = [place for place, character in enumerate(text) if character.isalpha()]
    place = data.draw(st.sampled_from(letters))
    assert screen(text[:place] + text[place] * data.draw(st.integers(2, 6)) + text[place + 1 :]) == category


@given(catches, st.data())
def test_leetspeak_changes_nothing(catch: tuple[str, str], data: st.DataObject) -> None:
    category, text = catch
    letter = data.draw(st.sampled_from(sorted(LEET)))
    sign = data.draw(st.sampled_from(LEET[letter]))
    assert screen(re.sub(r"[A-Za-z]{4,}", lambda word: _in_leet(word.group(), letter, sign), text)) == category


def _in_leet(word: str, letter: str, sign: str) -> str:
    """A sign at the end is left out: "hi!" is not leetspeak."""
    return word[:-1].replace(letter, sign) + word[-1]


@settings(max_examples=300)
@given(st.sampled_from(PLAIN), separators, catches, separators, st.sampled_from(PLAIN))
def test_plain_sentences_around_it_lose_nothing(
    before: str, first: str, catch: tuple[str, str], second: str, after: str
) -> None:
    category, text = catch
    assert screen(before + first + text) == category
    assert screen(text + second + after) == category


@pytest.mark.parametrize("text", PLAIN)
def test_the_plain_sentences_show_nothing(text: str) -> None:
    assert screen(text) is None


# How long it takes. Nothing that repeats may stand inside something that repeats, so that the work grows with
# the length of the message only.


def _parsed(pattern: str) -> Any:
    try:
        from re import _parser as parser  # type: ignore[attr-defined]  # its name since Python 3.11
    except ImportError:
        import sre_parse as parser
    return parser.parse(first_net._expand(pattern))


def _nested_repeats(parsed: Any, inside: int = 1) -> Iterator[tuple[int, int]]:
    """Every repeat that stands in another one, as (bound of the outer, bound of the inner)."""
    for operator, argument in _steps(parsed):
        bound = 1
        if "REPEAT" in str(operator):
            bound = int(argument[1])
            if inside > 1:
                yield inside, bound
        for part in _parts(argument):
            yield from _nested_repeats(part, max(inside, bound))


def _steps(parsed: Any) -> list[tuple[Any, Any]]:
    return [step for step in parsed if isinstance(step, tuple) and len(step) == 2]


def _parts(argument: Any) -> Iterator[Any]:
    """The patterns inside an operator's argument: of a group, a choice, a repeat or a look ahead."""
    if hasattr(argument, "getwidth"):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _parts(part)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_repeat_stands_in_a_repeat(pattern: str) -> None:
    assert list(_nested_repeats(_parsed(pattern))) == []


def test_a_repeat_in_a_repeat_is_found() -> None:
    assert list(_nested_repeats(_parsed("i (am )*(very *)+sad"))) != []
    assert list(_nested_repeats(_parsed("([a-z]+ ){0,4}sad"))) != []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_choice_is_empty(pattern: str) -> None:
    assert "||" not in pattern
    assert "(|" not in pattern
    assert "|)" not in pattern


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_written_as_messages_are_read(pattern: str) -> None:
    written_out = re.sub("<([a-z]+)>", lambda name: GROUPS[name.group(1)], pattern)
    assert not re.search("[A-Z'’áéíóúñü]", pattern)
    assert not re.search(r"([a-z])\1[?*+{]", written_out), "a double letter is read as one: it cannot be half optional"
    assert not re.search(r"\.[*+]|\\[wWdDsS]|(?<!\])[*+]", pattern)


@pytest.mark.parametrize(
    "part", ["he took me ", "no me va a ", "i want to ", "a", "1a", "@!", "if he ", ", ", "k ", "\u0301"]
)
def test_the_work_grows_with_the_length_only(part: str) -> None:
    short, long = _seconds((part * 2500)[:2500]), _seconds((part * 10_000)[:10_000])
    assert long < 12 * short + 0.05, "four times the text, far more than four times the work"


def _seconds(text: str) -> float:
    """The best of three, so that a busy machine does not matter."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        screen(text)
        times.append(time.perf_counter() - start)
    return min(times)
