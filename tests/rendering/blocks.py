"""What a rendered document consists of, before a layout writes it as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: Its text; a line break stands between paragraphs.
        span: The number of grid columns it covers.
        breakable: A layout may break its text over several lines.
    """

    text: str = ""
    span: int = 1
    breakable: bool = False


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
    """A target table: what is said of the project, then the indicators under their headings."""

    head: tuple[Row, ...]
    indicators: tuple[Row, ...]


Block = Heading | Section | TableTitle | Paragraph | Caption | Table | TargetTable


def row(*texts: str) -> Row:
    """A row of plain cells."""
    return tuple(Cell(text) for text in texts)


def on_grid(cells: Row) -> list[Cell]:
    """The row with an empty cell for every further grid column that a cell covers."""
    return [part for cell in cells for part in (cell, *[Cell()] * (cell.span - 1))]


def broken(cell: Cell, width: int) -> list[str]:
    """The lines of a cell, its paragraphs broken at `width` where the text may be broken.

    A line ends only between two Chinese characters, so that joining the lines again gives the text back.
    """
    paragraphs = cell.text.split("\n")
    if not cell.breakable:
        return paragraphs
    return [line for paragraph in paragraphs for line in _wrap(paragraph, width)]


def _wrap(text: str, width: int) -> Sequence[str]:
    for at in range(width, len(text) - 1):
        if _chinese(text[at - 1]) and _chinese(text[at]):
            return [text[:at], *_wrap(text[at:], width)]
    return [text]


def _chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
