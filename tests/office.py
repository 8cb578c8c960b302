"""Word and Excel files for the tests: raw XML in a zip, and blocks written through the usual libraries; tables read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import docx
import xlsxwriter

from kpi.documents import Document, Table

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_WORD = (
    f'<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
)
_TIERS = 2


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def word(body: str, **parts: str) -> bytes:
    """A Word file of this body; ``parts`` are others of its parts (``numbering``, ``styles``)."""
    members: dict[str, str | bytes] = {"word/document.xml": f"{_HEAD}{_WORD}<w:body>{body}</w:body></w:document>"}
    for name, content in parts.items():
        members[f"word/{name}.xml"] = f'{_HEAD}<w:{name} xmlns:w="{W}">{content}</w:{name}>'
    return zipped(members)


def p(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """A cell of one paragraph; ``text`` that begins with ``<`` is its content as it stands."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; a cell is given as its text or as its XML."""
    return f"<w:tr>{properties}{''.join(c if c.startswith('<w:') else tc(c) for c in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """A table of these rows."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def excel(sheet: str, *, strings: str = "", styles: str = "", workbook: str = "", name: str = "表") -> bytes:
    """An Excel file of one sheet, whose part holds ``sheet``."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = {"rId1": "worksheets/sheet1.xml", "rId2": "sharedStrings.xml", "rId3": "styles.xml"}
    words = {"rId1": "worksheet", "rId2": "sharedStrings", "rId3": "styles"}
    links = "".join(
        f'<Relationship Id="{number}" Type="{R}/{words[number]}" Target="{target}"/>'
        for number, target in kinds.items()
    )
    return zipped({
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{S}" xmlns:r="{R}">{workbook}<sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{relations}">{links}</Relationships>',
        "xl/sharedStrings.xml": f'{_HEAD}<sst xmlns="{S}">{strings}</sst>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{S}">{styles}</styleSheet>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{S}" xmlns:x="{S}">{sheet}</worksheet>',
    })  # fmt: skip


def as_docx(document: Document) -> bytes:
    """A document's blocks as a Word file. A paragraph ends it, as in files that Word writes."""
    made = docx.Document()
    for block in document.blocks:
        if isinstance(block, Table):
            table = made.add_table(len(block.rows), max(map(len, block.rows)))
            above: list[Any] = []
            for row, cells in zip(table.rows, block.rows, strict=True):
                beside = list(row.cells)
                for at, (cell, (text, *_)) in enumerate(zip(beside, cells, strict=False)):
                    if text:
                        cell.text = text
                    elif at < _TIERS and at < len(above):  # an empty tier is a merged one
                        above[at]._tc.vMerge = above[at]._tc.vMerge or "restart"
                        cell._tc.vMerge = "continue"
                above = beside
        else:
            made.add_paragraph(block.text)
    made.add_paragraph()
    return _saved(made)


def as_xlsx(document: Document) -> bytes:
    """A document's blocks as text cells, each table on a sheet of its own, below the paragraphs before it."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet, at = book.add_worksheet(), 0
        for block in document.blocks:
            rows = [[c.text for c in row] for row in block.rows] if isinstance(block, Table) else [[block.text]]
            for row in rows:
                for column, text in enumerate(row):
                    sheet.write_string(at, column, text)
                at += 1
            if isinstance(block, Table):
                sheet, at = book.add_worksheet(), 0
    return data.getvalue()


def grids(document: Document) -> list[list[list[str]]]:
    """The texts of a document's tables, row by row."""
    return [[[cell.text for cell in row] for row in table.rows] for table in document.tables]


def _saved(document: Any) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()
