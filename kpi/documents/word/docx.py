"""Word files (docx, docm, both forms of the format) → blocks, straight from the XML of the main part.

What a reviewer deleted is left out, what he inserted is kept; of alternative contents one is read. A paragraph's
``source`` holds field codes, bookmark names and hidden text as well; its place is its number among the paragraphs
outside of tables (``line``), for a Word file has neither lines nor pages of its own. Automatic numbers are restored.
A web page that the file holds for Word to take in counts as its text (``chunks.py``). Macros, links, headers, footnotes
and comments are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from kpi import settings
from kpi.documents.cleaning import clean
from kpi.documents.grid import EMPTY, Spanned
from kpi.documents.model import Block, Cell, Content, Paragraph, Table
from kpi.documents.package import Package, parsed
from kpi.documents.problems import problem
from kpi.documents.reading import Reading, Refused, gathered
from kpi.documents.word import chunks
from kpi.documents.word.cells import CELL, COVERED, TOP, Found, plain_row, spans, whole
from kpi.documents.word.numbering import Numbering, numbered_styles
from kpi.documents.word.runs import ALTERNATIVES, Runs, T, W, chosen
from kpi.schema import Location

_P, _TABLE, _ROW, _CHUNK = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}altChunk"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PARAGRAPH_PROPERTIES, _ROW_PROPERTIES = f"{W}pPr", f"{W}trPr"
# Wrappers whose content counts as if they were not there.
_TRANSPARENT = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "body"))
_DELETED = frozenset(W + name for name in ("del", "moveFrom"))
_EMPTY, _UNKNOWN = Spanned(EMPTY), Spanned(EMPTY)


def read(data: bytes) -> Content:
    """Read the bytes of a Word file."""
    reading = Reading()
    return gathered(_blocks(data, reading), reading)


class Places(NamedTuple):
    """The elements that places in a Word file lead to: table 3 is ``tables[2]``, line 5 is ``paragraphs[4]``."""

    root: etree._Element
    tables: list[etree._Element]
    paragraphs: list[etree._Element]


def places(package: Package) -> Places:
    """The elements behind the places that reading this file gives, in the tree of its main part.

    Raises :class:`~kpi.documents.reading.Refused` or ``XMLSyntaxError`` where the file cannot be read to its end.
    """
    walk, body = _opened(package, Reading())
    for _ in walk.blocks(body, 0):
        pass
    return Places(body.getroottree().getroot(), walk.tables, walk.paragraphs)


class Covered(NamedTuple):
    """A cell and the columns of a row that it covers, counted from 1; a merge downwards is its first cell."""

    columns: range
    cell: etree._Element


def cells(table: etree._Element) -> list[list[Covered]]:
    """The cells of a table as they are read, row by row."""
    found: list[list[Covered]] = []
    tops: dict[int, etree._Element] = {}  # by the column in which they begin
    for element, properties in _rows(table):
        at = 1 + (0 if properties is None else whole(properties.find(f"{W}gridBefore"), 0))
        row: list[Covered] = []
        for cell in _cells(element):
            width, merge = spans(cell)
            tops[at] = tops.get(at, cell) if merge == COVERED else cell
            row.append(Covered(range(at, at + width), tops[at]))
            at += width
        found.append(row)
    return found


def _blocks(data: bytes, reading: Reading) -> Iterator[Block]:
    walk, body = _opened(Package(data), reading)
    yield from walk.blocks(body, 0)


def _opened(package: Package, reading: Reading) -> tuple[_Walk, etree._Element]:
    """A walk that is about to begin, and the body that it goes through."""
    main = package.main("word/document.xml")
    content = package.bytes(main)
    if content is None:
        raise Refused("damaged_file", f"缺少 {main}")
    body = parsed(content).find(f"{W}body")
    if body is None:
        raise Refused("damaged_file", "不是 Word 正文")
    return _Walk(reading, _numbering(package, main, content), package, main), body


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


class _Walk:
    """One walk through the main part, in reading order."""

    def __init__(self, reading: Reading, numbering: Numbering, package: Package, main: str) -> None:
        self._reading = reading
        self._numbering = numbering
        self._package, self._main = package, main
        self._parts: dict[str, str] | None = None  # by id, once they are asked for
        self.tables: list[etree._Element] = []  # in the order of their numbers
        self.paragraphs: list[etree._Element] = []  # those outside of tables, and parts of another format
        self._known: dict[str, Spanned] = {"": _EMPTY}  # by text: the same words stand in many cells

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
            elif child.tag == _CHUNK:
                yield from self._chunk(child)

    def _chunk(self, element: etree._Element) -> Iterator[Block]:
        """What another document within the file holds; its places lead to the element that names it."""
        self._reading.check_time()
        if self._parts is None:
            self._parts = {number: part for _, part, number in self._package.targets(self._main)}
        self.paragraphs.append(element)
        part = self._parts.get(element.get(_ID, ""))
        for block in chunks.blocks(self._package, part, len(self.paragraphs), self._reading):
            if isinstance(block, Table):
                self.tables.append(element)
            yield block

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Block]:
        runs = self._runs(element)
        self.paragraphs.append(element)
        text, source = clean(runs.text), "".join(runs.source)
        if text or source.strip():
            yield Paragraph(text, Location(line=len(self.paragraphs)), source)
        for box in runs.boxes:
            yield from self.blocks(box, depth + 1)

    def _runs(self, paragraph: etree._Element) -> Runs:
        runs = Runs()
        first = paragraph[0] if len(paragraph) else None
        if first is not None and first.tag == _PARAGRAPH_PROPERTIES and (number := self._numbering.prefix(first)):
            runs.add(number)
        runs.collect(paragraph)
        runs.settle()
        return runs

    # -------------------------------------------------------------------------------------------- tables

    def _table(self, element: etree._Element, depth: int) -> Iterator[Block]:
        """The table, then the tables within its cells; of a table that only frames others, what it frames."""
        if depth >= settings.MAX_NESTING:
            self._reading.found(problem("too_deep", str(settings.MAX_NESTING)))
            return
        if _is_frame(element):
            for row, _ in _rows(element):
                for cell in _cells(row):
                    yield from self.blocks(cell, depth + 1)
            return
        number = self._reading.tables
        before = len(self.tables)
        rows, inner = self._spanned(element, depth)
        self._reading.tables = number
        if table := self._reading.table_of_spans(rows):
            self.tables.insert(before, element)
            yield table
        for block in inner:
            self._reading.tables += 1
            yield block._replace(number=self._reading.tables)

    def _spanned(self, element: etree._Element, depth: int) -> tuple[list[list[Spanned]], list[Table]]:
        """The rows of a table, and the tables within its cells."""
        rows: list[list[Spanned]] = []
        inner: list[Table] = []
        known = self._known
        merged: set[int] = set()  # the grid columns in which a merged cell is open
        for element_of_row, properties in _rows(element):
            self._reading.check_time()
            if len(rows) > self._reading.rows:
                break  # one more than may be read: enough to say that there were more
            before = after = 0
            if properties is not None:
                before = whole(properties.find(f"{W}gridBefore"), 0)
                after = whole(properties.find(f"{W}gridAfter"), 0)
            row = [Spanned(EMPTY, 1, before)] if before else []
            at = before
            plain = plain_row(element_of_row, self._numbering.styles)
            for text, span, merge in self._difficult(element_of_row, depth, inner) if plain is None else plain:
                if merge == COVERED and at in merged:
                    cell = _EMPTY
                elif (cell := known.get(text, _UNKNOWN)) is _UNKNOWN:
                    cell = known[text] = Spanned(Cell(clean(text)))
                if merge == TOP:
                    merged.add(at)
                elif merge != COVERED:
                    merged.discard(at)
                row.append(cell if span == 1 else cell._replace(columns=span))
                at += span
            if after:
                row.append(Spanned(EMPTY, 1, after))
            rows.append(row)
        return rows, inner

    def _difficult(self, row: etree._Element, depth: int, inner: list[Table]) -> Iterator[Found]:
        """The cells of a row that is not plain; the tables within them are added to ``inner``."""
        for cell in _cells(row):
            pieces: list[str] = []
            if next(cell.iter(_TABLE), None) is None:
                self._lines_of_cell(cell, pieces, depth)
            else:
                for block in self.blocks(cell, depth + 1):
                    if isinstance(block, Table):
                        inner.append(block)
                    else:
                        pieces.append(block.text)
            yield Found("\n".join(pieces), *spans(cell))

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


def _rows(table: etree._Element) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """The rows of a table that nobody deleted, each with its properties."""
    for child in _children(table):
        if child.tag == _ROW:
            properties = next(child.iterchildren(_ROW_PROPERTIES), None)
            if properties is None or properties.find(f"{W}del") is None:
                yield child, properties


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (child for child in _children(row) if child.tag == CELL)


def _is_frame(table: etree._Element) -> bool:
    """Whether a table with tables in it only lays out a page: no row of it has content in two cells."""
    if next(table.iterdescendants(_TABLE), None) is None:
        return False
    return all(sum(map(_is_filled, _cells(row))) <= 1 for row, _ in _rows(table))


def _is_filled(cell: etree._Element) -> bool:
    return any(one.tag == _TABLE or (one.text or "").strip() for one in cell.iter(_TABLE, T))
