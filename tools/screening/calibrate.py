"""Teaches the classifier and chooses where the answers part, on lines that it had not seen when it read them.

Every line of the training data is read once by a classifier that learnt from the other folds only. On these
readings the thresholds are chosen; then the classifier learns from all lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import yaml
from sklearn.model_selection import StratifiedGroupKFold

from porchlight.screening.classifier import WEIGHTS, Scores
from porchlight.screening.model import SEVERITY_RANK
from porchlight.screening.rulebook import Reading, read
from porchlight.screening.screener import CALIBRATION, Thresholds
from tools.screening.data import Line, training_lines
from tools.screening.train import SEED, Features, features_of, scores_of, train

FOLDS = 5
#: Of 100 harmless lines full of alarming words, so many may be answered and so many more asked about; of 100 ordinary
#: ones, so many answered. Half of what is promised: on other people's messages twice as many were.
HARD_ANSWERED, HARD_ASKED, ORDINARY_ANSWERED = 2.5, 8.5, 0.5
#: Of 100 messages in which a weak sign is answered since the classifier backs it, so many must worry.
BACKED = 90.0
#: The vetoes that are tried. None is very low: the rules were written with these lines in view, and are wrong more
#: often on others. Those for emergencies are: what may be life or death is hardly left to a classifier.
VETOES, EMERGENCY_VETOES = (0.2, 0.3, 0.4), (0.0, 0.002, 0.005)
#: Of 100 emergencies, so many must be taken for one; of 100 urgent ones, so many for urgent or worse.
EMERGENCIES, URGENT = 97.0, 95.0

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Unseen:
    """A line, what the rules find in it, and what a classifier says that had not learnt from it."""

    line: Line
    reading: Reading
    scores: Scores

    @property
    def risk(self) -> float:
        return self.scores.risk

    @property
    def worries(self) -> bool:
        return self.line.category is not None


def calibrate(tell: Tell) -> Thresholds:
    """Write weights.npz and calibration.yml; returns the thresholds. Raises BrokenData."""
    lines = training_lines()
    features = features_of([line.text for line in lines], lambda done: tell("encoding", done, len(lines)))
    thresholds = choose(read_unseen(lines, features, tell))
    train(lines, features).save(WEIGHTS)
    tell("learning", 1, 1)
    CALIBRATION.write_text(_written(lines, thresholds), encoding="utf-8")
    return thresholds


def read_unseen(lines: Sequence[Line], features: Features, tell: Tell) -> list[Unseen]:
    strata = [f"{line.category} {line.language}" for line in lines]
    # A pair stays together: half of it would tell the other.
    groups = [line.pair or f"line {number}" for number, line in enumerate(lines)]
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    scores: dict[int, Scores] = {}
    for learnt, left in splitter.split(lines, strata, groups):
        weights = train([lines[i] for i in learnt], features.of(learnt))
        scores |= dict(zip(left.tolist(), scores_of(weights, features.of(left)), strict=True))
        tell("folds", 1, FOLDS)
    return [Unseen(line, read(line.text), scores[number]) for number, line in enumerate(lines)]


def choose(unseen: Sequence[Unseen]) -> Thresholds:
    """Of the thresholds that keep the promises above, those that answer most clear disclosures.

    They depend on the lines alone.
    """
    found = _Found.of(unseen)
    best = max(
        (_answering(found, veto, emergency_veto) for veto in VETOES for emergency_veto in EMERGENCY_VETOES),
        key=lambda tried: tried[0],
    )
    _, respond, veto, emergency_veto = best
    check_in = min(_above(found.risks[found.hard], HARD_ANSWERED + HARD_ASKED), respond)
    worrying = [each for each in unseen if each.worries]
    return Thresholds(
        respond=_cut(respond),
        check_in=_cut(check_in),
        veto=_cut(min(veto, check_in)),
        emergency_veto=_cut(min(emergency_veto, check_in)),
        backed=_cut(_backed(unseen, check_in, respond)),
        emergency=_cut(_severe(worrying, "emergency", 100.0 - EMERGENCIES)),
        urgent=_cut(_severe(worrying, "urgent", 100.0 - URGENT)),
    )


@dataclass(frozen=True)
class _Found:
    """Of all lines, as arrays: the risk; whether a sure rule, one for an emergency found its signs; what they are."""

    risks: np.ndarray
    sure: np.ndarray
    emergency: np.ndarray
    clear: np.ndarray
    hard: np.ndarray
    ordinary: np.ndarray

    @classmethod
    def of(cls, unseen: Sequence[Unseen]) -> _Found:
        rules = [[hit.rule for hit in each.reading.hits if hit.is_plain] for each in unseen]
        return cls(
            risks=np.array([each.risk for each in unseen]),
            sure=np.array([bool(found) for found in rules]),
            emergency=np.array([any(rule.severity == "emergency" for rule in found) for found in rules]),
            clear=np.array([each.worries and each.line.severity != "concern" for each in unseen]),
            hard=np.array([not each.worries and each.line.hard for each in unseen]),
            ordinary=np.array([not each.worries and not each.line.hard for each in unseen]),
        )


def _answering(found: _Found, veto: float, emergency_veto: float) -> tuple[float, float, float, float]:
    """The share of clear disclosures that is answered with these vetoes, the threshold for it, and the vetoes."""
    by_rule = (found.sure & (found.risks >= veto)) | (found.emergency & (found.risks >= emergency_veto))
    for respond in np.linspace(0.3, 0.99, 139):
        answered = by_rule | (found.risks >= respond)
        if (
            100 * answered[found.hard].mean() <= HARD_ANSWERED
            and 100 * answered[found.ordinary].mean() <= ORDINARY_ANSWERED
        ):
            return float(answered[found.clear].mean()), float(respond), veto, emergency_veto
    return 0.0, 0.99, veto, emergency_veto


def _above(risks: Sequence[float] | np.ndarray, percent: float) -> float:
    """The threshold that `percent` of the risks reach."""
    return float(np.percentile(risks, 100.0 - percent))


def _backed(unseen: Sequence[Unseen], lowest: float, highest: float) -> float:
    """The lowest threshold from which on weak signs are right often enough."""
    weak = [each for each in unseen if any("leaves" not in hit.effects for hit in each.reading.hits)]
    for threshold in np.linspace(lowest, highest, 50):
        answered = [each.worries for each in weak if each.risk >= threshold]
        if answered and 100.0 * sum(answered) / len(answered) >= BACKED:
            return float(threshold)
    return highest


def _severe(worrying: Sequence[Unseen], severity: str, missed: float) -> float:
    """The threshold that all lines of a severity but `missed` percent reach."""
    rank = SEVERITY_RANK[severity]
    chosen = [each for each in worrying if each.line.severity == severity]
    return float(np.percentile([each.scores.severities[rank:].sum() for each in chosen], missed))


def _cut(number: float) -> float:
    return float(np.floor(number * 1e4) / 1e4)


def digest(lines: Sequence[Line]) -> str:
    """Stands for the lines that were learnt from: weights that were made from others are stale."""
    told = "\n".join(sorted(f"{line.text}\t{line.category}\t{line.severity}" for line in lines))
    return hashlib.sha256(told.encode()).hexdigest()


def _written(lines: Sequence[Line], thresholds: Thresholds) -> str:
    content = {
        "learnt_from": {"lines": len(lines), "digest": digest(lines)},
        "thresholds": asdict(thresholds),
    }
    head = "# Written by `make calibrate` together with weights.npz. Not to be edited.\n"
    return head + yaml.safe_dump(content, sort_keys=False)
