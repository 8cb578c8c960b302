"""The one document model that every reader fills: blocks in reading order, each cell with its place in the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kpi.schema import Location, Problem, Source


class Cell(NamedTuple):
    """A table cell: cleaned ``text`` (see :func:`kpi.documents.cleaning.clean`) and where its source text stands.

    ``line`` counts from 1; ``start`` and ``end`` are character offsets in the decoded text. ``place`` is where the text
    stands, where the cell was made of running text and the table's numbers would not lead there.
    """

    text: str
    line: int | None = None
    start: int | None = None
    end: int | None = None
    place: Location | None = None


Row = tuple[Cell, ...]


class Paragraph(NamedTuple):
    """A line of text outside tables: cleaned ``text``, its place, and ``source``, the text before cleaning.

    In a text document ``source`` is the slice of the location; from other formats it may hold field codes as well.
    """

    text: str
    location: Location
    source: str = ""


class Table(NamedTuple):
    """A grid of cells; merged cells are empty except the first. ``number`` counts the tables of the document from 1.

    ``first_row`` and ``first_column`` are what stands before the grid in its sheet, where its first cell is not A1.
    """

    number: int
    rows: tuple[Row, ...]
    page: int | None = None
    sheet: str | None = None
    first_row: int = 0
    first_column: int = 0

    def location(self, row: int, column: int | None = None) -> Location:
        """The place of a cell (of the whole row where no column is given); both indexes count from 0."""
        cells = self.rows[row]
        cell = cells[column] if column is not None and column < len(cells) else None
        first = cell or next((c for c in cells if c.text), cells[0] if cells else None)
        if first and first.place:
            return first.place
        last = cell or next((c for c in reversed(cells) if c.text), first)
        return Location(
            page=self.page,
            sheet=self.sheet,
            line=first.line if first else None,
            table=self.number,
            row=self.first_row + row + 1,
            column=None if column is None else self.first_column + column + 1,
            start=first.start if first else None,
            end=last.end if last else None,
        )


Block = Paragraph | Table


class Content(NamedTuple):
    """What a reader makes of a file: its blocks in reading order, and what could not be read."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


class Document(NamedTuple):
    """What a reader gives: the source's identity, its blocks, and what could not be read."""

    source: Source
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def tables(self) -> Iterator[Table]:
        """The tables, in order."""
        return (block for block in self.blocks if isinstance(block, Table))

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs, in order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))
