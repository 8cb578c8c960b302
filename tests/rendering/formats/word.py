"""Word files, by python-docx: tables with merged cells, titles with real TC fields, bookmarks, page breaks."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from itertools import count

import docx
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from ..blocks import (
    Block,
    Caption,
    Cell,
    Heading,
    PageBreak,
    Row,
    Section,
    Table,
    TableTitle,
    TargetTable,
    unmerged,
    width,
)
from ..blocks import spots as spots_of
from .archives import dated

WRITTEN = datetime(2024, 1, 2)


def word(blocks: Iterable[Block], *, merged: bool = True) -> bytes:
    """Writes a document as docx.

    Args:
        blocks: The document.
        merged: Merge cells downwards, and put the caption of a table above it. Else the text of a merged cell stands
            in each of its rows, and the caption of a target table is its first row.
    """
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = WRITTEN
    bookmark = count(1)
    caption: tuple[str, ...] = ()
    for block in blocks:
        match block:
            case Heading(text):
                document.add_heading(text, 0)
            case Section(text):
                _bookmark(document.add_heading(text, 1), next(bookmark))
            case TableTitle(text, field_code):
                _field(document.add_paragraph(text), f' TC "{field_code}" \\f C \\l "1" ')
            case Caption(texts) if merged:
                for text in filter(None, texts):
                    document.add_paragraph(text)
            case Caption(texts):
                caption = tuple(filter(None, texts))
            case Table() | TargetTable():
                rows = block.rows if merged else (*_captions(caption, width(block.rows)), *unmerged(block.rows))
                _table(document, tuple(rows), headed=isinstance(block, TargetTable) and not block.head)
                caption = ()
            case PageBreak():
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            case _:
                document.add_paragraph(block.text)
    buffer = io.BytesIO()
    document.save(buffer)
    return dated(buffer.getvalue())


def _captions(texts: tuple[str, ...], columns: int) -> Iterable[Row]:
    """One row of as many cells as there are captions, the last as wide as is left."""
    if texts:
        yield (*map(Cell, texts[:-1]), Cell(texts[-1], span=columns - len(texts) + 1))


def _table(document: Document, rows: tuple[Row, ...], *, headed: bool) -> None:
    table: WordTable = document.add_table(len(rows), width(rows), style="Table Grid")
    grid = [list(row.cells) for row in table.rows]
    for spot in spots_of(rows):
        cell = grid[spot.row][spot.column]
        if (spot.rows, spot.columns) != (1, 1):
            cell = cell.merge(grid[spot.row + spot.rows - 1][spot.column + spot.columns - 1])
        lines = spot.cell.text.split("\n")
        cell.paragraphs[0].text = lines[0]
        for line in lines[1:]:
            cell.add_paragraph(line)
    if headed:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _field(paragraph: WordParagraph, instruction: str) -> None:
    """Adds a field without a result, as Word writes it: begin, instruction, end."""
    for kind, text in (("begin", None), (None, instruction), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def _bookmark(paragraph: WordParagraph, number: int) -> None:
    for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(kind)
        mark.set(qn("w:id"), str(number))
        if kind == "w:bookmarkStart":
            mark.set(qn("w:name"), f"_Toc_2_2_{number:010}")
        paragraph._p.append(mark)
