"""The elements of a web page, one after the other → paragraphs and tables. No recursion: pages nest as they like."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

import regex
from lxml import etree

from kpi import settings
from kpi.documents import captions
from kpi.documents.cleaning import clean
from kpi.documents.grid import Spanned, grid
from kpi.documents.model import Block, Cell, Content, Paragraph, Table
from kpi.documents.problems import problem
from kpi.documents.web.tables import Flow, Found, Line, OpenTable, line_of
from kpi.schema import Location, Problem

# Elements that hold nothing a reader of the page sees.
_DROPPED = {
    "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
    "video", "map", "datalist",
}  # fmt: skip
# Elements that stand on lines of their own.
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "article",
    "header", "footer", "main", "nav", "aside", "blockquote", "center", "form", "fieldset", "legend", "address", "hr",
    "figure", "figcaption", "details", "summary", "caption", "body",
}  # fmt: skip
# Struck out; children cannot be otherwise.
_STRUCK = {"del", "s", "strike"}
_STRUCK_STYLE = regex.compile(r"(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*\bline-through\b", regex.IGNORECASE)
_RAISED_STYLE = regex.compile(r"(?:^|;)\s*vertical-align\s*:\s*super\b", regex.IGNORECASE)
_HIDDEN = regex.compile(r"(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all)", regex.IGNORECASE)
_BLANKS = regex.compile(r"[ \t\r\n\f]+")
_FIELDS = {"text", "number", "date", ""}  # types of <input> whose content the page shows
_CHECK_EVERY = 4_096  # elements between two looks at the clock


def blocks_of(root: etree._Element, first_table: int) -> Content:
    """The blocks of a page in reading order, within the limits of the settings."""
    walk = _Walk()
    late = walk.page(root)
    blocks, problems = _blocks(walk.items(), first_table)
    if late:
        problems = (*problems, problem("out_of_time", f"{settings.READ_SECONDS:g}"))
    return Content(blocks, problems)


class _Walk:
    """What is open at a point of the page: the tables around it, and the flow that text goes to."""

    def __init__(self) -> None:
        self.body = Flow()
        self.open: list[OpenTable] = []
        self.preformatted = 0
        self.struck: list[etree._Element] = []  # the open elements that strike out what is in them
        self.raised: list[etree._Element] = []  # and those that raise it above the line

    @property
    def flow(self) -> Flow:
        """The innermost open cell, or the page where none is open."""
        return self.open[-1].flow if self.open else self.body

    def page(self, root: etree._Element) -> bool:
        """Go over the whole page; whether the time did not suffice."""
        end = time.monotonic() + settings.READ_SECONDS
        events = etree.iterwalk(root, events=("start", "end"))
        dropped = None  # the element whose end comes next, where nothing of it is shown
        for count, (event, element) in enumerate(events):
            if not isinstance(element.tag, str):
                continue
            if event == "end":
                if element is not dropped:
                    self.leave(element)
                self._text(element.tail, element)
            elif _dropped(element):
                events.skip_subtree()
                dropped = element
            else:
                self.enter(element)
            if count % _CHECK_EVERY == 0 and time.monotonic() > end:
                return True
        return False

    def enter(self, element: etree._Element) -> None:
        """The start tag of ``element`` and the text behind it."""
        tag = str(element.tag)
        style = element.get("style") or ""
        if tag in _STRUCK or (style and _STRUCK_STYLE.search(style)):
            self.struck.append(element)
        if tag == "sup" or (style and tag not in ("td", "th") and _RAISED_STYLE.search(style)):
            self.raised.append(element)
        if tag == "table":
            self.flow.end_line()
            self.open.append(OpenTable(element))
        elif tag == "tr":
            self._table().new_row(element)
        elif tag in ("td", "th"):
            self._table().new_cell(element)
        elif tag in ("thead", "tbody", "tfoot"):
            self._table().new_section(tag)
        elif tag == "br" or tag in _BLOCKS:
            if self.open and self.open[-1].implied and not self.open[-1].in_cell and tag in _BLOCKS:
                self._close_table()
            self.flow.end_line()
        elif tag == "input":
            if (element.get("type") or "").lower() in _FIELDS and not self.struck:
                self.flow.add(element.get("value") or "", line_of(element))
        elif tag == "option" and element.get("selected") is None:
            return
        self.preformatted += tag == "pre"
        self._text(element.text, element)

    def leave(self, element: etree._Element) -> None:
        """The end tag of ``element``."""
        tag = element.tag
        if tag == "table":
            while self.open and self.open[-1].element is not element:  # rows without a table of their own
                self._close_table()
            self._close_table()
        elif tag in ("td", "th") and self.open:
            self.open[-1].leave_cell(element)
        elif tag in _BLOCKS:
            self.flow.end_line()
        self.preformatted -= tag == "pre"
        if self.struck and self.struck[-1] is element:
            self.struck.pop()
        if self.raised and self.raised[-1] is element:
            self.raised.pop()

    def items(self) -> list[Line | Found]:
        """What was found, in reading order; all that is still open is closed."""
        while self.open:
            self._close_table()
        self.body.end_line()
        return self.body.items

    def _table(self) -> OpenTable:
        """The innermost open table; rows that stand outside any, as in pasted fragments, open one."""
        if not self.open:
            self.body.end_line()
            self.open.append(OpenTable(None))
        return self.open[-1]

    def _close_table(self) -> None:
        if self.open:
            closed = self.open.pop()
            self.flow.items.extend(closed.items(nested=bool(self.open)))

    def _text(self, text: str | None, element: etree._Element) -> None:
        if not text:
            return
        line = line_of(element)
        for number, piece in enumerate(text.splitlines() if self.preformatted else [_BLANKS.sub(" ", text)]):
            if number:
                self.flow.end_line()
            if not self.struck:
                self.flow.add(piece, line, is_raised=bool(self.raised))


def _dropped(element: etree._Element) -> bool:
    if element.tag in _DROPPED or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


class _Limits(NamedTuple):
    cells: int
    rows: int


def _blocks(items: list[Line | Found], first_table: int) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Lines become paragraphs, tables grids; whichever limit is reached first ends the reading."""
    blocks: list[Block] = []
    left = _Limits(settings.MAX_CELLS, settings.MAX_ROWS)
    number = first_table
    for item in items:
        if isinstance(item, Line):
            blocks.extend(_paragraphs(item))
            continue
        spanned = ([_spanned(cell) for cell in row] for row in item.rows[: left.rows])
        made = grid(spanned, left.cells)
        if any(cell.text for row in made.rows for cell in row):
            blocks.append(Table(number, made.rows))
            number += 1
        if made.cut:
            return tuple(blocks), (problem("too_many_cells", f"{settings.MAX_CELLS:,}"),)
        if len(item.rows) > left.rows:
            return tuple(blocks), (problem("too_many_rows", f"{settings.MAX_ROWS:,}"),)
        left = _Limits(left.cells - sum(map(len, made.rows)), left.rows - len(made.rows))
    return tuple(blocks), ()


def _paragraphs(line: Line) -> Iterator[Paragraph]:
    for start, end in captions.spans_of(line.text):
        if cleaned := clean(line.text[start:end]):
            yield Paragraph(cleaned, Location(line=line.number), line.text[start:end])


def _spanned(cell: tuple[str, int, int, int | None]) -> Spanned:
    text, rows, columns, line = cell
    return Spanned(Cell(clean(text), line), rows, columns)
