"""What rules know about indicators, from ``facts.toml``."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from kpi.rules import names, words
from kpi.rules.once import once
from kpi.schema import Extraction, Indicator, Project, Qualitative, Quantity, Value


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.rules").joinpath("facts.toml").read_text(encoding="utf-8"))


def is_checkable_act(indicator: Indicator) -> bool:
    """Whether yes or no rightly answers what the indicator asks (是否通过验收), under a tier that asks no more."""
    checkable = _facts()["checkable"]
    if indicator.tier2 in checkable["quantifiable_tiers"]:
        return False
    asked = f"{indicator.name or ''} {indicator.description or ''}"[:_MOST_CHARS]
    acts, question = _checkable_patterns()
    if acts.search(asked):
        return True
    return question.search(asked) is not None and not any(word in asked for word in checkable["effects"])


_MOST_CHARS = 300


@cache
def _checkable_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    checkable = _facts()["checkable"]
    return words.any_pattern(checkable["acts"]), re.compile(checkable["asks"])


def unit_wanted(indicator: Indicator) -> str | None:
    """The unit that the head noun at the end of an indicator's name asks for: 维护次数 → 次."""
    name = indicator.name or ""
    nouns: dict[str, str] = _facts()["unit_of_noun"]
    return next((unit for noun, unit in nouns.items() if name.endswith(noun)), None)


def is_measurable(value: Value) -> bool:
    """Whether a value can be measured: it has a number or a date. A compound counts when any part does."""
    if value.kind == "compound":
        return any(is_measurable(part) for part in value.parts)
    return value.kind not in ("qualitative", "yes_no", "empty")


def is_empty(value: Value) -> bool:
    """Whether the cell was left empty; such rows leave shares of quantification alone."""
    return value.kind == "empty"


def is_bare_ladder(indicator: Indicator) -> bool:
    """A ladder with no level chosen: 优良中低差, 好/一般/差."""
    value = indicator.value
    if not isinstance(value, Qualitative) or value.sense != "graded":
        return False
    text = value.raw.strip(" 。").removeprefix("达到").removeprefix("为")
    if _CHOSEN.search(text):
        return False  # 良好及以上: the level is chosen
    pieces = [piece for piece in _BETWEEN_LEVELS.split(text) if piece]
    return len(pieces) > 1 or (_LADDER.fullmatch(text) is not None and text not in _ONE_LEVEL)


_CHOSEN = re.compile(r"(?:及|或)?以上(?:等次|等级|标准|水平)?$")
_BETWEEN_LEVELS = re.compile(r"[/、,，;；|\s]")
_LADDER = re.compile("[优良好中低差高]{2,5}")
_ONE_LEVEL = frozenset({"优良", "良好", "较好", "很好", "优秀", "优等", "中等"})


def is_system_row(indicator: Indicator) -> bool:
    """The row that one province's system fills in by itself and nobody can delete: no rule reports it (DOMAIN §1)."""
    fixed = _facts()["system_row"]
    if (indicator.name or "").strip() != fixed["name"] or "成本指标" not in (indicator.tier2, indicator.tier1):
        return False
    value = indicator.value
    whole = {Decimal(number) for number in fixed["magnitudes"]}
    return isinstance(value, Quantity) and value.operator == "=" and value.magnitude in whole


def first_tier(indicator: Indicator) -> str | None:
    """The first tier, or the one that the second belongs to; null where neither is known."""
    return indicator.tier1 or first_tier_of(indicator.tier2)


def first_tier_of(tier2: str | None) -> str | None:
    """The first tier that a second one belongs to."""
    tiers: dict[str | None, str] = _facts()["first_tier_of"]
    return tiers.get(tier2)


def is_satisfaction(indicator: Indicator) -> bool:
    """Whether a row is about satisfaction, by its tiers or by its name."""
    if "满意度指标" in (indicator.tier1, indicator.tier2) or indicator.tier2 == "服务对象满意度指标":
        return True
    head = names.about(indicator.name).head
    return head is not None and head in _facts()["satisfaction"]["heads"]


# Weights add to 90 (10 kept for 预算执行率), in some places to 100 or 80 (DOMAIN §1).
WEIGHT_TOTALS = frozenset({Decimal(80), Decimal(90), Decimal(100)})
_ROUNDING = Decimal("0.1")  # equal shares are rounded: 3 × 33.3


_NO_WEIGHT = Decimal(1_000_000)  # a number this large stands in the wrong column


def weights_total(project: Project) -> Decimal | None:
    """The sum of the printed weights; null where no row prints one.

    Rows beside one another, of two horizons or several places, carry the weights once more: the first block counts.
    """
    weights: dict[tuple[str | None, str | None], Decimal] = {}
    for row in project.indicators:
        if row.weight is not None and abs(row.weight) < _NO_WEIGHT:
            block = (row.horizon, row.place)
            weights[block] = weights.get(block, Decimal(0)) + row.weight
    return next(iter(weights.values()), None)


def is_usual_total(total: Decimal) -> bool:
    """Whether weights add up to 80, 90 or 100 points, but for rounding; shares of 1 are points of 100."""
    return any(abs(total - usual) <= _ROUNDING for usual in WEIGHT_TOTALS) or total == 1


def is_whole(project: Project, extraction: Extraction) -> bool:
    """Whether the table is visibly whole, so that what it lacks is missing and not merely cut off.

    Its head is seen (a name, a code or a budget) and its end, or its weights reach one of the usual totals.
    """
    return id(project) in _whole(extraction)


@once
def _whole(extraction: Extraction) -> frozenset[int]:
    """The ids of the projects that are whole."""
    following = (*extraction.projects[1:], None)
    pairs = zip(extraction.projects, following, strict=True)
    return frozenset(id(project) for project, after in pairs if _is_whole(project, after, extraction))


def _is_whole(project: Project, following: Project | None, extraction: Extraction) -> bool:
    if _is_weighed_out(project):
        return True
    if not has_head(project) or not project.indicators:
        return False
    return has_head(following) if following else _is_end(project, extraction)


def _is_weighed_out(project: Project) -> bool:
    """Whether the weights reach a usual total. A table cut before its 10 points of satisfaction reaches 80 as well, or
    90 with its 10 points of execution, which stand outside of the tiers.
    """
    total = weights_total(project)
    if total is None or not is_usual_total(total):
        return False
    if any(is_satisfaction(row) for row in project.indicators):
        return True
    tiered = sum(row.weight or 0 for row in project.indicators if first_tier(row))
    return not abs(tiered - min(WEIGHT_TOTALS)) <= _ROUNDING


def has_head(project: Project) -> bool:
    """Whether the head of a project's table was read: its name, code or budget."""
    return bool(project.name or project.code or project.budget)


def _is_end(project: Project, extraction: Extraction) -> bool:
    """Whether the end of the document's last table is seen.

    It is where the document is no pasted text, which alone can break off. In a pasted text it is where the last row is
    about satisfaction, as forms end, or where the document holds several tables more, all with their heads: who copies
    so much copies to the end.
    """
    if not extraction.source.media_type.startswith("text/plain"):
        return True
    end, others = project.indicators[-1], extraction.projects[:-1]
    if is_satisfaction(end):
        return not _is_sorted_by_sound(project)
    return len(others) > 1 and bool(end.name) and not is_empty(end.value) and all(map(has_head, others))


def _is_sorted_by_sound(project: Project) -> bool:
    """Whether tiers stand in the order of their sounds (成本, 时效, 数量; 满意度, 效益): satisfaction is no end."""
    order = list(dict.fromkeys(row.tier2 for row in project.indicators))
    if "时效指标" not in order or "数量指标" not in order:
        return False
    return order.index("时效指标") < order.index("数量指标")
