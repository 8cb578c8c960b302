"""Cells that cover several rows of a table without lines, as tiers do: the rows they belong to."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from kpi.documents.pdf.pieces import HOPELESS, MIDDLE, OFF, Band, Breaks, Piece, Way

_NO_CELL = (0.05, 0.6)  # a row without a cell in a leading column, where cells stand at their tops, or in the middle
_OVER_PAGES = 0.6  # a cell goes on on the page before or behind
_OPEN = 60.0  # points: the first and the last row end so far from their text, or nearer
_CELL_LINES = 10  # of a cell of a leading column


def leading(lines: list[Piece], bands: list[Band], breaks: Breaks, mode: int, start: float) -> Way:
    """The rows of the lines of a leading column; ``mode``: cells stand at their tops, middles, bottoms.

    Rows that end above ``start`` have no such cells.
    """
    if not lines:
        return Way(0.0, [])
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
            offer((done, row + 1), cost + _NO_CELL[mode == MIDDLE], (done, row))
            inside = 0.0
            for end in range(done + 1, min(done + _CELL_LINES, len(lines)) + 1):
                if end > done + 1:
                    inside += breaks.within(lines[end - 2], lines[end - 1])
                place = _place(lines[done].middle, lines[end - 1].middle, mode)
                for stop in _stops(row, len(bands), place, middle_of) if mode == MIDDLE else [row + 1]:
                    target = middle_of(row, stop) if mode == MIDDLE else bands[row].at[mode]
                    off = max(abs(place - target) / height - 0.1, 0.0) * OFF
                    if mode == MIDDLE and ((stop == len(bands) and place > target) or (row == 0 and place < target)):
                        off = min(off, _OVER_PAGES)
                    offer((end, stop), cost + inside + off, (done, row))
    final = (len(lines), len(bands))
    if final not in best:
        return Way(HOPELESS, [(piece, _nearest(piece, bands)) for piece in lines])
    found: list[tuple[Piece, int]] = []
    step = final
    while step != (0, above):
        before = best[step][1]
        found += [(piece, before[1]) for piece in lines[before[0] : step[0]]]
        step = before
    return Way(best[final][0], found)


def _nearest(piece: Piece, bands: list[Band]) -> int:
    return min(range(len(bands)), key=lambda at: abs(piece.middle - bands[at].at[1]))


def _place(top: float, bottom: float, mode: int) -> float:
    return (top, (top + bottom) / 2, bottom)[mode]


def _stops(row: int, rows: int, place: float, middle_of: Callable[[int, int], float]) -> list[int]:
    """Where a cell at ``place`` that begins with ``row`` may end: the two ends that bring its middle nearest."""
    ends = range(row + 1, rows + 1)
    return sorted(ends, key=lambda end: abs(middle_of(row, end) - place))[:2]


def _edges(bands: list[Band]) -> list[float]:
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
            known, sign = 2 * bands[end].at[MIDDLE] - known, -sign
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
                found.append(2 * band.at[MIDDLE] - found[-1])
        at = end
    return [*found, max(floors[-1], 2 * bands[-1].at[MIDDLE] - found[-1])]
