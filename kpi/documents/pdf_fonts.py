"""Which fonts of the system PDFium may use. Text is read, not shown, so mostly none.

Looking for a font in the place of one that a file does not hold takes most of the time of a page, and makes what is
read depend on the fonts of the machine. But PDFium leaves out text whose extent it does not know: without any font that
is turned text, and characters that are drawn one by one. A file that has such text is read again, with fonts offered.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_NO_EXTENT = 0.005  # points; PDFium takes text of less width for none
_FORM_DEPTH = 8


class LostTextError(Exception):
    """A page has text that cannot be read without the fonts of the system."""


class _Fonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]  # the library has no types
    """The fonts of the system, while they are ``offered``. The names of the methods are PDFium's."""

    offered = False

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
        _fonts().offered = False


def loses_text(page: pypdfium2.PdfPage) -> bool:
    """Whether text of a page has no width, as its font is not in the file and no other stands in for it."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    return any(_is_lost(pdfium.FPDFPage_GetObject(page.raw, at), 0) for at in range(count))


def _is_lost(item: Any, depth: int) -> bool:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
        count = pdfium.FPDFFormObj_CountObjects(item)
        return any(_is_lost(pdfium.FPDFFormObj_GetObject(item, at), depth + 1) for at in range(count))
    if kind != pdfium.FPDF_PAGEOBJ_TEXT:
        return False
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top))
    if right.value - left.value > _NO_EXTENT:
        return False
    return not pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(item))
