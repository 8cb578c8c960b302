"""Comma-separated values: all blocks of a document below one another, in the encoding that Excel writes in China."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, PageBreak, Table, TargetTable, on_grid


def comma(blocks: Iterable[Block]) -> bytes:
    """Writes a document as csv; a blank row ends a table, lines of a cell stay lines within quotes."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(row for block in blocks for row in _rows(block))
    return buffer.getvalue().encode("gb18030")


def _rows(block: Block) -> Iterator[list[str]]:
    match block:
        case Table() | TargetTable():
            yield from ([cell.text for cell in on_grid(cells)] for cells in block.rows)
            yield []
        case Caption(texts):
            yield list(texts)
        case PageBreak():
            pass
        case _:
            yield [block.text]
