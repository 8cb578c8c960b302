"""A workbook, its formats and the page that all its sheets print on; the one way by which text gets into a cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import regex
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpi.schema import plain
from kpi.scorecard.text import clean

# Limits of the file format.
MOST_CHARS = 32_767
MOST_LINKS = 65_530
MOST_POINTS = 409.0
LINE_POINTS = 14.5
_CUT = "……（文字过长，以下略）"
# No clock goes into the file, so that the same documents give the same bytes.
_CREATED = datetime(2000, 1, 1)
FONT = "宋体"
INK, PALE, LINE = "#1F3864", "#DCE6F1", "#BFBFBF"
RED, AMBER, BLUE, GREEN, GREY = "#C00000", "#ED7D31", "#5B9BD5", "#70AD47", "#A5A5A5"
COLOURS = {"error": RED, "warning": AMBER, "info": BLUE}
_LARGEST = Decimal(10) ** 300
_WIDE = regex.compile(r"[\p{EA=W}\p{EA=F}\p{EA=A}]+")


class Book:
    """The workbook while it is written; leaving it writes the file."""

    def __init__(self, path: Path, *, large: bool = False) -> None:
        """``large`` writes row by row to the disk, at the price of a larger file."""
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "constant_memory": large,
                "default_format_properties": {"font_name": FONT, "font_size": 10},
            },
        )
        self._book.set_properties({"title": "绩效目标机审", "created": _CREATED})
        self.format: Callable[..., Format] = cache(self._format)
        self._links: dict[str, int] = {}

    def __enter__(self) -> Book:
        """The book itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Write the file, unless something went wrong before."""
        if kind is not None:
            return
        try:
            self._book.close()
        except FileCreateError as failed:
            cause = failed.args[0] if failed.args else failed
            raise (cause if isinstance(cause, OSError) else OSError(0, str(cause))) from failed

    def _format(self, **properties: Any) -> Format:
        return self._book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties})

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        """A native chart."""
        return self._book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})

    def sheet(self, title: str) -> Worksheet:
        """A sheet that prints on A4, landscape, as wide as the page, with page numbers."""
        sheet = self._book.add_worksheet(title)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f'&L&"{FONT}"&9{title}&R&"{FONT}"&9第 &P 页，共 &N 页')
        sheet.hide_gridlines(2)
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, text: str | None, style: Format | None = None) -> None:
        """Write text as text, whatever it looks like: ``=100%`` stays what it is."""
        if text:
            sheet.write_string(row, column, fit(text), style)
        else:
            sheet.write_blank(row, column, None, style)

    def link(self, sheet: Worksheet, row: int, column: int, target: str, text: str, style: Format) -> None:
        """Write text that leads to a cell of another sheet; plain text where the sheet has its fill of links."""
        count = self._links.get(sheet.name, 0)
        if count >= MOST_LINKS:
            self.text(sheet, row, column, text, style)
            return
        self._links[sheet.name] = count + 1
        sheet.write_url(row, column, f"internal:{target}", style, fit(text))

    def number(self, sheet: Worksheet, row: int, column: int, number: Decimal | int, style: Format) -> None:
        """Write a number; one beyond the range of a cell as text."""
        exact = Decimal(number)
        if abs(exact) < _LARGEST:
            sheet.write_number(row, column, float(exact), style)
        else:
            self.text(sheet, row, column, plain(exact), style)


def lines(text: str, width: int) -> int:
    """How many lines ``text`` takes in a column; Chinese characters are two wide."""
    if "\n" not in text and 2 * len(text) <= width:
        return 1
    return sum(-(-max(1, _width(line)) // width) for line in text.split("\n"))


def _width(line: str) -> int:
    return 2 * len(line) - len(_WIDE.sub("", line))


def height(count: int) -> float:
    """The height of a row of so many lines, in points. No program measures wrapped rows alike, so they are all set."""
    return min(MOST_POINTS, count * LINE_POINTS + 3)


def fit(text: str) -> str:
    """``text`` as a cell takes it: without control characters, cut with a mark where it is too long.

    Excel counts UTF-16 units, of which a rare character takes two.
    """
    text = clean(text)
    if len(text.encode("utf-16-le")) // 2 <= MOST_CHARS:
        return text
    room = MOST_CHARS - len(_CUT)
    return text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + _CUT
