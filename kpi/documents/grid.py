"""Spanned cells → a grid: every cell in the column where it stands, the cells that it covers empty.

The one place that knows what spans mean: the readers of Word files and of web pages hand over the rows they meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kpi import settings
from kpi.documents.model import Cell, Row

EMPTY = Cell("")


class Spanned(NamedTuple):
    """A cell and how many rows and columns it covers; ``rows=0`` is all that are left (as in HTML)."""

    cell: Cell
    rows: int = 1
    columns: int = 1


class Grid(NamedTuple):
    """``rows`` of a table, and whether some of it was left out because a limit was reached."""

    rows: tuple[Row, ...]
    cut: bool = False


def grid(rows: Iterable[Iterable[Spanned]], max_cells: int | None = None) -> Grid:
    """The grid of ``rows``, at most ``max_cells`` cells of it (``settings.MAX_CELLS`` where not given).

    Rows have the same width, unless the source itself left cells out at the end of a row: it then stays short, which
    the reader of the table can see. Columns on the right that no cell begins in are dropped, so a span that reaches
    beyond the table adds nothing; spans of any size cost no memory.
    """
    left = settings.MAX_CELLS if max_cells is None else max_cells
    placed: list[tuple[list[tuple[int, Cell]], int]] = []  # for each row its cells by column, and where it ends
    covered: list[int] = []  # for each column the index of the first row that no cell from above covers
    cut = False
    for number, row in enumerate(rows):
        cells, end, fits = _placed(row, number, covered, min(left, settings.MAX_COLUMNS))
        left -= max(end, 1)
        cut = cut or not fits
        if left < 0:
            cut = True
            break
        placed.append((cells, end))
    width = max((cells[-1][0] + 1 for cells, _ in placed if cells), default=0)
    return Grid(tuple(_filled(cells, min(end, width)) for cells, end in placed), cut)


def _placed(
    row: Iterable[Spanned], number: int, covered: list[int], most: int
) -> tuple[list[tuple[int, Cell]], int, bool]:
    """The cells of a row with their columns, where the row ends, and whether all cells found a place before ``most``.

    ``covered`` is brought up to date with the spans that begin here.
    """
    cells: list[tuple[int, Cell]] = []
    at = 0
    for cell, rows, columns in row:
        if covered:
            at = _free(covered, at, number)
        if at >= most:
            return cells, most, False
        cells.append((at, cell))
        end = at + 1 if columns <= 1 else min(at + columns, most)
        if rows != 1:
            until = number + rows if rows > 0 else settings.MAX_ROWS
            covered.extend([0] * (end - len(covered)))
            covered[at:end] = [until] * (end - at)
        at = end
    return cells, min(_free(covered, at, number), most), True


def _free(covered: list[int], at: int, number: int) -> int:
    """The first column from ``at`` on that no cell from above covers in row ``number``."""
    while at < len(covered) and covered[at] > number:
        at += 1
    return at


def _filled(cells: list[tuple[int, Cell]], width: int) -> Row:
    row = [EMPTY] * width
    for at, cell in cells:
        row[at] = cell
    return tuple(row)
