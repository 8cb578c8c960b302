"""Straight lines and characters of a page → the tables that the lines draw.

Lines that touch make a table. Its columns and rows are all places where a line stands; between two neighbouring
places there is a wall where a line covers most of the way. What no wall divides is one cell, so that merged cells come
out by themselves. Tables without outer lines at their sides are closed where their other lines end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpi.documents.pdf.chars import Char
from kpi.documents.pdf.lines import cell_text, lines_of
from kpi.documents.pdf.page import Edge

_SNAP = 3.2  # points: lines closer than this are one (double lines)
_TOUCH = 3.5  # points that two lines may miss each other by
_WALL = 0.55  # share of the way between two cells that a line must cover to divide them
_OPEN = 6.0  # points that lines must stick out for a table to be open at that side
_MAX_CROSSINGS = 2_000_000
_BETWEEN_CELLS = 0.3  # ems: a gap that may be the padding of two cells
_STRADDLES = 0.2  # share of a character on either side of a wall that it stands across


class Area(NamedTuple):
    """A cell as it is drawn, and what stands in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    chars: list[Char]

    @property
    def text(self) -> str:
        """The text of the cell, not cleaned."""
        return cell_text(self.chars, self.x1 - self.x0) if self.chars else ""


class Ruled(NamedTuple):
    """A drawn table: its cells, and the places where its columns and rows begin and end."""

    areas: list[Area]
    xs: list[float]
    ys: list[float]

    @property
    def columns(self) -> int:
        """How many columns the lines divide."""
        return len(self.xs) - 1


def ruled(horizontal: Sequence[Edge], vertical: Sequence[Edge]) -> list[Ruled]:
    """The tables that lines draw, without characters, the smallest first."""
    levels, uprights = _merged(horizontal), _merged(vertical)
    if len(levels) * len(uprights) > _MAX_CROSSINGS:
        return []
    tables = [_table(h, v) for h, v in _touching(levels, uprights)]
    found = [table for table in tables if table is not None]
    return sorted(found, key=lambda t: (t.xs[-1] - t.xs[0]) * (t.ys[-1] - t.ys[0]))


def rules(horizontal: Sequence[Edge]) -> list[Edge]:
    """Horizontal lines, pieces of one line put together."""
    return _merged(horizontal)


def filled(tables: Sequence[Ruled], chars: Sequence[Char]) -> list[Char]:
    """Put the characters into the cells they stand in; gives back those that stand in no table.

    ``tables`` are the smallest first, so that a table inside a cell of another keeps its text.
    """
    left = list(chars)
    for table in tables:
        inside: list[Char] = []
        outside: list[Char] = []
        x0, x1, top, bottom = table.xs[0], table.xs[-1], table.ys[0], table.ys[-1]
        for char in left:
            x, within = (char.x0 + char.x1) / 2, min(char.bottom, bottom) - max(char.top, top)
            stands = x0 <= x <= x1 and within > _STRADDLES * (char.bottom - char.top)
            (inside if stands else outside).append(char)
        left = outside
        _fill(table, inside)
    return left


# ------------------------------------------------------------------------------------------ lines


def _places(values: Sequence[float]) -> list[float]:
    """Places that stand for all ``values``, those near one another for one; sorted."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _SNAP and value - groups[-1][0] <= 2 * _SNAP:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Lines at one place whose pieces touch or overlap, each as one line."""
    places = _places([edge.at for edge in edges])
    at_place: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        at_place[_nearest(places, edge.at)].append(edge)
    found = []
    for index, pieces in at_place.items():
        pieces.sort(key=lambda edge: edge.start)
        start, end = pieces[0].start, pieces[0].end
        for piece in pieces[1:]:
            if piece.start > end + _TOUCH:
                found.append(Edge(places[index], start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        found.append(Edge(places[index], start, end))
    return [edge for edge in found if edge.end - edge.start > _SNAP]


def _nearest(places: Sequence[float], value: float) -> int:
    at = bisect_right(places, value)
    if at == 0 or (at < len(places) and places[at] - value < value - places[at - 1]):
        return at
    return at - 1


def _touching(levels: list[Edge], uprights: list[Edge]) -> Iterator[tuple[list[Edge], list[Edge]]]:
    """Groups of horizontal and vertical lines that hang together."""
    group = list(range(len(levels) + len(uprights)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for n, level in enumerate(levels):
        for m, upright in enumerate(uprights, len(levels)):
            if (
                level.start - _TOUCH <= upright.at <= level.end + _TOUCH
                and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
            ):
                group[root(n)] = root(m)
    parts: defaultdict[int, tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for n, level in enumerate(levels):
        parts[root(n)][0].append(level)
    for m, upright in enumerate(uprights, len(levels)):
        parts[root(m)][1].append(upright)
    return (part for part in parts.values() if part[0] and part[1])


# ------------------------------------------------------------------------------------------ cells


def _closed(places: list[float], start: float, end: float) -> list[float]:
    """``places`` with the ends of the lines across them, where these stick out."""
    before, behind = places[0] - start > _OPEN, end - places[-1] > _OPEN
    return [*([start] if before else []), *places, *([end] if behind else [])]


def _table(levels: list[Edge], uprights: list[Edge]) -> Ruled | None:
    xs = _closed(sorted({e.at for e in uprights}), min(e.start for e in levels), max(e.end for e in levels))
    ys = _closed(sorted({e.at for e in levels}), min(e.start for e in uprights), max(e.end for e in uprights))
    if len(xs) < 2 or len(ys) < 2:
        return None
    across, down = len(xs) - 1, len(ys) - 1
    right_of = _walls(xs, ys, uprights)  # (column place, row) → a wall stands at that place beside that row
    below_of = _walls(ys, xs, levels)
    owner = _rectangles(across, down, right_of, below_of)
    boxes: dict[int, tuple[int, int, int, int]] = {}
    for row in range(down):
        for column in range(across):
            c0, r0, c1, r1 = boxes.get(owner[row][column], (column, row, column, row))
            boxes[owner[row][column]] = min(c0, column), min(r0, row), max(c1, column), max(r1, row)
    areas = [Area(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1], []) for c0, r0, c1, r1 in boxes.values()]
    return Ruled(areas, xs, ys)


def _walls(places: list[float], bands: list[float], edges: list[Edge]) -> set[tuple[int, int]]:
    """Where lines at ``places`` divide: pairs of the index of a place and the index of a band that it runs through."""
    covered: defaultdict[tuple[int, int], float] = defaultdict(float)
    for edge in edges:
        place = _nearest(places, edge.at)
        for band in range(max(bisect_right(bands, edge.start) - 1, 0), len(bands) - 1):
            if bands[band] >= edge.end:
                break
            covered[place, band] += min(edge.end, bands[band + 1]) - max(edge.start, bands[band])
    return {key for key, length in covered.items() if length >= _WALL * (bands[key[1] + 1] - bands[key[1]])}


def _rectangles(
    across: int, down: int, right_of: set[tuple[int, int]], below_of: set[tuple[int, int]]
) -> list[list[int]]:
    """For each row and column the number of the cell it belongs to; cells are rectangles.

    First each row is divided where walls stand, then pieces of the same extent are put together downwards where no
    wall lies between them over their whole width.
    """
    owner = [[0] * across for _ in range(down)]
    last: dict[tuple[int, int], int] = {}
    number = 0
    for row in range(down):
        pieces: dict[tuple[int, int], int] = {}
        first = 0
        for column in range(across):
            if column + 1 < across and (column + 1, row) not in right_of:
                continue
            piece = (first, column)
            walled = any((row, c) in below_of for c in range(first, column + 1))
            if piece in last and not walled:
                pieces[piece] = last[piece]
            else:
                pieces[piece] = number
                number += 1
            for c in range(first, column + 1):
                owner[row][c] = pieces[piece]
            first = column + 1
        last = pieces
    return owner


# ------------------------------------------------------------------------------------------ text


def _fill(table: Ruled, chars: list[Char]) -> None:
    """Give each character to the cell in which it stands; text that runs over a wall stays together."""
    at: dict[tuple[int, int], Area] = {}
    for area in table.areas:
        columns = range(_nearest(table.xs, area.x0), _nearest(table.xs, area.x1))
        for row in range(_nearest(table.ys, area.top), _nearest(table.ys, area.bottom)):
            at |= {(row, column): area for column in columns}

    def area_of(x: float, y: float) -> Area | None:
        y = min(max(y, table.ys[0]), table.ys[-1] - 0.01)  # a page break may cut through text
        return at.get((bisect_right(table.ys, y) - 1, bisect_right(table.xs, x) - 1))

    for line in lines_of(chars, _BETWEEN_CELLS):
        for run in line:
            y = (run.top + run.bottom) / 2
            whole = any(
                area_of(_share(char, _STRADDLES), y) is not area_of(_share(char, 1 - _STRADDLES), y)
                for char in run.chars
            )
            first = run.chars[0]
            for char in run.chars:
                owner = area_of(_share(first if whole else char, 0.5), (char.top + char.bottom) / 2)
                if owner is not None:
                    owner.chars.append(char)


def _share(char: Char, share: float) -> float:
    """The place so far into the width of a character."""
    return char.x0 + share * (char.x1 - char.x0)
