"""Rows that several projects of a document have in common: the same name and the same value, amounts of money apart."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kpi.rules.once import once
from kpi.rules.relevance.topics import pairs, pieces, related, share_no_words
from kpi.rules.relevance.wordings import words
from kpi.schema import Compound, Extraction, Indicator, Project, Quantity, Range, Value
from kpi.values.exact import digits

# A row is compared with that many other projects that have it too, the first of the document: the work stays linear
# where thousands have it.
_MOST_OTHERS = 8
_MOST_UNRELATED = 4  # and with so many more, where these are not related to the first
LEAST = 3  # rows that must be the same before two projects are compared
_COSTS = ("成本指标", "经济成本指标")
_MONEY: tuple[object, ...] = ("money",)
_NOT_SAID = re.compile(r"[\s，。、；：,.;:（）()“”\"'·]+")

Key = tuple[str, tuple[object, ...]]


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """A text without blanks and punctuation."""
    return _NOT_SAID.sub("", text)


def _said(value: Value) -> tuple[object, ...]:
    if isinstance(value, Quantity):
        if value.dimension == "money":
            return _MONEY
        return value.operator, value.base_magnitude, value.base_unit, value.per, value.change
    if isinstance(value, Range):
        if value.dimension == "money":
            return _MONEY
        return "range", value.lower.base_magnitude, value.upper.base_magnitude, value.base_unit, value.per
    if isinstance(value, Compound):
        return tuple(_said(part) for part in value.parts)
    return (plain(value.raw),)


def key(row: Indicator) -> Key | None:
    """What makes two rows the same; null for a row without a name or a value."""
    if not row.name or row.value.kind == "empty":
        return None
    said = _said(row.value)
    if row.tier2 in _COSTS and isinstance(row.value, Quantity) and row.value.dimension == "number":
        said = _MONEY  # an amount whose unit is not printed
    return plain(row.name), said


@once
def keys(project: Project) -> tuple[Key | None, ...]:
    """The keys of all rows of a project."""
    return tuple(map(key, project.indicators))


def fingerprint(row: Indicator) -> str | None:
    """The key of a row as 16 hexadecimal digits, the same in every run; null for a row that has none."""
    found = key(row)
    return (
        None if found is None else hashlib.blake2b(_written(found).encode(errors="replace"), digest_size=8).hexdigest()
    )


def _written(part: object) -> str:
    if isinstance(part, tuple):
        return f"({','.join([_written(each) for each in part])})"
    return digits(part) if isinstance(part, Decimal) else repr(part)


@lru_cache(maxsize=50_000)
def _is_standard_name(name: str) -> bool:
    return any(word in name for word in words("standard_rows"))


def is_standard(row: Indicator) -> bool:
    """Whether any table has such a row: satisfaction, the control of costs."""
    return is_standard_row(row.tier1, row.tier2, row.name)


def is_standard_row(tier1: str | None, tier2: str | None, name: str | None) -> bool:
    """The same of a row of which only tiers and name are known."""
    tiers = (tier1, tier2)
    return "满意度指标" in tiers or "服务对象满意度指标" in tiers or _is_standard_name(name or "")


def same_project(one: Project, other: Project) -> bool:
    """Whether two tables are of one project, printed twice: its target and its self-evaluation."""
    if one.code and other.code:
        return one.code == other.code
    return one.name == other.name and (one.budget == other.budget or not (one.budget and other.budget))


def own_words(project: Project, other: Project) -> frozenset[str]:
    """The pairs of characters of the core of a project's name that the other one's name, goals and purpose lack."""
    texts = " ".join((other.name or "", other.title or "", other.purpose or "", *other.goals))[:_MOST_CHARS]
    return frozenset([pair for pair in pieces(project.name, 2) if pair not in texts])


_MOST_CHARS = 5_000


def _speak_of_one(common: frozenset[Key], one: Project, other: Project) -> bool:
    """Whether rows that two projects have in common name what only one of them is about."""
    if not share_no_words(one.name, other.name):  # 辅警 and 雪亮 are of one field, and yet two things
        return False
    told = pairs(" ".join(name for name, _ in common)[:_MOST_CHARS])
    for mine, theirs in ((one, other), (other, one)):
        if (found := own_words(mine, theirs) & told) and not found & _told_elsewhere(theirs, common):
            return True
    return False


def _told_elsewhere(project: Project, common: frozenset[Key]) -> set[str]:
    """The pairs of characters of the names and descriptions of the other rows."""
    others = (row for row, each in zip(project.indicators, keys(project), strict=True) if each not in common)
    return pairs(" ".join(f"{row.name} {row.description or ''}" for row in others)[:_MOST_CHARS])


class Common(NamedTuple):
    """What a project has in common with another one: its number, the keys of all such rows, and of those that are not
    standard; ``related`` tells whether their names share a topic, and the rows do not speak of one of the two alone.
    """

    other: int
    rows: frozenset[Key]
    telling: frozenset[Key]
    related: bool


class Index(NamedTuple):
    """The rows of a document: the keys of each project, those that are standard, and who has a key."""

    keys: list[frozenset[Key]]
    standard: frozenset[Key]
    having: dict[Key, list[int]]


@once
def compared(extraction: Extraction) -> list[tuple[int, list[Common]]]:
    """Each project by its number with those that have :data:`LEAST` rows in common with it."""
    if len(extraction.projects) < 2:
        return []
    found = _index(extraction)
    numbers = range(len(extraction.projects))
    return [(number, common) for number in numbers if (common := _in_common(extraction, found, number))]


def _index(extraction: Extraction) -> Index:
    of_project: list[frozenset[Key]] = []
    standard: set[Key] = set()
    having: dict[Key, list[int]] = {}
    for number, project in enumerate(extraction.projects):
        mine: set[Key] = set()
        for row, found in zip(project.indicators, keys(project), strict=True):
            if found is None or found in mine:
                continue
            mine.add(found)
            others = having.setdefault(found, [])
            if len(others) < _MOST_OTHERS or (
                len(others) < _MOST_OTHERS + _MOST_UNRELATED
                and not related(project.name, extraction.projects[others[0]].name)
            ):
                others.append(number)
            if is_standard(row):
                standard.add(found)
        of_project.append(frozenset(mine))
    return Index(of_project, frozenset(standard), having)


def _in_common(extraction: Extraction, found: Index, number: int) -> list[Common]:
    mine = found.keys[number]
    if len(mine) < LEAST:
        return []
    candidates = set().union(*(found.having[one] for one in mine)) - {number}
    common = []
    for other in sorted(candidates):
        rows = mine & found.keys[other]
        if len(rows) < LEAST or same_project(extraction.projects[number], extraction.projects[other]):
            continue
        one, another = extraction.projects[number], extraction.projects[other]
        telling = rows - found.standard
        alike = related(one.name, another.name) and not _speak_of_one(telling, one, another)
        common.append(Common(other, rows, telling, alike))
    return common
