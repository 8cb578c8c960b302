"""The head of a project: code, name, budget, purpose, spending plan, goals, from labels and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import regex

from kpi.documents import Row
from kpi.schema import Execution, Funding, FundingPart, Money, Quantity
from kpi.tables import funds, money, vocabulary
from kpi.tables.find import TargetTable, cell_labels
from kpi.values import parse_value

_MAX_LABEL = 20
_MONEY = ("budget", "whole_budget", "fiscal", "other")


@dataclass
class Head:
    """What the head prints, as text. ``unit`` is the money unit in a label's brackets, ``plan`` pairs each period with
    its cell, ``execution`` holds what was planned and spent, ``further`` the sources of money that have no label here,
    ``loose`` what has no label (captions within the table).
    """

    texts: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    budget_column: int | None = None
    execution: dict[str, str] = field(default_factory=dict)
    further: list[tuple[str, str]] = field(default_factory=list)
    plan_label: str = ""
    plan: list[tuple[str, str]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)


@dataclass
class _Block:
    """The label whose rows are being read: merged downwards, it stands only in the first of them."""

    kind: Literal["block", "plan", "goals"] | None = None
    periods: Row = ()
    goal_column: int | None = None
    width: int = 0


def read(target: TargetTable) -> Head:
    """Read the captions and head rows of one project, top to bottom."""
    head = Head()
    for caption in target.captions:
        if pair := vocabulary.labelled(caption):
            head.texts.setdefault(*pair)
            head.unit = head.unit or money.unit_in_brackets(caption)
    block = _Block()
    for table, at in target.head:
        row = table.rows[at]
        if _is_label_of_indicators(row):
            block = _Block()
            continue
        label = vocabulary.head_label(row[0].text)
        if row[0].text and (label or vocabulary.labelled(row[0].text)) and not (label == block.kind == "plan"):
            block = _Block()
        for cell in row:
            head.unit = head.unit or money.unit_in_brackets(cell.text) if len(cell.text) <= _MAX_LABEL else head.unit
        _read_row(head, block, row)
    funds.read([table.rows[at] for table, at in target.head], head.execution, head.further, head.texts)
    return head


def _is_label_of_indicators(row: Row) -> bool:
    """Whether a row holds nothing but 绩效指标, the label of the rows of indicators below."""
    filled = [cell.text for cell in row if cell.text]
    claims = vocabulary.column_claims(filled[0]) if len(filled) == 1 else ()
    return bool(claims) and claims[0].field == "name" and vocabulary.head_label(filled[0]) is None


def _read_row(head: Head, block: _Block, row: Row) -> None:
    label = vocabulary.head_label(row[0].text) if row else None
    if label == "plan" and block.kind != "plan":
        head.plan_label, block.kind, block.periods = row[0].text, "plan", row
        head.plan += _in_pairs(row)
    elif block.kind == "plan":
        if row and "%" in row[0].text.replace("％", "%"):
            head.plan_label += row[0].text  # a heading broken over both rows
        head.plan += _paired(block.periods, row)
    elif label == "goals" and not _is_budget_row(row):
        block.kind = "goals"
        _read_goals(head, block, row, 1)
    elif label in ("block", "purpose"):
        block.kind = "block"
        _labelled(head, row)
    elif block.kind == "goals":
        _read_goals(head, block, row, 0)
    elif any(vocabulary.head_label(cell.text) for cell in row) or any(vocabulary.labelled(cell.text) for cell in row):
        _labelled(head, row)
    elif block.kind == "block":
        text = " ".join(cell.text for cell in row if cell.text)
        head.texts["purpose"] = " ".join(filter(None, (head.texts.get("purpose"), text)))
    else:
        head.loose.extend(cell.text for cell in row if cell.text)


def _is_budget_row(row: Row) -> bool:
    return any(vocabulary.head_label(cell.text) in _MONEY for cell in row[1:])


def _read_goals(head: Head, block: _Block, row: Row, begin: int) -> None:
    """A row of goals; where its cells are sub-headings (年度目标 | 实际完成情况), the goals stand below the first."""
    ranks = {
        at: rank
        for at, cell in enumerate(row)
        if at >= begin and (rank := vocabulary.goal_heading(cell.text)) is not None
    }
    filled = [at for at, cell in enumerate(row) if at >= begin and cell.text]
    if filled and set(filled) == ranks.keys():
        block.goal_column, block.width = min(ranks, key=lambda at: ranks[at]), len(row)
    elif block.goal_column is not None:
        column = block.goal_column - max(0, block.width - len(row))  # a merged label may be left out below
        below = row[column].text if 0 <= column < len(row) else ""
        head.goals += [below] if below else []
    elif filled and begin and filled[0] in ranks and len(filled) > 1:
        head.goals.append(row[filled[1]].text)
    else:
        head.goals += [row[at].text for at in filled]


def _labelled(head: Head, row: Row) -> None:
    for label, text in cell_labels(row):
        if label in _MONEY:
            _keep_number(head, label, row)
        else:
            head.texts.setdefault("purpose" if label == "block" else label, text)


def _keep_number(head: Head, label: str, row: Row) -> None:
    """The first number right of a money label and left of the next label. Where a label stands twice in a row (for the
    whole period and for the year), the one under the year's budget counts.
    """
    labels = [vocabulary.head_label(cell.text) for cell in row]
    numbers: dict[int, str] = {}
    for at, name in enumerate(labels):
        if name == label:
            end = next((n for n in range(at + 1, len(row)) if labels[n] is not None), len(row))
            if text := next((c.text for c in row[at + 1 : end] if isinstance(parse_value(c.text), Quantity)), None):
                numbers[at] = text
    if numbers:
        column = head.budget_column if head.budget_column in numbers else min(numbers)
        if label == "budget" and head.budget_column is None:
            head.budget_column = column
        head.texts.setdefault(label, numbers[column])
        return
    for cell in row:
        if (pair := vocabulary.labelled(cell.text)) and pair[0] == label and isinstance(parse_value(pair[1]), Quantity):
            head.texts.setdefault(label, pair[1])


def _in_pairs(row: Row) -> list[tuple[str, str]]:
    """A plan written in one row: 3月底 | 25 | 6月底 | 50."""
    filled = [cell.text for cell in row[1:] if cell.text]
    figures = [isinstance(parse_value(text), Quantity) for text in filled]
    alternating = len(filled) >= 2 and len(filled) % 2 == 0 and not any(figures[0::2]) and all(figures[1::2])
    return list(zip(filled[0::2], filled[1::2], strict=True)) if alternating else []


def _paired(periods: Row, row: Row) -> list[tuple[str, str]]:
    """Each period with the cell under it; where the copy lost empty cells, filled ones pair from the right."""
    if len(row) == len(periods):
        return [(p.text, c.text) for p, c in zip(periods[1:], row[1:], strict=True) if p.text]
    names = [cell.text for cell in periods[1:] if cell.text]
    filled = [cell.text for cell in row if cell.text and vocabulary.head_label(cell.text) != "plan"]
    return list(zip(names[-len(filled) :], filled, strict=False)) if filled else []


_ORDINAL = "一二三四五六七八九十"
_GOAL_NUMBER = regex.compile(
    r"(?:目标\s*)?(?:"
    r"[(（](?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?P<n>[①-⑳])"
    r"|(?<![\d.])(?P<n>\d{1,2})\s*(?:[.．、:：](?!\d(?!\d{3}年))|[)）])"
    r"|(?<=^|[\s。；;，,])(?P<n>[一二三四五六七八九十]{1,3})、)\s*"
)


def split_goals(text: str) -> tuple[str, ...]:
    """Goals split at their numbers 1. 2. 3., (1) (2), ①②, 一、二、; a number counts only where it continues the row.

    >>> split_goals("1. 保障43人工资 2. 完成2.5公里道路")
    ('保障43人工资', '完成2.5公里道路')
    """
    cuts: list[tuple[int, int]] = []
    for found in _GOAL_NUMBER.finditer(text):
        if _ordinal(found["n"]) == len(cuts) + 1 and _may_begin(text, found.start(), not cuts):
            cuts.append((found.start(), found.end()))
    if not cuts:
        return (text,) if text else ()
    before = text[: cuts[0][0]].strip()
    goals = [
        text[begin:end].strip() for (_, begin), end in zip(cuts, [s for s, _ in cuts[1:]] + [len(text)], strict=True)
    ]
    if before and not before.endswith(("：", ":")):
        goals.insert(0, before)
    return tuple(goal for goal in goals if goal)


def _may_begin(text: str, at: int, first: bool) -> bool:
    """A first number begins the text or follows a colon or a stop; a later one may stand anywhere but in a number."""
    before = text[:at].rstrip()
    return not before or before[-1] in "：:。；;" if first else True


def _ordinal(text: str) -> int:
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("十")
    if "十" not in text:
        return _ORDINAL.index(text) + 1 if len(text) == 1 else 0
    return (_ORDINAL.index(tens) + 1 if tens else 1) * 10 + (_ORDINAL.index(ones) + 1 if ones else 0)


def goals(head: Head) -> tuple[str, ...]:
    """The goals of all goal rows, split at their numbers."""
    return split_goals(" ".join(head.goals) if head.goals else head.texts.get("goals", ""))


def funding(head: Head, unit: str | None) -> Funding:
    """财政资金 and 其他资金, an empty cell stays null; and what else of the budget the head prints."""
    further = tuple(
        FundingPart(label=label, money=found)
        for label, text in head.further
        if (found := money.amount(text, head.unit or unit)) is not None
    )
    return Funding(fiscal=_amount(head, "fiscal", unit), other=_amount(head, "other", unit), further=further)


def execution(head: Head, unit: str | None) -> Execution | None:
    """What was planned and what was spent, where the head prints any of it."""
    if not head.execution:
        return None
    amounts = {
        field: money.amount(text, head.unit or unit) for field, text in head.execution.items() if field != "rate"
    }
    return Execution(**amounts, rate=funds.share(head.execution.get("rate", "")))


def budget(head: Head, unit: str | None) -> Money | None:
    """The project's budget of the year, else of its whole period, else what an evaluation calls the year's budget."""
    if found := _amount(head, "budget", unit) or whole_budget(head, unit):
        return found
    run = execution(head, unit)
    return (run.full_year or run.initial) if run else None


def whole_budget(head: Head, unit: str | None) -> Money | None:
    """The budget of the project's whole period."""
    return _amount(head, "whole_budget", unit)


def _amount(head: Head, label: str, unit: str | None) -> Money | None:
    text = head.texts.get(label)
    return money.amount(text, head.unit or unit) if text else None
