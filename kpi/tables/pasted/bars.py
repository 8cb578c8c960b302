"""Rows broken into a line for each cell, with the bar at the end of the line: the last cell of a row has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpi.documents.cleaning import clean
from kpi.tables import titles, vocabulary
from kpi.tables.pasted.ends import closes
from kpi.tables.pasted.stream import Gap, Token, joined

_LEAST_COLUMNS = 4
_WITHIN = Gap.CELL | Gap.LINE  # the gap between two cells of a row


def rows_of_lines(tokens: Sequence[Token]) -> list[Token]:
    """``tokens`` with the rows below a heading that is written so told apart; as they are where there is none."""
    begin, end = _heading(tokens)
    if not begin < end < len(tokens):
        return list(tokens)
    row_end = Gap.BLANK if tokens[end].gap & Gap.BLANK else Gap.LINE
    width = end - begin
    found = list(tokens[:begin])
    at = begin
    for behind, row in _rows(tokens, begin, row_end):
        filled = len(row) + sum(token.empty for token in row)
        if filled > width or len(row) < 2 or closes(row[0].text[: titles.MAX_TITLE_CHARS + 1]):
            break
        cut = behind == len(tokens)
        first = row[0]._replace(gap=Gap.ROW | Gap.LINE | Gap.CELL, empty=0 if cut else width - filled)
        found += [first, *(token._replace(gap=Gap.CELL) for token in row[1:])]
        at = behind
    return [*found, *tokens[at:]]


def _heading(tokens: Sequence[Token]) -> tuple[int, int]:
    """The first and the last but one of the tokens of a heading with a bar behind each cell but the last."""
    begin = 0
    for at, token in enumerate(tokens):
        if not vocabulary.column_claims(clean(token.text[:40])):
            begin = at + 1
        elif token.gap & _WITHIN != _WITHIN:
            begin = at
        behind = tokens[at + 1].gap if at + 1 < len(tokens) else Gap.CELL
        if at + 1 - begin >= _LEAST_COLUMNS and not behind & Gap.CELL and behind & Gap.LINE:
            return begin, at + 1
    return 0, 0


def _rows(tokens: Sequence[Token], begin: int, row_end: int) -> Iterator[tuple[int, list[Token]]]:
    """Each row as its cells, and the index of the token behind it."""
    cells: list[list[Token]] = []
    for at in range(begin, len(tokens)):
        token = tokens[at]
        if cells and token.gap & Gap.CELL:
            cells.append([token])
        elif cells and not token.gap & (row_end | Gap.OWN | Gap.ROW | Gap.WALL):
            cells[-1].append(token)
        else:
            if cells:
                yield at, [joined(parts) for parts in cells]
            cells = [[token]]
    if cells:
        yield len(tokens), [joined(parts) for parts in cells]
