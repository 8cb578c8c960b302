"""Every table one flat line with single spaces between cells: what a chat window or a form field leaves of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, PageBreak, Table, TargetTable

BETWEEN = " "


def flat_lines(blocks: Iterable[Block]) -> str:
    """Writes a document with each table in one line; empty cells vanish, and which rows there were."""
    return joined(blocks, BETWEEN)


def joined(blocks: Iterable[Block], between: str) -> str:
    """Writes a document with each table in one line, its filled cells `between` apart."""
    return "".join(f"{line}\n" for block in blocks for line in _lines(block, between))


def _lines(block: Block, between: str) -> Iterator[str]:
    match block:
        case Table() | TargetTable():
            texts = (" ".join(cell.text.split()) for cells in block.rows for cell in cells)
            yield between.join(text for text in texts if text)
        case Caption(texts):
            yield from filter(None, texts)
        case PageBreak():
            pass
        case _:
            yield block.text
