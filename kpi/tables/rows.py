"""The rows of a target table, top to bottom: which are indicators, which tiers are in force, whose project they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import regex

from kpi.documents import Row
from kpi.schema import Indicator
from kpi.tables import damage, vocabulary
from kpi.tables.alignment import aligned
from kpi.tables.columns import Columns, is_tier_line
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.find import TargetTable
from kpi.tables.indicators import NAME_MARKER, Tiers, indicator


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
        if columns.fields.keys().isdisjoint(_PROJECT_COLUMNS):
            return self
        printed = [columns.text(row, name) or None for name in _PROJECT_COLUMNS]
        name, code = printed[0] or self.name, printed[1] or self.code
        if (name, code) != (self.name, self.code):
            return Named(name, code, printed[2], printed[3])
        return Named(name, code, printed[2] or self.budget, printed[3] or self.goals)


_PROJECT_COLUMNS = tuple(f"project_{field}" for field in Named._fields)


def read(
    target: TargetTable, year: int | None, deadline: Deadline = UNLIMITED, said: Sequence[str] = ()
) -> tuple[list[Read], int]:
    """The indicators of ``target``, in order, block by block, and how many rows of a block looked like one.

    ``said``: the goals and the purpose that the head prints, for what they bear witness to.
    A row with neither name nor value only moves the tiers, if it names one; every other row is counted.
    """
    tiers: dict[int, Tiers] = defaultdict(Tiers)
    found: list[Read] = []
    seen = 0
    project = Named()
    below: list[Row] = [*(table.rows[at] for (table, at), _ in target.rows[1:]), ()]
    for ((table, at), columns), following in zip(target.rows, below, strict=False):
        if deadline.over("rows"):
            break
        source = table.rows[at]
        if _is_remark(source, columns):
            continue
        if columns.tree and is_tier_line(source, columns):
            _step_in_tree(tiers[0], source, following, columns)
            continue
        filled = [cell.text for cell in source if cell.text]
        if len(filled) == 1 and len(source) < columns.width and vocabulary.is_tier(filled[0]):
            continue  # a copy cut behind a tier
        row, moved = aligned(source, columns, tiers[0].first)
        project = project.step(columns, row)
        untiered = _is_untiered(row, columns)
        for number, block in enumerate(columns.blocks):
            if untiered:
                row, tiers[number] = _with_name(row, block), Tiers()
            first, second = block.text(row, "tier1"), block.text(row, "tier2")
            if first and "tier2" not in block.fields and _is_second(first, tiers[number]):
                first, second = "", first
                if vocabulary.tier2(second) not in vocabulary.children(vocabulary.tier1(tiers[number].first)):
                    tiers[number] = Tiers()
            title = block.text(row, "name") or block.text(row, "description")
            if number and block.place and not block.text(row, "value"):
                continue  # nothing is wanted of this place
            if vocabulary.tier2(title) and not first and not second and not block.text(row, "value"):
                tiers[number].step("", title)  # a tier of a form that was left empty, and has slid under the names
                continue
            if _is_form_line(title, block.text(row, "value")):
                if vocabulary.tier1(first) or vocabulary.tier2(second):
                    tiers[number].step(first, second)
                continue
            seen += 1
            if len(source) < block.width and first and not vocabulary.tier1(first) and not vocabulary.tier2(second):
                continue  # a short row of unknown words: nothing says which columns it has
            tiers[number].step(first, second)
            column = block.at(row, "value") - moved
            location = table.location(at, column if 0 <= column < len(source) else None)
            found.append(Read(indicator(row, block, tiers[number], year, location), project, number))
    found.sort(key=lambda read: read.block)
    told = (*said, *dict.fromkeys(read.project.goals for read in found if read.project.goals))
    mended = damage.recovered([read.indicator for read in found], year, told)
    return [read._replace(indicator=each) for read, each in zip(found, mended, strict=True)], seen


def _is_second(text: str, tiers: Tiers) -> bool:
    """Whether the one column of tiers (指标类型) holds a second tier: 数量; 成本 is one where it follows another."""
    second = vocabulary.tier2(text)
    if second != _COST or not vocabulary.tier1(text):
        return second is not None and vocabulary.tier1(text) is None
    if tiers.first is None:
        return vocabulary.tier2(tiers.second) in vocabulary.children(_OUTPUT)
    return vocabulary.tier1(tiers.first) == _OUTPUT


def _is_untiered(row: Row, columns: Columns) -> bool:
    """Whether only the first tier's column is filled before the value, by what is no tier: 预算执行率 stands outside
    of the tiers of a self-evaluation.
    """
    first = columns.text(row, "tier1")
    if not first or vocabulary.is_tier(first) or not columns.text(row, "value"):
        return False
    return not any(block.text(row, name) for block in columns.blocks for name in ("tier2", "name", "description"))


def _with_name(row: Row, columns: Columns) -> Row:
    """``row`` with the text of the first tier's column in that of the names."""
    first, name = columns.at(row, "tier1"), columns.fields.get("name", len(row))
    if name >= len(row) or row[name].text:
        return row
    cells = list(row)
    cells[first], cells[name] = cells[name], cells[first]
    return tuple(cells)


_COST, _OUTPUT = "成本指标", "产出指标"
_COST_OF_OUTPUT = (_COST, _OUTPUT)


def _step_in_tree(tiers: Tiers, row: Row, below: Row, columns: Columns) -> None:
    """A line of a tree that names a tier. 成本指标 and 满意度指标 are on both: first where a second follows."""
    text, following = columns.text(row, "name"), columns.text(below, "name")
    under = vocabulary.tier1(tiers.first)
    first = vocabulary.tier1(text)
    leads = is_tier_line(below, columns) and vocabulary.tier1(following) is None
    if first and (leads or not vocabulary.tier2(text) or not (first == under or (first, under) == _COST_OF_OUTPUT)):
        tiers.step(text, "")
    else:
        tiers.step("", text)


def _is_remark(row: Row, columns: Columns) -> bool:
    """A note or a signature line: its word stands in the first column, or alone in the row, and it is no indicator."""
    if vocabulary.tier2(columns.text(row, "tier2")) and columns.text(row, "value"):
        return False
    filled = [cell.text for cell in row if cell.text]
    if not filled or vocabulary.tier1(filled[0]) or vocabulary.tier2(filled[0]):
        return False
    if vocabulary.is_signature(filled[0]):
        return True
    return (bool(row[0].text) or len(filled) == 1) and vocabulary.is_remark(filled[0])


_NOTHING = regex.compile(r"[\s.…·_—\-]*")


def _is_form_line(name: str, value: str) -> bool:
    """A numbered line of a form that nobody filled: 指标2：, ……, with nothing for a value."""
    return all(_NOTHING.fullmatch(NAME_MARKER.sub("", text, count=1)) for text in (name, value))
