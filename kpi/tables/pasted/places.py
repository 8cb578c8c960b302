"""Columns that stand exactly under one another: the place of a text in its line says which cell it is.

What pdftotext -layout and terminals print of a table keeps every empty cell and every merged one. Where each text of a
run of lines begins under a heading, nothing has to be guessed. Wrapped cells and columns that are set otherwise are
left to ``grid``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

import regex

from kpi.documents import Block, Cell, Paragraph, Row, Table
from kpi.documents.cleaning import clean
from kpi.tables import find, titles, vocabulary
from kpi.tables.columns import Columns, is_tier_line
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.fit import sort_of

_GAP = regex.compile(r"\s{2}")
_PIECE = regex.compile(r"\S(?:\S|\s(?=\S))*+")
_TAB_OR_BAR = regex.compile(r"[\t|｜]")
_MOST_PIECES = 30
_MOST_COLUMNS = 40
_MOST_LINES = 2_000
_LEAST_LINES = 2

_Line = list[tuple[int, Cell]]  # each text of a line, and the column of characters at which it begins


def laid_out(blocks: Sequence[Block], deadline: Deadline = UNLIMITED) -> tuple[Block, ...]:
    """``blocks`` with the runs of lines that are exactly aligned tables of targets as tables.

    A run without a heading, at the beginning of a copy, may have the columns of a table elsewhere in it.
    """
    if not any(isinstance(block, Paragraph) and _GAP.search(block.source or block.text) for block in blocks):
        return tuple(blocks)
    runs = [(run, None if deadline.over("pasted") else _table(run)) for run in _runs(blocks)]
    headings = list(dict.fromkeys(heading for _, table in runs if table and (heading := _heading(table))))
    found: list[Block] = []
    number = 0
    for run, read in runs:
        tried = () if read or deadline.over("pasted") else headings
        table = read or next((t for heading in tried if (t := _table(run, heading))), None)
        for block in [table] if table else run:
            number += isinstance(block, Table)
            found.append(block._replace(number=number) if isinstance(block, Table) else block)
    return tuple(found)


def _heading(table: Table) -> tuple[str, ...]:
    """The texts of the heading of a target table; none where it has several rows or blocks."""
    (target,) = find.target_tables((table,))
    columns = target.rows[0][1]
    texts = tuple(cell.text for cell in table.rows[target.heading[1]] if cell.text)
    return texts if not columns.beside and not columns.tree and len(columns.headed) == len(texts) else ()


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks in runs: lines that follow one another without a blank one; a title or a table stands alone."""
    run: list[Block] = []
    last: int | None = None
    for line, group in groupby(blocks, key=_line_of):
        here = list(group)
        alone = line is None or (len(here) == 1 and _stands_alone(here[0]))
        if run and (alone or last is None or line != last + 1):
            yield run
            run = []
        run += here
        last = None if alone else line
    if run:
        yield run


def _line_of(block: Block) -> int | None:
    return block.location.line if isinstance(block, Paragraph) else None


def _stands_alone(block: Block) -> bool:
    """Whether a line is a title or a sentence and no row of cells."""
    if not isinstance(block, Paragraph):
        return True
    source = (block.source or block.text).rstrip()
    inner = source[:1].isspace() or _GAP.search(source)
    return not inner and (titles.is_title(block.text) or titles.ends_reach(block.text))


def _table(run: Sequence[Block], heading: Sequence[str] = ()) -> Table | None:
    """The table that a run of lines is, under ``heading`` where it has none of its own; ``None`` where it is none."""
    lines = _lines(run)
    edges = sorted({left for line in lines for left, _ in line})
    if heading and (
        len(edges) != len(heading) or not any(vocabulary.is_tier(c.text) for line in lines for _, c in line)
    ):
        return None
    if len(lines) + bool(heading) < _LEAST_LINES or not 2 <= len(edges) <= _MOST_COLUMNS or len(lines) > _MOST_LINES:
        return None
    column = {left: at for at, left in enumerate(edges)}
    first = lines[0][0][1]
    rows: list[Row] = [tuple(Cell(text, first.line, first.start, first.start) for text in heading)] if heading else []
    for line in lines:
        row = [Cell("", line[0][1].line, line[0][1].start, line[0][1].start)] * len(edges)
        for left, cell in line:
            row[column[left]] = cell
        rows.append(tuple(row))
    table = Table(0, tuple(rows))
    return table if _is_exact(table) else None


def _lines(run: Sequence[Block]) -> list[_Line]:
    """The lines of a run, taken apart at gaps of two blanks; none where it holds anything but lines with places."""
    lines: dict[int, _Line] = {}
    begins: dict[int, int] = {}
    ends: dict[int, tuple[int, int]] = {}  # line → its last offset, and the column of characters there
    for block in run:
        place = block.location if isinstance(block, Paragraph) else None
        if place is None or place.line is None or place.start is None or not isinstance(block, Paragraph):
            return []
        source = block.source or block.text
        if _TAB_OR_BAR.search(source):
            return []
        begin = begins.setdefault(place.line, place.start)
        last, column = ends.get(place.line, (begin, 0))
        column += place.start - last
        line = lines.setdefault(place.line, [])
        at = 0
        for found in _PIECE.finditer(source):
            column += _width(source[at : found.start()])
            start, end = place.start + found.start(), place.start + found.end()
            line.append((column, Cell(clean(found[0]), place.line, start, end)))
            column += _width(found[0])
            at = found.end()
            if len(line) > _MOST_PIECES:
                return []
        ends[place.line] = (place.start + at, column)
    return [line for line in lines.values() if line]


def _width(text: str) -> int:
    return len(text) + sum(1 for char in text if unicodedata.east_asian_width(char) in "WFA")


def _is_exact(table: Table) -> bool:
    """Whether all that stands below the headings of ``table`` stands under one of them, and no cell is wrapped."""
    targets = list(find.target_tables((table,)))
    if len(targets) != 1:
        return False
    (target,) = targets
    read = {at for (_, at), _ in target.rows}
    below = range(target.heading[1] + 1, len(table.rows))
    others = sum(1 for at in below if at not in read)  # headings, their second rows
    if not read or max(read) != below[-1] or others > len(read):
        return False
    if any(at not in read and not _is_heading(table.rows[at]) for at in below):
        return False
    return all(_stands_under(table.rows[at], columns) for (_, at), columns in target.rows)


def _is_heading(row: Row) -> bool:
    """Whether a row between others is a heading: no tier stands in it, and no figure."""
    return not any(sort_of(cell.text).kind in ("tier", "figure", "number", "operator") for cell in row if cell.text)


def _stands_under(row: Row, columns: Columns) -> bool:
    filled = [at for at, cell in enumerate(row) if cell.text]
    headed = columns.headed.union(*(block.headed for block in columns.beside))
    if not headed.issuperset(filled):
        return False
    if columns.tree and is_tier_line(row, columns):
        return True
    tier1 = columns.fields.get("tier1", -1)
    if (
        tier1 >= 0
        and row[tier1].text
        and vocabulary.tier1(row[tier1].text) is None
        and vocabulary.tier2(row[tier1].text)
    ):
        return False
    return any(block.text(row, "name") and block.text(row, "value") for block in columns.blocks)
