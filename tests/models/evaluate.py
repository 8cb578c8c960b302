"""What a classifier says of groups it was not trained on, beside what the list says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from spacy.language import Language

from kpi.language.training import Annotation, left_out, read, train
from kpi.values.fold import fold
from tests.material import CORPUS, VALUES, read_yaml
from tests.models import lists

ANNOTATIONS = CORPUS / "annotations"
FOLDS = 5
# Tiers of the newer framework hold the same names as those of the older.
SAME_TIER = {"经济成本指标": "成本指标"}


class Task(NamedTuple):
    """A classifier: its annotations, and the list it is measured against.

    ``counts`` says which lines are compared; ``outside`` gives texts of another origin, none of which is trained on.
    """

    name: str
    file: str
    text: str
    label: str
    baseline: Callable[[str], str | None]
    counts: Callable[[str], bool]
    outside: Callable[[], list[Annotation]]

    def examples(self) -> list[Annotation]:
        """Everything it is trained on."""
        return read(ANNOTATIONS / self.file, self.text, self.label)


class Answer(NamedTuple):
    """One text with what it is, what the list says (``None``: nothing) and what the model says."""

    text: str
    true: str
    listed: str | None
    model: str
    score: float


def answers(task: Task, model: Language, texts: Sequence[Annotation]) -> Iterator[Answer]:
    """Both answers to each of ``texts``."""
    for example, doc in zip(texts, model.pipe(fold(example.text) for example in texts), strict=True):
        best = max(doc.cats, key=doc.cats.__getitem__)
        yield Answer(example.text, example.label, task.baseline(example.text), best, doc.cats[best])


def on_left_out_groups(task: Task) -> list[Answer]:
    """Each line answered by a model that saw nothing of its group."""
    return [
        answer
        for rest, out in left_out(task.examples(), FOLDS)
        for answer in answers(task, train(rest), [example for example in out if task.counts(example.text)])
    ]


def published() -> list[Annotation]:
    """Names and second tiers of the five published documents of the corpus."""
    return list(dict.fromkeys(_published()))


def known_wordings() -> list[Annotation]:
    """The wordings of ``corpus/values/wording.yaml`` that the annotations do not have."""
    trained = {example.text for example in SENSE.examples()}
    return [
        Annotation(text, entry["value"]["sense"], "")
        for entry in read_yaml(VALUES / "wording.yaml")
        if "sense" in entry["value"] and "name" not in entry
        for text in entry["said"]
        if text not in trained
    ]


def _published() -> Iterator[Annotation]:
    for path in sorted((CORPUS / "documents" / "facts").glob("*.yaml")):
        for project in read_yaml(path)["projects"]:
            for indicator in project["indicators"]:
                tier, name = indicator["tier"][1], indicator["name"]
                if tier and name:
                    yield Annotation(name, SAME_TIER.get(tier, tier), path.stem)


SENSE = Task("sense", "wording.jsonl", "text", "sense", lists.sense, lists.is_asked, known_wordings)
SECOND_TIER = Task("second_tier", "second_tier.jsonl", "name", "tier2", lists.second_tier, lambda _: True, published)
TASKS = {task.name: task for task in (SENSE, SECOND_TIER)}


def right(found: Iterable[Answer], who: str) -> int:
    """How many answers of ``who`` (``listed`` or ``model``) are right."""
    return sum(getattr(answer, who) == answer.true for answer in found)


def is_better(found: Sequence[Answer]) -> bool:
    """The rule for shipping: more right on the whole, and not fewer right where the list says something."""
    spoken = [answer for answer in found if answer.listed is not None]
    return right(found, "model") > right(found, "listed") and right(spoken, "model") >= right(spoken, "listed")
