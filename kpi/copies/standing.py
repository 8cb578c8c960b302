"""Projects that every unit has and whose indicators are set for all alike, from ``standing.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from kpi.rules import words
from kpi.trend.rows import bare_name


@cache
def _pattern() -> re.Pattern[str]:
    data: dict[str, Any] = tomllib.loads(resources.files("kpi.copies").joinpath("standing.toml").read_text("utf-8"))
    known, fillers = words.any_of(data["words"]), words.any_of(data["fillers"])
    return re.compile(f"(?=.*(?:{known}))(?:{known}|{fillers})+")


_MOST_CHARS = 40


@lru_cache(maxsize=50_000)
def is_standing(name: str | None, organisation: str | None) -> bool:
    """Whether a project is one of basic expenditure; the organisation's own name in front says nothing."""
    bare = bare_name(name).removeprefix(bare_name(organisation))
    return 0 < len(bare) <= _MOST_CHARS and _pattern().fullmatch(bare) is not None
