"""Rows that are shorter than their heading: which cells were left out, told by what fits the columns."""

from __future__ import annotations

from kpi.documents import Cell, Row
from kpi.schema import Compound, Empty, Qualitative
from kpi.tables import vocabulary
from kpi.tables.columns import Columns
from kpi.tables.fit import beside, fit, skip, starts_tier
from kpi.values import parse_value

_EMPTY = Cell("")
_NEVER = -1e9
_NO_SECOND = 2.0  # a first tier with no second behind it
_TWICE = 2.5  # 成本指标 stands on both tiers; in a short row under a tier it is the second


def is_figure(text: str) -> bool:
    """Whether a cell holds one number or date."""
    return not isinstance(parse_value(text), Qualitative | Empty | Compound)


def aligned(row: Row, columns: Columns, tier1: str | None) -> tuple[Row, int]:
    """``row`` with empty cells where cells were left out, and how far its value moved right by that.

    ``tier1`` is the tier in force. A row of full width stays as it is; so does one whose cells suit the columns as
    they stand.
    """
    if len(row) >= columns.width or not row:
        return row, 0
    fields = ["other"] * columns.width
    for block in columns.blocks:
        for name, at in block.fields.items():
            fields[at] = name
    places = _places(row, fields, tier1)
    filled = [_EMPTY] * (max(places) + 1)
    for cell, at in zip(row, places, strict=True):
        filled[at] = cell
    value = columns.fields.get("value", -1)
    return tuple(filled), next((at - n for n, at in enumerate(places) if at == value), 0)


def _places(row: Row, fields: list[str], tier1: str | None) -> list[int]:
    """The column of each cell of ``row``, in order: the places at which the cells suit their columns best."""
    width = len(fields)
    skips = [skip(field) for field in fields]
    score = [0.0 - sum(skips[:at]) for at in range(width)]  # before the first cell: what stands left of it is skipped
    back: list[list[int]] = []
    for n, cell in enumerate(row):
        now, came = [_NEVER] * width, [-1] * width
        reach, reached = _NEVER, -1
        for at in range(n, width - (len(row) - 1 - n)):
            if n == 0:
                reach = score[at]
            else:
                lone = fields[at - 1] == "tier2" and reached >= 0 and fields[reached] == "tier1"
                reach -= skips[at - 1] + (_NO_SECOND if lone else 0.0)
                if score[at - 1] >= reach:
                    reach, reached = score[at - 1], at - 1
            now[at] = reach + _suits(cell.text, fields[at], tier1, n)
            if reached >= 0 and n:
                now[at] += beside(fields[reached], row[n - 1].text, fields[at], cell.text)
            came[at] = reached
        score = now
        back.append(came)
    ends = [score[at] - sum(skips[at + 1 :]) for at in range(width)]
    places = [max(range(width), key=lambda at: (ends[at], -at))]
    for came in back[:0:-1]:
        places.append(came[places[-1]])
    return places[::-1]


def _suits(text: str, field: str, tier1: str | None, at: int) -> float:
    if not text:
        return -skip(field)
    if at == 0 and tier1 and field == "tier1" and vocabulary.tier2(text) and vocabulary.tier1(text):
        return fit(field, text) - (0.0 if starts_tier(text) else _TWICE)
    if at == 0 and field == "tier2" and starts_tier(text):
        return fit(field, text) - _TWICE
    return fit(field, text)
