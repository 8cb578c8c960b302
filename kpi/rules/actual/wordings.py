"""The word lists of this family, from ``wordings.toml``."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of words, by its name."""
    text = resources.files("kpi.rules.actual").joinpath("wordings.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[name])


@lru_cache(maxsize=50_000)
def is_harm(name: str) -> bool:
    """Whether less is better of what an indicator's name measures."""
    return any(word in name for word in words("harms")) and not any(word in name for word in words("turns"))
