"""One row a line, cells apart by tabs: what a copy out of a spreadsheet or a converted PDF looks like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, PageBreak, Row, Table, TargetTable, broken, on_grid

WIDTH = 24


def tab_rows(blocks: Iterable[Block]) -> str:
    """Writes a document row by row.

    A merged cell leaves its other grid columns and rows as empty fields. The lines of a cell, and the
    breaks within its long texts, become single blanks.
    """
    return "\n".join(part for block in blocks for part in _parts(block))


def _parts(block: Block) -> Iterator[str]:
    match block:
        case TargetTable(head, indicators):
            yield _table((*head, *indicators))
        case Table(rows):
            yield _table(rows)
        case Caption(texts):
            yield from (f"{text}\n" for text in texts if text)
        case PageBreak():
            pass
        case _:
            yield f"{block.text}\n"


def _table(rows: tuple[Row, ...]) -> str:
    lines = ("\t".join(" ".join(broken(cell, WIDTH)) for cell in on_grid(cells)) for cells in rows)
    return "".join(f"{line}\n" for line in lines)
