"""The cells of a Word table's row as they stand in the file: text, columns covered, place in a merge downwards."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from lxml import etree

from kpi import settings
from kpi.documents.word.runs import ALTERNATIVES, CHARACTERS, MATH_TEXT, PRIVATE, RUN, VAL, T, W

CELL = f"{W}tc"
UNMERGED, TOP, COVERED = range(3)
_PARAGRAPH, _STYLE, _SPAN, _MERGE = f"{W}p", f"{W}pStyle", f"{W}gridSpan", f"{W}vMerge"
_PROPERTIES = f"{W}tcPr"
# What needs more than its place in the order of the text.
_DIFFICULT = (
    *(
        W + name
        for name in (
            "tbl",
            "del",
            "moveFrom",
            "sym",
            "vanish",
            "strike",
            "dstrike",
            "vertAlign",
            "ruby",
            "txbxContent",
            "numPr",
        )
    ),
    ALTERNATIVES,
    MATH_TEXT,
)
_ASKED = (CELL, _PARAGRAPH, T, _STYLE, _SPAN, _MERGE, *CHARACTERS, *_DIFFICULT)


class Found(NamedTuple):
    """A cell: its text before cleaning, how many columns it covers, what it is in a merge downwards."""

    text: str
    span: int
    merge: int


def plain_row(row: etree._Element, numbered: Container[str]) -> list[Found] | None:
    """The cells of a row that holds nothing but text; ``None`` where its cells must be walked through one by one,
    as where a paragraph has a number of its own or of one of the ``numbered`` styles.

    Most rows are such. One pass that asks for the elements that matter is several times as fast as a walk.
    """
    cells: list[Found] = []
    lines: list[str] | None = None  # of the open cell
    span, merge = 1, UNMERGED
    for element in row.iter(*_ASKED):
        tag = element.tag
        if tag == CELL:
            if lines is not None:
                cells.append(Found(lines[0] if len(lines) == 1 else "\n".join(lines), span, merge))
            lines, span, merge = [], 1, UNMERGED
        elif lines is None:
            return None
        elif tag == T:
            text = element.text or ""
            if not lines or (not text.isalnum() and PRIVATE.search(text)):
                return None
            lines[-1] += text
        elif tag == _PARAGRAPH:
            lines.append("")
        elif tag == _SPAN:
            span = whole(element, 1)
        elif tag == _MERGE:
            merge = _merge(element)
        elif tag == _STYLE:
            if element.get(VAL) in numbered:
                return None
        elif tag not in CHARACTERS:
            return None
        elif lines and (above := element.getparent()) is not None and above.tag == RUN:
            lines[-1] += CHARACTERS[tag]
    if lines is not None:
        cells.append(Found("\n".join(lines), span, merge))
    return cells


def spans(cell: etree._Element) -> tuple[int, int]:
    """How many columns a cell covers, and what it is in a merge downwards."""
    span, merge = 1, UNMERGED
    properties = next(cell.iterchildren(_PROPERTIES), None)
    if properties is not None:
        for child in properties.iterchildren(_SPAN, _MERGE):
            if child.tag == _SPAN:
                span = whole(child, 1)
            else:
                merge = _merge(child)
    return span, merge


def _merge(element: etree._Element) -> int:
    return TOP if element.get(VAL) == "restart" else COVERED


def whole(element: etree._Element | None, least: int) -> int:
    """The number of columns that an element says, ``least`` where it says none; no more than a table may have."""
    text = None if element is None else element.get(VAL)
    if not text or not text.isascii() or not text.isdigit():
        return least
    return max(least, min(int(text[:9]), settings.MAX_COLUMNS))
