"""What the rules on completeness and filing share, from ``filing.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from kpi.rules import facts
from kpi.rules.once import once
from kpi.rules.words import any_of
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
    return text is not None and _any_of(section, key).search(text) is not None


@cache
def _any_of(section: str, key: str) -> re.Pattern[str]:
    return re.compile(any_of(words(section, key)) or "(?!)")  # an empty list is found nowhere


@once
def first_tiers(project: Project) -> frozenset[str] | None:
    """The first tiers that a project has; null where a row is filed under words that say none.

    A benefit filed under the outputs is there all the same: STR006 says where it stands.
    """
    found: set[str | None] = set()
    for row in project.indicators:
        if facts.first_tier(row) is None and not _is_outside(row):
            return None
        found |= {row.tier1, facts.first_tier_of(row.tier2)}
    return frozenset(tier for tier in found if tier)


def has_lost_tiers(project: Project) -> bool:
    """Whether all rows stand under one first tier, while those at the end belong to two others at least.

    Then their own first tiers were not printed, or not read, and nothing is filed wrongly.
    """
    if len({row.tier1 for row in project.indicators}) != 1:
        return False
    strange: set[str | None] = set()
    for row in reversed(project.indicators):
        if row.tier1 is None or row.tier2 is None or row.tier2 in words("pairs", row.tier1):
            break
        strange.add(facts.first_tier_of(row.tier2))
    return len(strange) > 1


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
