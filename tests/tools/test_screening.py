"""How the screening is taught and measured: the data hold together, the arithmetic is right, a fall is noticed."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from porchlight.screening import CATEGORIES, Concern, Screening
from porchlight.screening.classifier import CLASSES, NONE, Scores
from porchlight.screening.rulebook import Reading
from porchlight.screening.screener import Thresholds
from tools.screening import __main__ as command
from tools.screening import data
from tools.screening.calibrate import HARD_ANSWERED, Unseen, choose, digest
from tools.screening.data import BrokenData, Line, held_out_lines, read_file, training_lines
from tools.screening.measure import ENOUGH, Figures, Row, Share, measure, sets
from tools.screening.train import features_of, scores_of, train

TRAINING = training_lines()
HELD_OUT = {language: held_out_lines(language) for language in data.LANGUAGES}


# The data


@pytest.mark.parametrize("language", data.LANGUAGES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_each_category_has_enough_to_learn_from(category: str, language: str) -> None:
    lines = [line for line in TRAINING if line.category == category and line.language == language]
    assert len(lines) >= 100
    assert {line.speaker for line in lines} == set(data.SPEAKERS)
    assert {line.severity for line in lines} == {"concern", "urgent", "emergency"}


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_there_is_enough_harmless_talk(language: str) -> None:
    lines = [line for line in TRAINING if line.category is None and line.language == language]
    assert sum(line.hard for line in lines) >= 1000
    assert sum(not line.hard for line in lines) >= 1000


def test_no_message_stands_twice_or_is_both_worry_and_harmless() -> None:
    worries = Counter(line.text.casefold() for line in TRAINING if line.category)
    harmless = {line.text.casefold() for line in TRAINING if not line.category}
    assert not harmless & set(worries)
    assert [text for text, count in worries.items() if count > 1] == []


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_what_is_held_out_is_not_learnt_from(language: str) -> None:
    learnt = {line.text.casefold() for line in TRAINING}
    assert [line.text for line in HELD_OUT[language] if line.text.casefold() in learnt] == []


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_what_is_held_out_is_enough_to_measure_with(language: str) -> None:
    lines = HELD_OUT[language]
    assert {line.category for line in lines if line.category} == set(CATEGORIES)
    assert min(Counter(line.category for line in lines if line.category).values()) >= 2 * ENOUGH
    assert sum(line.hard for line in lines) >= 150
    assert sum(not line.hard and not line.category for line in lines) >= 250


@pytest.mark.skipif(not data.DEV.exists(), reason="the shared set is kept outside this repository")
def test_no_row_of_the_shared_set_is_learnt_from() -> None:
    learnt = {line.text.casefold() for line in TRAINING}
    rows = {
        row["text"].casefold() for row in data.dev_rows() if row["set"] != "benign" and len(row["text"].split()) > 4
    }
    assert not rows & learnt


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("suicide.fr.yml", "urgent: {self: [a]}"),
        ("sadness.en.yml", "urgent: {self: [a]}"),
        ("suicide.en.yml", "high: {self: [a]}"),
        ("suicide.en.yml", "urgent: {nobody: [a]}"),
        ("unsure.en.yml", "sadness: [a]"),
        ("pairs.x.en.yml", "suicide: [{worry: a}]"),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenData, match=name.split(".")[0]):
        read_file(tmp_path / name)


def test_a_pair_stays_together(tmp_path: Path) -> None:
    path = tmp_path / "pairs.x.en.yml"
    path.write_text("suicide: [{severity: urgent, worries: a, harmless: b}, {harmless: c}]", encoding="utf-8")
    worries, harmless, alone = read_file(path)
    assert worries.pair == harmless.pair != alone.pair
    assert (worries.category, harmless.category, alone.hard) == ("suicide", None, True)


def test_the_digest_tells_other_lines_apart() -> None:
    one, other = Line("a", "en", "suicide", "urgent"), Line("a", "en", "suicide", "concern")
    assert digest([one]) == digest([Line("a", "en", "suicide", "urgent")])
    assert digest([one]) != digest([other])


# Teaching


def some_lines() -> list[Line]:
    """Ten lines of each class: enough to learn something by heart."""
    chosen = []
    for category in (*CATEGORIES, None):
        chosen += [line for line in TRAINING if line.category == category][:10]
    return chosen


def test_what_is_taught_is_known() -> None:
    lines = some_lines()
    features = features_of([line.text for line in lines])
    scores = scores_of(train(lines, features), features)
    right = [np.argmax(each.categories) == _class_of(line) for each, line in zip(scores, lines, strict=True)]
    assert sum(right) / len(right) > 0.8


def _class_of(line: Line) -> int:
    return CLASSES.index(line.category) if line.category else NONE


def test_a_category_without_lines_cannot_be_taught() -> None:
    lines = [line for line in some_lines() if line.category != "neglect"]
    with pytest.raises(ValueError, match="neglect"):
        train(lines, features_of([line.text for line in lines]))


def unseen(
    risk: float, category: str | None, severity: str | None = None, hard: bool = False, after_rules: bool = True
) -> Unseen:
    found = np.zeros(len(CLASSES))
    found[0], found[NONE] = risk, 1 - risk
    severities = {"emergency": [0.0, 0.2, 0.8], "urgent": [0.1, 0.8, 0.1], "concern": [0.8, 0.1, 0.1], None: [1, 0, 0]}
    line = Line("a", "en", category, severity, hard=hard, after_rules=after_rules)
    return Unseen(line, Reading((), False), Scores(found, np.array(severities[severity]), ()))


def test_thresholds_keep_their_promises() -> None:
    harmless = [unseen(number / 1000, None, hard=True) for number in range(1000)]
    ordinary = [unseen(number / 4000, None) for number in range(1000)]
    worries = [unseen(0.9, "suicide", severity) for severity in ("emergency", "urgent", "concern") for _ in range(50)]
    chosen = choose([*harmless, *ordinary, *worries])
    answered = sum(each.risk >= chosen.respond for each in harmless)
    asked = sum(each.risk >= chosen.check_in for each in harmless)
    assert answered / 10 <= HARD_ANSWERED + 0.2
    assert answered < asked
    assert chosen.emergency <= 0.8
    assert chosen.urgent <= 0.9
    # Lines that the rules were written with say nothing about how often they are wrong.
    known = [unseen(0.99, None, hard=True, after_rules=False) for _ in range(500)]
    assert choose([*harmless, *ordinary, *worries, *known]) == chosen


# Measuring


def test_a_share_has_its_interval() -> None:
    low, high = Share(95, 100).interval
    assert low == pytest.approx(88.8, abs=0.1)
    assert high == pytest.approx(97.8, abs=0.1)
    assert Share(0, 50).interval[0] == 0
    assert Share(50, 50).interval[1] == pytest.approx(100)
    assert math.isnan(Share(0, 0).percent)


def fake(text: str) -> Screening:
    """Answers by the first word of the text: answer, category, severity."""
    answer, *rest = text.split()
    concerns = (Concern(rest[0], rest[1], 0.9),) if rest else ()  # type: ignore[arg-type]
    return Screening(answer, concerns)  # type: ignore[arg-type]


def test_figures_count_what_they_say() -> None:
    rows = [
        Row("respond suicide emergency", "risk", "en", "suicide", "emergency"),
        Row("respond suicide urgent", "risk", "en", "suicide", "emergency"),
        Row("respond suicide emergency", "risk", "en", "neglect", "urgent"),
        Row("check_in suicide concern", "risk", "en", "suicide", "concern"),
        Row("none", "risk", "en", "suicide", "urgent"),
        Row("none", "hard", "en"),
        Row("respond suicide urgent", "hard", "en"),
        Row("check_in suicide concern", "ordinary", "en"),
    ]
    figures = measure("made up", rows, fake)
    assert (figures.clear.count, figures.clear.of) == (3, 4)
    assert (figures.recall.count, figures.recall.of) == (3, 5)
    assert figures.noticed.count == 4
    assert (figures.emergencies.count, figures.emergencies.of) == (1, 2)
    assert (figures.raised.count, figures.raised.of) == (1, 1)
    assert figures.right_category().count == 3
    assert figures.false_alarms("hard").percent == 50
    assert figures.check_ins("ordinary").percent == 100
    assert dict(figures.by_category())["suicide"].of == 3


def test_a_fallen_figure_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    floors = tmp_path / "floors.yml"
    floors.write_text(yaml.safe_dump({"made up": {"recall_clear": 90, "false_alarms_hard": 5, "emergencies": 50}}))
    monkeypatch.setattr(command, "FLOORS", floors)
    rows = [Row("none", "risk", "en", "suicide", "urgent"), Row("respond suicide urgent", "hard", "en")]
    told = command._fallen([measure("made up", rows, fake)])
    assert len(told) == 3
    assert any("recall_clear is 0.0, its floor 90" in words for words in told)
    assert any("false_alarms_hard is 100.0, its ceiling 5" in words for words in told)
    assert any("was not measured" in words for words in told)


def test_floors_are_no_lower_than_what_is_promised_on_the_shared_set() -> None:
    floors = yaml.safe_load(command.FLOORS.read_text(encoding="utf-8"))
    assert set(floors) == {"held out, en", "held out, es", "shared"}
    for each in floors.values():
        assert set(each) == {
            "recall_clear",
            "emergencies",
            "false_alarms_ordinary",
            "false_alarms_hard",
            "check_ins_hard",
        } | ({"recall_worst_category"} & set(each))


def test_the_sets_are_told_apart() -> None:
    assert {"held out, en", "held out, es"} <= set(sets())


def test_help_says_what_it_does() -> None:
    for name in ("calibrate", "eval"):
        shown = CliRunner().invoke(command.app, [name, "--help"])
        assert shown.exit_code == 0


def test_the_model_card_is_up_to_date() -> None:
    """It was written from these thresholds: who calibrates anew must run `make eval`."""
    card = (data.ROOT / "docs" / "screening.md").read_text(encoding="utf-8")
    thresholds = Thresholds.load()
    assert f"risk from {thresholds.respond:.2f} on" in card
    assert f"risk from {thresholds.check_in:.2f} on" in card
    assert isinstance(Figures("x", ()).as_numbers(), dict)
