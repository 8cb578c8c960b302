"""Old Excel files (xls, et) → one table a sheet or more; numbers as the sheet shows them, formulas as their results."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile

from kpi.documents.cleaning import clean
from kpi.documents.model import Block, Cell, Content
from kpi.documents.problems import problem
from kpi.documents.reading import Reading, Refused, gathered
from kpi.documents.sheets import biff, formats
from kpi.documents.sheets.sheet import Sheet
from kpi.values.fold import without_surrogates

_STREAMS = ("Workbook", "Book")


def read(data: bytes) -> Content:
    """Read the bytes of an old Excel file."""
    reading = Reading()
    return gathered(_blocks(data, reading), reading)


def _blocks(data: bytes, reading: Reading) -> Iterator[Block]:
    book = biff.Workbook(_stream(data))
    if not book.sheets:
        raise Refused("damaged_file", "没有工作表")
    for name, at in book.sheets:
        sheet = Sheet(without_surrogates(name))
        filled = 0
        for found in book.cells(at):
            if isinstance(found, biff.Merged):
                sheet.merged.append(found)
            elif text := _shown(found, book.from_1904):
                sheet.rows.setdefault(found.row, {})[found.column] = Cell(text)
                filled += 1
                if filled > reading.cells:
                    break  # the tables are cut, and say so
            if not filled % 1000:
                reading.check_time()
        yield from sheet.blocks(reading)
    if book.is_damaged:
        reading.found(problem("damaged_file", "部分内容缺失"))


def _stream(data: bytes) -> bytes:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        for name in _STREAMS:
            if file.exists(name):
                stream: bytes = file.openstream(name).read()
                return stream
    raise Refused("damaged_file", "缺少 Workbook")


def _shown(found: biff.Found, from_1904: bool) -> str:
    if isinstance(found.value, str):
        return clean(without_surrogates(found.value))
    if isinstance(found.value, bool):
        return str(found.value).upper()
    try:
        return clean(formats.shown(found.value, found.how, from_1904=from_1904))
    except ValueError:  # not a number
        return ""
