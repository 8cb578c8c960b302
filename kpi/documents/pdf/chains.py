"""Tables that go on over page breaks → grids on common columns, rows that a break cuts put together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kpi.documents.cleaning import clean
from kpi.documents.grid import EMPTY
from kpi.documents.model import Cell, Row
from kpi.documents.pdf.layout import Item, PageTable, Placed

_SAME = 4.0  # points by which the columns or edges of one table may differ from page to page
_NEAR = 30.0  # points by which the edges of text may differ
_SENTENCE_ENDS = ("。", "；", ";", "！", "？")

Texts = list[list[str]]


def grids(pages: Sequence[tuple[int, list[Item]]]) -> dict[tuple[int, float], tuple[tuple[Row, ...], int]]:
    """For each table, by its page and top: its rows, and how many rows of it were put to the table before.

    A table on a later page may have lost the columns that only the head of its form has. All pages of a table get the
    columns that any of them has, so that its rows stay comparable.
    """
    found = {}
    for chain in _chains(pages):
        starts = _starts(chain)
        texts = [_texts(table, starts) for table in chain]
        taken = [0] * len(chain)
        for at in range(1, len(chain)):
            repeated = _repeated(texts[0], texts[at])
            if _is_cut(chain[at - 1], chain[at], repeated):
                _join(texts[at - 1][-1], texts[at].pop(repeated))
                taken[at] = 1
            _pull_up(chain[at - 1], chain[at], starts, texts[at - 1], texts[at], repeated)
        for table, rows, first in zip(chain, texts, taken, strict=True):
            found[table.page, table.top] = tuple(map(_row, rows)), first
    return found


def _row(texts: list[str]) -> Row:
    return tuple(Cell(cleaned) if (cleaned := clean(text)) else EMPTY for text in texts)


def _chains(pages: Sequence[tuple[int, list[Item]]]) -> list[list[PageTable]]:
    """Tables that are one: each the last thing on its page and the next the first on the next, as wide."""
    chains: list[list[PageTable]] = []
    last: PageTable | None = None
    for page, items in pages:
        for at, item in enumerate(items):
            if not isinstance(item, PageTable):
                last = None
                continue
            if last is not None and at == 0 and last.page == page - 1 and _as_wide(last, item):
                last = item if item.drawn else _on_columns_of(last, item)
                chains[-1].append(last)
            else:
                last = item
                chains.append([item])
    return chains


def _as_wide(one: PageTable, other: PageTable) -> bool:
    if one.drawn != other.drawn:
        return False
    if not one.drawn:  # the columns are where the text is
        starts, others = _starts([one]), _starts([other])
        near = abs(one.left - other.left) <= _NEAR and abs(one.right - other.right) <= _NEAR
        return near and len(starts) == len(others)
    return abs((one.right - one.left) - (other.right - other.left)) <= _SAME


def _on_columns_of(table: PageTable, later: PageTable) -> PageTable:
    """``later`` with its columns where those of ``table`` are; it has as many."""
    starts, own = _starts([table]), _starts([later])
    cells = [cell._replace(x0=table.left + starts[_column(own, cell.x0 - later.left)]) for cell in later.cells]
    return later._replace(left=table.left, cells=cells)


def _column(starts: list[float], distance: float) -> int:
    return max(bisect_right(starts, distance + 0.01) - 1, 0)


def _starts(chain: Sequence[PageTable]) -> list[float]:
    """Where columns begin, from the left edge of the table; tables on left and right pages may be shifted."""
    found: list[float] = []
    for start in sorted(cell.x0 - table.left for table in chain for cell in table.cells):
        if not found or start - found[-1] > _SAME:
            found.append(start)
    return found


def _texts(table: PageTable, starts: list[float]) -> Texts:
    rows = [[""] * len(starts) for _ in range(table.rows)]
    for cell in table.cells:
        at = _column(starts, cell.x0 - table.left)
        above = rows[cell.row][at]
        rows[cell.row][at] = f"{above}\n{cell.text}" if above and cell.text else above or cell.text
    return rows


# ------------------------------------------------------------------------------------------ rows cut by a page break


def _repeated(first: Texts, later: Texts) -> int:
    """How many rows at the top of a later page repeat rows of the first: the heading, or the head with it."""
    for start in range(len(first)):
        same = 0
        while start + same < len(first) and same < len(later) and first[start + same] == later[same]:
            same += 1
        if same and any(later[0]):
            return same
    return 0


def _is_cut(above: PageTable, below: PageTable, row: int) -> bool:
    """Whether row ``row`` of ``below``, the first that is no heading, is the rest of the last row of ``above``.

    That is certain where some cell goes on in both, all cells that are filled in both go on, and some cell is filled in
    one only: above, or below in a column that is filled in every other row. A new row would fill them all.
    """
    if above.rows < 2:
        return False
    last, first = _by_column(above, above.rows - 1), _by_column(below, row)
    both = last.keys() & first.keys()
    if not both or not all(last[at].full and not last[at].text.endswith(_SENTENCE_ENDS) for at in both):
        return False
    later = first.keys() - both
    if later:
        return all(_always_filled(at, above, below, row) for at in later)
    return len(last) > len(both)


def _by_column(table: PageTable, row: int) -> dict[int, Placed]:
    """The filled cells of a row by where they begin, in steps that are the same on both pages."""
    return {_step(cell.x0 - table.left): cell for cell in table.cells if cell.row == row and cell.text}


def _step(distance: float) -> int:
    return round(distance / (2 * _SAME))


def _always_filled(at: int, above: PageTable, below: PageTable, row: int) -> bool:
    others = [
        cell
        for table, cut in ((above, above.rows - 1), (below, row))
        for cell in table.cells
        if cell.row != cut and _step(cell.x0 - table.left) == at
    ]
    return len(others) > 1 and all(cell.text for cell in others)


def _join(row: list[str], rest: list[str]) -> None:
    for at, text in enumerate(rest):
        if text:
            row[at] = f"{row[at]}\n{text}"


def _pull_up(
    above: PageTable, below: PageTable, starts: list[float], texts: Texts, later: Texts, repeated: int
) -> None:
    """Put the text of a merged cell that a page break cuts to where the cell begins.

    It is drawn in the middle of the cell, so it may stand on the later page. That is certain in a column where no other
    cell is empty, and where the cell covers several rows on one of the pages.
    """
    for at, start in enumerate(starts):
        column = [cell for cell in above.cells if abs(cell.x0 - above.left - start) <= _SAME]
        others = [cell for cell in below.cells if abs(cell.x0 - below.left - start) <= _SAME]
        ends = [cell for cell in column if cell.row + cell.rows == above.rows]
        begins = [cell for cell in others if cell.row == repeated]
        if not ends or not begins or ends[0].text or not begins[0].text or ends[0].rows + begins[0].rows < 3:
            continue
        if any(not cell.text for cell in (*column, *others) if cell != ends[0]):
            continue
        texts[ends[0].row][at], later[repeated][at] = later[repeated][at], ""
