"""One row's cells → :class:`Indicator`: tiers canonical, split values joined, values typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from kpi.documents import Row
from kpi.schema import Actual, Cells, Empty, Indicator, Location, Number, Quantity, Range, Value
from kpi.tables import vocabulary
from kpi.tables.columns import Columns
from kpi.values import parse_value
from kpi.values.operators import begins_with_operator, is_operator

# The list marker before an indicator's name: 指标1：, 1., ①, (1).
NAME_MARKER = regex.compile(
    r"(?:指标\s*\d{1,2}\s*[:：.、]?|[(（]\d{1,2}[)）]|\d{1,2}\s*[.、．:：](?!\d)|[①-⑳]|[●■◆▪·])\s*"
)


@dataclass
class Tiers:
    """The tier texts in force while walking down: merged cells are blank below their first row."""

    first: str | None = None
    second: str | None = None

    def step(self, first: str, second: str) -> None:
        """A row that prints ``first`` and ``second``; an empty text leaves its tier, a first tier ends the second."""
        if first:
            self.first, self.second = vocabulary.tier_text(first), None
        if second:
            self.second = vocabulary.tier_text(second)


def indicator(row: Row, columns: Columns, tiers: Tiers, year: int | None, location: Location) -> Indicator:
    """The indicator of ``row``, under ``tiers``; its location is that of the value's cell."""
    texts = {field: columns.text(row, field) for field in columns.fields}

    def text(field: str) -> str | None:
        return texts.get(field) or None

    cells = _cells(columns, text)
    name = _name(text("name"))
    raw_value, value = joined(cells, lambda written: _typed(written, columns, year, cells.unit, name))
    return Indicator(
        tier1=vocabulary.tier1(tiers.first),
        tier2=vocabulary.tier2(tiers.second) or (vocabulary.tier2(name) if "tier2" not in columns.fields else None),
        tier1_text=tiers.first,
        tier2_text=tiers.second,
        name=name,
        description=text("description"),
        raw_value=raw_value,
        cells=cells,
        value=value,
        meant=None,
        basis=text("basis"),
        explanation=text("explanation"),
        score_rule=text("score_rule"),
        weight=_number(text("weight")),
        actual=_actual(columns, text, year, cells.unit, name),
        horizon=columns.horizon,
        place=columns.place or text("place"),
        location=location,
    )


def joined(cells: Cells, typed: Callable[[str], Value]) -> tuple[str, Value]:
    """The text of a value whose sign, number and unit stand in cells of their own, and the value itself.

    A sign that stands in the value as well as in its column, or a unit, is not written twice.
    """
    signed = cells.operator if not (cells.value and begins_with_operator(cells.value)) else None
    written = (signed or "") + (cells.value or "")
    value = typed(written)
    return written + ("" if _has_unit(value, cells) else cells.unit or ""), value


def _has_unit(value: Value, cells: Cells) -> bool:
    """Whether a value prints its own unit, be it the column's or another one."""
    if cells.unit and (cells.value or "").endswith(cells.unit):
        return True
    return isinstance(value, Quantity | Range) and value.unit is not None and "unit_inherited" not in value.notes


def _cells(columns: Columns, text: Callable[[str], str | None]) -> Cells:
    """The split cells. 指标性质 holds the operator in some provinces, 定性 or 正向 in others: the cell decides.

    What a column of operators holds beside the known words is an operator all the same; a nature must read as one.
    """
    operator, nature, kind, direction = text("operator"), text("nature"), None, text("direction")
    for cell in filter(None, (operator, nature)):
        told = vocabulary.nature(cell) or ("operator" if cell is operator or is_operator(cell) else "type")
        kind = kind or (cell if told == "type" else None)
        direction = direction or (cell if told == "direction" else None)
        if told != "operator" and cell is operator:
            operator = None
        elif told == "operator":
            operator = operator or cell
    return Cells(
        operator=operator,
        value=text("value"),
        unit=unit if (unit := text("unit")) and not isinstance(parse_value(unit), Empty) else None,
        type=kind,
        direction=direction,
    )


def _name(text: str | None) -> str | None:
    if text is None:
        return None
    return (
        NAME_MARKER.sub("", text, count=1) if (found := NAME_MARKER.match(text)) and found.end() < len(text) else text
    )


def _typed(text: str, columns: Columns, year: int | None, unit: str | None, name: str | None) -> Value:
    """The value in ``text``; a number without a unit of its own has that of the column's heading (指标值（万元）)."""
    value = parse_value(text, year=year, unit=unit, name=name)
    bare = isinstance(value, Quantity | Range) and value.dimension == "number" and value.unit is None
    if not bare or columns.unit is None or "unit" in columns.fields:
        return value
    return parse_value(text, year=year, unit=columns.unit, name=name)


def _number(text: str | None) -> Number | None:
    value = parse_value(text) if text else None
    return value.magnitude if isinstance(value, Quantity) else None


def _actual(
    columns: Columns, text: Callable[[str], str | None], year: int | None, unit: str | None, name: str | None
) -> Actual | None:
    if not {"actual", "score", "reason"} & columns.fields.keys():
        return None
    raw = text("actual")
    return Actual(
        raw=raw,
        value=_typed(raw, columns, year, unit, name) if raw else None,
        score=_number(text("score")),
        reason=text("reason"),
    )
