"""The word lists of this family, from ``wordings.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.rules.relevance").joinpath("wordings.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of words, by its name; a dot leads into a table (``money.nouns``)."""
    found: Any = _data()
    for part in name.split("."):
        found = found[part]
    return tuple(found)


@cache
def any_of(name: str) -> re.Pattern[str]:
    """A pattern for any word of the list, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words(name), key=len, reverse=True))))
