"""The head of a project: code, name, budget, purpose, spending plan, goals, from labels and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import regex

from kpi.documents import Cell, Row
from kpi.schema import Funding, Money, PlanPoint, Quantity
from kpi.tables import money, vocabulary
from kpi.tables.find import Placed
from kpi.values import parse_value


@dataclass
class Head:
    """What the head prints, as text; ``plan`` pairs each period with its cell."""

    texts: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    plan_label: str = ""
    plan: list[tuple[str, str]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def read(rows: list[Placed]) -> Head:
    """Read the head rows of one project, top to bottom."""
    head = Head()
    block: str | None = None
    periods: Row = ()
    for table, at in rows:
        row = table.rows[at]
        labels = [(n, label) for n, cell in enumerate(row) if (label := vocabulary.head_label(cell.text))]
        first = labels[0][1] if labels and not any(c.text for c in row[: labels[0][0]]) else None
        if first == "plan":
            head.plan_label, periods, block = row[labels[0][0]].text, row, "plan"
            continue
        if first in ("block", "purpose"):
            block = "block"
        elif labels:
            block = None
        if not labels and block == "block":
            _keep(head, "purpose", " ".join(c.text for c in row if c.text))
        elif not labels and block == "plan":
            head.plan.extend(_paired(periods, row))
        elif not labels:
            head.loose.extend(cell.text for cell in row if cell.text)
        _labelled(head, row, labels)
    return head


def _labelled(head: Head, row: Row, labels: list[tuple[int, str]]) -> None:
    ends = [at for at, _ in labels[1:]] + [len(row)]
    for (at, label), end in zip(labels, ends, strict=False):
        if unit := money.unit_in_brackets(row[at].text):
            head.units[label] = unit
        values = [cell.text for cell in row[at + 1 : end] if cell.text]
        if values and label == "block":
            _keep(head, "purpose", values[0])
        elif values:
            _keep(head, label, " ".join(values) if label == "goals" else values[0])


def _keep(head: Head, label: str, text: str) -> None:
    if text:
        head.texts.setdefault(label, text)


def _paired(periods: Row, row: Row) -> list[tuple[str, str]]:
    """Each period with the cell under it; where the copy lost empty cells, filled ones pair from the right."""
    names: list[Cell] = [cell for cell in periods[1:] if cell.text]
    if len(row) == len(periods):
        return [(p.text, c.text) for p, c in zip(periods[1:], row[1:], strict=True) if p.text]
    filled = [cell.text for cell in row if cell.text]
    return list(zip([n.text for n in names[-len(filled) :]], filled, strict=False)) if filled else []


_GOAL_NUMBER = regex.compile(
    r"(?:(?<=^|[\s。；;，,）)”\"])|(?<=\p{Han})(?=目标))(?:目标)?(?:[(（](?P<b>\d{1,2})[)）]|(?P<n>\d{1,2})\s*(?:[.．、:：](?!\d)|[)）]))\s*"
)


def split_goals(text: str) -> tuple[str, ...]:
    """Goals split at their numbers 1. 2. 3.; a number counts only where it continues the sequence.

    >>> split_goals("1. 保障43人工资 2. 完成2.5公里道路")
    ('保障43人工资', '完成2.5公里道路')
    """
    cuts: list[tuple[int, int]] = []
    for found in _GOAL_NUMBER.finditer(text):
        if int(found["n"] or found["b"]) == len(cuts) + 1 and (cuts or not text[: found.start()].strip()):
            cuts.append((found.start(), found.end()))
    if not cuts:
        return (text,) if text else ()
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    return tuple(goal for (_, begin), end in zip(cuts, ends, strict=True) if (goal := text[begin:end].strip()))


def funding(head: Head, unit: str | None) -> Funding:
    """财政资金 and 其他资金; an empty cell stays null."""
    return Funding(fiscal=_amount(head, "fiscal", unit), other=_amount(head, "other", unit))


def budget(head: Head, unit: str | None) -> Money | None:
    """The project's budget, in the unit of its label or of the table."""
    return _amount(head, "budget", unit)


def _amount(head: Head, label: str, unit: str | None) -> Money | None:
    text = head.texts.get(label)
    return money.amount(text, head.units.get(label, unit)) if text else None


_HUNDRED = Decimal(100)


def spending_plan(head: Head, unit: str | None) -> tuple[PlanPoint, ...]:
    """The filled points of the plan. Under a head with %, figures are shares when they carry % or the last is 100,
    amounts when the last equals the budget or any exceeds 100, and else whichever the last one is nearer to.
    """
    filled = [(period, raw) for period, raw in head.plan if raw]
    if not filled:
        return ()
    numbers = [value.magnitude if isinstance(value := parse_value(raw), Quantity) else None for _, raw in filled]
    known = [n for n in numbers if n is not None]
    percent = "%" in head.plan_label or "％" in head.plan_label
    shares = percent and _are_shares([raw for _, raw in filled], known, head)
    return tuple(
        _point(period, raw, number, shares, unit) for (period, raw), number in zip(filled, numbers, strict=True)
    )


def _are_shares(raws: list[str], numbers: list[Decimal], head: Head) -> bool:
    if any("%" in raw or "％" in raw for raw in raws):
        return True
    total = parse_value(head.texts.get("budget", ""))
    budget_number = total.magnitude if isinstance(total, Quantity) else None
    if not numbers or numbers[-1] == budget_number or max(numbers) > _HUNDRED:
        return False
    if numbers[-1] == _HUNDRED:
        return True
    return budget_number is None or abs(numbers[-1] - _HUNDRED) < abs(numbers[-1] - budget_number)


def _point(period: str, raw: str, number: Decimal | None, shares: bool, unit: str | None) -> PlanPoint:
    if number is None:
        return PlanPoint(period=period, raw=raw)
    if shares or "%" in raw or "％" in raw:
        share = number / _HUNDRED
        return PlanPoint(period=period, raw=raw, share=share)
    return PlanPoint(period=period, raw=raw, amount=money.amount(raw, unit))
