"""What calamine does not tell of an old Excel file (xls): the number formats of its cells, and whether it is encrypted.

The stream is a row of records: type and length in two bytes each, then the content. Only the records that name formats
and those of cells with numbers are looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from kpi import settings
from kpi.documents import formats
from kpi.documents.formats import GENERAL, TEXT, Format
from kpi.documents.reading import Refused

_BOF, _EOF, _FILEPASS, _DATEMODE = 0x0809, 0x000A, 0x002F, 0x0022
_BOUNDSHEET, _FORMAT, _XF = 0x0085, 0x041E, 0x00E0
_NUMBER, _RK, _MULRK, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_LABEL, _LABELSST, _RSTRING, _BOOLERR = 0x0204, 0x00FD, 0x00D6, 0x0205
_ONE_CELL = (_NUMBER, _RK, _FORMULA)
_OTHER_CELL = (_LABEL, _LABELSST, _RSTRING, _BOOLERR)
_BIFF8 = 0x0600
_WORKSHEET = 0


class SheetFormats(NamedTuple):
    """The formats of the cells of one sheet whose numbers are shown otherwise than they are kept."""

    name: str
    formats: dict[tuple[int, int], Format]


class Workbook(NamedTuple):
    """The sheets with cells, in order, and whether days count from 1904."""

    sheets: tuple[SheetFormats, ...]
    from_1904: bool


def workbook(stream: bytes) -> Workbook:
    """Look through the stream of a workbook. Raises ``Refused`` where it is encrypted or a cell stands too far out."""
    codes: dict[int, Format] = {}
    styles: list[Format] = []
    places: list[tuple[int, str]] = []
    wide = True
    from_1904 = False
    for kind, content in _records(stream, 0):
        if kind == _BOF and len(content) >= 4:
            wide = content[:2] == struct.pack("<H", _BIFF8)
        elif kind == _FILEPASS:
            raise Refused("encrypted")
        elif kind == _DATEMODE:
            from_1904 = content[:1] == b"\x01"
        elif kind == _FORMAT and len(content) > 4:
            number, length = struct.unpack_from("<HH" if wide else "<HB", content)
            codes[number] = formats.format_of(_text(content[4 if wide else 3 :], length, wide))
        elif kind == _XF and len(content) >= 4:
            number = struct.unpack_from("<H", content, 2)[0]
            styles.append(codes.get(number) or formats.built_in(number))
        elif kind == _BOUNDSHEET and len(content) > 7 and content[5] == _WORKSHEET:
            places.append((struct.unpack_from("<I", content)[0], _text(content[7:], content[6], wide)))
    return Workbook(tuple(SheetFormats(name, _formats(stream, at, styles)) for at, name in places), from_1904)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from ``at`` to the end of the part that begins there; parts within it (charts) are skipped."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if depth <= 0:
            return


def _formats(stream: bytes, at: int, styles: list[Format]) -> dict[tuple[int, int], Format]:
    found: dict[tuple[int, int], Format] = {}
    top = left = 2**16
    bottom = right = 0
    for kind, content in _records(stream, at):
        if (kind in _ONE_CELL or kind in _OTHER_CELL) and len(content) >= 6:
            row, column, style = struct.unpack_from("<HHH", content)
            cells = [(column, style)]
        elif kind == _MULRK and len(content) >= 6:
            row, first = struct.unpack_from("<HH", content)
            inner = content[4 : 4 + (len(content) - 6) // 6 * 6]
            cells = [(first + n, style) for n, (style, _) in enumerate(struct.iter_unpack("<HI", inner))]
        else:
            continue
        for column, style in cells:
            top, bottom, left, right = min(top, row), max(bottom, row), min(left, column), max(right, column)
            how = styles[style] if style < len(styles) else GENERAL
            if how.sections and how != TEXT and kind not in _OTHER_CELL:
                found[row, column] = how
    # calamine keeps a sheet as one rectangle
    if bottom >= top and (bottom - top + 1) * (right - left + 1) > 4 * settings.MAX_CELLS:
        raise Refused("too_large", f"{4 * settings.MAX_CELLS:,} 个单元格")
    return found


def _text(content: bytes, length: int, wide: bool) -> str:
    """A string: in newer files a byte says whether its characters have one byte or two."""
    if not wide:
        return content[:length].decode("gb18030", "replace")
    if content[:1] and content[0] & 1:
        return content[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    return content[1 : 1 + length].decode("latin-1")
