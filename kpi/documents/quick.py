"""A short cut for the usual sheet of an Excel file: its values through calamine, twice as fast as walking the XML.

It gives what ``xlsx.py`` gives, or nothing: a sheet is taken only if every cell of its XML is of the usual form.
calamine keeps no limits of its own; what it reads must have been inflated within limits before, and no cell may stand
far out, for it holds a sheet as one rectangle.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from python_calamine import CalamineWorkbook

from kpi.documents import formats
from kpi.documents.cleaning import clean
from kpi.documents.formats import TEXT, Format
from kpi.documents.model import Cell
from kpi.documents.sheets import Merged, Sheet, column

# A cell that needs more than its value (an error, a truth value, a day in words) or stands in a column behind AZ or in
# a row beyond 99,999.
_UNUSUAL = re.compile(
    rb":c[ \t\r\n/>]|<c[ \t\r\n/>]"
    rb'(?!r="(?:[A-Z]|A[A-Z])[0-9]{1,5}"(?: s="[0-9]{1,5}")?(?: t="(?:s|n|str|inlineStr)")?/?>)'
)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


class _Texts(dict[object, Cell]):
    """Value → cell, each cleaned once."""

    def __missing__(self, value: object) -> Cell:
        try:
            if isinstance(value, str):
                cell = self[value] = Cell(clean(value))
                return cell
            if isinstance(value, int | float):
                cell = self[value] = Cell(formats.plain(value))
                return cell
        except ValueError:  # not finite
            pass
        raise NotUsual


class NotUsual(Exception):  # noqa: N818 - nothing went wrong
    """The sheet must be read the long way."""


class Quick:
    """The sheets of a workbook. All methods raise :class:`NotUsual` where the long way must be taken."""

    def __init__(self, data: bytes, styles: list[Format], from_1904: bool) -> None:
        self._data = data
        self._book: CalamineWorkbook | None = None
        self._styles = styles
        self._from_1904 = from_1904
        self._texts = _Texts()
        self._known: dict[object, Cell] = {}  # by value and style
        special = [str(at) for at, how in enumerate(styles) if how.sections and how != TEXT]
        self._special = re.compile(
            rf'<c r="([A-Z]+)([0-9]+)" s="({"|".join(special)})"(?: t="n")?>'.encode() if special else b"(?!)"
        )

    def fill(self, sheet: Sheet, xml: bytes) -> None:
        """Fill ``sheet`` with its cells; ``xml`` is its part."""
        if _UNUSUAL.search(xml) or b"<c " not in xml:
            raise NotUsual
        try:
            if self._book is None:
                self._book = CalamineWorkbook.from_filelike(io.BytesIO(self._data))
            read = self._book.get_sheet_by_name(sheet.name)
            start, values = read.start, read.to_python()
        except BaseException as error:  # a panic in the library is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            raise NotUsual from error
        if start is None:
            raise NotUsual
        top, left = start
        patched = self._patched(xml, values, top, left)
        texts = self._texts
        for number, row in enumerate(values, top):
            special = patched.get(number)
            if special:
                cells = {at: texts[value] for at, value in enumerate(row, left) if value != "" and at not in special}
                cells |= special
            else:
                cells = {at: texts[value] for at, value in enumerate(row, left) if value != ""}
            if cells:
                sheet.rows[number] = cells
        sheet.merged = _merged(xml)

    def _patched(
        self, xml: bytes, values: Sequence[Sequence[object]], top: int, left: int
    ) -> dict[int, dict[int, Cell]]:
        """The cells whose number is shown otherwise than it is kept, by row and column."""
        found: dict[int, dict[int, Cell]] = {}
        known = self._known
        for letters, digits, style in self._special.findall(xml):
            number, at = int(digits) - 1, column(letters.decode())
            value = values[number - top][at - left]
            if value != "" and not isinstance(value, str):
                key = (value, style)
                if (cell := known.get(key)) is None:
                    cell = known[key] = Cell(self._shown(value, self._styles[int(style)]))
                found.setdefault(number, {})[at] = cell
        return found

    def _shown(self, value: object, how: Format) -> str:
        try:
            text = formats.shown_value(value, how, from_1904=self._from_1904)
        except ValueError as error:
            raise NotUsual from error
        if text is None:
            raise NotUsual
        return clean(text)


def _merged(xml: bytes) -> list[Merged]:
    found = _MERGED.findall(xml)
    if len(found) != xml.count(b"mergeCell "):
        raise NotUsual
    return [
        (int(top) - 1, column(left.decode()), int(bottom) - 1, column(right.decode()))
        for left, top, right, bottom in found
    ]
