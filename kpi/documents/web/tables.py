"""Tables of a web page while they are open, and what they turn out to be: data, or the frame of a page's layout."""

from __future__ import annotations

import bisect
from typing import NamedTuple

import regex
from lxml import etree

from kpi import settings
from kpi.documents.raised import settled

_UNCOUNTED = 65_535  # the parser gives this line, or any, to all that stands further down


def line_of(element: etree._Element) -> int | None:
    """The line of the source where ``element`` begins; ``None`` behind the lines that the parser can count."""
    line: object = element.sourceline
    return line if isinstance(line, int) and line < _UNCOUNTED else None


class Line(NamedTuple):
    """A line of text outside data tables, and the line of the source where it begins."""

    text: str
    number: int | None


FoundCell = tuple[str, int, int, int | None]  # text, rows and columns that it spans, line of the source


class Found(NamedTuple):
    """A data table: rows of cells."""

    rows: list[list[FoundCell]]


class Flow:
    """Lines of text and the tables between them: those of the page, or of a cell."""

    def __init__(self) -> None:
        self.items: list[Line | Found] = []
        self._pieces: list[str] = []
        self._raised: set[int] = set()  # which of the pieces stand above the line
        self._line: int | None = None

    def add(self, text: str, line: int | None, *, is_raised: bool = False) -> None:
        """Text that goes on the current line."""
        if text:
            if not self._pieces or self._line is None:
                self._line = line
            if is_raised:
                self._raised.add(len(self._pieces))
            self._pieces.append(text)

    def end_line(self) -> None:
        """What follows stands on a new line."""
        text = "".join(settled(self._pieces, self._raised) if self._raised else self._pieces).strip()
        if text:
            self.items.append(Line(text, self._line))
        self._pieces, self._raised, self._line = [], set(), None

    @property
    def text(self) -> str:
        """The lines of the flow, without the tables between them."""
        return "\n".join(item.text for item in self.items if isinstance(item, Line))

    @property
    def tables(self) -> list[Found]:
        """The tables between the lines."""
        return [item for item in self.items if isinstance(item, Found)]


class _OpenCell(NamedTuple):
    element: etree._Element
    flow: Flow
    rows: int
    columns: int


class OpenTable:
    """A table up to the tag that is being read. ``element`` is ``None`` where rows stand outside any table."""

    def __init__(self, element: etree._Element | None) -> None:
        self.element = element
        self.in_cell = False
        self._outside = Flow()  # a caption, and text that stands in no cell
        self._sections: dict[str, list[list[_OpenCell]]] = {"tbody": [], "tfoot": []}
        self._section = "tbody"
        self._starts: dict[str, list[int]] = {"tbody": [], "tfoot": []}  # the rows at which groups of rows begin

    @property
    def implied(self) -> bool:
        """Whether the table has no tag of its own."""
        return self.element is None

    @property
    def flow(self) -> Flow:
        """Where text goes: the open cell, or what stands outside the cells."""
        return self._sections[self._section][-1][-1].flow if self.in_cell else self._outside

    def new_section(self, tag: str) -> None:
        """A head, body or foot begins; a foot may stand before the body."""
        self._close_cell()
        self._section = "tfoot" if tag == "tfoot" else "tbody"
        self._starts[self._section].append(len(self._sections[self._section]))

    def new_row(self, element: etree._Element) -> None:
        """A row begins, whether or not the last one was closed."""
        self._close_cell()
        self._sections[self._section].append([])

    def new_cell(self, element: etree._Element) -> None:
        """A cell begins, whether or not the last one was closed."""
        self._close_cell()
        rows = self._sections[self._section]
        if not rows:
            rows.append([])
        down, across = _span(element, "rowspan", settings.MAX_ROWS), _span(element, "colspan", settings.MAX_COLUMNS)
        rows[-1].append(_OpenCell(element, Flow(), down, max(across, 1)))
        self.in_cell = True

    def leave_cell(self, element: etree._Element) -> None:
        """The end tag of a cell."""
        if self.in_cell and self._sections[self._section][-1][-1].element is element:
            self._close_cell()

    def items(self, *, nested: bool) -> list[Line | Found]:
        """What the table is: one table, with those inside it behind it, or the lines and tables that it frames."""
        self._close_cell()
        self._outside.end_line()
        rows = [*self._sections["tbody"], *self._sections["tfoot"]]
        inside = [table for row in rows for cell in row for table in cell.flow.tables]
        several = sum(sum(bool(cell.flow.text) for cell in row) > 1 for row in rows)
        width = max(map(len, rows), default=0)
        is_frame = several < 2 if inside else (width < 2 and (nested or len(rows) < 2))
        if is_frame:
            return [*self._outside.items, *(item for row in rows for cell in row for item in cell.flow.items)]
        found = [
            [_found(cell, _left(at, self._starts[section], len(rows))) for cell in row]
            for section, rows in self._sections.items()
            for at, row in enumerate(rows)
        ]
        return [*self._outside.items, Found(found), *inside]

    def _close_cell(self) -> None:
        if self.in_cell:
            self.flow.end_line()
        self.in_cell = False


_DIGITS = regex.compile(r"\s*(\d{1,9})")


def _span(element: etree._Element, name: str, most: int) -> int:
    """The number of a span; 1 where there is none or nonsense, ``most`` where it is larger."""
    found = _DIGITS.match(element.get(name) or "")
    if not found:
        return 1
    return min(int(found[1]), most)


def _left(at: int, starts: list[int], end: int) -> int:
    """How many rows of its group stand from row ``at`` on: so many a cell with ``rowspan="0"`` covers."""
    following = bisect.bisect_right(starts, at)
    return (starts[following] if following < len(starts) else end) - at


def _found(cell: _OpenCell, left: int) -> FoundCell:
    return cell.flow.text, cell.rows or left, cell.columns, line_of(cell.element)
