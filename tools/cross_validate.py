"""Cross-validates the pipeline of config.yml on data/nlu. Runs in Rasa's environment (Python 3.10).

Each fold trains the pipeline anew and reads the lines that were held out as `rasa run` would. Stratified by
intent and language, so that each fold has its share of both. How far it is goes to standard output, one JSON
object a line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "es")
#: Lines between two words of progress.
STRIDE = 20
#: The same folds each time, so that two runs differ by the data and the pipeline alone.
SEED = 7

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Example:
    """A line of data/nlu, as Rasa reads it."""

    message: Any
    topic: str
    language: str

    @property
    def intent(self) -> str:
        return str(self.message.get("intent"))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    tell = _teller()
    try:
        examples = list(_examples(sorted(options.data.glob("*.yml"))))
        _refuse_too_few(examples, options.folds)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    tell({"lines": len(examples)})
    results = list(_all_folds(options.config, examples, options.folds, tell))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cross_validate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--out", type=Path, required=True, help="the JSON file for the predictions")
    return parser.parse_args(arguments)


def _teller() -> Tell:
    """Progress keeps standard output; what Rasa prints there goes to standard error."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(event: dict[str, Any]) -> None:
        output.write(json.dumps(event) + "\n")
        output.flush()

    return tell


def _examples(files: Iterable[Path]) -> Iterator[Example]:
    from rasa.shared.nlu.training_data.loading import load_data

    for path in files:
        topic, language = _named(path)
        for message in load_data(str(path)).intent_examples:
            yield Example(message, topic, language)


def _named(path: Path) -> tuple[str, str]:
    """Topic and language of a file <topic>.<language>.yml. Raises ValueError."""
    topic, _, language = path.stem.rpartition(".")
    if not topic or language not in LANGUAGES:
        raise ValueError(f"{path} must be named <topic>.en.yml or <topic>.es.yml.")
    return topic, language


def _refuse_too_few(examples: Sequence[Example], folds: int) -> None:
    """Raises ValueError when an intent cannot be in each fold."""
    if not examples or folds < 2:
        raise ValueError("There must be lines in data/nlu, and 2 folds or more.")
    (intent, language), count = Counter((each.intent, each.language) for each in examples).most_common()[-1]
    if count < folds:
        raise ValueError(f"{intent} has {count} lines in {language!r}: too few for {folds} folds.")


def _all_folds(config: Path, examples: Sequence[Example], folds: int, tell: Tell) -> Iterator[dict[str, Any]]:
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    strata = [f"{each.intent} {each.language}" for each in examples]
    for fold, (train, test) in enumerate(splitter.split(strata, strata), start=1):
        tell({"fold": fold, "of": folds, "doing": "training"})
        with tempfile.TemporaryDirectory() as folder:
            agent = _trained(config, [examples[i].message for i in train], Path(folder))
        tell({"fold": fold, "of": folds, "doing": "reading"})
        yield from asyncio.run(_read(agent, [examples[i] for i in test], fold, tell))


def _trained(config: Path, messages: list[Any], folder: Path) -> Any:
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
    from rasa.shared.nlu.training_data.training_data import TrainingData

    # A cache of its own, and not used: Rasa's has given models that do not load.
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    RasaYAMLWriter().dump(folder / "nlu.yml", TrainingData(messages))
    model = train_nlu(
        str(config), str(folder / "nlu.yml"), str(folder), additional_arguments={"force_full_training": True}
    )
    return Agent.load(model)


async def _read(agent: Any, examples: Sequence[Example], fold: int, tell: Tell) -> list[dict[str, Any]]:
    results = []
    for number, example in enumerate(examples, start=1):
        parsed = await agent.parse_message(example.message.get("text"))
        results.append(_result(example, parsed, fold))
        if number % STRIDE == 0 or number == len(examples):
            tell({"read": (number - 1) % STRIDE + 1})
    return results


def _result(example: Example, parsed: dict[str, Any], fold: int) -> dict[str, Any]:
    from rasa.nlu.classifiers.fallback_classifier import (
        is_fallback_classifier_prediction,
        undo_fallback_prediction,
    )

    guess = undo_fallback_prediction(parsed) if is_fallback_classifier_prediction(parsed) else parsed
    return {
        "fold": fold,
        "topic": example.topic,
        "language": example.language,
        "intent": example.intent,
        "predicted": parsed["intent"]["name"],
        "guess": guess["intent"]["name"],
        "confidence": round(guess["intent"]["confidence"], 4),
        "text": example.message.get("text"),
    }


if __name__ == "__main__":
    sys.exit(main())
