"""What the rules on spending plans share: the points in the order of the year, and what they say."""

from __future__ import annotations

import re
from decimal import Decimal

from kpi.rules.money import amounts
from kpi.rules.once import once
from kpi.schema import PlanPoint, Project

_MONTH = re.compile(r"(1[0-2]|[1-9])\s*月")
_QUARTER = re.compile(r"第?\s*([一二三四1-4])\s*季")
_YEAR = re.compile(r"20\d\d")
_QUARTERS = "一二三四"


@once
def in_order(project: Project) -> list[PlanPoint]:
    """The points that have a figure, by their months where every one names one, else as printed."""
    points = [point for point in project.spending_plan if number(point) is not None]
    months = [_month(point.period) for point in points]
    if None in months:
        return points
    return [point for _, point in sorted(zip(months, points, strict=True), key=lambda pair: pair[0] or 0)]


def _month(period: str) -> int | None:
    if _YEAR.search(period[:_MOST_CHARS]):
        return None  # a plan over several years stands as printed
    if found := _MONTH.findall(period[:_MOST_CHARS]):
        return int(found[-1])
    if quarter := _QUARTER.search(period[:_MOST_CHARS]):
        said = quarter[1]
        return 3 * (int(said) if said.isdigit() else _QUARTERS.index(said) + 1)
    return None


_MOST_CHARS = 40


def may_be_compared(project: Project) -> bool:
    """Whether a plan has two figures, or one and what it must come to."""
    points = in_order(project)
    return len(points) > 1 or bool(points and whole(project, points))


def number(point: PlanPoint) -> Decimal | None:
    """The figure, a share or an amount in 元."""
    if point.share is not None:
        return point.share
    return point.amount.base_magnitude if point.amount is not None else None


def shown(point: PlanPoint) -> str:
    """``6月底50%``, ``6月底12.4万元``."""
    if point.amount is not None:
        return f"{point.period}{amounts.shown(point.amount)}"
    return f"{point.period}{point.raw.strip().rstrip('%％')}%" if point.share is not None else point.raw


def whole(project: Project, points: list[PlanPoint]) -> list[Decimal]:
    """What the last point may be: 100 %, or one of the amounts that the head prints."""
    if points and points[-1].share is not None:
        return [Decimal(1)]
    budgets = [money.base_magnitude for money in amounts.budgets(project)]
    return [*budgets, *(money.base_magnitude for money in amounts.parts(project))] if budgets else []
