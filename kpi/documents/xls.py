"""Old Excel files (xls, et) → one table a sheet or more: values through calamine, number formats by ``biff.py``.

Numbers come out as the sheet shows them. Errors (``#DIV/0!``) come out empty; so do truth values kept as formulas.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile
from python_calamine import CalamineWorkbook, PasswordError

from kpi.documents import biff, formats
from kpi.documents.cleaning import clean
from kpi.documents.formats import GENERAL
from kpi.documents.model import Block, Cell, Content
from kpi.documents.problems import problem
from kpi.documents.reading import Reading, Refused, gathered
from kpi.documents.sheets import Sheet

_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")


def read(data: bytes) -> Content:
    """Read the bytes of an old Excel file."""
    reading = Reading()
    return gathered(_blocks(data, reading), reading)


def _blocks(data: bytes, reading: Reading) -> Iterator[Block]:
    found = biff.workbook(_stream(data))
    book = _opened(data)
    for name, how in found.sheets:
        reading.check_time()
        sheet = Sheet(name)
        try:
            read = book.get_sheet_by_name(name)
            start, values, merged = read.start, read.to_python(), read.merged_cell_ranges
        except BaseException as error:
            _raise_again(error)
            reading.found(problem("damaged_file", f"工作表“{name}”"))
            continue
        if start is None:
            continue
        for row, cells in enumerate(values, start[0]):
            sheet.rows[row] = {
                column: Cell(text)
                for column, value in enumerate(cells, start[1])
                if value != "" and (text := _shown(value, how.get((row, column), GENERAL), found.from_1904))
            }
        sheet.merged = [(*first, *last) for first, last in merged or ()]
        yield from sheet.tables(reading)


def _stream(data: bytes) -> bytes:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        for name in _STREAMS:
            if file.exists(name):
                stream: bytes = file.openstream(name).read()
                return stream
    raise Refused("damaged_file", "缺少 Workbook")


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise Refused("encrypted") from None
    except BaseException as error:
        _raise_again(error)
        raise Refused("damaged_file", type(error).__name__) from error


def _raise_again(error: BaseException) -> None:
    """A panic of calamine is no ``Exception``, but it is only a damaged file; what is meant for the program goes on."""
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
        raise error


def _shown(value: object, how: formats.Format, from_1904: bool) -> str:
    if isinstance(value, str):
        return clean(value)
    try:
        text = formats.shown_value(value, how, from_1904=from_1904)
    except ValueError:
        text = None
    return clean(str(value) if text is None else text)
