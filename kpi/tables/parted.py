"""Several target tables beside one another on a sheet, parted by empty columns → one table each, at its true place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from kpi.documents import Block, Paragraph, Row, Table
from kpi.tables import titles, vocabulary
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.find import cell_labels, horizons_of
from kpi.tables.headed import columns_of

_NARROWEST = 7  # columns: two tables of tier, name and value, and one that is empty
_WIDEST = 256
_IDENTITY = frozenset({"name", "code"})


def parted(blocks: Iterable[Block], deadline: Deadline = UNLIMITED) -> Iterator[Block]:
    """The blocks, a table with several target tables side by side as these, from left to right.

    A title over all of them that names no project stands over each.
    """
    title: Paragraph | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            title = block if titles.is_title(block.text) else title
            yield block
            continue
        for at, part in enumerate(_parts(block, deadline)):
            if at and title and titles.name_in(title.text) is None:
                yield title
            yield part
        title = None


def _parts(table: Table, deadline: Deadline) -> list[Table]:
    starts = _behind_gaps(table.rows)
    rows = pairwise(((), *table.rows)) if starts else ()
    headings = [(above, row) for above, row in rows if _tiers(row) and columns_of(row, above)]
    if len({at for _, row in headings for at in _tiers(row)}) < 2:
        return [table]
    found: list[range] = []
    end = max(map(len, table.rows), default=0)
    for start in reversed((0, *starts)):
        part = slice(start, end)
        if deadline.over("parted"):
            return [table]
        if any(_is_whole_heading(row[part], above[part]) for above, row in headings):
            found.insert(0, range(start, end))
            end = start
    if len(found) < 2:
        return [table]
    found[0] = range(0, found[0].stop)
    parts = [
        table._replace(
            rows=tuple(row[at.start : at.stop] for row in table.rows), first_column=table.first_column + at.start
        )
        for at in found
    ]
    return [table] if _is_one_project(table, parts) else parts


def _behind_gaps(rows: Sequence[Row]) -> list[int]:
    """The columns that something stands in while the one left of them is wholly empty."""
    width = max(map(len, rows), default=0)
    empty = list(range(1, width - 1)) if _NARROWEST <= width <= _WIDEST else []
    for row in rows:
        if not empty:
            break
        empty = [at for at in empty if at >= len(row) or not row[at].text]
    return [at + 1 for at in empty if at + 1 not in empty]


def _tiers(row: Row) -> list[int]:
    """The columns over which the heading of a first tier stands."""
    return [
        at
        for at, cell in enumerate(row)
        if any(claim.field == "tier1" for claim in vocabulary.column_claims(cell.text))
    ]


def _is_whole_heading(row: Row, above: Row) -> bool:
    """Whether ``row`` is a heading with a first tier of its own: blocks of one table share theirs."""
    columns = columns_of(row, above)
    return columns is not None and "tier1" in columns.fields


def _is_one_project(table: Table, parts: Sequence[Table]) -> bool:
    """Whether the parts are periods of one project, the whole of it and the year, rather than projects with names."""
    if all(any(_is_named(row) for row in part.rows) for part in parts):
        return False
    return any(len(horizons_of(row)) > 1 for row in table.rows)


def _is_named(row: Row) -> bool:
    return any(label in _IDENTITY for label, _ in cell_labels(row))
