"""Which fonts of the system PDFium may use. Text is read, not shown, so mostly none.

Looking for a font in the place of one that a file does not hold takes most of the time of a page, and makes what is
read depend on the fonts of the machine. But PDFium leaves out text whose extent it does not know: without any font that
is turned text, and characters that are drawn one by one. And it takes the same words for drawn twice where they stand
at the same place across, as equal cells of a column do. A file that has such text is read again, with fonts offered.
"""

from __future__ import annotations

import ctypes
import functools
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_NO_EXTENT = 0.005  # points; PDFium takes text of less width for none
_FORM_DEPTH = 8
_LOOKS_BACK = 5  # pieces of text that PDFium compares one with
_SHIFTED = 30.0  # points: equal words may be taken for one when they are so far apart, or less


class LostTextError(Exception):
    """A page has text that cannot be read without the fonts of the system."""


class _Fonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]  # the library has no types
    """The fonts of the system, while they are ``offered``. The names of the methods are PDFium's.

    They are unless we read, so that others in the process who use PDFium see no change.
    """

    offered = True

    def MapFont(self, _: Any, *wanted: Any) -> Any:  # noqa: N802
        """The font for a name and style, or none."""
        return self.default.MapFont(self.default, *wanted) if self.offered else None

    def GetFont(self, _: Any, name: Any) -> Any:  # noqa: N802
        """The font of a name, or none."""
        return self.default.GetFont(self.default, name) if self.offered else None


@functools.cache
def _fonts() -> _Fonts:
    """Set up once in a process."""
    fonts = _Fonts()
    fonts.setup()
    return fonts


@contextmanager
def offered(*, fonts: bool) -> Iterator[None]:
    """Offer PDFium the fonts of the system, or none; to be called by one thread at a time."""
    _fonts().offered = fonts
    try:
        yield
    finally:
        _fonts().offered = True


def loses_text(page: pypdfium2.PdfPage) -> bool:
    """Whether text of a page has no width, as its font is not in the file and no other stands in for it."""
    return any(right - left <= _NO_EXTENT and not embedded for left, right, _, embedded in _pieces(page))


def merges_text(page: pypdfium2.PdfPage) -> bool:
    """Whether text without a height, for the same reason, may be taken for drawn twice: equal words, one below another.

    That two pieces have the same width is all that is looked at, so a page may be read with fonts in vain.
    """
    before: deque[tuple[float, float]] = deque(maxlen=_LOOKS_BACK)
    for left, right, height, embedded in _pieces(page):
        if height > _NO_EXTENT or embedded:
            before.append((left, 0.0))
            continue
        width = right - left
        if any(abs(width - other) <= _NO_EXTENT and abs(left - at) <= _SHIFTED for at, other in before):
            return True
        before.append((left, width))
    return False


_Piece = tuple[float, float, float, bool]  # of text: left, right, height, whether its font is in the file


def _pieces(page: pypdfium2.PdfPage) -> Iterator[_Piece]:
    """The pieces of text of a page, as they are drawn one after another."""
    for at in range(pdfium.FPDFPage_CountObjects(page.raw)):
        yield from _pieces_of(pdfium.FPDFPage_GetObject(page.raw, at), 0)


def _pieces_of(item: Any, depth: int) -> Iterator[_Piece]:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
        for at in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _pieces_of(pdfium.FPDFFormObj_GetObject(item, at), depth + 1)
    if kind != pdfium.FPDF_PAGEOBJ_TEXT:
        return
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top))
    height = top.value - bottom.value
    known = right.value - left.value > _NO_EXTENT and height > _NO_EXTENT
    embedded = known or bool(pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(item)))
    yield left.value, right.value, height, embedded
