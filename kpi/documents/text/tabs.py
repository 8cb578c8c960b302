"""Tables in text with tab-separated cells; a cell broken over lines is put together where the widths leave no doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpi.documents.cleaning import clean
from kpi.documents.model import Cell, Row
from kpi.documents.text.lines import Line, cell_at, cell_of

# How many lines a row may be written on, where a cell is quoted and where it is not.
_QUOTED_LINES = 60
_BROKEN_LINES = 5


def tab_rows(lines: list[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at``, and the index behind it."""
    rows: list[Row] = []
    while at < len(lines) and is_row(lines, at):
        if (quoted := _quoted_row(lines, at)) is not None:
            row, at = quoted
        elif (broken := _broken_row(lines, at, rows)) is not None:
            row, at = broken
        else:
            row = tuple(_split(lines[at]))
            at += 1
        rows.append(row)
    return rows, at


def is_row(lines: list[Line], at: int) -> bool:
    """Whether a row starts at ``at``: a line with a tab, or one whose first cell, in quotes, breaks before its tab."""
    text = lines[at].text
    if "\t" in text or not text.startswith('"') or text.count('"') % 2 == 0:
        return "\t" in text
    found = _quoted_row(lines, at)
    return found is not None and len(found[0]) > 1


def _split(line: Line) -> Iterator[Cell]:
    start = 0
    for piece in line.text.split("\t"):
        yield cell_at(piece, line, start, start + len(piece))
        start += len(piece) + 1


def _quoted_row(lines: list[Line], at: int) -> tuple[Row, int] | None:
    """A row with a cell that holds line breaks and so stands in quotes, as spreadsheets paste it; else ``None``."""
    if '"' not in lines[at].text:
        return None
    cells: list[Cell] = []
    parts: list[str] = []  # of the open cell
    first = (lines[at].number, 0)
    for n in range(at, min(at + _QUOTED_LINES, len(lines))):
        line, start = lines[n], lines[n].start
        for number, piece in enumerate(line.text.split("\t")):
            end = start + len(piece)
            if parts:
                parts.append(("\t" if number else "\n") + piece)
            elif piece.startswith('"') and piece.count('"') % 2:
                parts, first = [piece], (line.number, start)
            else:
                cells.append(Cell(clean(piece), line.number, start, end))
            if parts and sum(part.count('"') for part in parts) % 2 == 0:
                text = "".join(parts).strip()
                cells.append(Cell(clean(text[1:-1].replace('""', '"')), first[0], first[1] + 1, end))
                parts = []
            start = end + 1
        if not parts:
            return (tuple(cells), n + 1) if n > at else None
    return None


def _broken_row(lines: list[Line], at: int, rows: Sequence[Row]) -> tuple[Row, int] | None:
    """The row at ``at``, one of whose cells is broken over lines, and the index behind it.

    Its first and last line are short, plain lines stand between them, and together they are as wide as the row above
    and one more beside: then no other reading is left. ``None`` wherever that is not so.
    """
    if not rows:
        return None
    width, head = len(rows[-1]), lines[at].text.count("\t") + 1
    behind = at + 1
    while behind < len(lines) and behind - at <= _BROKEN_LINES and lines[behind].plain:
        behind += 1
    if behind == at + 1 or behind == len(lines) or head >= width:
        return None
    tail = lines[behind].text.count("\t") + 1
    following = lines[behind + 1].text.count("\t") + 1 if behind + 1 < len(lines) else 0
    witness = following == width or (len(rows) > 1 and len(rows[-2]) == width)
    if not 1 < tail < width or head + tail - 1 != width or not witness:
        return None
    before, after = list(_split(lines[at])), list(_split(lines[behind]))
    return (*before[:-1], _joined(lines[at : behind + 1]), *after[1:]), behind + 1


def _joined(lines: Sequence[Line]) -> Cell:
    """The cell that starts behind the last tab of the first line and ends before the first tab of the last."""
    first, last = lines[0], lines[-1]
    begins = first.text.rindex("\t") + 1
    opening = Line(first.text[begins:], first.number, first.start + begins)
    closing = Line(last.text[: last.text.index("\t")], last.number, last.start)
    return cell_of((opening, *lines[1:-1], closing))
