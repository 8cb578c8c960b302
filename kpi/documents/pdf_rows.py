"""The rows of a table without lines: lines of text, each in a column → cells and rows.

A row is a band that no text crosses. How the page is best cut into rows is found over all ways to cut it: the cells of
a row stand at the same height (by their tops, their middles or their bottoms, the same in the whole table), the lines
of a cell are close, and a line of a cell is full where the next one goes on. Cells of leading columns may cover several
rows; they belong to the first of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from kpi.documents.pdf_columns import Hull
from kpi.documents.pdf_lines import Run

# What speaks against a cut, in the same measure as heights of a line that a cell stands off.
_ROW = 0.9  # a row more
_ALONE = 0.7  # a row with one cell only
_OFF = 1.5  # a cell stands off by a height
_FAR = 4.0  # lines of one cell are further apart than others
_UNFINISHED = 1.2  # the next line goes on though there was room
_LISTED = 0.2  # the next line begins a sentence or an item
_GOES_ON = (0.1, 0.7)  # behind a full line of a wide column, or a narrow one
_CUT = (0.3, 0.1)  # a row ends behind such a line, though the next one is near
_NO_CELL = (0.05, 0.6)  # a row without a cell in a leading column, where cells stand at their tops, or in the middle
_OVER_PAGES = 0.6  # a cell goes on on the page before or behind
_HOPELESS = 14.0
_EVEN = 0.5  # two ways are as good
_UNLIKELY = 0.3
_MIDDLE = 1

_NEAR = 1.45  # times the least distance of lines: lines of a cell are no further apart
_LOOSE = ((1.75, 1.0), (2.1, 2.0))  # lines further apart than so many ems: so much against their being of one cell
_OPEN = 60.0  # points: the first and the last row end so far from their text, or nearer
_APART = 0.9  # ems: rows are at least so far apart
_WIDE = 6.5  # ems
_FULL = 1.7  # ems that may be free behind a full line of a cell
_CELL_LINES = 10  # of a cell of a leading column
_ITEM = regex.compile(
    r"[①-⑳]|\d{1,2}[.．、)）](?!\d)|[（(][\d一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}、"
)
_SENTENCE = ("。", "；", ";", "！", "？")

Cells = list[list[Run]]  # for each column the lines of a row, from top to bottom


class _Piece(NamedTuple):
    """A line of a cell."""

    middle: float
    top: float
    bottom: float
    column: int
    run: Run


class _Band(NamedTuple):
    """A row: the extent of its text, and the tops, middles and bottoms of its cells in the mean."""

    top: float
    bottom: float
    at: tuple[float, float, float]


def rows_of(columns: Sequence[list[Run]], hulls: Sequence[Hull], leading: Sequence[float]) -> tuple[float, list[Cells]]:
    """The rows of a table of ``columns``, each the lines in it from top to bottom, and what speaks against them.

    Cells of the first columns may cover several rows: of each the height on the page is given from where on they may.
    """
    pieces = sorted(
        _Piece((run.top + run.bottom) / 2, run.top, run.bottom, at, run)
        for at, column in enumerate(columns)
        for run in column
    )
    aside = [piece for piece in pieces if piece.column < len(leading) and piece.middle > leading[piece.column]]
    body = [piece for piece in pieces if piece not in aside]
    if not body:
        body, aside = pieces, []
    breaks = _Breaks(columns, hulls)
    cuts = _cuts(body, aside, breaks)
    least = min(cost for cost, _ in cuts)
    ways = []
    for mode, (cost, rows) in enumerate(cuts):
        if cost <= least + _EVEN:
            bands = [_band(row) for row in rows]
            found = [
                _leading([piece for piece in aside if piece.column == at], bands, breaks, mode, start)
                for at, start in enumerate(leading)
            ]
            unlikely = _UNLIKELY if (mode == _MIDDLE) != _is_centred(aside) else 0.0
            ways.append((unlikely + sum(way.cost for way in found), mode, cost, rows, found))
    against, _, cost, rows, found = min(ways, key=lambda way: way[:2])
    placed = sorted((piece, at) for at, row in enumerate(rows) for piece in row)
    placed += [pair for way in found for pair in way.rows]
    cells: list[Cells] = [[[] for _ in hulls] for _ in rows]
    for piece, at in sorted(placed):
        cells[at][piece.column].append(piece.run)
    return against + cost, cells


class _Way(NamedTuple):
    """Lines, each with its row, and what speaks against it."""

    cost: float
    rows: list[tuple[_Piece, int]]


def _is_centred(pieces: Sequence[_Piece]) -> bool:
    """Whether text is centred from side to side, as mostly that is which stands in the middle of rows."""
    off_left = off_middle = 0.0
    for column in {piece.column for piece in pieces}:
        runs = [piece.run for piece in pieces if piece.column == column]
        lefts, middles = [run.x0 for run in runs], [(run.x0 + run.x1) / 2 for run in runs]
        off_left += max(lefts) - min(lefts)
        off_middle += max(middles) - min(middles)
    return off_middle < off_left


class _Breaks:
    """What speaks against a break between two lines of a column."""

    def __init__(self, columns: Sequence[list[Run]], hulls: Sequence[Hull]) -> None:
        pitches = [
            pitch for column in columns for a, b in pairwise(column) if (pitch := b.bottom - a.bottom) > 0.6 * a.height
        ]
        self.pitch = min(pitches, default=0.0)
        self.hulls = hulls

    def within(self, a: _Piece, b: _Piece) -> float:
        """Against ``b`` going on with the cell of ``a``."""
        cost = 0.0 if b.bottom - a.bottom <= _NEAR * self.pitch else _FAR
        if _ITEM.match(b.run.text) and (a.run.text.endswith(_SENTENCE) or self._full(a) or _ITEM.match(a.run.text)):
            return cost + _LISTED
        ems = (b.bottom - a.bottom) / max(a.run.em, 0.8 * a.run.height)
        cost += sum(more for least, more in _LOOSE if ems > least)
        return cost + (_GOES_ON[self._narrow(a)] if self._full(a) else _UNFINISHED)

    def between(self, a: _Piece, b: _Piece) -> float:
        """Against a row that ends between the two."""
        near = b.bottom - a.bottom <= _NEAR * self.pitch
        return _CUT[self._narrow(a)] if near and self._full(a) else 0.0

    def _width(self, a: _Piece) -> float:
        x0, x1 = self.hulls[a.column]
        return x1 - x0

    def _narrow(self, a: _Piece) -> bool:
        return self._width(a) < _WIDE * a.run.em

    def _full(self, a: _Piece) -> bool:
        return a.run.x1 - a.run.x0 > self._width(a) - _FULL * a.run.em


def _cuts(pieces: list[_Piece], leading: list[_Piece], breaks: _Breaks) -> list[tuple[float, list[list[_Piece]]]]:
    """The best rows where cells stand at their tops, middles and bottoms, each with what speaks against them.

    Of ``leading`` columns no more is asked than that no two cells stand in one row.
    """
    starts = [0]
    bottom = pieces[0].middle
    for at in range(1, len(pieces)):
        if pieces[at].middle - bottom >= _APART * pieces[at].run.em:
            starts.append(at)
        bottom = max(bottom, pieces[at].middle)
    starts.append(len(pieces))
    beside: list[list[_Piece]] = [[] for _ in starts[1:]]
    floors = [(pieces[at - 1].middle + pieces[at].middle) / 2 for at in starts[1:-1]]
    for piece in leading:
        beside[bisect_left(floors, piece.middle)].append(piece)
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] * 3]  # for each place and mode: the cost, and where the row began
    best += [[(float("inf"), 0)] * 3 for _ in starts[1:]]
    for begin in range(len(starts) - 1):
        last: dict[int, _Piece] = {}
        first: dict[int, _Piece] = {}
        aside: dict[int, _Piece] = {}
        inside = 0.0
        for end in range(begin + 1, len(starts)):
            for piece in pieces[starts[end - 1] : starts[end]]:
                if piece.column in last:
                    inside += breaks.within(last[piece.column], piece)
                first.setdefault(piece.column, piece)
                last[piece.column] = piece
            for piece in beside[end - 1]:
                if piece.column in aside:
                    inside += breaks.within(aside[piece.column], piece)
                aside[piece.column] = piece
            if inside > _HOPELESS:
                break
            cost = (
                inside
                + _ROW
                + (_ALONE if len(first) + len(aside) == 1 else 0.0)
                + _cost_of_end(pieces, starts[end], last, breaks)
            )
            for mode, off in enumerate(_off(first, last)):
                whole = best[begin][mode][0] + cost + off
                if whole < best[end][mode][0]:
                    best[end][mode] = whole, begin
    found = []
    for mode in range(3):
        rows = []
        end = len(starts) - 1
        while end:
            begin = best[end][mode][1]
            rows.append(pieces[starts[begin] : starts[end]])
            end = begin
        found.append((best[-1][mode][0], rows[::-1]))
    return found


def _cost_of_end(pieces: list[_Piece], end: int, last: dict[int, _Piece], breaks: _Breaks) -> float:
    """Against a row that ends before piece ``end``: the most that the next line of one of its columns says."""
    cost = 0.0
    for piece in pieces[end : end + 2 * len(last)]:
        if piece.column in last:
            cost = max(cost, breaks.between(last[piece.column], piece))
    return cost


def _off(first: dict[int, _Piece], last: dict[int, _Piece]) -> tuple[float, float, float]:
    """How far the cells of a row stand off, by their tops, middles and bottoms."""
    height = max(piece.run.height for piece in first.values())
    tops = [piece.middle for piece in first.values()]
    bottoms = [last[at].middle for at in first]
    middles = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    return _spread(tops, height), _spread(middles, height), _spread(bottoms, height)


def _spread(places: list[float], height: float) -> float:
    middle = sorted(places)[len(places) // 2]
    return sum(max(abs(place - middle) / height - 0.1, 0.0) for place in places) * _OFF


def _band(row: list[_Piece]) -> _Band:
    first: dict[int, _Piece] = {}
    last: dict[int, _Piece] = {}
    for piece in row:
        first.setdefault(piece.column, piece)
        last[piece.column] = piece
    tops = sorted(piece.middle for piece in first.values())
    bottoms = sorted(piece.middle for piece in last.values())
    middles = sorted((first[at].middle + last[at].middle) / 2 for at in first)
    half = len(first) // 2
    return _Band(
        min(piece.top for piece in row), max(piece.bottom for piece in row), (tops[half], middles[half], bottoms[half])
    )


# ------------------------------------------------------------------------------------------ leading columns


def _leading(lines: list[_Piece], bands: list[_Band], breaks: _Breaks, mode: int, start: float) -> _Way:
    """The rows of the lines of a leading column; ``mode``: cells stand at their tops, middles, bottoms.

    Rows that end above ``start`` have no such cells.
    """
    if not lines:
        return _Way(0.0, [])
    edges = _edges(bands)
    height = max(piece.run.height for piece in lines)
    above = sum(band.bottom <= start for band in bands)

    def middle_of(row: int, end: int) -> float:
        return bands[row].at[1] if end == row + 1 else (edges[row] + edges[end]) / 2

    # The least cost with so many lines and rows done: the cost, and the step before.
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, above): (0.0, (0, above))}

    def offer(key: tuple[int, int], cost: float, before: tuple[int, int]) -> None:
        if key not in best or cost < best[key][0]:
            best[key] = cost, before

    for row in range(above, len(bands)):
        for done in range(len(lines) + 1):
            if (done, row) not in best:
                continue
            cost = best[done, row][0]
            offer((done, row + 1), cost + _NO_CELL[mode == _MIDDLE], (done, row))
            inside = 0.0
            for end in range(done + 1, min(done + _CELL_LINES, len(lines)) + 1):
                if end > done + 1:
                    inside += breaks.within(lines[end - 2], lines[end - 1])
                place = _place(lines[done].middle, lines[end - 1].middle, mode)
                for stop in _stops(row, len(bands), place, middle_of) if mode == _MIDDLE else [row + 1]:
                    target = middle_of(row, stop) if mode == _MIDDLE else bands[row].at[mode]
                    off = max(abs(place - target) / height - 0.1, 0.0) * _OFF
                    if mode == _MIDDLE and ((stop == len(bands) and place > target) or (row == 0 and place < target)):
                        off = min(off, _OVER_PAGES)
                    offer((end, stop), cost + inside + off, (done, row))
    final = (len(lines), len(bands))
    if final not in best:
        return _Way(_HOPELESS, [(piece, _nearest(piece, bands)) for piece in lines])
    found: list[tuple[_Piece, int]] = []
    step = final
    while step != (0, above):
        before = best[step][1]
        found += [(piece, before[1]) for piece in lines[before[0] : step[0]]]
        step = before
    return _Way(best[final][0], found)


def _nearest(piece: _Piece, bands: list[_Band]) -> int:
    return min(range(len(bands)), key=lambda at: abs(piece.middle - bands[at].at[1]))


def _place(top: float, bottom: float, mode: int) -> float:
    return (top, (top + bottom) / 2, bottom)[mode]


def _stops(row: int, rows: int, place: float, middle_of: Callable[[int, int], float]) -> list[int]:
    """Where a cell at ``place`` that begins with ``row`` may end: the two ends that bring its middle nearest."""
    ends = range(row + 1, rows + 1)
    return sorted(ends, key=lambda end: abs(middle_of(row, end) - place))[:2]


def _edges(bands: list[_Band]) -> list[float]:
    """Where rows begin and end, by the middles of their cells where that is possible, else halfway between texts.

    A row whose cells are in the middle ends as far below as it begins above it, so one edge gives all others; it is
    sought such that no text crosses an edge. Where there is none, another is sought from there on.
    """
    gap = min((b.top - a.bottom for a, b in pairwise(bands)), default=0.0) / 2
    floors = [bands[0].top - gap, *((a.bottom + b.top) / 2 for a, b in pairwise(bands)), bands[-1].bottom + gap]
    found: list[float] = []
    at = 0
    while at < len(bands):
        low, high = (bands[at - 1].bottom if at else bands[at].top - _OPEN) - 1, bands[at].top + 1
        known, sign = 0.0, 1
        end = at
        while end < len(bands):
            known, sign = 2 * bands[end].at[_MIDDLE] - known, -sign
            most = bands[end + 1].top if end + 1 < len(bands) else bands[end].bottom + _OPEN
            ends = sorted((sign * (bands[end].bottom - 1 - known), sign * (most + 1 - known)))
            if max(low, ends[0]) > min(high, ends[1]):
                break
            low, high = max(low, ends[0]), min(high, ends[1])
            end += 1
        if end == at:
            found.append(floors[at])
            end += 1
        else:
            found.append((low + high) / 2)
            for band in bands[at : end - 1]:
                found.append(2 * band.at[_MIDDLE] - found[-1])
        at = end
    return [*found, max(floors[-1], 2 * bands[-1].at[_MIDDLE] - found[-1])]
