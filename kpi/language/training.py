"""Training a classifier from annotations, the same each time: fixed seed, fixed order, fixed number of rounds."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.training import Example
from spacy.util import load_model_from_config, registry
from thinc.api import Config, fix_random_seed

from kpi.language import segmentation  # noqa: F401  (registers the tokenizer)
from kpi.values.fold import fold


class Annotation(NamedTuple):
    """A text, what it is, and the field of work it belongs to; a group is left out as a whole."""

    text: str
    label: str
    group: str


def read(path: Path, text: str, label: str) -> list[Annotation]:
    """The lines of a JSON Lines file; ``text`` and ``label`` name its keys."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Annotation(row[text], row[label], row["group"]) for row in rows]


def config_text() -> str:
    """``classifier.cfg``."""
    return resources.files("kpi.language").joinpath("classifier.cfg").read_text(encoding="utf-8")


def digest(examples: Iterable[Annotation]) -> str:
    """What a trained model depends on, as 16 digits: the examples, the config, the dictionary."""
    dictionary = resources.files("kpi.language").joinpath("dictionary.txt").read_text(encoding="utf-8")
    parts = [*("\t".join(example) for example in examples), config_text(), dictionary]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def train(examples: Sequence[Annotation], *, epochs: int | None = None) -> Language:
    """A pipeline with one ``textcat`` over ``examples``; ``epochs`` instead of the config's ``max_epochs``.

    The same examples in the same order give the same weights on the same machine.
    """
    config = Config().from_str(config_text())
    settings = config["training"]
    fix_random_seed(settings["seed"])
    nlp = load_model_from_config(config, auto_fill=True)
    labels = sorted({example.label for example in examples})
    gold = list(_gold(nlp, examples, labels))
    optimizer: Any = registry.resolve({"it": settings["optimizer"]})["it"]
    nlp.initialize(lambda: gold, sgd=optimizer)
    order = random.Random(settings["seed"])
    for _ in range(epochs or settings["max_epochs"]):
        order.shuffle(gold)
        for start in range(0, len(gold), settings["batch_size"]):
            nlp.update(gold[start : start + settings["batch_size"]], sgd=optimizer, drop=settings["dropout"])
    return nlp


def _gold(nlp: Language, examples: Iterable[Annotation], labels: Sequence[str]) -> Iterator[Example]:
    for example in examples:
        text = fold(example.text)
        reference = nlp.make_doc(text)
        reference.cats = {label: float(label == example.label) for label in labels}
        yield Example(nlp.make_doc(text), reference)


def left_out(examples: Sequence[Annotation], folds: int) -> Iterator[tuple[list[Annotation], list[Annotation]]]:
    """(rest, left out) by whole groups; the groups are dealt in the order of their names."""
    groups = sorted({example.group for example in examples})
    turn = {group: number % folds for number, group in enumerate(groups)}
    for fold_number in range(folds):
        yield (
            [example for example in examples if turn[example.group] != fold_number],
            [example for example in examples if turn[example.group] == fold_number],
        )
