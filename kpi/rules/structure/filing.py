"""What the rules on completeness and filing share, from ``filing.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from kpi.rules import facts
from kpi.schema import Indicator, Project

OUTPUT, BENEFIT, SATISFACTION = "产出指标", "效益指标", "满意度指标"


@cache
def _data() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(resources.files("kpi.rules.structure").joinpath("filing.toml").read_text(encoding="utf-8"))


@cache
def words(section: str, key: str) -> tuple[str, ...]:
    """A list of the file, in its order; empty where it has none."""
    found = _data()[section].get(key, ())
    return (found,) if isinstance(found, str) else tuple(found)


def holds(text: str | None, section: str, key: str) -> bool:
    """Whether a text holds one of the words of a list."""
    return text is not None and any(word in text for word in words(section, key))


def first_tiers(project: Project) -> frozenset[str] | None:
    """The first tiers that a project has; null where a row is filed under words that say none."""
    found = set()
    for row in project.indicators:
        tier = facts.first_tier(row)
        if tier is not None:
            found.add(tier)
        elif not _is_outside(row):
            return None
    return frozenset(found)


def _is_outside(row: Indicator) -> bool:
    """Whether a row stands beside the tiers by what it is: 预算执行率, money put in."""
    return (row.name or "").strip() in words("outside", "names") or row.tier1_text in words("standard", "foreign")


def rows_of(project: Project, tier: str) -> list[int]:
    """The indexes of the rows of a first tier."""
    return [i for i, row in enumerate(project.indicators) if facts.first_tier(row) == tier]


def is_of_department(project: Project) -> bool:
    """Whether a table is about a whole department, not about a project."""
    return holds(project.title, "department", "titles") or holds(project.name, "department", "titles")


def called(project: Project) -> str:
    """A project in a sentence."""
    return f"项目“{project.name}”" if project.name else "本表"


def listed(names: list[str]) -> str:
    """Names in a row, without repeats."""
    return "、".join(dict.fromkeys(names))
