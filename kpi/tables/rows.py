"""Indicator rows → :class:`Indicator`: columns by heading, tiers filled down, values typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import regex

from kpi.documents import Row
from kpi.schema import Actual, Cells, Empty, Indicator, Location, Number, Quantity
from kpi.tables import vocabulary
from kpi.tables.alignment import aligned
from kpi.tables.columns import Columns
from kpi.tables.find import TargetTable
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


class Read(NamedTuple):
    """One row that gave an indicator, with what its columns say of the project (one sheet for all projects)."""

    indicator: Indicator
    project: Named


class Named(NamedTuple):
    """The project columns of a sheet for all projects, filled down; null where the sheet has none."""

    name: str | None = None
    code: str | None = None
    budget: str | None = None
    goals: str | None = None

    def step(self, columns: Columns, row: Row) -> Named:
        """The columns in ``row``; a name or code that is printed anew begins another project."""
        printed = [columns.text(row, f"project_{field}") or None for field in self._fields]
        name, code = printed[0] or self.name, printed[1] or self.code
        if (name, code) != (self.name, self.code):
            return Named(name, code, printed[2], printed[3])
        return Named(name, code, printed[2] or self.budget, printed[3] or self.goals)


def read(target: TargetTable, year: int | None) -> tuple[list[Read], int]:
    """The indicators of ``target``, in order, and how many rows looked like one.

    A row with neither name nor value only moves the tiers, if it names one; every other row is counted.
    """
    tiers = _Tiers()
    found: list[Read] = []
    seen = 0
    project = Named()
    for (table, at), columns in target.rows:
        source = table.rows[at]
        row, moved = aligned(source, columns, tiers.first)
        if _is_remark(source):
            continue
        project = project.step(columns, row)
        first, second = columns.text(row, "tier1"), columns.text(row, "tier2")
        title = columns.text(row, "name") or columns.text(row, "description")
        if _is_form_line(title, columns.text(row, "value")):
            if vocabulary.tier1(first) or vocabulary.tier2(second):
                tiers.step(first, second)
            continue
        seen += 1
        if len(source) < columns.width and first and not vocabulary.tier1(first) and not vocabulary.tier2(second):
            continue  # a short row of unknown words: nothing says which columns it has
        tiers.step(first, second)
        column = columns.fields["value"] - moved
        location = table.location(at, column if 0 <= column < len(source) else None)
        found.append(Read(_indicator(row, columns, tiers, year, location), project))
    return found, seen


def _is_remark(row: Row) -> bool:
    """A note or a signature line: its word stands in the first column, or alone in the row."""
    filled = [cell.text for cell in row if cell.text]
    if not filled or vocabulary.tier1(filled[0]) or vocabulary.tier2(filled[0]):
        return False
    if vocabulary.is_signature(filled[0]):
        return True
    return (bool(row[0].text) or len(filled) == 1) and vocabulary.is_remark(filled[0])


_NOTHING = regex.compile(r"[\s.…·_—\-]*")


def _is_form_line(name: str, value: str) -> bool:
    """A numbered line of a form that nobody filled: 指标2：, ……, with nothing for a value."""
    return all(_NOTHING.fullmatch(_NAME_MARKER.sub("", text, count=1)) for text in (name, value))


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
        raw_value=written if cells.unit and written.endswith(cells.unit) else written + (cells.unit or ""),
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
        unit=unit if (unit := text("unit")) and not isinstance(parse_value(unit), Empty) else None,
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
