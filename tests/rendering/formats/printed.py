"""PDF files, by ReportLab: tables with rules or without, page breaks within them, a number at the foot of each page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import PageBreak as Break
from reportlab.platypus import Table as Grid

from ..blocks import Block, Caption, Heading, PageBreak, Row, Section, Table, TableTitle, TargetTable, width
from ..blocks import Paragraph as TextBlock
from ..blocks import spots as spots_of

FONT = "STSong-Light"
MARGIN = 36
_SIZES = {Heading: 16, Section: 12, TableTitle: 11}
_TEXT = 9
_CELL = 7.5
_PADDING = 3
_WIDE_PADDING = 6  # where no rule stands between cells
_SHORTEST = 4.0  # a column is at least as wide as these many characters
_LONGEST = 24.0  # and wants no more room than these


def printed(blocks: Iterable[Block], *, ruled: bool = True) -> bytes:
    """Writes a document as pdf on pages of A4 across.

    Args:
        blocks: The document.
        ruled: Draw the rules of tables, and centre cells in their height. Else cells are told apart only by where
            they stand, and begin at the top of their rows, merged ones at that of the first.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    pages = SimpleDocTemplate(
        buffer,
        pagesize=landscape(A4),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        invariant=1,
        pageCompression=0,
    )
    pages.build(list(_flow(blocks, pages.width, ruled=ruled)), onFirstPage=_foot, onLaterPages=_foot)
    return buffer.getvalue()


def _foot(canvas: Canvas, pages: SimpleDocTemplate) -> None:
    canvas.setFont(FONT, _TEXT)
    canvas.drawCentredString(pages.pagesize[0] / 2, MARGIN / 2, f"- {canvas.getPageNumber()} -")


def _flow(blocks: Iterable[Block], room: float, *, ruled: bool) -> Iterator[Flowable]:
    """The document; a table that goes on on a new page keeps the widths of its columns."""
    widths: list[float] = []
    for block in blocks:
        if isinstance(block, TargetTable | Table):
            if not (isinstance(block, TargetTable) and not block.head and len(widths) == width(block.rows)):
                widths = _widths(block.rows, room)
            yield _table(block.rows, widths, ruled=ruled)
            yield Spacer(1, 10)
        else:
            widths = widths if isinstance(block, PageBreak) else []
            yield from _parts(block, room)


def _parts(block: Heading | Section | TableTitle | TextBlock | Caption | PageBreak, room: float) -> Iterator[Flowable]:
    match block:
        case Caption(texts):
            # All captions stand in one line, far apart.
            if filled := [text for text in texts if text]:
                cells = [[_paragraph(text, _TEXT) for text in filled]]
                yield Grid(cells, colWidths=[room / len(filled)] * len(filled))
        case PageBreak():
            yield Break()
        case _:
            yield _paragraph(block.text, _SIZES.get(type(block), _TEXT))
            yield Spacer(1, 4)


def _paragraph(text: str, size: float) -> Paragraph:
    style = ParagraphStyle("plain", fontName=FONT, fontSize=size, leading=size * 1.3, wordWrap="CJK")
    return Paragraph(escape(text, quote=False).replace("\n", "<br/>"), style)


def _table(rows: tuple[Row, ...], widths: list[float], *, ruled: bool) -> Flowable:
    columns = width(rows)
    padding = _PADDING if ruled else _WIDE_PADDING
    cells: list[list[Flowable | str]] = [[""] * columns for _ in rows]
    style: list[tuple[str, tuple[int, int], tuple[int, int], Any]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if ruled else "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), padding),
        ("RIGHTPADDING", (0, 0), (-1, -1), padding),
    ]
    spans: list[tuple[str, tuple[int, int], tuple[int, int]]] = []
    for spot in spots_of(rows):
        cells[spot.row][spot.column] = _paragraph(spot.cell.text, _CELL) if spot.cell.text else ""
        if (spot.rows, spot.columns) != (1, 1):
            last = spot.column + spot.columns - 1, spot.row + spot.rows - 1
            spans.append(("SPAN", (spot.column, spot.row), last))
    grid = Grid(cells, colWidths=widths, style=style)
    grid.setStyle(spans)
    if ruled:
        grid.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    return KeepTogether(grid)


def _widths(rows: tuple[Row, ...], room: float) -> list[float]:
    """The room of the page shared out among the columns, after the longest text of each."""
    wanted = [_SHORTEST] * width(rows)
    for spot in spots_of(rows):
        if spot.columns == 1:
            length = max(sum(1 if ord(c) > 0xFF else 0.6 for c in line) for line in spot.cell.text.split("\n"))
            wanted[spot.column] = max(wanted[spot.column], min(length + 1, _LONGEST))
    return [room * share / sum(wanted) for share in wanted]
