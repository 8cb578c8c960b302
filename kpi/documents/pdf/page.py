"""A page of a PDF as PDFium sees it → upright characters and straight lines, both in points from the page's top left.

Pages are turned upright by the direction of their text, so it does not matter whether a page is turned by its
``/Rotate``, by a transformation of all its content, or not at all.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from kpi import settings
from kpi.documents.pdf.chars import Char, Glyph, glyphs, once
from kpi.documents.pdf.edges import THIN, UNMOVED, Box, Lines, TooComplexError


class Edge(NamedTuple):
    """A straight horizontal or vertical line: where it stands across its direction, and from where to where along."""

    at: float
    start: float
    end: float


class Page(NamedTuple):
    """What stands on a page.

    ``pictures`` and ``drawn`` count images and objects other than text; ``unknown`` characters whose font gives them no
    meaning.
    """

    width: float
    height: float
    chars: list[Char]
    horizontal: list[Edge]
    vertical: list[Edge]
    pictures: int
    drawn: int
    unknown: int


def load(page: pypdfium2.PdfPage) -> Page:
    """Read a page. Raises :class:`TooComplexError`, and ``PdfiumError`` for a page that PDFium cannot read."""
    textpage = page.get_textpage()
    try:
        if textpage.count_chars() > settings.MAX_PAGE_CHARS:
            raise TooComplexError
        raw, unknown = glyphs(textpage)
    finally:
        textpage.close()
    lines = Lines()
    for at in range(pdfium.FPDFPage_CountObjects(page.raw)):
        lines.add(pdfium.FPDFPage_GetObject(page.raw, at), UNMOVED, 0)
    left, bottom, right, top = page.get_cropbox()
    turn = Counter(glyph.turn for glyph in raw).most_common(1)[0][0] if raw else page.get_rotation() // 90
    upright = _Upright(left, bottom, right, top, turn)
    horizontal, vertical = upright.edges(lines.found)
    width, height = upright.size
    chars = [upright.char(glyph) for glyph in raw]
    inside = [c for c in chars if c.x0 >= -1 and c.x1 <= width + 1 and c.top >= -1 and c.bottom <= height + 1]
    return Page(width, height, once(inside), horizontal, vertical, lines.pictures, lines.drawn, unknown)


class _Upright(NamedTuple):
    """Moves a page's coordinates (y upwards) to points from the top left of the page, its text level."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int  # quarter turns of the text, as PDFium counts them

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turn % 2 else (wide, high)

    def box(self, box: Box) -> Box:
        """A box as x0, top, x1, bottom of the upright page."""
        x0, y0, x1, y1 = box
        match self.turn:
            case 1:
                return self.top - y1, self.right - x1, self.top - y0, self.right - x0
            case 2:
                return self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom
            case 3:
                return y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left
            case _:
                return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0

    def char(self, glyph: Glyph) -> Char:
        """A character of the page, upright."""
        text, left, bottom, right, top, turn, spaced = glyph
        x0, y0, x1, y1 = self.box((left, bottom, right, top))
        return Char(text, x0, y0, x1, y1, max(x1 - x0, y1 - y0), (turn - self.turn) % 4, spaced)

    def edges(self, boxes: list[Box]) -> tuple[list[Edge], list[Edge]]:
        """The horizontal and the vertical lines of the upright page; a dot is both."""
        horizontal, vertical = [], []
        for box in boxes:
            x0, top, x1, bottom = self.box(box)
            if bottom - top <= THIN and x1 - x0 >= bottom - top:
                horizontal.append(Edge((top + bottom) / 2, x0, x1))
            if x1 - x0 <= THIN and bottom - top >= x1 - x0:
                vertical.append(Edge((x0 + x1) / 2, top, bottom))
        return horizontal, vertical
