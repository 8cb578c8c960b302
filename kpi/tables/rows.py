"""Indicator rows → :class:`Indicator`: columns by heading, tiers filled down, values typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from kpi.documents import Cell, Row
from kpi.schema import Actual, Cells, Indicator, Location, Number, Quantity
from kpi.tables import vocabulary
from kpi.tables.find import Columns, TargetTable
from kpi.values import parse_value

# The list marker before an indicator's name: 指标1：, 1., ①, (1).
_NAME_MARKER = regex.compile(
    r"(?:指标\s*\d{1,2}\s*[:：.、]?|[(（]\d{1,2}[)）]|\d{1,2}\s*[.、．:：](?!\d)|[①-⑳]|[●■◆▪·])\s*"
)
_NATURES = {
    "定性": "type",
    "定量": "type",
    "定性指标": "type",
    "定量指标": "type",
    "正向": "direction",
    "反向": "direction",
}


@dataclass
class _Tiers:
    """The tier texts in force while walking down: merged cells are blank below their first row."""

    first: str | None = None
    second: str | None = None

    def step(self, first: str, second: str) -> None:
        if first:
            self.first, self.second = vocabulary.tier_text(first), None
        if second:
            self.second = vocabulary.tier_text(second)


@dataclass
class Read:
    """The indicators of one table, and how many rows looked like one."""

    indicators: list[Indicator]
    seen: int


def read(target: TargetTable, year: int | None) -> Read:
    """The indicators of ``target``, in order. A row with neither name nor value only moves the tiers."""
    tiers = _Tiers()
    result = Read([], 0)
    for (table, at), columns in target.rows:
        row = _aligned(table.rows[at], columns)
        if _is_remark(row):
            continue
        tiers.step(columns.text(row, "tier1"), columns.text(row, "tier2"))
        name, value = columns.text(row, "name"), columns.text(row, "value")
        result.seen += not _is_form_line(name or columns.text(row, "description"), value)
        if not _is_form_line(name, value):
            column = max(0, columns.fields["value"] - (len(row) - len(table.rows[at])))
            result.indicators.append(_indicator(row, columns, tiers, year, table.location(at, column)))
    return result


def _is_remark(row: Row) -> bool:
    """A note or a signature line: its word stands in the first column, or alone in the row."""
    filled = [cell.text for cell in row if cell.text]
    return bool(filled) and (bool(row[0].text) or len(filled) == 1) and vocabulary.is_remark(filled[0])


_NOTHING = regex.compile(r"[\s.…·_—\-]*")


def _is_form_line(name: str, value: str) -> bool:
    """A numbered line of a form that nobody filled: 指标2：, ……, with nothing for a value."""
    return all(_NOTHING.fullmatch(_NAME_MARKER.sub("", text, count=1)) for text in (name, value))


def _aligned(row: Row, columns: Columns) -> Row:
    """``row`` widened to the heading's width where leading merged cells were left out, told by the tier words."""
    missing = columns.width - len(row)
    if missing <= 0 or not row:
        return row
    first = columns.fields.get("tier1")
    second = columns.fields.get("tier2")
    lead = row[0].text
    empty = Cell("", row[0].line, row[0].start, row[0].start)
    if first == 0 and second == 1 and lead and not vocabulary.tier1(lead) and vocabulary.tier2(lead):
        return (empty, *row)
    if first == 0 and second == 1 and missing == 2 and lead and not vocabulary.tier1(lead):
        return (empty, empty, *row)
    return row


def _indicator(row: Row, columns: Columns, tiers: _Tiers, year: int | None, location: Location) -> Indicator:
    def text(field: str) -> str | None:
        return columns.text(row, field) or None

    cells = _cells(columns, text)
    name = _name(text("name"))
    written = (cells.operator or "") + (cells.value or "")
    return Indicator(
        tier1=vocabulary.tier1(tiers.first),
        tier2=vocabulary.tier2(tiers.second),
        tier1_text=tiers.first,
        tier2_text=tiers.second,
        name=name,
        description=text("description"),
        raw_value=written + (cells.unit or ""),
        cells=cells,
        value=parse_value(written, year=year, unit=cells.unit, name=name),
        meant=None,
        basis=text("basis"),
        explanation=text("explanation"),
        score_rule=text("score_rule"),
        weight=_number(text("weight")),
        actual=_actual(columns, text, year, cells.unit, name),
        horizon=None,
        place=text("place"),
        location=location,
    )


def _cells(columns: Columns, text: Callable[[str], str | None]) -> Cells:
    """The split cells. 指标性质 holds the operator in some provinces, 定性/定量 or 正向/反向 in others."""
    nature = text("nature")
    kind = _NATURES.get(nature or "")
    operator = text("operator") or (nature if nature and kind is None else None)
    if (field := _NATURES.get(operator or "")) is not None:
        kind, nature, operator = field, operator, None
    return Cells(
        operator=operator,
        value=text("value"),
        unit=text("unit"),
        type=nature if kind == "type" else None,
        direction=text("direction") or (nature if kind == "direction" else None),
    )


def _name(text: str | None) -> str | None:
    if text is None:
        return None
    return (
        _NAME_MARKER.sub("", text, count=1) if (found := _NAME_MARKER.match(text)) and found.end() < len(text) else text
    )


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
        value=parse_value(raw, year=year, unit=unit, name=name) if raw else None,
        score=_number(text("score")),
        reason=text("reason"),
    )
