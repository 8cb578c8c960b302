"""Excel files (xlsx, xlsm, both forms of the format) → one table a sheet or more, within limits.

Numbers come out as the sheet shows them (``95%``, ``2025年12月31日``, ``5万元``), formulas as the results that the file
keeps; a formula without one is empty, and a problem says so. Hidden sheets are read, chart sheets and macros are not.
Places are the sheet's. The usual sheet is read by ``quick.py``; this is the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import regex
from lxml import etree

from kpi.documents.cleaning import clean
from kpi.documents.model import Block, Cell, Content
from kpi.documents.package import Package, elements
from kpi.documents.problems import problem
from kpi.documents.raised import settled
from kpi.documents.reading import Reading, Refused, gathered
from kpi.documents.sheets import formats, quick
from kpi.documents.sheets.formats import GENERAL, Format
from kpi.documents.sheets.sheet import Merged, Sheet, column

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW, _C, _V, _IS, _MERGE = f"{_S}row", f"{_S}c", f"{_S}v", f"{_S}is", f"{_S}mergeCell"
_F = f"{_S}f"
_T, _R, _SI = f"{_S}t", f"{_S}r", f"{_S}si"
_RUN_PROPERTIES, _STRIKE, _SUPERSCRIPT = f"{_S}rPr", f"{_S}strike", f"{_S}vertAlign[@val='superscript']"
_REFERENCE = regex.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_TRUE = ("1", "true")
_STRINGS = "xl/sharedStrings.xml"
_MIDNIGHT = regex.compile(r"T00:00:00(?:\.0+)?Z?$")


class _Book(NamedTuple):
    """What the sheets share."""

    strings: dict[str, Cell]  # by number, in decimals: so sheets point to them
    formats: list[Format]
    from_1904: bool
    missing: set[int]  # the shared strings that cells point to and that are not there


def read(data: bytes) -> Content:
    """Read the bytes of an Excel file."""
    reading = Reading()
    return gathered(_blocks(data, reading), reading)


def _blocks(data: bytes, reading: Reading) -> Iterator[Block]:
    package = Package(data)
    main = package.main("xl/workbook.xml")
    workbook = package.xml(main)
    if workbook is None:
        raise Refused("damaged_file", f"缺少 {main}")
    named = {kind.rpartition("/")[2]: name for kind, name, _ in package.targets(main)}
    properties = workbook.find(f"{_S}workbookPr")
    book = _Book(
        {str(at): one for at, one in enumerate(_strings(package.bytes(named.get("sharedStrings", _STRINGS))))},
        _formats(package.xml(named.get("styles", "xl/styles.xml"))),
        properties is not None and properties.get("date1904", "") in _TRUE,
        set(),
    )
    for name, part in sheets(package, main, workbook):
        content = package.bytes(part)
        if content is None:
            reading.found(problem("damaged_file", f"缺少工作表“{name}”"))
            continue
        yield from _sheet(name, content, book, reading).blocks(reading)
    if book.missing:
        reading.found(problem("damaged_file", "部分单元格的文字缺失"))


def sheets(package: Package, main: str, workbook: etree._Element) -> Iterator[tuple[str, str]]:
    """The name and the part of each sheet with cells of the ``workbook``, which is the part ``main``."""
    parts = {number: (kind.rpartition("/")[2], name) for kind, name, number in package.targets(main)}
    for number, element in enumerate(workbook.iter(f"{_S}sheet"), 1):
        kind, part = parts.get(element.get(_ID, ""), ("worksheet", f"xl/worksheets/sheet{number}.xml"))
        if kind == "worksheet":
            yield element.get("name", ""), part


# ------------------------------------------------------------------------------------------ what sheets share


def _strings(data: bytes | None) -> list[Cell]:
    """The shared strings, each cleaned once: texts of tiers and units stand in hundreds of cells."""
    if data is None:
        return []
    with suppress(quick.NotUsual):
        return quick.strings(data)
    return [Cell(clean(_text(item))) for _, item in elements(data, _SI)]


def _text(item: etree._Element) -> str:
    """The text of a string, of all its runs but those struck out; how it is spoken (``rPh``) is left out."""
    if len(item) == 1 and item[0].tag == _T:
        return quick.unescaped(item[0].text or "")
    pieces: list[str] = []
    raised: set[int] = set()
    for child in item:
        if child.tag == _T:
            pieces.append(child.text or "")
        elif child.tag == _R:
            text = "".join(found.text or "" for found in child.iterchildren(_T))
            properties = child.find(_RUN_PROPERTIES)
            if properties is not None and _is_struck(properties):
                text = "\n" * text.count("\n")  # lines do not run together
            elif properties is not None and properties.find(_SUPERSCRIPT) is not None:
                raised.add(len(pieces))
            pieces.append(text)
    return quick.unescaped("".join(settled(pieces, raised) if raised else pieces))


def _is_struck(properties: etree._Element) -> bool:
    found = properties.find(_STRIKE)
    return found is not None and found.get("val", "1") in _TRUE


def _formats(styles: etree._Element | None) -> list[Format]:
    """The number format of each cell style."""
    if styles is None:
        return []
    codes = {element.get("numFmtId", ""): element.get("formatCode", "") for element in styles.iter(f"{_S}numFmt")}
    return [
        formats.format_of(codes[number]) if number in codes else formats.built_in(_whole(number))
        for element in styles.iterfind(f"{_S}cellXfs/{_S}xf")
        for number in [element.get("numFmtId", "0")]
    ]


# ------------------------------------------------------------------------------------------ a sheet


def _sheet(name: str, data: bytes, book: _Book, reading: Reading) -> Sheet:
    """The filled cells of a sheet; where its part is damaged, those before the damage."""
    sheet = Sheet(name)
    with suppress(quick.NotUsual):
        quick.fill(sheet, data, book.strings, lambda text, style: _number(text, style, book))
        return sheet
    sheet = Sheet(name)
    number, cells = 0, 0
    try:
        for tag, element in elements(data, _ROW, _MERGE):
            if tag == _MERGE:
                if area := area_of(element.get("ref", "")):
                    sheet.merged.append(area)
                continue
            number = _whole(element.get("r", "")) or number + 1
            row, formulas = _row(element, book)
            sheet.rows[number - 1] = row
            sheet.formulas += [(number - 1, at) for at in formulas]
            cells += len(row)
            reading.check_time()
            if cells > reading.cells:
                break  # the tables are cut, and say so
            if not row:
                del sheet.rows[number - 1]
    except etree.XMLSyntaxError as error:
        reading.found(problem("damaged_file", f"工作表“{name}”：{error.msg}"))
    return sheet


def _row(element: etree._Element, book: _Book) -> tuple[dict[int, Cell], list[int]]:
    """The filled cells of a row by column, and the columns of the formulas whose result is not there."""
    cells: dict[int, Cell] = {}
    formulas: list[int] = []
    at = -1
    for child in element:
        if child.tag != _C:
            continue
        reference = child.get("r")
        at = column(reference.rstrip("0123456789")) if reference else at + 1
        if not len(child):
            continue
        if (cell := _cell(child, book)) is None:
            if child.get("t") != "str" and child.find(_F) is not None:  # else the result is an empty text
                formulas.append(at)
        elif cell.text:
            cells[at] = cell
    return cells, formulas


def _cell(element: etree._Element, book: _Book) -> Cell | None:
    kind = element.get("t", "n")
    last = element[-1]
    if last.tag == _IS:
        return Cell(clean(_text(last)))
    text = last.text if last.tag == _V else element.findtext(_V)
    if not text:
        return None
    if kind == "s":
        at = _whole(text.strip(), -1)
        if (found := book.strings.get(str(at))) is None:
            book.missing.add(at)
        return found
    if kind == "n":
        return Cell(_number(text, element.get("s"), book))
    if kind == "b":
        return Cell("TRUE" if text.strip() in _TRUE else "FALSE")
    if kind == "d":
        return Cell(_MIDNIGHT.sub("", text.strip()).replace("T", " "))
    return Cell(clean(text))


def _number(text: str, style: str | None, book: _Book) -> str:
    try:
        at = _whole(style or "", -1)
        how = book.formats[at] if 0 <= at < len(book.formats) else GENERAL
        return clean(formats.shown(text, how, from_1904=book.from_1904))
    except ValueError:  # no number, though it says that it is one
        return clean(text)


def area_of(reference: str) -> Merged | None:
    """``B3:D4`` → rows and columns from 0, last ones included."""
    corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return None
    (left, top), (right, bottom) = corners[0].groups(), corners[1].groups()
    return int(top) - 1, column(left), int(bottom) - 1, column(right)


def _whole(text: str, default: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
