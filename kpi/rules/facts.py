"""What rules know about indicators, from ``facts.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from kpi.schema import Compound, Empty, Indicator, Qualitative, Value, YesNo


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.rules").joinpath("facts.toml").read_text(encoding="utf-8"))


def is_checkable_act(indicator: Indicator) -> bool:
    """Whether yes or no rightly answers what the indicator asks (是否通过验收), under a tier that asks no more."""
    checkable = _facts()["checkable"]
    if indicator.tier2 in checkable["quantifiable_tiers"]:
        return False
    asked = f"{indicator.name or ''} {indicator.description or ''}"
    return any(act in asked for act in checkable["acts"])


def unit_wanted(indicator: Indicator) -> str | None:
    """The unit that the head noun at the end of an indicator's name asks for: 维护次数 → 次."""
    name = indicator.name or ""
    nouns: dict[str, str] = _facts()["unit_of_noun"]
    return next((unit for noun, unit in nouns.items() if name.endswith(noun)), None)


def is_measurable(value: Value) -> bool:
    """Whether a value can be measured: it has a number or a date. A compound counts when any part does."""
    if isinstance(value, Compound):
        return any(is_measurable(part) for part in value.parts)
    return not isinstance(value, Qualitative | YesNo | Empty)


def is_empty(value: Value) -> bool:
    """Whether the cell was left empty; such rows leave shares of quantification alone."""
    return isinstance(value, Empty)


def is_bare_ladder(indicator: Indicator) -> bool:
    """A ladder with no level chosen: 优良中低差, 好/一般/差."""
    value = indicator.value
    if not isinstance(value, Qualitative) or value.sense != "graded":
        return False
    levels = [c for c in value.raw if c in "优良好中低差高"]
    separated = len([piece for piece in value.raw.replace("、", "/").replace(",", "/").split("/") if piece.strip()]) > 1
    return separated or (len(levels) > 1 and value.raw.strip() not in ("优良", "良好", "较好", "很好", "优秀"))
