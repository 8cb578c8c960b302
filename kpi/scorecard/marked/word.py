"""Comments in Word files: on the paragraph of a cell, or on a paragraph outside of tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from lxml import etree

from kpi.documents.package import Package
from kpi.documents.reading import Refused
from kpi.documents.word.docx import Covered, cells, places
from kpi.documents.word.runs import W
from kpi.schema import Location
from kpi.scorecard.marked.notes import AUTHOR, INITIALS, Note
from kpi.scorecard.marked.parts import OFFICE_LINKS, Parts

_KIND = f"{OFFICE_LINKS}/comments"
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_P, _T, _ID = f"{W}p", f"{W}t", f"{W}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def mark(parts: Parts, notes: Sequence[Note]) -> None:
    """Add the ``notes`` to a Word file; those at one place make one comment. Comments that are there stay."""
    found = _Found(parts.package)
    by_paragraph: dict[etree._Element, list[str]] = {}
    for note in notes:
        by_paragraph.setdefault(found.paragraph(note.location), []).append(note.text)
    main = parts.package.main("word/document.xml")
    part, root = _comments(parts, main)
    used = {element.get(_ID, "") for element in root}
    free = (number for number in map(str, count()) if number not in used)
    for (paragraph, texts), number in zip(by_paragraph.items(), free, strict=False):
        _refer(paragraph, number)
        comment = etree.SubElement(root, f"{W}comment", {_ID: number, f"{W}author": AUTHOR, f"{W}initials": INITIALS})
        for text in texts:
            run = etree.SubElement(etree.SubElement(comment, _P), f"{W}r")
            etree.SubElement(run, _T, {_SPACE: "preserve"}).text = text
    parts.put(main, found.root)
    parts.put(part, root)


def _comments(parts: Parts, main: str) -> tuple[str, etree._Element]:
    """The part of the comments and its root, made where there is none."""
    part = next((name for kind, name, _ in parts.package.targets(main) if kind.endswith("/comments")), None)
    if part is not None and (root := parts.root(part)) is not None:
        return part, root
    part = parts.unused("word/comments{}.xml")
    parts.link(main, _KIND, part)
    parts.say_type(part, _MEDIA_TYPE)
    return part, etree.Element(f"{W}comments", nsmap={"w": W.strip("{}")})


class _Found:
    """The elements behind places, each table looked through once."""

    def __init__(self, package: Package) -> None:
        self.root, self._tables, self._paragraphs = places(package)
        self._cells: dict[int, list[list[Covered]]] = {}
        self._first = next(self.root.iter(_P), None)

    def paragraph(self, location: Location | None) -> etree._Element:
        """The paragraph of a place; the first one of the document where the place is not in it."""
        if location is not None:
            if location.line is not None and 0 < location.line <= len(self._paragraphs):
                return self._paragraphs[location.line - 1]
            if (cell := self._cell(location)) is not None and (paragraph := _of_cell(cell)) is not None:
                return paragraph
        if self._first is None:
            raise Refused("damaged_file", "不是 Word 正文")
        return self._first

    def _cell(self, location: Location) -> etree._Element | None:
        """The cell of a place; the first of its row where it names no column, of its table where there is none such."""
        number, row, column = location.table, location.row, location.column
        if number is None or not 0 < number <= len(self._tables):
            return None
        rows = self._cells.get(number) or self._cells.setdefault(number, cells(self._tables[number - 1]))
        beside = rows[row - 1] if row is not None and 0 < row <= len(rows) else []
        exact = (covered.cell for covered in beside if column is not None and column in covered.columns)
        return next(exact, next((covered.cell for covered in (*beside, *(rows[0] if rows else ()))), None))


def _of_cell(cell: etree._Element) -> etree._Element | None:
    """The first paragraph of a cell with text, else its first one."""
    paragraphs = list(cell.iter(_P))
    filled = (one for one in paragraphs if any((text.text or "").strip() for text in one.iter(_T)))
    return next(filled, paragraphs[0] if paragraphs else None)


def _refer(paragraph: etree._Element, number: str) -> None:
    """Put the whole paragraph under the comment of that number."""
    start = etree.Element(f"{W}commentRangeStart", {_ID: number})
    paragraph.insert(1 if len(paragraph) and paragraph[0].tag == f"{W}pPr" else 0, start)
    etree.SubElement(paragraph, f"{W}commentRangeEnd", {_ID: number})
    run = etree.SubElement(paragraph, f"{W}r")
    etree.SubElement(run, f"{W}commentReference", {_ID: number})
