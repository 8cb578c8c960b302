"""Columns aligned by spaces: what `pdftotext -layout` and a terminal make of a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ..blocks import Block, Caption, PageBreak, Row, Table, TargetTable, on_grid

GAP = 2
WIDE = "WFA"


def aligned(blocks: Iterable[Block]) -> str:
    """Writes a document with two spaces or more between columns; a Chinese character is two wide."""
    return "\n".join(part for block in blocks for part in _parts(block))


def _parts(block: Block) -> Iterator[str]:
    match block:
        case TargetTable(head, indicators):
            yield _table(head) + _table(indicators)
        case Table(rows):
            yield _table(rows)
        case Caption(texts):
            yield from (f"{text}\n" for text in texts if text)
        case PageBreak():
            pass
        case _:
            yield f"{block.text}\n"


def _table(rows: Sequence[Row]) -> str:
    grid = [[cell.text.replace("\n", " ") for cell in on_grid(cells)] for cells in rows]
    spans = [[cell.span for cell in cells for _ in range(cell.span)] for cells in rows]
    # Only cells of one column make it wide; what spans several runs over the empty ones.
    columns = [
        max((_wide(line[at]) for line, span in zip(grid, spans, strict=True) if span[at] == 1), default=0) + GAP
        for at in range(len(grid[0]) if grid else 0)
    ]
    return "".join(f"{_line(line, columns)}\n" for line in grid)


def _line(texts: list[str], columns: list[int]) -> str:
    line, begins = "", 0
    for text, room in zip(texts, columns, strict=True):
        if text:
            line += " " * max(begins - _wide(line), GAP if line else 0) + text
        begins += room
    return line


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in WIDE else 1 for character in text)
