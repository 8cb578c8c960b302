"""Tables without (upright) lines: cells told by the alignment of their text.

A table begins at a line of at least three short runs with wide gaps between them, its heading, and goes down as long as
the runs below fit between the same gaps. Its columns are what is covered when all runs are laid over one another. Its
rows are told by level rules where there are some, else by the distance of lines: lines of one cell are close, and a
line of a cell is full where the next one goes on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kpi.documents.pdf_lines import Line, Run, joined, together
from kpi.documents.pdf_page import Edge

_MIN_COLUMNS = 3
_MIN_BODY = 2  # lines below the heading
_HEADING_CHARS = 16  # of a run of the heading
_MAX_GAP = 3.2  # heights: more free space above a line ends the table
_PITCH = 1.22  # lines closer than this times the closest two are lines of one cell
_DOUBT = 8  # one in so many lines of cells may go on though it is not full
_TELLING = 0.8  # share of the cells of the fullest column that a column must have to tell the rows
_FULL = 1.6  # ems that may be free behind a full line of a cell
_SENTENCE = ("。", "；")


class Aligned(NamedTuple):
    """A table told by alignment: rows of texts (not cleaned), where its columns begin, its extent on the page."""

    rows: list[list[str]]
    starts: list[float]
    right: float
    top: float
    bottom: float
    lines: range  # of the lines it was read from


def aligned(lines: Sequence[Line], levels: Sequence[Edge]) -> list[Aligned]:
    """The tables among ``lines``; ``levels`` are the horizontal rules of the page."""
    found: list[Aligned] = []
    at = 0
    while at < len(lines):
        earliest = found[-1].lines.stop if found else 0
        table = _table_at(lines, at, earliest, levels) if _is_heading(lines[at]) else None
        if table:
            first = _with_head(lines, table, earliest)
            found.append(first)
            at = first.lines.stop
        else:
            at += 1
    return found


def _is_heading(line: Line) -> bool:
    return len(line) >= _MIN_COLUMNS and all(
        len(run.text) <= _HEADING_CHARS and not run.text.endswith(_SENTENCE) for run in line
    )


def _table_at(lines: Sequence[Line], at: int, earliest: int, levels: Sequence[Edge]) -> Aligned | None:
    """The table whose heading is line ``at``, if there is one."""
    heading = lines[at]
    end = at + 1
    while end < len(lines) and _fits(lines[end], lines[end - 1], heading, levels):
        end += 1
    if sum(len(line) > 1 for line in lines[at + 1 : end]) < _MIN_BODY:
        return None
    while at > earliest and _is_part(lines[at - 1], lines[at], heading):
        at -= 1
    hulls = _hulls([run for line in lines[at:end] for run in line])
    if len(hulls) < _MIN_COLUMNS:
        return None
    rows = _rows(lines[at:end], hulls, levels)
    texts = [[_text(cell, hull) for cell, hull in zip(row, hulls, strict=True)] for row in rows]
    bottom = max(run.bottom for run in lines[end - 1])
    return Aligned(
        texts, [x0 for x0, _ in hulls], hulls[-1][1], min(run.top for run in heading), bottom, range(at, end)
    )


def _is_part(line: Line, below: Line, heading: Line) -> bool:
    """Whether a line above the heading overlaps it in height, as the upper line of cells of two lines does."""
    overlaps = max(run.bottom for run in line) > below[0].top + 0.05 * below[0].height
    return overlaps and all(sum(run.x0 < cell.x1 and cell.x0 < run.x1 for cell in heading) < 2 for run in line)


def _fits(line: Line, above: Line, heading: Line, levels: Sequence[Edge]) -> bool:
    """Whether a line goes on with the table: near the line above, and no run across several columns."""
    top, bottom, height = line[0].top, max(run.bottom for run in above), line[0].height
    ruled = any(bottom - height / 2 <= level.at <= top + height / 2 for level in levels)
    if top - bottom > _MAX_GAP * height * (2 if ruled else 1):
        return False
    return all(sum(run.x0 < cell.x1 and cell.x0 < run.x1 for cell in heading) < 2 for run in line)


def _hulls(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """What ``runs`` cover from left to right."""
    hulls: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda r: r.x0):
        if hulls and run.x0 < hulls[-1][1] + 1:
            hulls[-1] = hulls[-1][0], max(hulls[-1][1], run.x1)
        else:
            hulls.append((run.x0, run.x1))
    return hulls


# ------------------------------------------------------------------------------------------ rows

_Cells = list[list[Run]]  # for each column the runs of a row, from top to bottom


def _rows(lines: Sequence[Line], hulls: Sequence[tuple[float, float]], levels: Sequence[Edge]) -> list[_Cells]:
    cells = [_in_columns(line, hulls) for line in lines]
    first, last = lines[0][0].top, lines[-1][0].bottom
    between = sorted(level.at for level in levels if first < level.at < last and _crosses(level, hulls))
    if len(between) * 3 >= len(lines) and len(between) > 1:
        return _divided(lines, cells, between)
    return _by_distance(cells, hulls) or _by_content(cells, hulls)


def _in_columns(line: Line, hulls: Sequence[tuple[float, float]]) -> _Cells:
    starts = [x0 for x0, _ in hulls]
    cells: _Cells = [[] for _ in hulls]
    for run in line:
        cells[max(bisect_right(starts, run.x0 + 1) - 1, 0)].append(run)
    return cells


def _crosses(level: Edge, hulls: Sequence[tuple[float, float]]) -> bool:
    """Whether a rule goes over most of the width of the table, and so divides rows."""
    width = hulls[-1][1] - hulls[0][0]
    return min(level.end, hulls[-1][1]) - max(level.start, hulls[0][0]) > 0.8 * width


def _divided(lines: Sequence[Line], cells: list[_Cells], between: list[float]) -> list[_Cells]:
    """Rows by the rules between them."""
    rows: list[_Cells] = []
    band = -1
    for line, runs in zip(lines, cells, strict=True):
        here = bisect_right(between, (line[0].top + line[0].bottom) / 2)
        if here != band:
            rows.append([[] for _ in runs])
        band = here
        _add(rows[-1], runs)
    return rows


def _add(row: _Cells, runs: _Cells) -> None:
    for cell, more in zip(row, runs, strict=True):
        cell.extend(more)


class _Block(NamedTuple):
    """Lines of one column that are close: a cell."""

    top: float
    bottom: float
    column: int
    runs: list[Run]

    @property
    def middle(self) -> float:
        """Halfway down."""
        return (self.top + self.bottom) / 2


def _by_distance(cells: list[_Cells], hulls: Sequence[tuple[float, float]]) -> list[_Cells] | None:
    """Rows by the distance of lines: lines of one cell are closer than rows are; ``None`` where that does not tell.

    The columns with the most cells tell the rows, as what overlaps from column to column; cells may be centred in their
    row. In the other columns cells are empty or cover several rows.
    """
    columns = [[run for line in cells for run in line[at]] for at in range(len(hulls))]
    pitches = [pitch for column in columns for a, b in pairwise(column) if (pitch := b.top - a.top) > 0.6 * b.height]
    if not pitches or max(pitches) < _PITCH * min(pitches):
        return None
    blocks = [_blocks(at, column, _PITCH * min(pitches)) for at, column in enumerate(columns)]
    glued = [(run, hulls[at]) for at, column in enumerate(blocks) for block in column for run in block.runs[:-1]]
    if sum(not _is_full(run, hull) for run, hull in glued) * _DOUBT > len(glued):
        return None
    most = max(map(len, blocks))
    telling = [column for column in blocks if len(column) >= _TELLING * most]
    rows = _overlapping([block for column in telling for block in column])
    found: list[_Cells] = [[[] for _ in hulls] for _ in rows]
    first = next(at for at, column in enumerate(blocks) if len(column) >= _TELLING * most)
    for column in reversed(blocks):  # what stands to the right also says how high rows are
        leading = bool(column) and column[0].column < first
        for block, row in zip(column, _rows_of(column, rows, leading=leading), strict=True):
            found[row][block.column].extend(block.runs)
            if not leading:
                rows[row] = min(rows[row][0], block.top), max(rows[row][1], block.bottom)
    return found


def _blocks(at: int, column: list[Run], pitch: float) -> list[_Block]:
    """The cells of a column: lines not further apart than ``pitch``."""
    parts: list[list[Run]] = []
    for run in column:
        if parts and run.top - parts[-1][-1].top <= pitch:
            parts[-1].append(run)
        else:
            parts.append([run])
    return [_Block(part[0].top, max(run.bottom for run in part), at, part) for part in parts]


_Band = tuple[float, float]


def _overlapping(blocks: list[_Block]) -> list[_Band]:
    """The extents of rows: of blocks that overlap."""
    rows: list[_Band] = []
    for block in sorted(blocks):
        if rows and block.top < rows[-1][1] - 0.3 * block.runs[0].height:
            rows[-1] = rows[-1][0], max(rows[-1][1], block.bottom)
        else:
            rows.append((block.top, block.bottom))
    return rows


def _rows_of(column: list[_Block], rows: list[_Band], *, leading: bool) -> list[int]:
    """The rows of the cells of a column. A cell in the middle of several rows belongs to the first of them.

    Cells that cover rows are looked for in the ``leading`` columns only, in others cells are empty.
    """
    direct = [min(range(len(rows)), key=lambda at: _off(block, rows[at])) for block in column]
    if (
        not leading
        or len(column) == len(rows)
        or all(
            abs(block.top - rows[at][0]) < 0.35 * block.runs[0].height for block, at in zip(column, direct, strict=True)
        )
    ):
        return direct
    for begin in range(len(column)):  # the first cells may stand in the head or the heading, over one row each
        if direct[:begin] != list(range(begin)):
            break
        if solved := _centred(column[begin:], rows, begin):
            return [*direct[:begin], *solved]
    return direct


def _off(block: _Block, row: _Band) -> float:
    return abs(block.middle - (row[0] + row[1]) / 2)


def _centred(column: list[_Block], rows: list[_Band], first: int) -> list[int] | None:
    """The first rows of cells that are each in the middle of the rows they cover, from row ``first`` on to the end.

    ``None`` where the edges that follow from that are not those of rows.
    """
    edges = [rows[0][0] - _gap(rows) / 2, *((a[1] + b[0]) / 2 for a, b in pairwise(rows)), rows[-1][1] + _gap(rows) / 2]
    found: list[int] = []
    at = first
    for block in column:
        found.append(at)
        end = 2 * block.middle - edges[at]
        near = min(range(at + 1, len(edges)), key=lambda n: abs(edges[n] - end), default=None)
        if near is None:
            return None
        if abs(edges[near] - end) > block.runs[0].height and not (block is column[-1] and end > edges[-1]):
            return None
        at = near
    return found if at == len(rows) else None


def _gap(rows: list[_Band]) -> float:
    return min((b[0] - a[1] for a, b in pairwise(rows)), default=0.0)


def _is_full(run: Run, hull: tuple[float, float]) -> bool:
    return run.x1 - run.x0 > hull[1] - hull[0] - _FULL * run.em


def _by_content(cells: list[_Cells], hulls: Sequence[tuple[float, float]]) -> list[_Cells]:
    """Rows where lines stand at equal distances.

    A line goes on with the row above if it has at most half as many cells as that row's first line, and each of them
    stands below a full line of its cell.
    """
    rows: list[_Cells] = []
    first = 0  # filled cells in the first line of the row
    last: _Cells = []
    for line in cells:
        at = [n for n, runs in enumerate(line) if runs]
        if rows and len(at) * 2 <= first and all(last[n] and _is_full(last[n][-1], hulls[n]) for n in at):
            _add(rows[-1], line)
        else:
            rows.append([list(runs) for runs in line])
            first = len(at)
        last = line
    return rows


def _text(runs: list[Run], hull: tuple[float, float]) -> str:
    """The text of a cell; runs on one level were parted by a gap, the others are lines."""
    lines: list[Run] = []
    for run in runs:
        if lines and abs(run.top - lines[-1].top) < 0.5 * run.height:
            lines[-1] = together([lines[-1], run])
        else:
            lines.append(run)
    return joined(lines, hull[1] - hull[0])


# ------------------------------------------------------------------------------------------ the head above


def _with_head(lines: Sequence[Line], table: Aligned, earliest: int) -> Aligned:
    """The table with the lines of several runs that stand straight above its heading: the head of the form.

    Each run goes to the column in which it begins; two in one column are one text.
    """
    start = table.lines.start
    while start > earliest and len(lines[start - 1]) > 1 and _near(lines[start - 1], lines[start]):
        start -= 1
    head = []
    for line in lines[start : table.lines.start]:
        row = [""] * len(table.starts)
        for run in line:
            at = max(bisect_right(table.starts, run.x0 + run.height / 2) - 1, 0)
            row[at] = f"{row[at]} {run.text}".strip()
        head.append(row)
    top = min(run.top for run in lines[start])
    return table._replace(rows=[*head, *table.rows], top=top, lines=range(start, table.lines.stop))


def _near(above: Line, below: Line) -> bool:
    return below[0].top - above[0].bottom <= _MAX_GAP / 2 * below[0].height
