"""Tables without (upright) lines: cells told by the alignment of their text.

The line with the most short runs between wide gaps shows the columns of a table. The table goes up and down from it as
long as each run fits into one column; the columns are what all these runs cover. Above that stands the head of the
form, whose cells may go over several columns. Rows are told by level rules where there are some, else see ``pdf_rows``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from kpi.documents.pdf_columns import Hull, column_of, fitted, hulls_of
from kpi.documents.pdf_lines import Line, Run, joined, together
from kpi.documents.pdf_page import Edge
from kpi.documents.pdf_rows import Cells, Part, rows_of

_MIN_COLUMNS = 3
_MIN_BODY = 2  # lines of several runs beside the first
_SHORT = 16  # characters of a run that tells columns
_MAX_GAP = 4.5  # heights: more free space between lines ends the table
_MAX_GAP_IN_ROWS = 6.0  # before and behind lines of several runs
_SENTENCE = ("。", "；")
_LARGER = 1.12  # times the text of the table: a title
_MOST = 0.8  # of the cells of the fullest line
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
    """The tables in a part of the lines: the one that the line with the most runs shows, those before and behind."""
    candidates = sorted((at for at in within if _shows_columns(lines[at])), key=lambda at: (-len(lines[at]), at))
    for at in candidates:
        if table := _table_at(lines, at, within, levels, before if within.start == 0 else ()):
            earlier, later = range(within.start, table.lines.start), range(table.lines.stop, within.stop)
            return [*_tables(lines, earlier, levels, before), table, *_tables(lines, later, levels, ())]
    return []


def _shows_columns(line: Line) -> bool:
    short = [run for run in line if len(run.text) <= _SHORT and not run.text.endswith(_SENTENCE)]
    return len(short) >= _MIN_COLUMNS and (len(short) == len(line) or len(line) > _MIN_COLUMNS)


def _table_at(
    lines: Sequence[Line], at: int, within: range, levels: Sequence[Edge], before: Sequence[Hull]
) -> Aligned | None:
    """The table whose columns line ``at`` shows, if there is one."""
    cells = [(run.x0, run.x1) for run in lines[at]]
    body = {at: lines[at]}
    start, stop = at, at + 1
    while stop < within.stop and _is_near(lines[stop - 1], lines[stop], levels, cells[0][1]):
        if _is_captions(lines[stop]) or not (line := fitted(lines[stop], cells)):
            break
        body[stop] = line
        stop += 1
    if stop == len(lines) - 1 and stop < within.stop and _is_cut_cell(lines[stop], cells):
        body[stop] = lines[stop]
        stop += 1
    columns = hulls_of([run for line in body.values() for run in line])
    while start > within.start and _is_near(lines[start - 1], lines[start], levels, cells[0][1]):
        if _is_captions(lines[start - 1]) or not (line := fitted(lines[start - 1], cells)):
            break
        start -= 1
        body[start] = line
        columns = _widened(columns, line)
    while len(body[start]) == 1 and start < at and not _overlap(body[start], body[start + 1]):
        del body[start]
        start += 1
    if sum(len(line) > 1 for line in body.values()) <= _MIN_BODY or len(columns) < _MIN_COLUMNS:
        return None
    if start == 0 and len(before) > len(columns) and _stands_in(body.values(), before):  # type: ignore[arg-type]
        columns = list(before)
    found = [body[n] for n in range(start, stop)]
    top = _head_start(lines, range(within.start, start), found)
    for line in lines[top:start]:
        columns = _widened(columns, line) if len(line) > 1 else columns
    first = _first_row(found, len(cells), columns)
    head = _columns(_in_groups([*lines[top:start], *found[:first]], columns), columns)
    rows = _rows(head, found[first:], columns, levels)
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


def _rows(head: list[list[Run]], lines: Sequence[Line], columns: Sequence[Hull], levels: Sequence[Edge]) -> list[Cells]:
    first, last = lines[0][0].top, lines[-1][0].bottom
    between = sorted(level.at for level in levels if first < level.at < last and _crosses(level, columns))
    if len(between) * 3 >= len(lines) and len(between) > 1:
        return [*rows_of([Part(head, 1)], columns), *_divided(lines, columns, between)]
    leading = 2 if len(columns) > _MIN_COLUMNS else 1
    return rows_of([Part(head, 1), Part(_columns(lines, columns), leading)], columns)


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


def _first_row(lines: Sequence[Line], runs: int, columns: Sequence[Hull]) -> int:
    """The first line of the first row that has nearly all of so many cells; what is above is the head of the form."""
    first = next(at for at, line in enumerate(lines) if len(line) >= max(_MOST * runs, _MIN_COLUMNS))
    while first and len(lines[first - 1]) * 2 <= runs and all(
        any(
            column_of(run, columns) == column_of(other, columns)
            and other.bottom - run.bottom <= _TIGHT * run.em
            and columns[column_of(run, columns)][1] - 2 * run.em <= run.x1 <= columns[column_of(run, columns)][1] + 1
            for line in lines[first : first + 2]
            for other in line
        )
        for run in lines[first - 1]
    ):  # fmt: skip
        first -= 1
    return first


def _in_groups(lines: Sequence[Line], hulls: Sequence[Hull]) -> list[Line]:
    """The lines of a head; those of a cell over several columns are moved to begin where the first of them does."""
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
