"""Tables that go on over page breaks → grids on common columns, rows that a break cuts put together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from kpi.documents.cleaning import clean
from kpi.documents.grid import EMPTY
from kpi.documents.model import Cell, Row
from kpi.documents.pdf_layout import Item, PageTable, Placed

_SAME = 4.0  # points by which the columns or edges of one table may differ from page to page
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
                chains[-1].append(item)
            else:
                chains.append([item])
            last = item
    return chains


def _as_wide(one: PageTable, other: PageTable) -> bool:
    if one.drawn != other.drawn:
        return False
    if not one.drawn:  # text may be shorter on one page: its columns must begin at the same places
        starts, others = _starts([one]), _starts([other])
        return len(starts) == len(others) and all(abs(a - b) <= _SAME for a, b in zip(starts, others, strict=True))
    return abs((one.right - one.left) - (other.right - other.left)) <= _SAME


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
        at = max(bisect_right(starts, cell.x0 - table.left + 0.01) - 1, 0)
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

    That is certain where every text of it stands under a text whose last line is full and that does not end a
    sentence, and where another cell, filled above, is empty: a new row would fill that cell.
    """
    first = [cell for cell in below.cells if cell.row == row and cell.text]
    last = [cell for cell in above.cells if cell.row == above.rows - 1 and cell.text]
    if not first or len(first) >= len(last) or above.rows < 2:
        return False
    return all(_goes_on(cell, below.left, last, above.left) for cell in first)


def _goes_on(cell: Placed, left: float, last: Sequence[Placed], last_left: float) -> bool:
    places = sorted(last, key=lambda c: c.x0)
    at = bisect_left([c.x0 - last_left for c in places], cell.x0 - left - _SAME)
    if at == len(places) or abs((places[at].x0 - last_left) - (cell.x0 - left)) > _SAME:
        return False
    return places[at].full and not places[at].text.endswith(_SENTENCE_ENDS)


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
