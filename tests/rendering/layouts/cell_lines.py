"""One cell a line with a leading tab, a blank line per row: what a converted Word file looks like."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from ..blocks import Block, Caption, PageBreak, Row, Section, Table, TableTitle, TargetTable, broken

WIDTH = 40


def cell_lines(blocks: Iterable[Block]) -> str:
    """Writes a document cell by cell.

    Cells merged to the right vanish, cells merged downwards are empty. A further line of a cell has no tab.
    Section headings carry a bookmark, titles of target tables a field code.
    """
    bookmark = count(1)
    return "".join(_text(block, bookmark) for block in blocks)


def _text(block: Block, bookmark: count[int]) -> str:
    match block:
        case TargetTable(head, indicators):
            return (_table(head) if head else "") + _table(indicators)
        case Table(rows):
            return _table(rows)
        case Caption(texts):
            return "".join(f"\t{text}\n" for text in texts) + "\n" if texts else ""
        case Section(text):
            return f"[bookmark: _Toc_2_2_{next(bookmark):010}]{text}\n"
        case TableTitle(text, field_code):
            return f"{text} TC {field_code} \\f C \\l 1 \n"
        case PageBreak():
            return ""
        case _:
            return f"{block.text}\n"


def _table(rows: tuple[Row, ...]) -> str:
    """The rows, each with its blank line, and one more blank line for the end of the table."""
    return "".join(_row(cells) for cells in rows) + "\n"


def _row(cells: Row) -> str:
    return "".join("\t" + "\n".join(broken(cell, WIDTH)) + "\n" for cell in cells) + "\n"
