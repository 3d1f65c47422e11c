"""What holds for every message whatever."""

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.plans.reading import Item, Kind, Known, Language, Move, Turn, read_turn

TYPED = """
my mi aunt rosa tía coach Dave ms. lee and y , . ; ( ) - 555-0101 988 741741 the library on 5th jay's friends
not no is maybe quizás but pero thats all change to number's sisters Ana from when if she her at only text
4th & Main 🙂 ? / skip he hits me my mom's
"""
WORDS = [*TYPED.split(), "\n"]
KNOWN = (
    Known(1, "s", Item("Aunt Rosa", "aunt", "555-0101")),
    Known(2, "s", Item("Jay")),
    Known(3, "t", Item("Ana")),
)

texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
kinds = st.sampled_from(get_args(Kind))
languages = st.sampled_from(get_args(Language))
intents = st.sampled_from([None, "answer", "skip", "greet", "nlu_fallback"])


def read(text: str, kind: Kind, language: Language, intent: str | None = None, known: tuple[Known, ...] = ()) -> Turn:
    return read_turn(text, kind=kind, known=known, section="s", language=language, intent=intent, stage="more")


def bare(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join("".join(kept).casefold().split())


@settings(max_examples=400, deadline=None)
@given(texts, kinds, languages, intents)
def test_never_fails_and_keeps_its_bounds(text: str, kind: Kind, language: Language, intent: str | None) -> None:
    turn = read(text, kind, language, intent, KNOWN)
    assert len(turn.items) <= 20
    assert turn.target in {None, 1, 2, 3}
    assert all(0 < len(i.name) <= 80 and len(i.note or "") <= 200 for i in turn.items)
    assert turn.move is not Move.ADD or turn.items


@settings(max_examples=400, deadline=None)
@given(texts, kinds, languages, intents)
def test_adds_only_what_was_written(text: str, kind: Kind, language: Language, intent: str | None) -> None:
    written = bare(text)
    for item in read(text, kind, language, intent).items:
        parts = [item.name, item.phone or "", *(item.note or "").split("; ")]
        assert all(bare(part) in written for part in parts)


@settings(max_examples=200, deadline=None)
@given(texts, kinds, languages)
def test_reading_twice_says_the_same(text: str, kind: Kind, language: Language) -> None:
    assert read(text, kind, language) == read(text, kind, language)


def test_a_line_read_again_adds_nothing() -> None:
    for known in KNOWN[:2]:
        turn = read(known.item.name, "people", "en", known=KNOWN)
        assert (turn.move, turn.target, turn.items) == (Move.CHANGE, known.id, (known.item,))


def test_every_kind_of_character_is_survived() -> None:
    odd = [
        "\x00",
        "\ud800",
        "🏳️‍🌈" * 50,
        "<script>alert(1)</script>",
        "\u0627" * 500,
        "n\u0303" * 99,
        "\u202e abc",
        "''''",
        "((((",
        "a" * 10_000,
    ]
    for text in odd:
        for kind in get_args(Kind):
            assert isinstance(read(text, kind, "en", "answer", KNOWN), Turn)


def test_only_the_first_two_thousand_characters_are_read() -> None:
    text = "lol " * 600 + "my aunt rosa 555-0101"
    assert read(text, "people", "en").items == ()


def test_at_most_twenty_people() -> None:
    assert len(read("\n".join(f"my aunt rosa 555-01{n:02}" for n in range(60)), "people", "en").items) == 20


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How many Python functions of the package were called: a measure of work without a clock."""
    calls = [0]

    def count(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and "/reading/" in frame.f_code.co_filename:
            calls[0] += 1

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def test_work_grows_with_length_and_no_faster() -> None:
    for line in (
        "well she is nice and i ",
        "the park and on main ",
        "my aunt ",
        "( ",
        "no not ",
        "a.",
        "555-01 ",
    ):
        for kind in get_args(Kind):
            work = []
            for size in (500, 2_000):
                text = (line * 1_000)[:size]
                read(text, kind, "en", "answer", KNOWN)
                with counted_calls() as calls:
                    read(text, kind, "en", "answer", KNOWN)
                work.append(calls[0])
            assert work[1] < 6 * work[0] + 200, (line, kind, work)
