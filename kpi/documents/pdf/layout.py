"""What stands on a page, in reading order: tables and lines of text, still with their places on the page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kpi.documents.pdf.aligned import Aligned, aligned
from kpi.documents.pdf.columns import Hull
from kpi.documents.pdf.lines import PADDING, Line, cell_lines, is_full, lines_of, together
from kpi.documents.pdf.page import Edge, Page
from kpi.documents.pdf.ruled import Area, Ruled, filled, ruled, rules
from kpi.documents.pdf.rules import supplied


class Placed(NamedTuple):
    """A cell of a table: its row, where it begins, its text (not cleaned), whether its last line is full, its rows."""

    row: int
    x0: float
    text: str
    full: bool = False
    rows: int = 1


class PageTable(NamedTuple):
    """A table on a page; ``drawn`` by lines, or told by where its text stands."""

    page: int
    left: float
    right: float
    top: float
    bottom: float
    rows: int
    cells: list[Placed]
    drawn: bool


class Sheet(NamedTuple):
    """A page whose drawn tables are read; ``lines`` are those outside them, from top to bottom."""

    number: int
    width: float
    height: float
    tables: list[PageTable]
    lines: list[Line]
    levels: list[Edge]


def sheet_of(number: int, page: Page) -> Sheet:
    """Read the drawn tables of a page."""
    grids = [table for table in ruled(page.horizontal, page.vertical) if _is_grid(table)]
    left = filled(grids, page.chars)
    inside = [(table.ys[0], table.ys[-1]) for table in grids]
    levels = [e for e in rules(page.horizontal) if not any(top - 1 <= e.at <= bottom + 1 for top, bottom in inside)]
    supplied_with: list[Ruled] = []
    for level, upright in supplied(levels, left, page.height):
        more = [table for table in ruled(level, upright) if _is_grid(table)]
        left = filled(more, left)
        supplied_with += more
    tables = [_of_ruled(number, table, drawn=True) for table in grids]
    tables += [_of_ruled(number, table, drawn=False) for table in supplied_with]
    lines = [[run._replace(chars=()) for run in line] for line in lines_of(left)]
    return Sheet(number, page.width, page.height, [t for t in tables if any(c.text for c in t.cells)], lines, levels)


Item = PageTable | Line


def pages_of(sheets: Sequence[Sheet]) -> list[tuple[int, float, list[Item]]]:
    """The number, the width and the items of each page."""
    found = []
    columns: list[Hull] = []
    for sheet in sheets:
        items, columns = items_of(sheet, columns)
        found.append((sheet.number, sheet.width, items))
    return found


def items_of(sheet: Sheet, before: Sequence[Hull] = ()) -> tuple[list[Item], list[Hull]]:
    """The tables and lines of a page from top to bottom; aligned text becomes tables.

    ``before`` are the columns of an aligned table that is the last thing on the page before; those of such a table on
    this page are given back with the items.
    """
    found: list[tuple[float, Item]] = [(table.top, table) for table in sheet.tables]
    last: list[Hull] = []
    for at_page, lines in enumerate(_between(sheet.lines, sheet.tables)):
        tables = aligned(lines, sheet.levels, () if at_page else before)
        taken = {at for table in tables for at in table.lines}
        last = tables[-1].columns if tables and len(lines) - 1 in taken else []
        found += [(table.top, _of_aligned(sheet.number, table)) for table in tables]
        found += [(line[0].top, line) for at, line in enumerate(lines) if at not in taken]
    return [item for _, item in sorted(found, key=lambda pair: pair[0])], last


def _is_grid(table: Ruled) -> bool:
    """Whether lines draw a table, and not a frame around text or a single cell."""
    return table.columns > 1 and len(table.areas) > 2


def _between(lines: Sequence[Line], tables: Iterable[PageTable]) -> list[list[Line]]:
    """The lines before, between and behind the drawn tables of a page."""
    tops = sorted(table.top for table in tables)
    parts: list[list[Line]] = [[] for _ in range(len(tops) + 1)]
    for line in lines:
        parts[bisect_left(tops, line[0].top)].append(line)
    return parts


def _of_ruled(number: int, table: Ruled, *, drawn: bool) -> PageTable:
    tops = sorted({area.top for area in table.areas})
    rows = {top: row for row, top in enumerate(tops)}
    cells = [
        Placed(rows[area.top], area.x0, area.text, _is_full(area), sum(area.top <= top < area.bottom for top in tops))
        for area in table.areas
    ]
    return PageTable(
        number, table.xs[0], table.xs[-1], table.ys[0], table.ys[-1], len(tops), cells,
        drawn=drawn,
    )  # fmt: skip


def _is_full(area: Area) -> bool:
    """Whether the last line of a cell leaves no room for another character, so that its text may go on elsewhere."""
    if not area.chars:
        return False
    lines = [together(line) for line in cell_lines(area.chars)]
    longest = max(line.x1 - line.x0 for line in lines) if len(lines) > 1 else float("inf")
    return is_full(lines[-1], area.x1 - area.x0 - PADDING, longest)


def _of_aligned(number: int, table: Aligned) -> PageTable:
    cells = [
        Placed(row, x0, text)
        for row, texts in enumerate(table.rows)
        for (x0, _), text in zip(table.columns, texts, strict=True)
    ]
    left, right = table.columns[0][0], table.columns[-1][1]
    return PageTable(number, left, right, table.top, table.bottom, len(table.rows), cells, drawn=False)
