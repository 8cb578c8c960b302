"""Word files (docx, docm, both forms of the format) → blocks, straight from the XML of the main part.

What a reviewer deleted is left out, what he inserted is kept; of alternative contents one is read. A paragraph's
``source`` holds field codes, bookmark names and hidden text as well; its place is its number among the paragraphs
outside of tables (``line``), for a Word file has neither lines nor pages of its own. Automatic numbers are restored.
Macros, links, headers, footnotes and comments are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from kpi import settings
from kpi.documents.cells import CELL, COVERED, TOP, Found, plain_row, spans, whole
from kpi.documents.cleaning import clean
from kpi.documents.grid import EMPTY, Spanned
from kpi.documents.model import Block, Cell, Content, Paragraph, Table
from kpi.documents.numbering import Numbering, numbered_styles
from kpi.documents.package import Package, parsed
from kpi.documents.problems import problem
from kpi.documents.reading import Reading, Refused, gathered
from kpi.documents.runs import ALTERNATIVES, Runs, W, chosen
from kpi.schema import Location

_P, _TABLE, _ROW = f"{W}p", f"{W}tbl", f"{W}tr"
_PARAGRAPH_PROPERTIES, _ROW_PROPERTIES = f"{W}pPr", f"{W}trPr"
# Wrappers whose content counts as if they were not there.
_TRANSPARENT = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "body"))
_DELETED = frozenset(W + name for name in ("del", "moveFrom"))


def read(data: bytes) -> Content:
    """Read the bytes of a Word file."""
    reading = Reading()
    return gathered(_blocks(data, reading), reading)


def _blocks(data: bytes, reading: Reading) -> Iterator[Block]:
    package = Package(data)
    main = package.main("word/document.xml")
    content = package.bytes(main)
    if content is None:
        raise Refused("damaged_file", f"缺少 {main}")
    root = parsed(content)
    body = root.find(f"{W}body")
    if body is None:
        raise Refused("damaged_file", "不是 Word 正文")
    yield from _Walk(reading, _numbering(package, main, content)).blocks(body, 0)


def _numbering(package: Package, main: str, content: bytes) -> Numbering:
    """The lists of the document; a damaged list costs its numbers, nothing else."""
    parts = {kind.rpartition("/")[2]: name for kind, name, _ in package.targets(main)}
    styles = numbered_styles(package.bytes(parts.get("styles", "word/styles.xml")) or b"")
    if b"numPr" not in content and not any(b'"%s"' % style.encode() in content for style in styles):
        return Numbering(None, {})
    try:
        return Numbering(package.xml(parts.get("numbering", "word/numbering.xml")), styles)
    except (etree.XMLSyntaxError, ValueError):
        return Numbering(None, {})


class _Filled(NamedTuple):
    """A cell of the source: the text of its own paragraphs, and all it holds as blocks where it holds tables."""

    spanned: Spanned
    blocks: tuple[Block, ...]


class _Walk:
    """One walk through the main part, in reading order."""

    def __init__(self, reading: Reading, numbering: Numbering) -> None:
        self._reading = reading
        self._numbering = numbering
        self._lines = 0
        self._known: dict[str, Cell] = {}  # by text: the same words stand in many cells

    def blocks(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        """The blocks below ``parent``."""
        if depth > settings.MAX_NESTING:
            self._reading.found(problem("too_deep", str(settings.MAX_NESTING)))
            return
        for child in _children(parent):
            if child.tag == _P:
                yield from self._paragraph(child, depth)
            elif child.tag == _TABLE:
                yield from self._table(child, depth)

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Block]:
        runs = self._runs(element)
        self._lines += 1
        text, source = clean(runs.text), "".join(runs.source)
        if text or source.strip():
            yield Paragraph(text, Location(line=self._lines), source)
        for box in runs.boxes:
            yield from self.blocks(box, depth + 1)

    def _runs(self, paragraph: etree._Element) -> Runs:
        runs = Runs()
        first = paragraph[0] if len(paragraph) else None
        if first is not None and first.tag == _PARAGRAPH_PROPERTIES and (number := self._numbering.prefix(first)):
            runs.add(number)
        runs.collect(paragraph)
        return runs

    # -------------------------------------------------------------------------------------------- tables

    def _table(self, element: etree._Element, depth: int) -> Iterator[Block]:
        """The table, then the tables within its cells; of a table that only frames others, what it frames."""
        if depth >= settings.MAX_NESTING:
            self._reading.found(problem("too_deep", str(settings.MAX_NESTING)))
            return
        number = self._reading.tables
        rows, nested = self._rows(element, depth)
        if nested and _is_frame(rows):
            for row in rows:
                for cell in row:
                    yield from cell.blocks
            return
        inner = [block for row in rows for cell in row for block in cell.blocks if isinstance(block, Table)]
        self._reading.tables = number
        if table := self._reading.table_of_spans([cell.spanned for cell in row] for row in rows):
            yield table
        for block in inner:
            self._reading.tables += 1
            yield block._replace(number=self._reading.tables)

    def _rows(self, element: etree._Element, depth: int) -> tuple[list[list[_Filled]], bool]:
        rows: list[list[_Filled]] = []
        nested = False
        known = self._known
        merged: set[int] = set()  # the grid columns in which a merged cell is open
        for child in _children(element):
            if child.tag != _ROW:
                continue
            self._reading.check_time()
            if len(rows) > self._reading.rows:
                break  # one more than may be read: enough to say that there were more
            properties = next(child.iterchildren(_ROW_PROPERTIES), None)
            before = after = 0
            if properties is not None:
                if properties.find(f"{W}del") is not None:
                    continue
                before = whole(properties.find(f"{W}gridBefore"), 0)
                after = whole(properties.find(f"{W}gridAfter"), 0)
            row = [_Filled(Spanned(EMPTY, 1, before), ())] if before else []
            at = before
            for (text, span, merge), blocks in self._cells(child, depth):
                if merge == COVERED and at in merged:
                    cell, blocks = EMPTY, ()
                elif (cell := known.get(text, EMPTY)) is EMPTY and text:
                    cell = known[text] = Cell(clean(text))
                if merge == TOP:
                    merged.add(at)
                elif merge != COVERED:
                    merged.discard(at)
                nested = nested or bool(blocks)
                row.append(_Filled(Spanned(cell, 1, span), blocks))
                at += span
            if after:
                row.append(_Filled(Spanned(EMPTY, 1, after), ()))
            rows.append(row)
        return rows, nested

    def _cells(self, row: etree._Element, depth: int) -> Iterator[tuple[Found, tuple[Block, ...]]]:
        """The cells of a row; of one that holds tables also all that is in it."""
        if (plain := plain_row(row, self._numbering.styles)) is not None:
            return ((found, ()) for found in plain)
        return self._difficult(row, depth)

    def _difficult(self, row: etree._Element, depth: int) -> Iterator[tuple[Found, tuple[Block, ...]]]:
        for cell in _children(row):
            if cell.tag != CELL:
                continue
            if next(cell.iter(_TABLE), None) is None:
                pieces: list[str] = []
                self._lines_of_cell(cell, pieces, depth)
                yield Found("\n".join(pieces), *spans(cell)), ()
            else:
                blocks = tuple(self.blocks(cell, depth + 1))
                text = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
                yield Found(text, *spans(cell)), blocks

    def _lines_of_cell(self, parent: etree._Element, pieces: list[str], depth: int) -> None:
        if depth > settings.MAX_NESTING:
            self._reading.found(problem("too_deep", str(settings.MAX_NESTING)))
            return
        for child in _children(parent):
            if child.tag == _P:
                runs = self._runs(child)
                pieces.append(runs.text)
                for box in runs.boxes:
                    self._lines_of_cell(box, pieces, depth + 1)


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """The children of ``parent``, through content controls and the like; deleted ones are left out."""
    for child in parent:
        tag = child.tag
        if tag in _TRANSPARENT:
            yield from _children(child)
        elif tag == ALTERNATIVES:
            yield from _children(chosen(child))
        elif tag not in _DELETED:
            yield child


def _is_frame(rows: list[list[_Filled]]) -> bool:
    """Whether a table with tables in it only lays out a page: no row of it has content in two cells."""
    return all(sum(bool(cell.spanned.cell.text or cell.blocks) for cell in row) <= 1 for row in rows)
