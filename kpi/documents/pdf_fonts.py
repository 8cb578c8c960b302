"""Which fonts of the system PDFium may use. Text is read, not shown, so mostly none.

Looking for a font in the place of one that a file does not hold takes most of the time of a page, and would make what
is read depend on the fonts of the machine. Only turned text needs it: PDFium leaves out what it finds no extent of.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2


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
