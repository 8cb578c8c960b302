"""Pipe rows broken at their bars: a row begins with a bar, and each of its cells ends its own line with one.

    | 项目名称 |
    车辆保险费 |
    |
    | 预算数 |

Here 项目名称, 车辆保险费 and an empty cell are one row, and the next begins with 预算数.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpi.documents.model import Cell, Row
from kpi.documents.text.lines import Line, cell_of

_CELL_LINES = 12  # a cell may be broken over so many lines


def rows_at(lines: Sequence[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at``, and the index behind it; none where it is no such one."""
    if not _begins_row(lines, at) or _behind_cell(lines, at + 1) is None:
        return [], at
    rows: list[Row] = []
    while _begins_row(lines, at):
        line = lines[at]
        bar = line.text.index("|") + 1
        row = [_cell([Line(line.text[bar:], line.number, line.start + bar)])]
        at += 1
        while (behind := _behind_cell(lines, at)) is not None:
            row.append(_cell(lines[at:behind]))
            at = behind
        rows.append(tuple(row))
    return rows, at


def _begins_row(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the first cell of a row, between two bars."""
    return at < len(lines) and lines[at].is_pipe_row and _bars(lines[at]) == 2 and _ends_cell(lines[at])


def _behind_cell(lines: Sequence[Line], at: int) -> int | None:
    """The index behind the cell that begins at line index ``at`` and ends with its only bar."""
    for n in range(at, min(at + _CELL_LINES, len(lines))):
        if lines[n].blank or lines[n].is_pipe_row:
            return None
        if bars := _bars(lines[n]):
            return n + 1 if bars == 1 and _ends_cell(lines[n]) else None
    return None


def _bars(line: Line) -> int:
    return len(line.bars)


def _ends_cell(line: Line) -> bool:
    return line.text.rstrip().endswith("|")


def _cell(lines: Sequence[Line]) -> Cell:
    last = lines[-1]
    cell = cell_of((*lines[:-1], Line(last.text.rstrip()[:-1], last.number, last.start)))
    return cell._replace(text=cell.text.replace("\\|", "|"))
