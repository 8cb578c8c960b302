"""Comments in Word files: on the paragraph of a cell, or on a paragraph outside of tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from lxml import etree

from kpi.documents.reading import Refused
from kpi.documents.word.cells import CELL
from kpi.documents.word.docx import Places, cell_at, places
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
    found = places(parts.package)
    by_paragraph: dict[etree._Element, list[str]] = {}
    for note in notes:
        by_paragraph.setdefault(_paragraph(found, note.location), []).append(note.text)
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


def _paragraph(found: Places, location: Location | None) -> etree._Element:
    """The paragraph of a place; the first one of the document where the place is not in it."""
    if location is not None:
        if location.line is not None and 0 < location.line <= len(found.paragraphs):
            return found.paragraphs[location.line - 1]
        if location.table is not None and location.row is not None and 0 < location.table <= len(found.tables):
            table = found.tables[location.table - 1]
            cell = cell_at(table, location.row, location.column or 1)
            if cell is None:
                cell = next(table.iter(CELL), None)
            if cell is not None and (paragraph := _of_cell(cell)) is not None:
                return paragraph
    first = next(found.root.iter(_P), None)
    if first is None:
        raise Refused("damaged_file", "不是 Word 正文")
    return first


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
