"""Excel files, by XlsxWriter: merged cells; a sheet for each target table, or everything on one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..blocks import Block, Caption, PageBreak, Row, Table, TableTitle, TargetTable, width
from ..blocks import spots as spots_of

WRITTEN = datetime(2024, 1, 2)
# A figure that a cell may hold as a number, shown with as many places as it has here.
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,8})(?:\.(?P<places>\d{1,4}))?(?P<percent>%)?")
_AROUND, _REST = "收支总表", "其他"


def excel(blocks: Iterable[Block], *, one_sheet: bool = False) -> bytes:
    """Writes a document as xlsx.

    Args:
        blocks: The document.
        one_sheet: Everything stands on one sheet, block below block, and begins in the second column of the second
            row; plain figures and percentages are numbers with a format. Else every target table has a sheet, and all
            is text.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": WRITTEN})
        wrapped = book.add_format({"text_wrap": True, "border": 1, "valign": "vcenter"})
        sheets = _Sheets(book, wrapped, one_sheet=one_sheet)
        for block in blocks:
            sheets.add(block)
    return buffer.getvalue()


class _Sheets:
    """The sheet that is being written, and the row that is next."""

    def __init__(self, book: xlsxwriter.Workbook, wrapped: Format, *, one_sheet: bool) -> None:
        self.book, self.wrapped, self.one_sheet = book, wrapped, one_sheet
        self.sheet: Worksheet = book.add_worksheet("绩效目标" if one_sheet else _AROUND)
        self.left = self.at = 1 if one_sheet else 0
        self.tables = 0
        self.below_table = False
        self.shown: dict[str, Format] = {}

    def add(self, block: Block) -> None:
        """Writes a block below what is there, or begins a sheet with it."""
        if not self.one_sheet:
            self._turn(block)
        match block:
            case TargetTable() | Table():
                self._rows(block.rows)
                self.at += self.one_sheet
            case Caption(texts):
                for offset, text in enumerate(filter(None, texts)):
                    self.sheet.write_string(self.at, self.left + 2 * offset, text)
                self.at += 1
            case PageBreak():
                pass
            case _:
                self.sheet.write_string(self.at, self.left, block.text)
                self.at += 1
        self.below_table = isinstance(block, TargetTable)

    def _turn(self, block: Block) -> None:
        """Begins the sheet of a target table with its title, and one for what stands behind the last of them."""
        if isinstance(block, TableTitle):
            self.tables += 1
            name = f"表{self.tables}"
        elif self.below_table:
            name = _REST
        else:
            return
        self.sheet, self.at = self.book.add_worksheet(name), 0

    def _rows(self, rows: Sequence[Row]) -> None:
        for spot in spots_of(rows):
            row, column = self.at + spot.row, self.left + spot.column
            if (spot.rows, spot.columns) != (1, 1):
                last = row + spot.rows - 1, column + spot.columns - 1
                self.sheet.merge_range(row, column, *last, "", self.wrapped)
            if self.one_sheet and (figure := _NUMBER.fullmatch(spot.cell.text)):
                self._number(row, column, figure)
            else:
                self.sheet.write_string(row, column, spot.cell.text, self.wrapped)
        self.sheet.set_column(self.left, self.left + width(rows) - 1, 18)
        self.at += len(rows)

    def _number(self, row: int, column: int, figure: re.Match[str]) -> None:
        """A number that is shown as it is written: 0.40 as 0.4 with two places, 95% as 0.95 in per cent."""
        shown = "0" + (f".{'0' * len(figure['places'])}" if figure["places"] else "") + (figure["percent"] or "")
        if shown not in self.shown:
            self.shown[shown] = self.book.add_format({"border": 1, "valign": "vcenter", "num_format": shown})
        value = float(figure[0].rstrip("%")) / (100 if figure["percent"] else 1)
        self.sheet.write_number(row, column, value, self.shown[shown])
