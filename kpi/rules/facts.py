"""What rules know about indicators, from ``facts.toml``."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from kpi.schema import Compound, Empty, Extraction, Indicator, Project, Qualitative, Value, YesNo


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


# Weights add to 90 (10 kept for 预算执行率), in some places to 100 or 80 (DOMAIN §1).
WEIGHT_TOTALS = frozenset({Decimal(80), Decimal(90), Decimal(100)})


def weights_total(project: Project) -> Decimal | None:
    """The sum of the printed weights; null where no row prints one."""
    weights = [i.weight for i in project.indicators if i.weight is not None]
    return sum(weights, Decimal(0)) if weights else None


def is_whole(project: Project, extraction: Extraction) -> bool:
    """Whether the table is visibly whole, so that what it lacks is missing and not merely cut off.

    Its head is seen (a name, a code or a budget) and its end: its last row is about satisfaction, or another project
    follows, or it is no pasted text, which alone can break off. Or its weights reach one of the usual totals.
    """
    if weights_total(project) in WEIGHT_TOTALS:
        return True
    if not (project.name or project.code or project.budget) or not project.indicators:
        return False
    last = project.indicators[-1]
    return (
        "满意度指标" in (last.tier1, last.tier2)
        or project is not extraction.projects[-1]
        or not extraction.source.media_type.startswith("text/plain")
    )
