"""PDF → blocks. PDFium reads the file, everything above characters and lines is done here, page by page.

What cannot be bounded in this process: PDFium parses a page's content in one call, which no time limit interrupts. A
stream of a few hundred million operators, or forms that draw one another twice over many levels, keep it busy for
minutes or for ever. The number of objects and characters is looked at before anything is made of a page, and the clock
between pages; for the rest ``confined.py`` runs this module in a process that can be ended.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from kpi import settings
from kpi.documents.model import Content
from kpi.documents.pdf.blocks import blocks_of
from kpi.documents.pdf.edges import TooComplexError
from kpi.documents.pdf.fonts import LostTextError, loses_text, merges_text, offered
from kpi.documents.pdf.layout import Sheet, pages_of, sheet_of
from kpi.documents.pdf.margins import without_margins
from kpi.documents.pdf.page import Page, load
from kpi.documents.pdf.text import plain_sheet
from kpi.documents.problems import problem
from kpi.schema import Problem

# PDFium is not safe to call from two threads.
_PDFIUM = threading.Lock()
_BAD_IN_A_ROW = 50  # pages that cannot be loaded: the file claims pages it does not have
_LOW = 0.7  # share of the height of a page
_TAIL_BYTES = 2_048
_DRAWN_TEXT = 40  # drawn objects on a page without characters: text drawn as outlines
_UNKNOWN_SHARE = 0.5  # of the characters of a page: its fonts do not say what they mean


def read(data: bytes) -> Content:
    """Read the bytes of a PDF."""
    with _PDFIUM, contextlib.ExitStack() as opened:
        try:
            pages = _pages(_File(data, opened))
        except pypdfium2.PdfiumError as error:
            return Content((), (_not_opened(error, data),))
    problems = list(pages.problems)
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        problems.append(problem("incomplete_file"))
    if not pages.sheets and not pages.textless:
        return Content((), tuple(problems) or (problem("empty_document"),))
    if not any(sheet.lines or sheet.tables for sheet in pages.sheets):
        return Content((), (*problems, problem("no_text_layer") if pages.textless else problem("empty_document")))
    if pages.textless:
        problems.append(problem("pages_without_text", _listed(pages.textless)))
    sheets = without_margins(pages.sheets)
    content = blocks_of(pages_of(sheets))
    return Content(content.blocks, (*problems, *content.problems))


class _File:
    """A PDF, open once without the fonts of the system and, from the first page that needs them, once with them."""

    def __init__(self, data: bytes, stack: contextlib.ExitStack) -> None:
        self._data, self._stack = data, stack
        with offered(fonts=False):
            self._plain = self._open()
            self.pages = len(self._plain)
        self._with_fonts: pypdfium2.PdfDocument | None = None

    def sheet(self, number: int, *, closely: bool) -> tuple[Sheet, bool]:
        """A page, and whether it shows something but has no text."""
        try:
            with offered(fonts=False):
                return _sheet(self._plain, number, fonts=False, closely=closely)
        except LostTextError:
            with offered(fonts=True):
                self._with_fonts = self._with_fonts or self._open()
                return _sheet(self._with_fonts, number, fonts=True, closely=closely)

    def _open(self) -> pypdfium2.PdfDocument:
        document = pypdfium2.PdfDocument(self._data)
        self._stack.callback(document.close)
        return document


class _Pages(NamedTuple):
    sheets: list[Sheet]
    textless: list[int]  # numbers of pages that show something, but have no text
    problems: list[Problem]


def _pages(file: _File) -> _Pages:
    """All pages within the limits. Every page is closed before the next, so that memory stays flat."""
    found = _Pages([], [], [])
    unread: list[int] = []
    end = time.monotonic() + settings.READ_SECONDS
    for number in range(1, min(file.pages, settings.MAX_PAGES) + 1):
        if time.monotonic() > end:
            found.problems.append(problem("out_of_time", f"{settings.READ_SECONDS:g}"))
            break
        try:
            sheet, textless = file.sheet(number, closely=_table_may_go_on(found.sheets, number))
        except (pypdfium2.PdfiumError, TooComplexError):
            unread.append(number)
            if unread[-_BAD_IN_A_ROW:] == list(range(number - _BAD_IN_A_ROW + 1, number + 1)):
                break
            continue
        if textless:
            found.textless.append(number)
        else:
            found.sheets.append(sheet)
    else:
        if file.pages > settings.MAX_PAGES:
            found.problems.append(problem("too_many_pages", f"{settings.MAX_PAGES:,}"))
    if unread:
        found.problems.append(problem("pages_not_read", _listed(unread)))
    return found


def _sheet(document: pypdfium2.PdfDocument, number: int, *, fonts: bool, closely: bool) -> tuple[Sheet, bool]:
    """A page, and whether it shows something but has no text."""
    page = document[number - 1]
    try:
        if pdfium.FPDFPage_CountObjects(page.raw) > settings.MAX_PAGE_OBJECTS:
            raise TooComplexError
        if not fonts and loses_text(page):
            raise LostTextError
        if not closely and (quick := plain_sheet(number, page)):
            return quick, False
        if not fonts and merges_text(page):
            raise LostTextError
        loaded = load(page)
    finally:
        page.close()
    if loaded.unknown > _UNKNOWN_SHARE * (len(loaded.chars) + loaded.unknown) or (not loaded.chars and _shows(loaded)):
        return Sheet(number, loaded.width, loaded.height, [], [], []), True
    return sheet_of(number, loaded), False


def _table_may_go_on(sheets: list[Sheet], number: int) -> bool:
    """Whether a table stands low on the page before."""
    if not sheets or sheets[-1].number != number - 1:
        return False
    return any(table.bottom > _LOW * sheets[-1].height for table in sheets[-1].tables)


def _shows(page: Page) -> bool:
    """Whether a page without characters shows something all the same: a picture, or text drawn as outlines."""
    return page.pictures > 0 or page.drawn > _DRAWN_TEXT


def _not_opened(error: pypdfium2.PdfiumError, data: bytes) -> Problem:
    # The code may be left over from another file.
    if b"/Encrypt" in data and error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return problem("encrypted")
    return problem("damaged_file", "不是完整的 PDF")


def _listed(numbers: list[int]) -> str:
    """Page numbers as a reader writes them: 3、5—8."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    text = "、".join("—".join(map(str, part)) for part in parts[:20])
    return f"{text} 等" if len(parts) > 20 else text
