"""Columns aligned by blanks, as terminals and converters of PDF print them: wrapped cells go on in the lines below."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from kpi.documents import Block, Cell, Paragraph, Row
from kpi.documents.cleaning import clean
from kpi.tables import second_row, vocabulary
from kpi.tables.columns import Columns, columns_of
from kpi.tables.fit import sort_of
from kpi.tables.pasted.stream import Gap, Token, cell, joined


class Piece(NamedTuple):
    """A token and the columns of characters that it covers, ``[left, right)``; a Chinese character covers two."""

    token: Token
    left: int
    right: int


class Grid(NamedTuple):
    """The tokens ``[begin, end)`` as cells: one token a cell, row by row."""

    begin: int
    end: int
    cells: list[Token]


_SPLIT = Gap.WIDE | Gap.LINE | Gap.CELL
_LEAST_COLUMNS = 3
_MOST_PIECES = 40  # a line of more is no row of columns
_MOST_LINES = 2_000


def aligned_columns(blocks: Sequence[Block], tokens: Sequence[Token]) -> Grid | None:
    """The first table whose cells are wrapped within aligned columns; ``None`` where there is none."""
    lines = _lines(blocks, tokens)
    for at, (begin, pieces) in enumerate(lines):
        if len(pieces) >= _LEAST_COLUMNS and _claimed(pieces) >= _LEAST_COLUMNS:
            return _grid(lines[at : at + _MOST_LINES], begin, len(tokens))
    # Without a heading the first line may be cut: its places say nothing then.
    wide = [at for at, (_, pieces) in enumerate(lines) if len(pieces) >= _LEAST_COLUMNS][:2]
    return next((g for at in wide if (g := _grid(lines[at : at + _MOST_LINES], lines[at][0], len(tokens)))), None)


def _claimed(pieces: Sequence[Piece]) -> int:
    return sum(1 for piece in pieces if vocabulary.column_claims(clean(piece.token.text)))


def _lines(blocks: Sequence[Block], tokens: Sequence[Token]) -> list[tuple[int, list[Piece]]]:
    """The lines of text, each with the index of its first token."""
    lines: list[tuple[int, list[Piece]]] = []
    for line, group in groupby(enumerate(tokens), key=lambda pair: pair[1].line):
        found = list(group)
        block = blocks[found[0][1].block]
        start = block.location.start if isinstance(block, Paragraph) else None
        if line is None or start is None:
            continue
        pieces: list[Piece] = []
        wide = 0
        for _, token in found:
            if token.start is None or token.end is None:
                continue
            left = token.start - start + wide
            wide += _wide(token.text)
            right = token.end - start + wide
            if pieces and not token.gap & _SPLIT:
                last = pieces.pop()
                pieces.append(Piece(joined([last.token, token]), last.left, right))
            else:
                pieces.append(Piece(token, left, right))
        lines.append((found[0][0], pieces if len(pieces) <= _MOST_PIECES else pieces[:1]))
    return lines


def _wide(text: str) -> int:
    return sum(1 for char in text if unicodedata.east_asian_width(char) in "WFA")


def _grid(lines: Sequence[tuple[int, list[Piece]]], begin: int, limit: int) -> Grid | None:
    used, end = _table_lines(lines, limit)
    bands = _bands([piece for pieces in used for piece in pieces])
    if len(bands) != max(map(len, used)) or len(bands) < _LEAST_COLUMNS:
        return None
    grid = [[_column(piece, bands) for piece in pieces] for pieces in used]
    rows = _rows(used, grid, bands)
    return Grid(begin, end, rows) if rows else None


def _table_lines(lines: Sequence[tuple[int, list[Piece]]], limit: int) -> tuple[list[list[Piece]], int]:
    """The lines from the heading on, up to one of running text, and the index of the token behind them."""
    used: list[list[Piece]] = []
    for begin, pieces in lines:
        text = pieces[0].token.text
        if used and (
            len(pieces) == 1
            and ((pieces[0].left == 0 and len(text) > 30) or vocabulary.head_label(clean(text[:40])) is not None)
        ):
            return used, begin
        used.append(pieces)
    end = next((begin for begin, _ in lines[len(used) :]), limit)
    return used, end


def _bands(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """The columns: what the pieces cover, apart from one another by blanks."""
    bands: list[tuple[int, int]] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if bands and piece.left <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], piece.right))
        else:
            bands.append((piece.left, piece.right))
    return bands


def _column(piece: Piece, bands: Sequence[tuple[int, int]]) -> int:
    return next(at for at, (left, right) in enumerate(bands) if left <= piece.left < right)


def _rows(used: Sequence[list[Piece]], grid: Sequence[list[int]], bands: Sequence[tuple[int, int]]) -> list[Token]:
    """The cells of all rows, in order; no cells where no heading or no wrapped line is found."""
    heading, body, columns = _heading(used, grid, len(bands))
    columns = columns or _guessed(used, grid, len(bands))
    if columns is None:
        return []
    top = [heading] if heading else []
    if body < len(used) and second_row.split(columns, _cells(_pieces_at(used[body], grid[body]), len(bands))):
        top.append(_pieces_at(used[body], grid[body]))
        body += 1
    rows: list[dict[int, list[Token]]] = []
    anchors = [
        n
        for n in range(body, len(used))
        if (_is_row(used[n], grid[n], columns) and (n == body or not _goes_on(used[n], used[n - 1], bands, columns)))
        or (n > body and _opens_row(used[n], used[n - 1], bands, columns))
    ]
    if not anchors or len(anchors) == len(used) - body:
        return []
    centred = anchors[0] > body and not _has_tier(used[body], grid[body], columns)
    for n in range(body, len(used)):
        if n in anchors or not rows or (not centred and _has_tier(used[n], grid[n], columns)):
            rows.append({})
        elif n == len(used) - 1 and n - 1 in anchors and not _may_go_on(used[n], used[n - 1], bands):
            rows.append({})  # the row in which the copy was cut
        row = rows[-1]
        for piece, at in zip(used[n], grid[n], strict=True):
            row.setdefault(at, []).append(piece.token)
    return _as_tokens([*top, *rows])


def _pieces_at(pieces: Sequence[Piece], columns_at: Sequence[int]) -> dict[int, list[Token]]:
    found: dict[int, list[Token]] = {}
    for piece, at in zip(pieces, columns_at, strict=True):
        found.setdefault(at, []).append(piece.token)
    return found


def _cells(parts: dict[int, list[Token]], width: int) -> Row:
    return tuple(cell(parts[at]) if at in parts else Cell("") for at in range(width))


_ROOM = 6  # columns of characters that are free at the end of a cell which does not go on in the next line


def _may_go_on(pieces: Sequence[Piece], above: Sequence[Piece], bands: Sequence[tuple[int, int]]) -> bool:
    """Whether a piece may go on with the one above it: that one has no room for more."""
    free = {at: bands[at][1] - piece.right for piece in above for at in (_column(piece, bands),)}
    return any(free.get(_column(piece, bands), 0) < _ROOM for piece in pieces)


def _opens_row(
    pieces: Sequence[Piece], above: Sequence[Piece], bands: Sequence[tuple[int, int]], columns: Columns
) -> bool:
    """Whether a line of a name and words for a value cannot go on with the line above: its figure is whole."""
    value = columns.fields["value"]
    both = {value, columns.fields.get("name", -1)}
    over = {_column(piece, bands): piece for piece in above}
    if not both <= over.keys() or not both <= {_column(piece, bands) for piece in pieces}:
        return False
    whole = sort_of(clean(over[value].token.text)).kind == "figure"
    return whole and not _may_go_on([p for p in pieces if _column(p, bands) == value], above, bands)


def _heading(
    used: Sequence[list[Piece]], grid: Sequence[list[int]], width: int
) -> tuple[dict[int, list[Token]], int, Columns | None]:
    """The cells of the heading, which may be wrapped, the line behind it, and its columns."""
    heading: dict[int, list[Token]] = {}
    best: tuple[dict[int, list[Token]], int, Columns | None] = ({}, 0, None)
    for n in range(min(3, len(used))):
        if n and any(sort_of(clean(piece.token.text)).kind in ("tier", "figure") for piece in used[n]):
            break
        for piece, at in zip(used[n], grid[n], strict=True):
            heading.setdefault(at, []).append(piece.token)
        columns = columns_of(_cells(heading, width))
        if columns is not None and (best[2] is None or len(columns.fields) > len(best[2].fields)):
            best = ({at: list(parts) for at, parts in heading.items()}, n + 1, columns)
    return best


def _has_tier(pieces: Sequence[Piece], columns_at: Sequence[int], columns: Columns) -> bool:
    """Whether a line names a tier left of the names."""
    name = columns.fields.get("name", columns.fields["value"])
    return any(
        at < name and sort_of(clean(piece.token.text)).kind == "tier"
        for piece, at in zip(pieces, columns_at, strict=True)
    )


def _guessed(used: Sequence[list[Piece]], grid: Sequence[list[int]], width: int) -> Columns | None:
    """The columns of names and values where no heading says them: the first of figures, and the one left of it."""
    figures, filled = [0] * width, [0] * width
    for pieces, columns_at in zip(used, grid, strict=True):
        for piece, at in zip(pieces, columns_at, strict=True):
            filled[at] += 1
            figures[at] += sort_of(clean(piece.token.text)).kind in _VALUES | {"operator"}
    value = next((at for at in range(1, width) if filled[at] > 1 and figures[at] * 2 > filled[at]), None)
    return Columns({"name": value - 1, "value": value}, width) if value else None


_VALUES = frozenset({"figure", "number", "told", "wording", "operator", "nature"})


def _is_row(pieces: Sequence[Piece], columns_at: Sequence[int], columns: Columns) -> bool:
    """Whether a line begins a row: it has a name, and what looks like a value under the value's heading."""
    texts = {at: clean(piece.token.text) for piece, at in zip(pieces, columns_at, strict=True)}
    value, name = texts.get(columns.fields["value"], ""), texts.get(columns.fields.get("name", -1), "")
    weight = texts.get(columns.fields.get("weight", -1), "")
    return bool(name) and (sort_of(value).kind in _VALUES if value else bool(weight))


_WHOLE = frozenset({"figure", "number", "operator", "nature", "unit"})


def _goes_on(
    pieces: Sequence[Piece], above: Sequence[Piece], bands: Sequence[tuple[int, int]], columns: Columns
) -> bool:
    """Whether name and value both go on from the line above, whose cells reach the right end of their columns."""
    if _has_tier(pieces, [_column(piece, bands) for piece in pieces], columns):
        return False
    value = columns.fields["value"]
    if any(sort_of(clean(p.token.text)).kind in _WHOLE for p in above if _column(p, bands) == value):
        return False
    full = {_column(piece, bands) for piece in above if piece.right >= bands[_column(piece, bands)][1] - 1}
    return {value, columns.fields.get("name", -1)} <= full


def _as_tokens(rows: Sequence[dict[int, list[Token]]]) -> list[Token]:
    found: list[Token] = []
    for row in rows:
        gap, last = Gap.ROW | Gap.LINE | Gap.CELL, -1
        for at in sorted(row):
            found.append(joined(row[at])._replace(gap=gap, empty=at - last - 1))
            gap, last = Gap.CELL, at
    return found
