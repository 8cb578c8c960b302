"""What a template asks to be replaced: XX, 待定, 目标内容1, ____."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kpi.rules import words

_MOST_CHARS = 400


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {place: words.any_pattern(patterns) for place, patterns in words.load("value")["placeholder"].items()}


@lru_cache(maxsize=50_000)
def is_placeholder(text: str) -> bool:
    """Whether a cell holds nothing but a placeholder."""
    return bool(_patterns()["whole"].fullmatch(text[:_MOST_CHARS].strip()))


@lru_cache(maxsize=50_000)
def is_form_line(text: str) -> bool:
    """Whether a cell is of a line that the form numbers and leaves open (指标2：, ……), so that nobody wrote it."""
    return bool(_patterns()["line"].fullmatch(text[:_MOST_CHARS].strip()))


@lru_cache(maxsize=50_000)
def in_cell(text: str) -> str | None:
    """The placeholder that stands in a cell, beside what was written or alone."""
    cell = text[:_MOST_CHARS].strip()
    if is_placeholder(cell):
        return cell or None
    found = _patterns()["part"].search(cell)
    return _around(cell, found) if found else None


@lru_cache(maxsize=10_000)
def in_target(text: str) -> str | None:
    """The placeholder that stands in a goal or in a purpose."""
    found = _patterns()["target"].search(text[:_MOST_CHARS])
    return found[0] if found else None


def _around(cell: str, found: re.Match[str]) -> str:
    """What was found with the sign and the unit about it: ≥**个."""
    start, end = found.span()
    while start and cell[start - 1] in "≥≤><＞＜=＝":
        start -= 1
    return cell[start : end + 1].strip("）) ，,。")
