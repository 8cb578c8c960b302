"""Indicator rows → :class:`Indicator`: columns by heading, tiers filled down, values typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import regex

from kpi.documents import Row
from kpi.schema import Actual, Cells, Empty, Indicator, Location, Number, Quantity
from kpi.tables import vocabulary
from kpi.tables.alignment import aligned
from kpi.tables.columns import Columns, is_tier_line
from kpi.tables.find import TargetTable
from kpi.values import parse_value
from kpi.values.operators import is_operator

# The list marker before an indicator's name: 指标1：, 1., ①, (1).
_NAME_MARKER = regex.compile(
    r"(?:指标\s*\d{1,2}\s*[:：.、]?|[(（]\d{1,2}[)）]|\d{1,2}\s*[.、．:：](?!\d)|[①-⑳]|[●■◆▪·])\s*"
)


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
    """One row that gave an indicator, with what its columns say of the project (one sheet for all projects).

    ``block`` counts the blocks side by side from the left.
    """

    indicator: Indicator
    project: Named
    block: int = 0


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
    """The indicators of ``target``, in order, block by block, and how many rows of a block looked like one.

    A row with neither name nor value only moves the tiers, if it names one; every other row is counted.
    """
    tiers: dict[int, _Tiers] = defaultdict(_Tiers)
    found: list[Read] = []
    seen = 0
    project = Named()
    below: list[Row] = [*(table.rows[at] for (table, at), _ in target.rows[1:]), ()]
    for ((table, at), columns), following in zip(target.rows, below, strict=False):
        source = table.rows[at]
        if _is_remark(source):
            continue
        if columns.tree and is_tier_line(source, columns):
            _step_in_tree(tiers[0], source, following, columns)
            continue
        row, moved = aligned(source, columns, tiers[0].first)
        project = project.step(columns, row)
        for number, block in enumerate(columns.blocks):
            first, second = block.text(row, "tier1"), block.text(row, "tier2")
            title = block.text(row, "name") or block.text(row, "description")
            if _is_form_line(title, block.text(row, "value")):
                if vocabulary.tier1(first) or vocabulary.tier2(second):
                    tiers[number].step(first, second)
                continue
            seen += 1
            if len(source) < block.width and first and not vocabulary.tier1(first) and not vocabulary.tier2(second):
                continue  # a short row of unknown words: nothing says which columns it has
            tiers[number].step(first, second)
            column = block.fields["value"] - moved
            location = table.location(at, column if 0 <= column < len(source) else None)
            found.append(Read(_indicator(row, block, tiers[number], year, location), project, number))
    return sorted(found, key=lambda read: read.block), seen


_COST_OF_OUTPUT = ("成本指标", "产出指标")


def _step_in_tree(tiers: _Tiers, row: Row, below: Row, columns: Columns) -> None:
    """A line of a tree that names a tier. 成本指标 and 满意度指标 are on both: first where a second follows."""
    text, following = columns.text(row, "name"), columns.text(below, "name")
    under = vocabulary.tier1(tiers.first)
    first = vocabulary.tier1(text)
    leads = is_tier_line(below, columns) and vocabulary.tier1(following) is None
    if first and (leads or not vocabulary.tier2(text) or not (first == under or (first, under) == _COST_OF_OUTPUT)):
        tiers.step(text, "")
    else:
        tiers.step("", text)


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
        tier2=vocabulary.tier2(tiers.second) or (vocabulary.tier2(name) if "tier2" not in columns.fields else None),
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
        horizon=columns.horizon,
        place=columns.place or text("place"),
        location=location,
    )


def _cells(columns: Columns, text: Callable[[str], str | None]) -> Cells:
    """The split cells. 指标性质 holds the operator in some provinces, 定性/定量 or 正向/反向 in others: the cell decides.

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
