"""Cases of rules that look wider than one row: projects and documents put together from plain facts.

A case is a mapping, as `corpus/rules/<CODE>.yaml` writes it:

    organisation, year (default 2025)                the document's
    projects: [project, …]  or  project: {…}         name, code, budget, fiscal, other, purpose, goals, plan, title,
                                                     framework, self_evaluation; plan_unit (the unit in the plan's
                                                     heading), further (sources of money by label), whole_budget,
                                                     hidden_titles, columns (the fields of its heading),
                                                     execution: {initial, full_year, executed, rate}
    rows (beside `project`, or in each of `projects`) tier1, tier2, name, value, and whatever else the rule looks at:
                                                     description, operator, unit, type, direction, meant, basis,
                                                     explanation, score_rule, weight, actual, score, reason, horizon
    figures: [{what, project, amount}]               amounts in the narrative
    targets: [{section, goal, rows}]                 the department's
    at: [[project, row], …]                          where the rule must speak; `row` is null for the project as a
                                                     whole; left out: anywhere

Money is written as printed (`12.5万元`); `plan` is `{3月底: 3.1万元, 12月底: 12.4万元}`, a share is written `25%`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import kpi
from kpi.schema import (
    Actual,
    Cells,
    Coverage,
    DepartmentTarget,
    Execution,
    Extraction,
    Figure,
    Funding,
    FundingPart,
    Indicator,
    Location,
    Money,
    Organisation,
    PlanPoint,
    Project,
    Quantity,
    Source,
)  # fmt: skip
from kpi.tables import vocabulary

Case = dict[str, Any]
YEAR = 2025
_PROJECT = {
    "name", "code", "budget", "fiscal", "other", "purpose", "goals", "plan", "title", "framework", "self_evaluation",
    "year", "rows", "plan_unit", "further", "whole_budget", "execution", "hidden_titles", "columns",
}  # fmt: skip
_ROW = {
    "tier1", "tier2", "name", "value", "description", "operator", "unit", "type", "direction", "meant", "basis",
    "explanation", "score_rule", "weight", "actual", "score", "reason", "horizon", "place",
}  # fmt: skip
_DOCUMENT = {"organisation", "year", "projects", "project", "rows", "figures", "targets", "at", "media_type"}


def extraction(case: Case) -> Extraction:
    """The document that a case describes.

    Raises:
        KeyError: A field is unknown.
    """
    _known(case, _DOCUMENT)
    year = case.get("year", YEAR)
    projects = case.get("projects") or [{**case.get("project", {}), "rows": case["rows"]}]
    read = tuple(_project(project, year) for project in projects)
    return Extraction(
        source=Source(name="case", sha256="", media_type=case.get("media_type", "text/html")),
        organisation=Organisation(name=case.get("organisation")),
        fiscal_year=year,
        money_unit="万元",
        projects=read,
        department_targets=tuple(_target(target, year) for target in case.get("targets", ())),
        figures=tuple(_figure(figure) for figure in case.get("figures", ())),
        problems=(),
        coverage=Coverage(tables_seen=len(read), target_tables=len(read), rows_seen=0, rows_read=0),
    )


def _known(given: Case, known: set[str]) -> None:
    if unknown := set(given) - known:
        raise KeyError(unknown)


def money(text: str) -> Money:
    """An amount as printed."""
    value = kpi.parse_value(text)
    assert isinstance(value, Quantity)
    assert value.unit is not None
    return Money(magnitude=value.magnitude, unit=value.unit, base_magnitude=value.base_magnitude)


def _project(given: Case, year: int) -> Project:
    _known(given, _PROJECT)
    rows = tuple(indicator(row, given.get("year", year)) for row in given["rows"])
    new = any(row.tier1 == "成本指标" for row in rows)
    return Project(
        title=given.get("title"),
        name=given.get("name"),
        code=given.get("code"),
        organisation=Organisation(),
        fiscal_year=given.get("year", year),
        framework=given.get("framework", "new" if new else "old"),
        self_evaluation=given.get("self_evaluation", False),
        budget=_money(given, "budget"),
        funding=Funding(fiscal=_money(given, "fiscal"), other=_money(given, "other"), further=_further(given)),
        purpose=given.get("purpose"),
        spending_plan=tuple(
            _point(period, str(raw), given.get("plan_unit")) for period, raw in given.get("plan", {}).items()
        ),
        goals=tuple(given.get("goals", ())),
        indicators=rows,
        location=Location(table=1, row=1),
        whole_budget=_money(given, "whole_budget"),
        execution=_execution(given["execution"]) if "execution" in given else None,
        columns=tuple(given.get("columns", ())),
        hidden_titles=tuple(given.get("hidden_titles", ())),
    )


def _further(given: Case) -> tuple[FundingPart, ...]:
    return tuple(FundingPart(label=label, money=money(text)) for label, text in given.get("further", {}).items())


def _execution(given: Case) -> Execution:
    rate = given.get("rate")
    return Execution(
        initial=_money(given, "initial"),
        full_year=_money(given, "full_year"),
        executed=_money(given, "executed"),
        rate=Decimal(rate.removesuffix("%")) / 100 if rate else None,
    )


def _money(given: Case, field: str) -> Money | None:
    return money(given[field]) if given.get(field) else None


def _point(period: str, raw: str, unit: str | None) -> PlanPoint:
    if raw.endswith("%"):
        return PlanPoint(period=period, raw=raw, share=Decimal(raw.removesuffix("%")) / 100, heading_unit=unit)
    return PlanPoint(period=period, raw=raw.removesuffix("万元"), amount=money(raw), heading_unit=unit)


def indicator(given: Case, year: int | None = YEAR) -> Indicator:
    """One row; the value is parsed as a table's is, from `operator`, `value` and `unit` joined."""
    _known(given, _ROW)
    printed = {field: str(text) for field, text in given.items() if text is not None}
    parts = [printed.get(field, "") for field in ("operator", "value", "unit")]
    raw, name = "".join(parts), printed.get("name")
    return Indicator(
        tier1=vocabulary.tier1(printed["tier1"]) if "tier1" in printed else None,
        tier2=vocabulary.tier2(printed["tier2"]) if "tier2" in printed else None,
        tier1_text=printed.get("tier1"),
        tier2_text=printed.get("tier2"),
        name=name,
        description=printed.get("description"),
        raw_value=raw,
        cells=Cells(**{field: printed.get(field) for field in ("operator", "value", "unit", "type", "direction")}),
        value=kpi.parse_value(raw, year=year, name=name),
        meant=kpi.parse_value(printed["meant"], year=year) if "meant" in printed else None,
        basis=printed.get("basis"),
        explanation=printed.get("explanation"),
        score_rule=printed.get("score_rule"),
        weight=Decimal(printed["weight"]) if "weight" in printed else None,
        actual=_actual(printed, year),
        horizon=given.get("horizon"),
        place=printed.get("place"),
        location=Location(table=1, row=2),
    )


def _actual(printed: dict[str, str], year: int | None) -> Actual | None:
    if not {"actual", "score", "reason"} & set(printed):
        return None
    raw = printed.get("actual")
    return Actual(
        raw=raw,
        value=None if raw is None else kpi.parse_value(raw, year=year, unit=printed.get("unit"), name=printed["name"]),
        score=Decimal(printed["score"]) if "score" in printed else None,
        reason=printed.get("reason"),
    )


def _figure(given: Case) -> Figure:
    return Figure(
        what=given["what"], project=given.get("project"), money=money(given["amount"]),
        text=f"{given['what']}{given['amount']}", location=Location(line=1),
    )  # fmt: skip


def _target(given: Case, year: int) -> DepartmentTarget:
    rows = tuple(indicator(row, year) for row in given.get("rows", ()))
    return DepartmentTarget(section=given.get("section"), goal=given.get("goal"), indicators=rows, grading=())
