"""F1, totals and confusions of a small cross-validation, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.nlu_picture import draw, in_order, shares
from tools.nlu_report import confusions_table, intents_table, totals_table
from tools.nlu_scores import FALLBACK, Line, confusions, scores, totals


def line(intent: str, predicted: str, language: str = "en", guess: str = "", topic: str = "") -> Line:
    return Line(topic or intent[0], language, intent, predicted, guess or predicted, 0.9)


LINES = [
    line("greet", "greet"),
    line("greet", "greet", "es"),
    line("greet", "thanks"),
    line("greet", FALLBACK, "es", guess="greet"),
    line("thanks", "thanks"),
    line("thanks", "thanks", "es"),
]


def test_score_of_an_intent() -> None:
    greet, thanks = scores(LINES)["greet"], scores(LINES)["thanks"]
    assert (greet.precision, greet.recall, greet.support) == (1.0, 0.5, 4)
    assert greet.f1 == pytest.approx(2 / 3)
    assert thanks.precision == pytest.approx(2 / 3)
    assert (thanks.recall, thanks.support) == (1.0, 2)


def test_an_intent_never_understood_scores_nothing() -> None:
    assert scores([line("greet", "thanks")])["greet"].f1 == 0


def test_totals_weigh_intents_alike_or_lines_alike() -> None:
    found = totals(LINES)
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.macro == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found.weighted == pytest.approx((4 * 2 / 3 + 2 * 4 / 5) / 6)
    assert found.unsure == pytest.approx(1 / 6)
    assert found.guessed == pytest.approx(5 / 6)


def test_no_lines_have_no_totals() -> None:
    with pytest.raises(ValueError, match="no lines"):
        totals([])


def test_confusions_name_the_most_frequent_first() -> None:
    lines = [
        line("greet", "thanks"),
        line("thanks", "greet"),
        line("thanks", "greet"),
        line("greet", "greet"),
    ]
    assert confusions(lines) == [("thanks", "greet", 2), ("greet", "thanks", 1)]


def test_rows_of_the_picture_add_up_to_one() -> None:
    intents, borders = in_order(LINES)
    matrix = shares(LINES, intents)
    assert intents == ["greet", "thanks"]
    assert borders == [1]
    assert matrix.shape == (2, 3)
    assert matrix.sum(axis=1).tolist() == [1, 1]
    assert matrix[0].tolist() == [0.5, 0.25, 0.25]


def test_an_intent_without_lines_in_a_language_is_an_empty_row() -> None:
    assert shares([line("greet", "greet")], ["greet", "thanks"])[1].tolist() == [0, 0, 0]


def test_tables_and_picture_show_every_intent(tmp_path: Path) -> None:
    assert intents_table(LINES).row_count == 2
    assert confusions_table(LINES, worst=1).row_count == 1
    assert totals_table(LINES).row_count == 3
    draw(LINES, tmp_path / "made" / "picture.png")
    assert (tmp_path / "made" / "picture.png").stat().st_size > 1000
