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
_NUMBER = re.compile(r"0|[1-9]\d{0,8}(?:\.\d{0,3}[1-9])?")
_AROUND, _REST = "收支总表", "其他"


def excel(blocks: Iterable[Block], *, one_sheet: bool = False) -> bytes:
    """Writes a document as xlsx.

    Args:
        blocks: The document.
        one_sheet: Everything stands on one sheet, block below block, and begins in the second column of the second
            row; figures that lose nothing by it are numbers. Else every target table has a sheet, and all is text.
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
            if self.one_sheet and _NUMBER.fullmatch(spot.cell.text):
                self.sheet.write_number(row, column, float(spot.cell.text), self.wrapped)
            else:
                self.sheet.write_string(row, column, spot.cell.text, self.wrapped)
        self.sheet.set_column(self.left, self.left + width(rows) - 1, 18)
        self.at += len(rows)
