"""What the rules on satisfaction share, from ``survey.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from kpi.rules import facts
from kpi.schema import Indicator


@cache
def words(section: str, key: str) -> tuple[str, ...]:
    """A list of the file."""
    text = resources.files("kpi.rules.satisfaction").joinpath("survey.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[section][key])


def asks_satisfaction(indicator: Indicator) -> bool:
    """Whether a row asks how satisfied somebody is, and not for complaints or for how many answered."""
    if not facts.is_satisfaction(indicator):
        return False
    name = indicator.name or ""
    if any(word in name for word in words("name", "opposite")):
        return False
    behind = next((name.partition(word)[2] for word in words("name", "satisfied") if word in name), name)
    if any(word in behind for word in words("name", "other")):
        return False
    return behind == name or not any(word in behind for word in words("name", "changes"))
