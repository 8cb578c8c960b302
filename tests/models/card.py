"""The card of a model: counts of right and wrong beside those of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kpi.language.training import Annotation, digest
from tests.models.evaluate import FOLDS, Answer, Task, right

_ABOUT = {
    "sense": (
        "The sense of a value without a number, for wordings of which `kpi/values/phrases.toml` knows no word. The "
        "list beside it is what is said of them without a model: the kinds of their words (`kpi/values/segment.py`), "
        "else `other`. Only lines that the vocabulary does not know are counted."
    ),
    "second_tier": (
        "The second tier that an indicator's name speaks for; `成本指标` stands for `经济成本指标` too. The "
        "list beside it is `tests/models/head_nouns.toml`: how a name ends, what it holds; where it knows "
        "no word it says nothing."
    ),
}

_LIMITS = {
    "sense": (
        "The lines were written to hold no word of the vocabulary, so the list does worse here than it does on the "
        "wordings that documents print most; in the indicator values of the five published documents and of the "
        "published tables we develop with, not one wording is unknown to it."
    ),
    "second_tier": (
        "The published documents below are the better measure: they were not trained on, nor used to choose settings."
    ),
}
_OUTSIDE = {
    "sense": (
        "Known wordings, as if no list knew them\n\nThe wordings of `corpus/values/wording.yaml`, none of which was "
        "trained on or used to choose settings, answered without the vocabulary."
    ),
    "second_tier": (
        "Published documents\n\nThe five documents of `corpus/documents/facts`, each name with its tier once."
    ),
}
_RULE = (
    "A model is shipped if, on left-out groups and on the outside texts below, it is more right than the list on the "
    "whole and not less right where the list says something."
)


def page(
    task: Task, examples: Sequence[Annotation], found: Sequence[Answer], outside: Sequence[Answer], *, shipped: bool
) -> str:
    """``card.md``."""
    groups = len({example.group for example in examples})
    parts = [
        f"# {task.name}\n\nWritten by `make model`. {_ABOUT[task.name]}",
        f"Trained from {len(examples)} lines of `corpus/annotations/{task.file}` in {groups} groups "
        f"(`{digest(examples)}`), by `kpi/language/classifier.cfg`. "
        f"**{'Shipped.' if shipped else 'Not shipped.'}** {_RULE}",
        "**What the figures are worth.** The lines are composed, not collected: each group is an invented document of "
        "one field of work, and all were written in one way. A group left out is therefore nearer to the rest than a "
        f"published document would be, and the settings of the model were chosen on these same groups. "
        f"{_LIMITS[task.name]}",
        f"## Left-out groups\n\n{FOLDS} rounds, each leaving out every {FOLDS}th group.\n\n{side_by_side(found)}",
        f"{crossed(found)}\n\n{by_score(found)}",
        f"## Confusions of the classifier\n\n{_confusions(found)}",
    ]
    parts.append(f"## {_OUTSIDE[task.name]}\n\n{side_by_side(outside)}\n\n{crossed(outside)}")
    return "\n\n".join(parts) + "\n"


def side_by_side(found: Sequence[Answer]) -> str:
    """Right of each class, and how often the class was said wrongly of another."""
    rows = ["| class | lines | list right | classifier right | list says it wrongly | classifier says it wrongly |"]
    rows.append("|---|--:|--:|--:|--:|--:|")
    for label in sorted({answer.true for answer in found}):
        own = [answer for answer in found if answer.true == label]
        others = [answer for answer in found if answer.true != label]
        said = [sum(getattr(answer, who) == label for answer in others) for who in ("listed", "model")]
        rows.append(
            f"| {label} | {len(own)} | {right(own, 'listed')} | {right(own, 'model')} | {said[0]} | {said[1]} |"
        )
    wrong = sum(answer.listed not in (None, answer.true) for answer in found)
    rows.append(
        f"| **all** | {len(found)} | {right(found, 'listed')} | {right(found, 'model')} | {wrong} "
        f"| {len(found) - right(found, 'model')} |"
    )
    return "\n".join(rows)


def crossed(found: Sequence[Answer]) -> str:
    """Where the list is right, wrong or silent: how the classifier does there."""
    rows = ["| | classifier right | classifier wrong |", "|---|--:|--:|"]
    for what in ("right", "wrong", "silent"):
        own = [answer for answer in found if _verdict(answer) == what]
        if own:
            rows.append(f"| list {what} | {right(own, 'model')} | {len(own) - right(own, 'model')} |")
    return "\n".join(rows)


def _verdict(answer: Answer) -> str:
    if answer.listed is None:
        return "silent"
    return "right" if answer.listed == answer.true else "wrong"


def by_score(found: Sequence[Answer]) -> str:
    """What is left, and how much of it right, where only higher scores count."""
    rows = ["| score of the classifier at least | lines | right | wrong |", "|---|--:|--:|--:|"]
    for least in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        own = [answer for answer in found if answer.score >= least]
        rows.append(f"| {least:.1f} | {len(own)} | {right(own, 'model')} | {len(own) - right(own, 'model')} |")
    return "\n".join(rows)


def _confusions(found: Sequence[Answer]) -> str:
    """The twenty commonest."""
    counted = Counter((answer.true, answer.model) for answer in found if answer.true != answer.model)
    rows = ["| is | taken for | times |", "|---|---|--:|"]
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:20]
    rows += [f"| {true} | {said} | {times} |" for (true, said), times in ranked]
    return "\n".join(rows)
