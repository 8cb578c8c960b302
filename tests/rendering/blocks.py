"""What a rendered document consists of, before a layout writes it as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: Its text; a line break stands between paragraphs.
        span: The number of grid columns it covers.
        breakable: A layout may break its text over several lines.
        above: It is the lower part of the cell above it, and empty.
    """

    text: str = ""
    span: int = 1
    breakable: bool = False
    above: bool = False


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of the whole document."""

    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class TableTitle:
    """The title over a target table, with the title its field code names."""

    text: str
    field_code: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """The line over a table: organisation, year, unit of money."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Any table that is not a target table."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A target table: what is said of the project, then the indicators under their headings.

    `tiers` is the number of columns, counted from the first, that hold tiers.
    """

    head: tuple[Row, ...]
    indicators: tuple[Row, ...]
    tiers: int = 2

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows from top to bottom."""
        return (*self.head, *self.indicators)


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows stands on a new page, in the formats that have pages."""


Block = Heading | Section | TableTitle | Paragraph | Caption | Table | TargetTable | PageBreak


def row(*texts: str) -> Row:
    """A row of plain cells."""
    return tuple(Cell(text) for text in texts)


def on_grid(cells: Row) -> list[Cell]:
    """The row with an empty cell for every further grid column that a cell covers."""
    return [part for cell in cells for part in (cell, *[Cell()] * (cell.span - 1))]


def broken(cell: Cell, length: int) -> list[str]:
    """The lines of a cell, its paragraphs broken at `length` where the text may be broken.

    A line ends only between two Chinese characters, so that joining the lines again gives the text back.
    """
    paragraphs = cell.text.split("\n")
    if not cell.breakable:
        return paragraphs
    return [line for paragraph in paragraphs for line in _wrap(paragraph, length)]


def _wrap(text: str, length: int) -> Sequence[str]:
    for at in range(length, len(text) - 1):
        if _chinese(text[at - 1]) and _chinese(text[at]):
            return [text[:at], *_wrap(text[at:], length)]
    return [text]


def _chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


class Spot(NamedTuple):
    """A cell as it is seen: its first row and column, counted from 0, and how many of each it covers."""

    row: int
    column: int
    rows: int
    columns: int
    cell: Cell


def spots(rows: Sequence[Row]) -> Iterator[Spot]:
    """The cells of a table as they are seen, merged ones once."""
    grid = [list(_starts(cells)) for cells in rows]
    for at, cells in enumerate(grid):
        for column, cell in cells:
            if not cell.above:
                below = at + 1
                while below < len(grid) and any(c == column and lower.above for c, lower in grid[below]):
                    below += 1
                yield Spot(at, column, below - at, cell.span, cell)


def _starts(cells: Row) -> Iterator[tuple[int, Cell]]:
    column = 0
    for cell in cells:
        yield column, cell
        column += cell.span


def unmerged(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with the text of a cell merged downwards in each row that it covers."""
    texts: dict[int, str] = {}
    for cells in rows:
        filled = []
        for column, cell in _starts(cells):
            texts[column] = texts[column] if cell.above else cell.text
            filled.append(replace(cell, text=texts[column], above=False))
        yield tuple(filled)


def width(rows: Iterable[Row]) -> int:
    """The number of grid columns of a table."""
    return max(sum(cell.span for cell in cells) for cells in rows)
