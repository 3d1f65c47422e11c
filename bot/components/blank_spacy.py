"""A spaCy pipeline without a downloaded model: tokens, and the entities of a pattern file."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, Dict

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils import spacy_utils
from rasa.nlu.utils.spacy_utils import SpacyModel
from spacy.pipeline import EntityRuler


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MODEL_LOADER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(spacy_utils.SpacyNLP):
    """Stands in for Rasa's SpacyNLP (which wants a downloaded model) over a blank tokenizer and an EntityRuler.

    One tokenizer serves English and Spanish alike. The class keeps its parent's name: the recipe hands the model
    to SpacyEntityExtractor by that name.
    """

    @staticmethod
    def load_patterns(path: str) -> SpacyModel:
        """The pipeline with the EntityRuler patterns of a JSONL file; ValueError names a missing file."""
        if not Path(path).is_file():
            raise ValueError(f"The entity patterns {path!r} named in config.yml are missing.")
        nlp = spacy.blank("xx")
        ruler = nlp.add_pipe("entity_ruler")
        assert isinstance(ruler, EntityRuler)
        ruler.from_disk(path)
        return SpacyModel(model=nlp, model_name=f"blank:{sha256(Path(path).read_bytes()).hexdigest()}")

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyNLP:
        return cls(cls.load_patterns(config["patterns"]), {**cls.get_default_config(), **config})
