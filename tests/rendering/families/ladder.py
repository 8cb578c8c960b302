"""Family K: targets of a department, each with a ladder of grades, as a table or as sentences, with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from kpi import parse_value

from ..blocks import Block, Heading, Paragraph, Section, TargetTable, row
from .answers import meaning
from .facts import FOLDER, LADDER


class Target(NamedTuple):
    """A target of the department: `values` pair with the grades, the best first."""

    section: str
    goal: str
    indicator: str
    values: tuple[str, ...]


class Ladder(NamedTuple):
    """The document."""

    title: str
    grades: tuple[str, ...]
    targets: tuple[Target, ...]


def load() -> Ladder:
    """Reads the facts."""
    raw = yaml.safe_load((FOLDER / f"{LADDER}.yaml").read_text(encoding="utf-8"))
    targets = (Target(values=tuple(target.pop("values")), **target) for target in raw["targets"])
    return Ladder(raw["title"], tuple(raw["grades"]), tuple(targets))


def table(ladder: Ladder) -> Iterator[Block]:
    """The document with a table that has a column for each grade."""
    yield Heading(ladder.title)
    yield Section("二、分项绩效目标")
    heading = row("职责活动", "绩效目标", "绩效指标", *ladder.grades)
    yield TargetTable((), (heading, *(row(*target[:3], *target.values) for target in ladder.targets)), tiers=0)


def sentences(ladder: Ladder) -> Iterator[Block]:
    """The document in running text."""
    yield Heading(ladder.title)
    yield Section("二、分项绩效目标")
    for number, target in zip("一二三四五六", ladder.targets, strict=False):
        yield Paragraph(f"（{number}）{target.section}")
        yield Paragraph(f"绩效目标：{target.goal}")
        yield Paragraph(f"绩效指标：{target.indicator}")
        steps = zip(target.values, ladder.grades, strict=True)
        yield Paragraph(
            "绩效标准：" + "；".join(f"{target.indicator}{text}的为{grade}" for text, grade in steps) + "。"
        )


def answers(ladder: Ladder) -> list[dict[str, Any]]:
    """The department targets that must be read; of each grade what its value means."""
    return [
        {
            "section": target.section,
            "goal": target.goal.rstrip("。"),
            "indicators": [target.indicator],
            "grading": [
                [grade, meaning(parse_value(text).model_dump(mode="json"))]
                for grade, text in zip(ladder.grades, target.values, strict=True)
            ],
        }
        for target in ladder.targets
    ]


def read(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Department targets that were read, in the form of the answers; of a path of sections the innermost."""
    return [
        {
            "section": target["section"].rpartition(" / ")[2],
            "goal": target["goal"].rstrip("。"),
            "indicators": [indicator["name"] for indicator in target["indicators"]],
            "grading": [[step["grade"], meaning(step["value"])] for step in target["grading"]],
        }
        for target in targets
    ]
