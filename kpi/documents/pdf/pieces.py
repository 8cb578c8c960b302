"""Lines of text in the columns of a table: what speaks for and against their being of one cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from kpi.documents.pdf.columns import Hull
from kpi.documents.pdf.lines import Run

# What speaks against a way to cut a table into rows is measured in heights of a line that a cell stands off, by weight.
OFF = 1.5  # a cell stands off by a height
HOPELESS = 14.0
_FAR = 4.0  # lines of one cell are further apart than others
_UNFINISHED = 1.2  # the next line goes on though there was room
_LISTED = 0.2  # the next line begins a sentence or an item
_GOES_ON = (0.1, 0.7)  # behind a full line of a wide column, or a narrow one
_CUT = (0.3, 0.1)  # a row ends behind such a line, though the next one is near

MIDDLE = 1  # the way in which cells stand in the middle of their rows; 0 is at their tops, 2 at their bottoms

_NEAR = 1.45  # times the least distance of lines: lines of a cell are no further apart
_LOOSE = ((1.75, 1.0), (2.1, 2.0))  # lines further apart than so many ems: so much against their being of one cell
_WIDE = 6.5  # ems
_FULL = 1.7  # ems that may be free behind a full line of a cell
_ITEM = regex.compile(
    r"[①-⑳]|\d{1,2}[.．、)）](?!\d)|[（(][\d一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}、"
)
_SENTENCE = ("。", "；", ";", "！", "？")


class Piece(NamedTuple):
    """A line of a cell."""

    middle: float
    top: float
    bottom: float
    column: int
    run: Run


class Band(NamedTuple):
    """A row: the extent of its text, and the tops, middles and bottoms of its cells in the mean."""

    top: float
    bottom: float
    at: tuple[float, float, float]


class Way(NamedTuple):
    """Lines, each with its row, and what speaks against it."""

    cost: float
    rows: list[tuple[Piece, int]]


class Breaks:
    """What speaks against a break between two lines of a column."""

    def __init__(self, columns: Sequence[list[Run]], hulls: Sequence[Hull]) -> None:
        pitches = [
            pitch for column in columns for a, b in pairwise(column) if (pitch := b.bottom - a.bottom) > 0.6 * a.height
        ]
        self.pitch = min(pitches, default=0.0)
        self.hulls = hulls

    def within(self, a: Piece, b: Piece) -> float:
        """Against ``b`` going on with the cell of ``a``."""
        cost = 0.0 if b.bottom - a.bottom <= _NEAR * self.pitch else _FAR
        if _ITEM.match(b.run.text) and (a.run.text.endswith(_SENTENCE) or self._full(a) or _ITEM.match(a.run.text)):
            return cost + _LISTED
        ems = (b.bottom - a.bottom) / max(a.run.em, 0.8 * a.run.height)
        cost += sum(more for least, more in _LOOSE if ems > least)
        return cost + (_GOES_ON[self._narrow(a)] if self._full(a) else _UNFINISHED)

    def between(self, a: Piece, b: Piece) -> float:
        """Against a row that ends between the two."""
        near = b.bottom - a.bottom <= _NEAR * self.pitch
        return _CUT[self._narrow(a)] if near and self._full(a) else 0.0

    def _width(self, a: Piece) -> float:
        x0, x1 = self.hulls[a.column]
        return x1 - x0

    def _narrow(self, a: Piece) -> bool:
        return self._width(a) < _WIDE * a.run.em

    def _full(self, a: Piece) -> bool:
        return a.run.x1 - a.run.x0 > self._width(a) - _FULL * a.run.em
