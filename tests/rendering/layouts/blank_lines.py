"""One cell a line and a blank line between cells, so that empty cells vanish: a copy from a web page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, PageBreak, Table, TargetTable


def blank_lines(blocks: Iterable[Block]) -> str:
    """Writes a document cell by cell; of rows and of empty cells nothing is left, lines of a cell become one."""
    return "\n\n".join(text for block in blocks for text in _texts(block) if text.strip()) + "\n"


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Table() | TargetTable():
            yield from (cell.text.replace("\n", " ") for cells in block.rows for cell in cells)
        case Caption(texts):
            yield from texts
        case PageBreak():
            pass
        case _:
            yield block.text
