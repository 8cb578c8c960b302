"""Pipe rows broken over several lines, one pipe at each line's end: a page turned into text by a browser extension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, PageBreak, Row, Table, TargetTable, on_grid


def bars_at_ends(blocks: Iterable[Block]) -> str:
    """Writes a document cell by cell; a row begins with a pipe, each of its cells ends its line with one."""
    return "\n".join(part for block in blocks for part in _parts(block))


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Table() | TargetTable():
            yield "".join(map(_row, block.rows))
        case Caption(texts):
            yield from (f"{text}\n" for text in texts if text)
        case PageBreak():
            pass
        case _:
            yield f"{block.text}\n"


def _row(cells: Row) -> str:
    texts = (cell.text.replace("\n", " ") for cell in on_grid(cells))
    return "| " + "\n".join(f"{text} |".lstrip() for text in texts) + "\n"
