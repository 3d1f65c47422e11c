"""Teaches the classifier and chooses where the answers part, on lines that it had not seen when it read them.

Every line of the training data is read once by a classifier that learnt from the other folds only. The rules were
written with most of these lines in view, so the thresholds are chosen on the others, whose writers did not know the
rules; then the classifier learns from all lines.
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
#: ones, so many answered. Less than what is promised: other people's messages are not quite like these.
HARD_ANSWERED, HARD_ASKED, ORDINARY_ANSWERED = 3.75, 6.75, 0.5
#: Of 100 messages in which a weak sign is answered since the classifier backs it, so many must worry.
BACKED = 90.0
#: The vetoes that are tried. Those for emergencies are low: what may be life or death is hardly left to a classifier.
VETOES, EMERGENCY_VETOES = (0.2, 0.3), (0.01, 0.02, 0.05)
#: Of 100 emergencies, so many must be taken for one; of 100 urgent ones, so many for urgent or worse.
EMERGENCIES, URGENT = 99.0, 95.0

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
    fresh = [each for each in unseen if each.line.after_rules or not (each.worries or each.line.hard)]
    found = _Found.of(fresh)
    check_in = _above(found.risks[found.hard], HARD_ANSWERED + HARD_ASKED)
    backed = _backed(found, check_in)
    _, respond, veto, emergency_veto = max(
        (_answering(found, backed, veto, emergency_veto) for veto in VETOES for emergency_veto in EMERGENCY_VETOES),
        key=lambda tried: tried[0],
    )
    worrying = [each for each in fresh if each.worries]
    return Thresholds(
        respond=_cut(respond),
        check_in=_cut(min(check_in, respond)),
        veto=_cut(min(veto, check_in)),
        emergency_veto=_cut(min(emergency_veto, check_in)),
        backed=_cut(min(backed, respond)),
        emergency=_cut(_severe(worrying, "emergency", 100.0 - EMERGENCIES)),
        urgent=_cut(_severe(worrying, "urgent", 100.0 - URGENT)),
    )


@dataclass(frozen=True)
class _Found:
    """Of some lines, as arrays: the risk; whether a sure rule, one for an emergency, or any counts; what they are."""

    risks: np.ndarray
    sure: np.ndarray
    emergency: np.ndarray
    any: np.ndarray
    worrying: np.ndarray
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
            any=np.array([any("leaves" not in hit.effects for hit in each.reading.hits) for each in unseen]),
            worrying=np.array([each.worries for each in unseen]),
            clear=np.array([each.worries and each.line.severity != "concern" for each in unseen]),
            hard=np.array([not each.worries and each.line.hard for each in unseen]),
            ordinary=np.array([not each.worries and not each.line.hard for each in unseen]),
        )


def _answering(found: _Found, backed: float, veto: float, emergency_veto: float) -> tuple[float, float, float, float]:
    """The share of clear disclosures that is answered with these vetoes, the threshold for it, and the vetoes."""
    by_rule = (found.sure & (found.risks >= veto)) | (found.emergency & (found.risks >= emergency_veto))
    by_rule |= found.any & (found.risks >= backed)
    for respond in np.linspace(0.3, 0.99, 139):
        answered = by_rule | (found.risks >= respond)
        if (
            100 * answered[found.hard].mean() <= HARD_ANSWERED
            and 100 * answered[found.ordinary].mean() <= ORDINARY_ANSWERED
        ):
            return float(answered[found.clear].mean()), float(respond), veto, emergency_veto
    return 0.0, 0.99, veto, emergency_veto


def _above(risks: np.ndarray, percent: float) -> float:
    """The threshold that `percent` of the risks reach."""
    return float(np.percentile(risks, 100.0 - percent))


def _backed(found: _Found, lowest: float) -> float:
    """The lowest threshold from which on weak signs are right often enough."""
    for threshold in np.linspace(lowest, 1.0, 50):
        answered = found.worrying[found.any & (found.risks >= threshold)]
        if len(answered) and 100.0 * answered.mean() >= BACKED:
            return float(threshold)
    return 1.0


def _severe(worrying: Sequence[Unseen], severity: str, missed: float) -> float:
    """The threshold that all lines of a severity but `missed` percent reach, or a rule says so."""
    rank = SEVERITY_RANK[severity]
    chosen = [each for each in worrying if each.line.severity == severity]
    likely = [1.0 if _says(each, rank) else each.scores.severities[rank:].sum() for each in chosen]
    return float(np.percentile(likely, missed))


def _says(each: Unseen, rank: int) -> bool:
    """A rule says that it is of this severity or worse."""
    return any(not hit.effects and SEVERITY_RANK[hit.rule.severity] >= rank for hit in each.reading.hits)


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
