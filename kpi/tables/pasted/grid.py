"""Columns aligned by blanks, as terminals and converters of PDF print them: wrapped cells go on in the lines below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kpi.documents import Block, Cell, Row
from kpi.documents.cleaning import clean
from kpi.tables import second_row, titles, vocabulary
from kpi.tables.columns import Columns
from kpi.tables.fit import sort_of
from kpi.tables.headed import columns_of
from kpi.tables.pasted import spans
from kpi.tables.pasted.centred import lifts
from kpi.tables.pasted.ends import captions_another, closes
from kpi.tables.pasted.spans import Line, Piece
from kpi.tables.pasted.stream import Gap, Token, cell, joined


class Grid(NamedTuple):
    """The tokens ``[begin, end)`` as cells: one token a cell, row by row."""

    begin: int
    end: int
    cells: list[Token]


_LEAST_COLUMNS = 3
_MOST_LINES = 2_000


def aligned_columns(blocks: Sequence[Block], tokens: Sequence[Token]) -> Grid | None:
    """The first table whose cells are wrapped within aligned columns; ``None`` where there is none."""
    if not any(token.gap & Gap.WIDE for token in tokens):
        return None
    ways = (_found(spans.lines_of(blocks, tokens, measure), len(tokens)) for measure in spans.MEASURES)
    return next((grid for grid in ways if grid), None)


def _found(lines: Sequence[Line], limit: int) -> Grid | None:
    cells = [spans.cells_of(line.pieces) for line in lines]
    wide = [at for at, pieces in enumerate(cells) if len(pieces) >= _LEAST_COLUMNS]
    headed = [at for at in wide if len(_claimed(cells[at])) >= _LEAST_COLUMNS][:_MOST_HEADINGS]
    headed.sort(key=lambda at: not _OF_ROWS.intersection(_claimed(cells[at])))
    # Without a heading the first line may be cut: its places say nothing then.
    tried = ((_grid(lines[at : at + _MOST_LINES], limit)) for at in headed or wide[:2])
    return next((grid for grid in tried if grid), None)


_MOST_HEADINGS = 3  # the head of a table has headings as well: of its budget


_OF_ROWS = frozenset({"tier1", "tier2", "name"})


def _claimed(pieces: Sequence[Piece]) -> list[str]:
    """The likeliest fields of the pieces that may be headings."""
    claims = (vocabulary.column_claims(clean(piece.token.text)) for piece in pieces)
    return [found[0].field for found in claims if found]


def _grid(lines: Sequence[Line], limit: int) -> Grid | None:
    used, end = _table_lines(lines, limit)
    bands = _bands([piece for pieces in used for piece in pieces])
    if len(bands) != max(map(len, used)) or len(bands) < _LEAST_COLUMNS:
        return None
    grid = [[_column(piece, bands) for piece in pieces] for pieces in used]
    rows = _rows(used, grid, bands)
    return Grid(lines[0].begin, end, rows) if rows else None


def _table_lines(lines: Sequence[Line], limit: int) -> tuple[list[list[Piece]], int]:
    """The cells of the lines from the heading on, up to one of running text, and the index of the token behind."""
    lefts = {piece.left for piece in spans.cells_of(lines[0].pieces)} - {0}
    used: list[list[Piece]] = []
    for line in lines:
        pieces = spans.cells_of(line.pieces, lefts)
        if used and _is_behind(pieces, lefts):
            return used, line.begin
        used.append(pieces)
    end = next((line.begin for line in lines[len(used) :]), limit)
    return used, end


# Labels of amounts open no head, and 金额 alone may be the rest of a name (预算批复金额).
_MONEY = ("budget", "whole_budget", "fiscal", "other")


def _is_behind(pieces: Sequence[Piece], lefts: set[int]) -> bool:
    """Whether a line is none of the table: running text over several columns, a note, a signature, another head."""
    first, text = pieces[0], pieces[0].token.text
    if closes(text[: titles.MAX_TITLE_CHARS + 1]):
        return True
    if len(pieces) > 1:
        return False
    over = sum(1 for left in lefts if first.left < left < first.right)
    if over > 1 or (first.left == 0 and len(text) > 30):
        return True
    return captions_another(text) or vocabulary.head_label(clean(text[:40])) not in (None, *_MONEY)


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
    used, grid = _once_headed(used, grid, body)
    rows: list[dict[int, list[Token]]] = []
    anchors = [
        n
        for n in range(body, len(used))
        if (_is_row(used[n], grid[n], columns) and (n == body or not _goes_on(used[n], used[n - 1], bands, columns)))
        or (n > body and _opens_row(used[n], used[n - 1], bands, columns))
    ]
    if not anchors:
        return []
    centred = anchors[0] > body and not _has_tier(used[body], grid[body], columns)
    for n in range(body, len(used)):
        if n in anchors or not rows or _is_sum(used[n]) or (not centred and _has_tier(used[n], grid[n], columns)):
            rows.append({})
        elif n == len(used) - 1 and n - 1 in anchors and not _may_go_on(used[n], used[n - 1], bands):
            rows.append({})  # the row in which the copy was cut
        row = rows[-1]
        for piece, at in zip(used[n], grid[n], strict=True):
            row.setdefault(at, []).append(piece.token)
    lifted = _lift(rows, columns)
    wrapped = len(anchors) < len(used) - body
    return _as_tokens([*top, *rows]) if wrapped or lifted else []


def _is_sum(pieces: Sequence[Piece]) -> bool:
    return clean(pieces[0].token.text) in vocabulary.sums()


def _once_headed(
    used: Sequence[list[Piece]], grid: Sequence[list[int]], body: int
) -> tuple[list[list[Piece]], list[list[int]]]:
    """The lines without the heading where it is printed once more, at the top of a page."""
    texts = [[piece.token.text for piece in pieces] for pieces in used]
    kept = list(range(min(body, len(used))))
    at = body
    while at < len(used):
        if body and texts[at : at + body] == texts[:body]:
            at += body
        else:
            kept.append(at)
            at += 1
    return [used[n] for n in kept], [grid[n] for n in kept]


def _lift(rows: Sequence[dict[int, list[Token]]], columns: Columns) -> bool:
    """Put first tiers that stand in the middle of their rows where these begin; whether there are such."""
    first, second = columns.fields.get("tier1", -1), columns.fields.get("tier2", -1)
    moved = lifts([(_text(row, first), _text(row, second)) for row in rows]) if first >= 0 else {}
    for at, top in moved.items():
        rows[top][first] = rows[at].pop(first)
    return bool(moved)


def _text(row: dict[int, list[Token]], at: int) -> str:
    return cell(row[at]).text if at in row else ""


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
