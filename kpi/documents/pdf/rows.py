"""The rows of a table without lines: lines of text, each in a column → cells and rows.

A row is a band that no text crosses. How the page is best cut into rows is found over all ways to cut it: the cells of
a row stand at the same height (by their tops, their middles or their bottoms, the same in the whole table), the lines
of a cell are close, and a line of a cell is full where the next one goes on. Cells of leading columns may cover several
rows; they belong to the first of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from kpi.documents.pdf.columns import Hull
from kpi.documents.pdf.leading import leading
from kpi.documents.pdf.lines import Run
from kpi.documents.pdf.pieces import HOPELESS, MIDDLE, OFF, Band, Breaks, Piece

_ROW = 0.9  # a row more
_ALONE = 0.7  # a row with one cell only
_EVEN = 0.5  # two ways are as good
_UNLIKELY = 0.3  # text that is centred stands in the middle of rows, other text does not
_APART = 0.9  # ems: rows are at least so far apart

Cells = list[list[Run]]  # for each column the lines of a row, from top to bottom


def rows_of(
    columns: Sequence[list[Run]], hulls: Sequence[Hull], over_rows: Sequence[float]
) -> tuple[float, list[Cells]]:
    """The rows of a table of ``columns``, each the lines in it from top to bottom, and what speaks against them.

    Cells of the first columns may cover several rows: of each the height on the page is given from where on they may.
    """
    pieces = sorted(
        Piece((run.top + run.bottom) / 2, run.top, run.bottom, at, run)
        for at, column in enumerate(columns)
        for run in column
    )
    aside = [piece for piece in pieces if piece.column < len(over_rows) and piece.middle > over_rows[piece.column]]
    body = [piece for piece in pieces if piece not in aside]
    if not body:
        body, aside = pieces, []
    breaks = Breaks(columns, hulls)
    cuts = _cuts(body, aside, breaks)
    least = min(cost for cost, _ in cuts)
    ways = []
    for mode, (cost, rows) in enumerate(cuts):
        if cost <= least + _EVEN:
            bands = [_band(row) for row in rows]
            found = [
                leading([piece for piece in aside if piece.column == at], bands, breaks, mode, start)
                for at, start in enumerate(over_rows)
            ]
            unlikely = _UNLIKELY if (mode == MIDDLE) != _is_centred(aside) else 0.0
            ways.append((unlikely + sum(way.cost for way in found), mode, cost, rows, found))
    against, _, cost, rows, found = min(ways, key=lambda way: way[:2])
    placed = sorted((piece, at) for at, row in enumerate(rows) for piece in row)
    placed += [pair for way in found for pair in way.rows]
    cells: list[Cells] = [[[] for _ in hulls] for _ in rows]
    for piece, at in sorted(placed):
        cells[at][piece.column].append(piece.run)
    return against + cost, cells


def _is_centred(pieces: Sequence[Piece]) -> bool:
    """Whether text is centred from side to side, as mostly that is which stands in the middle of rows."""
    off_left = off_middle = 0.0
    for column in {piece.column for piece in pieces}:
        runs = [piece.run for piece in pieces if piece.column == column]
        lefts, middles = [run.x0 for run in runs], [(run.x0 + run.x1) / 2 for run in runs]
        off_left += max(lefts) - min(lefts)
        off_middle += max(middles) - min(middles)
    return off_middle < off_left


def _cuts(pieces: list[Piece], leading: list[Piece], breaks: Breaks) -> list[tuple[float, list[list[Piece]]]]:
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
    beside: list[list[Piece]] = [[] for _ in starts[1:]]
    floors = [(pieces[at - 1].middle + pieces[at].middle) / 2 for at in starts[1:-1]]
    for piece in leading:
        beside[bisect_left(floors, piece.middle)].append(piece)
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] * 3]  # for each place and mode: the cost, and where the row began
    best += [[(float("inf"), 0)] * 3 for _ in starts[1:]]
    for begin in range(len(starts) - 1):
        last: dict[int, Piece] = {}
        first: dict[int, Piece] = {}
        aside: dict[int, Piece] = {}
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
            if inside > HOPELESS:
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


def _cost_of_end(pieces: list[Piece], end: int, last: dict[int, Piece], breaks: Breaks) -> float:
    """Against a row that ends before piece ``end``: the most that the next line of one of its columns says."""
    cost = 0.0
    for piece in pieces[end : end + 2 * len(last)]:
        if piece.column in last:
            cost = max(cost, breaks.between(last[piece.column], piece))
    return cost


def _off(first: dict[int, Piece], last: dict[int, Piece]) -> tuple[float, float, float]:
    """How far the cells of a row stand off, by their tops, middles and bottoms."""
    height = max(piece.run.height for piece in first.values())
    tops = [piece.middle for piece in first.values()]
    bottoms = [last[at].middle for at in first]
    middles = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    return _spread(tops, height), _spread(middles, height), _spread(bottoms, height)


def _spread(places: list[float], height: float) -> float:
    middle = sorted(places)[len(places) // 2]
    return sum(max(abs(place - middle) / height - 0.1, 0.0) for place in places) * OFF


def _band(row: list[Piece]) -> Band:
    first: dict[int, Piece] = {}
    last: dict[int, Piece] = {}
    for piece in row:
        first.setdefault(piece.column, piece)
        last[piece.column] = piece
    tops = sorted(piece.middle for piece in first.values())
    bottoms = sorted(piece.middle for piece in last.values())
    middles = sorted((first[at].middle + last[at].middle) / 2 for at in first)
    half = len(first) // 2
    return Band(
        min(piece.top for piece in row), max(piece.bottom for piece in row), (tops[half], middles[half], bottoms[half])
    )
