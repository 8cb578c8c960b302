"""资金支出计划: its figures as shares or amounts, and the unit that its heading prints."""

from __future__ import annotations

from decimal import Decimal

import regex

from kpi.schema import PlanPoint, Quantity
from kpi.tables import money
from kpi.tables.head import Head
from kpi.values import parse_value

_PERCENT = regex.compile(r"[%％]|[(（](?:单位[:：])?\s*(?:百分比|比例)[)）]")
_HUNDRED = Decimal(100)
_ONE = Decimal(1)


def spending_plan(head: Head, unit: str | None) -> tuple[PlanPoint, ...]:
    """The filled points of the plan. Under a head with %, figures are shares when they carry % or the last is 100 (but
    for a slip before it: 30, 110, 100), amounts when the last equals the budget or any exceeds 100, and else whichever
    the last one is nearer to.
    """
    filled = [(period, raw) for period, raw in head.plan if raw]
    if not filled:
        return ()
    numbers = [value.magnitude if isinstance(value := parse_value(raw), Quantity) else None for _, raw in filled]
    whole = _whole(head, [raw for _, raw in filled], [n for n in numbers if n is not None])
    headed = heading_unit(head)
    unit = money.unit_in_brackets(head.plan_label) or unit
    return tuple(
        _point(period, raw, n, whole, unit).model_copy(update={"heading_unit": headed})
        for (period, raw), n in zip(filled, numbers, strict=True)
    )


def heading_unit(head: Head) -> str | None:
    """``%`` or the money unit in the plan's heading, or behind each of its periods."""
    heading = " ".join((head.plan_label, *(period for period, _ in head.plan)))
    return "%" if _PERCENT.search(heading) else money.unit_in_brackets(heading)


def _whole(head: Head, raws: list[str], numbers: list[Decimal]) -> Decimal | None:
    """The figure that stands for everything: 100 or 1 where the figures are shares, ``None`` where they are amounts."""
    if any("%" in raw or "％" in raw for raw in raws):
        return _HUNDRED
    if heading_unit(head) != "%" or not numbers:
        return None
    total = parse_value(head.texts.get("budget", ""))
    budget_number = total.magnitude if isinstance(total, Quantity) else None
    last = numbers[-1]
    if last == _HUNDRED and not (budget_number == _HUNDRED and max(numbers) > _HUNDRED):
        return _HUNDRED
    if max(numbers) > _HUNDRED or (last == budget_number and last != _HUNDRED):
        return None
    if last == _ONE:
        return _ONE
    if budget_number is not None and last > budget_number:
        return _HUNDRED  # no cumulative amount exceeds the budget
    return _HUNDRED if budget_number is None or abs(last - _HUNDRED) < abs(last - budget_number) else None


def _point(period: str, raw: str, number: Decimal | None, whole: Decimal | None, unit: str | None) -> PlanPoint:
    if number is None:
        return PlanPoint(period=period, raw=raw)
    if whole is not None:
        return PlanPoint(period=period, raw=raw, share=number / whole)
    return PlanPoint(period=period, raw=raw, amount=money.amount(raw, unit))
