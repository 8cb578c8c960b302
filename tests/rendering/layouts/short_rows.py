"""Pipe rows in which merged cells are simply absent: what a converter that knows no merging makes of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, PageBreak, Row, Table, TargetTable


def short_rows(blocks: Iterable[Block]) -> str:
    """Writes a document in pipe rows without a rule under the heading.

    Merged cells stand once and leave nothing where they go on, to the right or below, so that the columns of a
    row shift left.
    """
    return "\n".join(part for block in blocks for part in _parts(block))


def _parts(block: Block) -> Iterator[str]:
    match block:
        case TargetTable(head, indicators, tiers):
            yield _table((*head, *(_without_tiers(cells, tiers) for cells in indicators)))
        case Table(rows):
            yield _table(rows)
        case Caption(texts):
            yield from (f"{text}\n" for text in texts if text)
        case PageBreak():
            pass
        case _:
            yield f"{block.text}\n"


def _without_tiers(cells: Row, tiers: int) -> Row:
    """The row without the tier cells that go on from above, over a page break too."""
    return tuple(cell for at, cell in enumerate(cells) if cell.text or at >= tiers)


def _table(rows: Iterable[Row]) -> str:
    lines = (" | ".join(cell.text.replace("\n", " ") for cell in cells if not cell.above) for cells in rows)
    return "".join(f"| {line} |\n" for line in lines)
