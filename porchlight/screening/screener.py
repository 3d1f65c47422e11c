"""Reads one message: rules and classifier together, and what is to be done about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

import yaml

from porchlight.screening.classifier import Scores, load_classifier
from porchlight.screening.model import (
    CATEGORIES,
    CATEGORY_RANK,
    FAINT,
    SEVERITIES,
    SEVERITY_RANK,
    SOFT,
    Answer,
    Concern,
    Screening,
    Severity,
)
from porchlight.screening.rulebook import SENTENCE_END, Hit, Reading, read

logger = logging.getLogger(__name__)

CALIBRATION = Path(__file__).with_name("calibration.yml")
#: A category is named beside the best one when it is at least this share of all that worries.
SHARE = 0.25
#: Words of a stretch that is read around a rule's signs.
STRETCH = 8
#: Words from which on a message is read in stretches, too. What surrounds a sign in a shorter one belongs to it.
LONG = 20


@dataclass(frozen=True)
class Thresholds:
    """Where the answers part, from calibration.yml. All are risks between 0 and 1, but for the last two, which are
    probabilities of a severity.

    `veto`: below it, the classifier is so sure of harmless talk that a sure rule asks a soft question only;
    `emergency_veto`: the same for a rule of emergencies.
    `backed`: from here on, a weak rule has the classifier's backing and is answered as a sure one.
    """

    respond: float
    check_in: float
    veto: float
    emergency_veto: float
    backed: float
    emergency: float
    urgent: float

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Thresholds:
        """Raises OSError, KeyError or ValueError."""
        chosen: Dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["thresholds"]
        return cls(**{name: float(chosen[name]) for name in cls.__dataclass_fields__})


def screen(text: str) -> Screening:
    """What worries us in `text`. Never raises for any string."""
    reading, scores, thresholds = read(text), _scores(text), _thresholds()
    return judge(reading, scores, thresholds, _risk_near(text, reading, scores, thresholds))


def load() -> bool:
    """Make ready to read at once. Raises BrokenRules; False when the classifier is missing and rules alone read."""
    screen("ready")
    return load_classifier() is not None


def _scores(text: str) -> Optional[Scores]:
    """What the classifier thinks; None when it is missing or cannot read this text, which the rules then read alone."""
    classifier = load_classifier()
    try:
        return classifier.read(text) if classifier else None
    except Exception as error:  # whatever it is, the message must be answered; its words stay out of the log
        logger.critical("The classifier could not read a message: %s", type(error).__name__)
        return None


@lru_cache(maxsize=1)
def _thresholds() -> Thresholds:
    return Thresholds.load()


def _risk_near(text: str, reading: Reading, scores: Optional[Scores], thresholds: Thresholds) -> float:
    """The risk of the words around the signs of a sure rule, where the message as a whole is thought harmless.

    Talk before and after must not drown them: a veto is about the words in which the rule found its signs.
    """
    plain = any(hit.is_plain for hit in reading.hits)
    if scores is None or not plain or scores.risk >= thresholds.veto or len(text.split()) < LONG:
        return 0.0
    near = 0.0
    for piece in _pieces(text):
        if any(hit.is_plain for hit in read(piece).hits):
            found = _scores(piece)
            near = max(near, found.risk if found else 1.0)
            if near >= thresholds.veto:
                break
    return near


def _pieces(text: str) -> Iterator[str]:
    """The sentences of a text; a long one in stretches that overlap by half."""
    for sentence in SENTENCE_END.split(text):
        words = sentence.split()
        for start in range(0, max(len(words) - STRETCH // 2, 1), STRETCH // 2):
            yield " ".join(words[start : start + STRETCH])


def judge(reading: Reading, scores: Optional[Scores], thresholds: Thresholds, near: float = 0.0) -> Screening:
    """The screening of a message from what the rules found and what the classifier thinks (None: it is missing).

    `near`: what it thinks of the words around the rules' signs.
    """
    counted = [hit for hit in reading.hits if "leaves" not in hit.effects]
    answer = _answer(counted, reading, scores, thresholds, near)
    if answer == "none":
        return Screening(weight=_faint(scores, thresholds), denial=reading.denial)
    concerns = _concerns(reading.hits, scores, thresholds)
    return Screening(answer, concerns, 1.0 if answer == "respond" else SOFT, reading.denial)


def _answer(
    counted: List[Hit], reading: Reading, scores: Optional[Scores], thresholds: Thresholds, near: float
) -> Answer:
    sure = [hit for hit in counted if hit.rule.sure and not {"leaves", "lowers"} & set(hit.effects)]
    if scores is None:
        return "respond" if sure else "check_in" if reading.hits else "none"
    risk = scores.risk
    for hit in sure:
        # What may be life or death is hardly left to a classifier.
        veto = thresholds.emergency_veto if hit.rule.severity == "emergency" else thresholds.veto
        if max(risk, near) >= veto:
            return "respond"
    if risk >= (thresholds.backed if counted else thresholds.respond) and not (reading.denial and not counted):
        return "respond"
    # A sure sign in talk that often means nothing is asked about, unless the classifier is sure of that, too.
    left = any(hit.rule.sure for hit in reading.hits if hit not in counted)
    if counted or risk >= (thresholds.veto if left else thresholds.check_in):
        return "check_in"
    return "none"


def _faint(scores: Optional[Scores], thresholds: Thresholds) -> float:
    """What a message that asks for nothing adds to those before it."""
    if scores is None or scores.risk < thresholds.check_in / 4:
        return 0.0
    return FAINT * min(1.0, scores.risk / thresholds.check_in)


def _concerns(hits: Tuple[Hit, ...], scores: Optional[Scores], thresholds: Thresholds) -> Tuple[Concern, ...]:
    """One concern for each category that a rule or the classifier names, from the worst to the least."""
    past = any("lowers" in hit.effects for hit in hits)
    heard: Severity = "concern" if scores is None or past else _severity(scores, thresholds)
    found: Dict[str, Concern] = {}
    for hit in hits:
        over = bool(hit.effects)
        severity: Severity = "concern" if over else _worse(hit.rule.severity, heard)
        confidence = 0.95 if hit.rule.sure and not over else 0.5
        _add(found, Concern(hit.rule.category, severity, confidence, (hit.words,)))
    if scores is not None:
        for number in _named(scores, bool(found)):
            because = scores.because if number == scores.best else ()
            _add(found, Concern(CATEGORIES[number], heard, float(scores.categories[number]), because))
    return tuple(sorted(found.values(), key=_badness))


def _named(scores: Scores, by_rules: bool) -> List[int]:
    """The categories that the classifier names: the best one, and others with a good share."""
    shares = scores.categories[:-1] / max(scores.risk, 1e-9)
    wanted = [number for number in range(len(shares)) if shares[number] >= SHARE or number == scores.best]
    return [number for number in wanted if not by_rules or scores.categories[number] >= SHARE]


def _severity(scores: Scores, thresholds: Thresholds) -> Severity:
    """The worst severity that is likely enough."""
    if scores.severities[SEVERITY_RANK["emergency"]] >= thresholds.emergency:
        return "emergency"
    likely = 1.0 - scores.severities[SEVERITY_RANK["concern"]]
    return "urgent" if likely >= thresholds.urgent else "concern"


def _worse(one: Severity, other: Severity) -> Severity:
    return max(one, other, key=lambda severity: SEVERITY_RANK[severity])


def _add(found: Dict[str, Concern], concern: Concern) -> None:
    """Two concerns of one category are one: the worse severity, the higher confidence, the words of both."""
    known = found.get(concern.category)
    if known is None:
        found[concern.category] = concern
        return
    severity = _worse(known.severity, concern.severity)
    because = tuple(dict.fromkeys((*known.because, *concern.because)))[:4]
    found[concern.category] = Concern(concern.category, severity, max(known.confidence, concern.confidence), because)


def _badness(concern: Concern) -> Tuple[int, int]:
    return (len(SEVERITIES) - SEVERITY_RANK[concern.severity], CATEGORY_RANK[concern.category])
