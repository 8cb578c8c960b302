"""Tables without (upright) lines: cells told by the alignment of their text.

The line with the most short runs between wide gaps shows the columns of a table. The table goes up and down from it as
long as each run fits into one column; the columns are what all these runs cover. Above that stands the head of the
form, whose cells may go over several columns. Rows are told by level rules where there are some, else see ``rows``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kpi.documents.pdf.columns import Hull, column_of, fitted, hulls_of
from kpi.documents.pdf.lines import Line, Run, joined, together
from kpi.documents.pdf.page import Edge
from kpi.documents.pdf.rows import Cells, rows_of

_MIN_COLUMNS = 3
_TRIES = 12  # lines that may show the columns
_NEARLY = 0.75  # of the runs of the line with the most
_COLLISION = 4  # times a cell: two of a line that fall into one column
_MIN_BODY = 2  # lines of several runs beside the first
_SHORT = 16  # characters of a run that tells columns
_MAX_GAP = 4.5  # heights: more free space between lines ends the table
_MAX_GAP_IN_ROWS = 9.0  # before and behind lines of several runs
_SENTENCE = ("。", "；")
_LARGER = 1.12  # times the text of the table: a title
_MOST = 0.8  # of the cells of the fullest line
_HALF_CELL = 0.95  # ems: the upper of two lines of a cell in the middle of its row is less above that
_TIGHT = 1.75  # ems between two lines of one cell
_SAME_COLUMNS = 0.75  # of the runs of a page's first table stand in columns of the last one of the page before


class Aligned(NamedTuple):
    """A table told by alignment: rows of texts (not cleaned), its columns, its extent on the page."""

    rows: list[list[str]]
    columns: list[Hull]
    top: float
    bottom: float
    lines: range  # of the lines it was read from


def aligned(lines: Sequence[Line], levels: Sequence[Edge], before: Sequence[Hull] = ()) -> list[Aligned]:
    """The tables among ``lines``; ``levels`` are the horizontal rules of the page.

    ``before`` are the columns of a table that may go on with the first line.
    """
    return _tables(lines, range(len(lines)), levels, before)


def _tables(lines: Sequence[Line], within: range, levels: Sequence[Edge], before: Sequence[Hull]) -> list[Aligned]:
    """The tables in a part of the lines: the largest that a line with many runs shows, those before and behind."""
    showing = sorted((at for at in within if _shows_columns(lines[at])), key=lambda at: (-len(lines[at]), at))
    while showing:
        most = len(lines[showing[0]])
        tried = [at for at in showing[:_TRIES] if len(lines[at]) >= _NEARLY * most]
        showing = showing[len(tried) :]
        for body in sorted((_body(lines, at, within, levels) for at in tried), key=lambda body: -body.evidence):
            if table := _table_of(lines, body, within, levels, before if within.start == 0 else ()):
                earlier, later = range(within.start, table.lines.start), range(table.lines.stop, within.stop)
                return [*_tables(lines, earlier, levels, before), table, *_tables(lines, later, levels, ())]
    return []


def _shows_columns(line: Line) -> bool:
    short = [run for run in line if len(run.text) <= _SHORT and not run.text.endswith(_SENTENCE)]
    return len(short) >= _MIN_COLUMNS and (len(short) == len(line) or len(line) > _MIN_COLUMNS)


class _Body(NamedTuple):
    """Lines whose runs each fit into one column, and the columns that one of them, ``shown`` by its number, shows."""

    lines: list[Line]
    start: int
    shown: int
    columns: list[Hull]

    @property
    def stop(self) -> int:
        """The number of the line behind the last."""
        return self.start + len(self.lines)

    @property
    def evidence(self) -> int:
        """How many cells stand beside others, less those that would fall into one column."""
        _, columns = _columns_of(self)
        rows = [[column_of(run, columns) for run in line] for line in self.lines if len(line) > 1]
        return sum(len(set(row)) - _COLLISION * (len(row) - len(set(row))) for row in rows)


def _body(lines: Sequence[Line], at: int, within: range, levels: Sequence[Edge]) -> _Body:
    """The lines up and down from line ``at`` that fit the columns it shows."""
    cells = [(run.x0, run.x1) for run in lines[at]]
    left = min(lines[n][0].x1 for n in within if len(lines[n]) > 1)
    body = [lines[at]]
    stop = at + 1
    while stop < within.stop and _is_near(lines[stop - 1], lines[stop], levels, left):
        if _is_captions(lines[stop]) or not (line := fitted(lines[stop], cells)):
            break
        body.append(line)
        stop += 1
    if stop == len(lines) - 1 and stop < within.stop and _is_cut_cell(lines[stop], cells):
        body.append(lines[stop])
    start = at
    while start > within.start and _is_near(lines[start - 1], lines[start], levels, left):
        if _is_captions(lines[start - 1]) or not (line := fitted(lines[start - 1], cells)):
            break
        start -= 1
        body.insert(0, line)
    while len(body[0]) == 1 and start < at and not _overlap(body[0], body[1]):
        del body[0]
        start += 1
    return _Body(body, start, at, cells)


def _columns_of(body: _Body) -> tuple[list[Line], list[Hull]]:
    """The lines of a table, full cells parted, and its columns; those above the shown line add columns only."""
    base = hulls_of([run for line in body.lines for run in line if not run.gaps])
    lines = [fitted(line, base) or line for line in body.lines] if len(base) >= _MIN_COLUMNS else body.lines
    shown = body.shown - body.start
    columns = hulls_of([run for line in lines[shown:] for run in line])
    for line in lines[:shown]:
        columns = _widened(columns, line)
    return lines, columns


def _table_of(
    lines: Sequence[Line], body: _Body, within: range, levels: Sequence[Edge], before: Sequence[Hull]
) -> Aligned | None:
    """The table with this body, if it is one."""
    found, columns = _columns_of(body)
    start, stop = body.start, body.stop
    if sum(len(line) > 1 for line in found) <= _MIN_BODY or len(columns) < _MIN_COLUMNS:
        return None
    if start == 0 and len(before) > len(columns) and _stands_in(found, before):
        columns = list(before)
    top = _head_start(lines, range(within.start, start), found)
    for line in lines[top:start]:
        columns = _widened(columns, line) if len(line) > 1 else columns
    columns = _parted([*lines[top:start], *found], columns)
    whole = [*_in_groups(lines[top:start], columns), *found]
    dense = [len(line) >= _MOST * len(body.columns) for line in found]
    firsts = [
        line for line, before, here in zip(found, [False, *dense[:-1]], dense, strict=True) if here and not before
    ]
    rows = _rows(whole, firsts[:_TRIES] or found[:1], columns, levels)
    texts = [[_text(cell, hull) for cell, hull in zip(row, columns, strict=True)] for row in rows]
    return Aligned(
        texts,
        columns,
        min(run.top for run in lines[top]),
        max(run.bottom for run in lines[stop - 1]),
        range(top, stop),
    )


def _widened(columns: list[Hull], line: Line) -> list[Hull]:
    """``columns`` with those that only the head or the heading has."""
    free = [run for run in line if not any(run.x0 < x1 + run.em and x0 < run.x1 + run.em for x0, x1 in columns)]
    return sorted([*columns, *hulls_of(free)])


def _parted(lines: Sequence[Line], columns: list[Hull]) -> list[Hull]:
    """``columns`` with those parted in which several lines of the head have two cells at the same places.

    The cells below go over both; they all begin in the first.
    """
    second: dict[int, list[float]] = {}
    for line in lines:
        for run, behind in pairwise(line):
            if (at := column_of(run, columns)) == column_of(behind, columns):
                second.setdefault(at, []).append(behind.x0)
    found = list(columns)
    for at, starts in second.items():
        left, right = columns[at]
        begins = [run.x0 for line in lines for run in line if column_of(run, columns) == at]
        beside = sum(start > min(starts) - 1 for start in begins)
        if len(starts) > 1 and max(starts) - min(starts) < 2 and beside == len(starts):
            found[found.index((left, right))] = left, min(starts) - 1
            found.append((min(starts), right))
    return sorted(found)


def _is_near(above: Line, below: Line, levels: Sequence[Edge], left: float) -> bool:
    """Whether two lines may be of one table; what stands behind ``left`` is not in its first column."""
    top, bottom, height = below[0].top, max(run.bottom for run in above), below[0].height
    ruled = any(bottom - height / 2 <= level.at <= top + height / 2 for level in levels)
    most = _MAX_GAP_IN_ROWS if ruled or max(len(above), len(below)) >= _MIN_COLUMNS or below[0].x0 > left else _MAX_GAP
    title, other = (above, below) if above[0].em > below[0].em else (below, above)
    larger = len(title) == 1 and title[0].em > _LARGER * max(other[0].em, 0.85 * other[0].height)
    return top - bottom <= most * height and not larger


def _is_cut_cell(line: Line, columns: Sequence[Hull]) -> bool:
    """Whether the last line of a page is a cell that covers several rows, some of them on the next page."""
    x0, x1 = columns[0]
    return len(line) == 1 and len(line[0].text) <= _SHORT / 2 and line[0].x0 < x1 and x0 < line[0].x1


def _is_captions(line: Line) -> bool:
    """Whether every run has its own label: 填报单位：某局    金额单位：万元."""
    return all("：" in run.text.rstrip("：") or ":" in run.text.rstrip(":") for run in line)


def _overlap(above: Line, below: Line) -> bool:
    """Whether two lines overlap in height, as those of cells in the middle of a row do."""
    return max(run.bottom for run in above) > min(run.top for run in below) + 0.05 * below[0].height


def _stands_in(lines: Sequence[Line], columns: Sequence[Hull]) -> bool:
    """Whether runs stand in ``columns``, but for a few that stand between two of them."""
    runs = [run for line in lines for run in line]
    touched = [sum(run.x0 < x1 and x0 < run.x1 for x0, x1 in columns) for run in runs]
    return max(touched) < 2 and sum(touched) >= _SAME_COLUMNS * len(runs)


def _head_start(lines: Sequence[Line], before: range, body: Sequence[Line]) -> int:
    """The first line of the head that stands above ``body``: it begins with a line of several runs."""
    start = before.stop
    below = body[0]
    left = min(run.x1 for line in body for run in line)
    found = start
    while start > before.start:
        line = lines[start - 1]
        if not _is_near(line, below, (), left) or _is_captions(line):
            break
        start -= 1
        if len(line) > 1 or (_overlap(line, below) and min(line[0].x0, below[0].x0) < max(line[0].x0, below[0].x0) - 2):
            found = start
            while len(lines[found]) == 1 and found + 1 < before.stop and not _overlap(lines[found], lines[found + 1]):
                found += 1
        below = line
    while found > start and found < before.stop and _goes_on(lines[found - 1], lines[found], left):
        found -= 1  # the upper lines of a cell whose label stands in their middle
    return found


def _goes_on(line: Line, below: Line, left: float) -> bool:
    """Whether a line is part of a cell right of the first column, with the line below it."""
    pitch = below[-1].bottom - line[0].bottom
    return len(line) == 1 and line[0].x0 > left and pitch <= _TIGHT * line[0].em


# ------------------------------------------------------------------------------------------ rows


def _rows(
    lines: Sequence[Line], firsts: Sequence[Line], columns: Sequence[Hull], levels: Sequence[Edge]
) -> list[Cells]:
    """The rows. One of ``firsts`` is the first line below the head of the form: the one with which all fits best."""
    top, bottom = firsts[0][0].top, lines[-1][0].bottom
    inside = [level for level in levels if top < level.at < bottom]
    between = sorted(level.at for level in inside if _crosses(level, columns))
    if (
        len(between) == len(inside)
        and len(between) * 3 >= sum(line[0].top >= top for line in lines)
        and len(between) > 1
    ):
        head = [line for line in lines if line[0].top < top]
        ruled = _divided([line for line in lines if line[0].top >= top], columns, between)
        return [*(rows_of(_columns(head, columns), columns, [0.0])[1] if head else []), *ruled]
    texts = _columns(lines, columns)
    if len(columns) == _MIN_COLUMNS:
        return rows_of(texts, columns, [0.0])[1]
    heights = [0.0, *((first[0].top + first[0].bottom) / 2 - _HALF_CELL * first[0].em for first in firsts)]
    return min((rows_of(texts, columns, [0.0, height]) for height in heights), key=lambda found: found[0])[1]


def _columns(lines: Sequence[Line], hulls: Sequence[Hull]) -> list[list[Run]]:
    """For each column its lines. Runs of one column on one level were parted by a gap."""
    columns: list[list[Run]] = [[] for _ in hulls]
    for line in lines:
        for run in line:
            column = columns[column_of(run, hulls)]
            if column and abs(run.top - column[-1].top) < 0.5 * run.height and run.x0 >= column[-1].x1:
                column[-1] = together([column[-1], run])
            else:
                column.append(run)
    return columns


def _in_groups(lines: Sequence[Line], hulls: Sequence[Hull]) -> list[Line]:
    """The lines of a head, those of a cell over several columns moved to begin where the first of them does."""
    groups: list[list[Run]] = []
    for run in (run for line in lines for run in line):
        for group in groups:
            last = group[-1]
            wide = max(last.x1 - last.x0, run.x1 - run.x0)
            centred = abs(last.x0 + last.x1 - run.x0 - run.x1) < 2 * run.em
            if centred and run.bottom - last.bottom < _TIGHT * run.em and wide > _SHORT * run.em:
                group.append(run)
                break
        else:
            groups.append([run])
    begins = {id(run): min(other.x0 for other in group) for group in groups for run in group}
    return [[run._replace(x0=min(run.x0, begins[id(run)])) for run in line] for line in lines]


def _crosses(level: Edge, hulls: Sequence[Hull]) -> bool:
    """Whether a rule goes over most of the width of the table, and so divides rows."""
    width = hulls[-1][1] - hulls[0][0]
    return min(level.end, hulls[-1][1]) - max(level.start, hulls[0][0]) > 0.8 * width


def _divided(lines: Sequence[Line], hulls: Sequence[Hull], between: list[float]) -> list[Cells]:
    """Rows by the rules between them."""
    bands: dict[int, list[Line]] = {}
    for line in lines:
        bands.setdefault(bisect_right(between, (line[0].top + line[0].bottom) / 2), []).append(line)
    return [_columns(band, hulls) for _, band in sorted(bands.items())]


def _text(lines: list[Run], hull: Hull) -> str:
    return joined(lines, hull[1] - hull[0])
