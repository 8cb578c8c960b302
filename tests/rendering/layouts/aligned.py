"""Columns aligned by spaces: what `pdftotext -layout` and a terminal make of a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ..blocks import Block, Caption, PageBreak, Row, Table, TargetTable, on_grid, spots, width

GAP = 2
WIDE = "WFA"


def aligned(blocks: Iterable[Block]) -> str:
    """Writes a document with two spaces or more between columns; a Chinese character is two wide."""
    return "\n".join(part for block in blocks for part in _parts(block))


def _parts(block: Block) -> Iterator[str]:
    match block:
        case TargetTable(head, indicators):
            yield (_table(head) if head else "") + _table(indicators)
        case Table(rows):
            yield _table(rows)
        case Caption(texts):
            yield from (f"{text}\n" for text in texts if text)
        case PageBreak():
            pass
        case _:
            yield f"{block.text}\n"


def _table(rows: Sequence[Row]) -> str:
    room = [0] * width(rows)
    for spot in sorted(spots(rows), key=lambda spot: spot.columns):
        ends = spot.column + spot.columns
        if spot.columns == 1 or ends < len(room):  # what spans to the end of the row runs over
            missing = _wide(_flat(spot.cell.text)) + GAP - sum(room[spot.column : ends])
            room[ends - 1] += max(missing, 0)
    return "".join(f"{_line([_flat(cell.text) for cell in on_grid(cells)], room)}\n" for cells in rows)


def _flat(text: str) -> str:
    """The text in one line, with no gap in it that could be one between columns."""
    return " ".join(text.split())


def _line(texts: list[str], rooms: list[int]) -> str:
    line, begins = "", 0
    for text, room in zip(texts, rooms, strict=True):
        if text:
            line += " " * max(begins - _wide(line), GAP if line else 0) + text
        begins += room
    return line


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in WIDE else 1 for character in text)
