"""Sheets of LibreOffice (ods) → one table a sheet or more. The file holds each cell's text as it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from kpi import settings
from kpi.documents.cleaning import clean
from kpi.documents.model import Block, Cell, Content
from kpi.documents.package import Package, elements
from kpi.documents.reading import Reading, Refused, gathered
from kpi.documents.sheets.sheet import Sheet

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ROW, _CELL, _COVERED = f"{_TABLE}table-row", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_P = f"{_TEXT}p"
_FORMULA, _TYPE = f"{_TABLE}formula", "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_CHARACTERS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_MOST = 10**7


def read(data: bytes) -> Content:
    """Read the bytes of an ods file."""
    reading = Reading()
    return gathered(_blocks(data, reading), reading)


def _blocks(data: bytes, reading: Reading) -> Iterator[Block]:
    package = Package(data)
    if b"encryption-data" in (package.bytes("META-INF/manifest.xml") or b""):
        raise Refused("encrypted")
    content = package.bytes("content.xml")
    if content is None:
        raise Refused("damaged_file", "缺少 content.xml")
    sheet = Sheet("")
    number, cells, table = 0, 0, None
    for _, row in elements(content, _ROW):
        above = next(row.iterancestors(f"{_TABLE}table"), None)
        if above is not table:
            yield from sheet.blocks(reading)
            name = "" if above is None else above.get(f"{_TABLE}name", "")
            sheet, number, cells, table = Sheet(name), 0, 0, above
        reading.check_time()
        filled, formulas = _row(row)
        sheet.formulas += [(number, at) for at in formulas]
        repeated = _repeated(row, "number-rows-repeated")
        if filled and cells <= reading.cells:
            for at in range(number, number + min(repeated, reading.rows + 1)):
                sheet.rows[at] = dict(filled)
                cells += len(filled)
                if cells > reading.cells:
                    break
        number = min(number + repeated, _MOST)
    yield from sheet.blocks(reading)


def _row(row: etree._Element) -> tuple[dict[int, Cell], list[int]]:
    """The filled cells of a row by column, and the columns of the formulas whose result is not there."""
    cells: dict[int, Cell] = {}
    formulas: list[int] = []
    at = 0
    for child in row.iterchildren(_CELL, _COVERED):
        repeated = _repeated(child, "number-columns-repeated")
        if child.tag == _CELL and (text := clean("\n".join(map(_text, child.iterchildren(_P))))):
            cell = Cell(text)
            for column in range(at, min(at + repeated, settings.MAX_COLUMNS + 1)):
                cells[column] = cell
        elif _FORMULA in child.attrib and _TYPE not in child.attrib:
            formulas.append(at)
        at = min(at + repeated, _MOST)
    return cells, formulas


def _text(paragraph: etree._Element) -> str:
    pieces = [paragraph.text or ""]
    for child in paragraph:
        if isinstance(child.tag, str):
            pieces.append(_CHARACTERS[child.tag] if child.tag in _CHARACTERS else _text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _repeated(element: etree._Element, name: str) -> int:
    text = element.get(_TABLE + name, "1")
    return max(1, int(text[:8])) if text.isascii() and text.isdigit() else 1
