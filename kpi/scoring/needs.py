"""The facts that a criterion may need, so that what cannot be checked is left open instead of counted as right.

A fact is there where the rules that ask for it could have spoken: where they return at once for lack of facts, finding
nothing is no merit. So the conditions are those of the rules, and are asked of their modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from kpi.rules import costs, facts
from kpi.rules.actual import outcome
from kpi.rules.money import amounts, plan_points
from kpi.rules.money.cost_above_budget import own_amount
from kpi.rules.money.execution_above_budget import is_told
from kpi.rules.money.figure_contradicts_text import may_be_told
from kpi.rules.money.funding_parts import unaccounted
from kpi.rules.relevance.leftover_template_text import names_projects
from kpi.rules.relevance.number_differs_from_goal import shares_a_number
from kpi.rules.relevance.rows import LEAST, same_project
from kpi.rules.structure import filing
from kpi.rules.structure.missing_identity import wants_identity
from kpi.rules.structure.weights_do_not_add_up import weighed
from kpi.rules.time import words
from kpi.schema import Compound, DateValue, Extraction, Indicator, Project, Quantity, Range, Value

Asked = Callable[[Project, Extraction], bool]

_MOST_OTHERS = 10  # tables of a document among which one of another project is looked for


def known(project: Project, extraction: Extraction) -> frozenset[str]:
    """Which of :data:`MISSING` are there for a project."""
    return frozenset([fact for fact, (_, _, is_there) in _FACTS.items() if is_there(project, extraction)])


def _filled(project: Project) -> Iterator[Indicator]:
    return (row for row in project.indicators if row.name and not facts.is_empty(row.value))


def _has(value: Value, is_such: Callable[[Value], bool]) -> bool:
    """Whether a value, or a part of it, is of some sort."""
    if isinstance(value, Compound):
        return any(_has(part, is_such) for part in value.parts)
    return is_such(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, Quantity | Range)


def _is_date(value: Value | None) -> bool:
    return isinstance(value, DateValue)


def _is_money(value: Value) -> bool:
    return getattr(value, "dimension", "") == "money"


def _is_measured(row: Indicator) -> bool:
    return _has(row.value, _is_number)


def _is_dated(row: Indicator) -> bool:
    return _is_date(row.meant) or _has(row.value, _is_date) or (row.tier2 == "时效指标" and _is_measured(row))


def _sets_times(project: Project, _extraction: Extraction) -> bool:
    if any(map(_is_dated, project.indicators)):
        return True
    texts = (*(row.name for row in project.indicators), *project.goals)
    return any(t and "20" in t and words.deadlines(t) for t in texts)


def _limits_cost(project: Project, _extraction: Extraction) -> bool:
    budgeted = any(True for _ in amounts.budgets(project))
    return is_told(project) or (budgeted and any(own_amount(row, project) for row in project.indicators))


def _is_cost_amount(row: Indicator) -> bool:
    return costs.in_cost_tier(row) and _has(row.value, _is_money)


def _has_others(project: Project, extraction: Extraction) -> bool:
    some = islice(extraction.projects, _MOST_OTHERS)
    return any(not same_project(project, other) for other in some if other is not project)


def _has_figure(project: Project, extraction: Extraction) -> bool:
    told = project.name is not None and any(figure.project == project.name for figure in extraction.figures)
    return told and may_be_told(project, extraction)


# Each fact: what it is, what is said where it is missing, and when it is there.
_FACTS: dict[str, tuple[str, str, Asked]] = {
    "indicators": ("有指标", "没有指标", lambda p, _: bool(p.indicators)),
    "several_indicators": (
        "填有名称和值的指标两条以上",
        "填有名称和值的指标不足两条",
        lambda p, _: sum(1 for _ in islice(_filled(p), 2)) > 1,
    ),
    "filled_indicators": (
        "填有指标值",
        "没有填写指标值",
        lambda p, _: any(not facts.is_empty(row.value) for row in p.indicators),
    ),
    "measured_indicators": ("有的指标值是数", "没有用数写的指标值", lambda p, _: any(map(_is_measured, p.indicators))),
    "timed_indicators": ("有日期，或时效指标的值是数", "没有日期，时效指标的值也不是数", _sets_times),
    "cost_amount": (
        "有以金额计的成本指标",
        "没有以金额计的成本指标",
        lambda p, _: any(map(_is_cost_amount, p.indicators)),
    ),
    "limited_cost": (
        "有预算，并有以金额计的成本总额（不是单价、标准）；或有执行数",
        "没有可与预算相比的成本总额或执行数",
        _limits_cost,
    ),
    "tiers": (
        "印有一级或二级指标",
        "没有印一级、二级指标",
        lambda p, _: any(row.tier1_text or row.tier2_text for row in p.indicators),
    ),
    "all_tiers": (
        "看得出每行属于哪个一级指标",
        "有的行看不出属于哪个一级指标",
        lambda p, _: bool(p.indicators) and filing.first_tiers(p) is not None,
    ),
    "results": (
        "有产出或效益指标",
        "没有产出或效益指标",
        lambda p, _: any(row.name and facts.first_tier(row) in (filing.OUTPUT, filing.BENEFIT) for row in p.indicators),
    ),
    "weights": ("每行都有分值，表格完整", "分值或表格不全", lambda p, e: weighed(p, e) is not None),
    "self_evaluation": (
        "有自评结果",
        "没有自评结果",
        lambda p, _: any(outcome.is_given(row.actual) for row in p.indicators),
    ),
    "whole_table": ("表格完整，看得到头尾", "表格不完整，看不到头尾", facts.is_whole),
    "head": ("有项目的表头（部门整体表除外）", "没有项目的表头", lambda p, _: wants_identity(p)),
    "several_projects": ("文档中有几个项目", "只有一个项目，无从比较", _has_others),
    "comparable_rows": (
        "有项目名称，填有名称和值的指标三条以上",
        "没有项目名称，或填有名称和值的指标不足三条",
        lambda p, _: bool(p.name) and sum(1 for _ in islice(_filled(p), LEAST)) == LEAST,
    ),
    "titles": (
        "标题、域代码或书签写有项目名称",
        "标题、域代码、书签都没有写项目名称",
        lambda p, _: names_projects(p),
    ),
    "goals": ("有年度目标", "没有年度目标", lambda p, _: bool(p.goals)),
    "goal_numbers": (
        "年度目标或资金用途写有可与指标对照的数",
        "年度目标里没有可与指标对照的数",
        lambda p, _: shares_a_number(p),
    ),
    "fiscal_year": (
        "有预算年度",
        "没有预算年度",
        lambda p, e: (p.fiscal_year or e.fiscal_year) is not None,
    ),
    "budget": ("有预算金额", "没有预算金额", lambda p, _: p.budget is not None),
    "funding": ("有预算，并印有资金来源各项", "资金来源没有印全，无从相加", lambda p, _: unaccounted(p) is not None),
    "plan": (
        "有资金支出计划，两个时点以上或有总额可比",
        "资金支出计划没有填，或无总额可比",
        lambda p, _: plan_points.may_be_compared(p),
    ),
    "figures": ("正文和表中都有本项目的金额", "正文或表中没有本项目的金额", _has_figure),
}
PRESENT: dict[str, str] = {fact: said for fact, (said, _, _) in _FACTS.items()}
MISSING: dict[str, str] = {fact: said for fact, (_, said, _) in _FACTS.items()}
