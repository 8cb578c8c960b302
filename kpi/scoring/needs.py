"""The facts that a criterion may need, so that what cannot be checked is left open instead of counted as right."""

from __future__ import annotations

from kpi.rules import facts
from kpi.schema import Compound, Extraction, Indicator, Project, Value

# Each fact: what it is, and what is said where it is missing.
_FACTS: dict[str, tuple[str, str]] = {
    "indicators": ("有指标", "没有指标"),
    "several_indicators": ("指标两条以上", "指标不足两条"),
    "filled_indicators": ("填有指标值", "没有填写指标值"),
    "timed_indicators": ("有时效指标或日期", "没有时效指标"),
    "cost_amount": ("有以金额计的成本指标", "没有以金额计的成本指标"),
    "weights": ("有分值", "没有分值"),
    "self_evaluation": ("有自评结果", "没有自评结果"),
    "whole_table": ("表格完整，看得到头尾", "表格不完整，看不到头尾"),
    "several_projects": ("文档中有几个项目", "只有一个项目，无从比较"),
    "goals": ("有年度目标", "没有年度目标"),
    "budget": ("有预算金额", "没有预算金额"),
    "funding": ("有资金来源", "没有资金来源"),
    "plan": ("有资金支出计划", "没有资金支出计划"),
    "figures": ("正文写有本项目的金额", "正文没有本项目的金额"),
}
PRESENT: dict[str, str] = {fact: said for fact, (said, _) in _FACTS.items()}
MISSING: dict[str, str] = {fact: said for fact, (_, said) in _FACTS.items()}


def known(project: Project, extraction: Extraction) -> frozenset[str]:
    """Which of :data:`MISSING` are there for a project."""
    count = len(project.indicators)
    return frozenset(
        fact
        for fact, there in (
            ("indicators", count > 0),
            ("several_indicators", count > 1),
            ("filled_indicators", any(not facts.is_empty(i.value) for i in project.indicators)),
            ("timed_indicators", any(_is_timed(i) for i in project.indicators)),
            ("cost_amount", any(_is_cost_amount(i) for i in project.indicators)),
            ("weights", any(i.weight is not None for i in project.indicators)),
            ("self_evaluation", any(i.actual is not None and i.actual.raw for i in project.indicators)),
            ("whole_table", facts.is_whole(project, extraction)),
            ("several_projects", len(extraction.projects) > 1),
            ("goals", bool(project.goals)),
            ("budget", project.budget is not None),
            ("funding", project.funding.fiscal is not None or project.funding.other is not None),
            ("plan", bool(project.spending_plan)),
            ("figures", project.name is not None and any(f.project == project.name for f in extraction.figures)),
        )
        if there
    )


def _is_timed(indicator: Indicator) -> bool:
    return indicator.tier2 == "时效指标" or _has(indicator.value, "date", "kind")


def _is_cost_amount(indicator: Indicator) -> bool:
    return "成本" in f"{indicator.tier1 or ''}{indicator.tier2 or ''}" and _has(indicator.value, "money", "dimension")


def _has(value: Value, wanted: str, field: str) -> bool:
    if isinstance(value, Compound):
        return any(_has(part, wanted, field) for part in value.parts)
    return bool(getattr(value, field, None) == wanted)
