"""Rows that are shorter than their heading: which merged cells were left out, told by what fits the columns."""

from __future__ import annotations

from kpi.documents import Cell, Row
from kpi.schema import Compound, Empty, Qualitative
from kpi.tables import vocabulary
from kpi.tables.columns import Columns
from kpi.values import parse_value

_EMPTY = Cell("")


def is_figure(text: str) -> bool:
    """Whether a cell holds one number or date."""
    return not isinstance(parse_value(text), Qualitative | Empty | Compound)


def aligned(row: Row, columns: Columns, tier1: str | None) -> tuple[Row, int]:
    """``row`` with empty cells where merged ones were left out, and how far its value moved right by that.

    ``tier1`` is the tier in force. A row of full width stays as it is; cells missing at the end change nothing.
    """
    missing = columns.width - len(row)
    if missing <= 0 or not row:
        return row, 0
    tiers = [at for name in ("tier1", "tier2") if (at := columns.fields.get(name)) is not None]
    most = min(missing, max(tiers, default=-1) + 1)
    starts = sorted({0, min(tiers, default=0)})
    candidates = [(row[:at] + (_EMPTY,) * pad + row[at:], pad) for at in starts for pad in range(most + 1)]
    return max(candidates, key=lambda candidate: (_fit(candidate[0], columns, tier1), -candidate[1]))


def _fit(row: Row, columns: Columns, tier1: str | None) -> int:
    """How well the cells of ``row`` suit the columns they fall under."""
    first, second = columns.text(row, "tier1"), columns.text(row, "tier2")
    name, value, weight = columns.text(row, "name"), columns.text(row, "value"), columns.text(row, "weight")
    number = columns.text(row, "number")
    fit = 0 if not first else 3 if vocabulary.tier1(first) else -4
    fit += 0 if not second else 3 if vocabulary.tier2(second) else -3
    # 成本指标 and 满意度指标 stand on both tiers; in a short row under a tier they are the second.
    fit -= bool(first and vocabulary.tier2(first) and tier1 and not (second and vocabulary.tier2(second)))
    fit += (-2 if is_figure(name) else 2) if name else -2
    fit += (3 if is_figure(value) else 1) if value else -1
    fit += 0 if not weight else 1 if is_figure(weight) else -2
    return fit + (0 if not number else 1 if number.isdigit() else -2)
