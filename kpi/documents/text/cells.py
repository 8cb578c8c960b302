"""Tables in text with one cell a line.

Each cell starts with a tab, a blank line ends the row, a line without a tab continues the cell; two blank lines or a
line of several cells end the table.
"""

from __future__ import annotations

from kpi.documents.model import Cell, Row
from kpi.documents.text.lines import Line, cell_of

_LOOK_AHEAD = 12


def one_cell_a_line(lines: list[Line], at: int) -> bool:
    """Whether lines hold single cells: the first has a leading tab and none inside, and so have most up to a blank."""
    if not lines[at].starts_with_tab or lines[at].several_cells:
        return False
    single = several = 0
    for line in lines[at : at + _LOOK_AHEAD]:
        if line.blank or line.is_pipe_row:
            break
        if "\t" in line.text:
            if line.starts_with_tab and not line.several_cells:
                single += 1
            else:
                several += 1
    return single > several


def cell_lines(lines: list[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at``, and the index behind it."""
    rows: list[Row] = []
    row: list[Cell] = []
    pieces: list[Line] = []
    blanks = 0

    def close_cell() -> None:
        if pieces:
            row.append(cell_of(pieces))
            pieces.clear()

    while at < len(lines) and blanks < 2:
        line = lines[at]
        if line.blank:
            blanks += 1
        elif line.several_cells or line.is_pipe_row:
            break
        elif line.starts_with_tab:
            close_cell()
            if blanks and row:
                rows.append(tuple(row))
                row.clear()
            pieces.append(line)
            blanks = 0
        elif blanks:
            break
        else:
            pieces.append(line)
        at += 1
    close_cell()
    if row:
        rows.append(tuple(row))
    return rows, at
