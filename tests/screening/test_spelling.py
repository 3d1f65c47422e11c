"""The many ways to type a word are read as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.screening.spelling import readable, readings

HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u2063\u180e"


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
def test_for_the_rules(typed: str, read: str) -> None:
    assert readings(typed)[0].strip(" ¿") == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I wanna d1e soooo bad", "i want to die so bad"),
        ("I can’t", "i can't"),
        ("unalive myself", "kill myself"),
        ("ｋｉｌｌ", "kill"),
        ("kіll", "kill"),
        ("k\u200bi\u200bl\u200bl myself", "kill myself"),
        ("mamá me pegó", "mamá me pegó"),
        ("q hago", "que hago"),
        ("   ", ""),
    ],
)
def test_for_the_classifier(typed: str, read: str) -> None:
    assert readable(typed) == read


def test_leetspeak_is_read_both_ways() -> None:
    assert {"su1cide", "suicide", "sulcide"} == set(readings("su1cide"))


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    assert isinstance(readable(text), str)
    assert all(isinstance(reading, str) for reading in readings(text))


@given(st.text("abcdefghij ", min_size=1, max_size=40), st.data())
def test_hidden_characters_change_nothing(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.text(HIDDEN, min_size=1, max_size=4))
    assert readable(text[:place] + hidden + text[place:]) == readable(text)
    assert readings(text[:place] + hidden + text[place:]) == readings(text)
