"""What one reading of a file may cost and what became of it: rows, cells, seconds left, tables counted, problems."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from kpi import settings
from kpi.documents.grid import EMPTY, Spanned, grid
from kpi.documents.model import Block, Cell, Content, Row, Table
from kpi.documents.problems import problem
from kpi.schema import Location, Problem


class Refused(Exception):  # noqa: N818 - it is the file that is at fault
    """The rest of a file is not read; ``problem`` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.problem = problem(code, detail)


class Reading:
    """The limits of one document, counted down while it is read."""

    def __init__(self) -> None:
        self.rows = settings.MAX_ROWS
        self.cells = settings.MAX_CELLS
        self.tables = 0
        self.problems: list[Problem] = []
        self.formulas = 0  # cells with a formula whose result the file does not keep
        self._first_formula: Location | None = None
        self._deadline = time.monotonic() + settings.READ_SECONDS

    def check_time(self) -> None:
        """Raise :class:`Refused` once the time is up."""
        if time.monotonic() > self._deadline:
            raise Refused("out_of_time", f"{settings.READ_SECONDS:g}")

    def found(self, what: Problem) -> None:
        """Keep a problem, once."""
        if what not in self.problems:
            self.problems.append(what)

    def formulas_at(self, places: Iterable[Location]) -> None:
        """Count cells that hold a formula without its result."""
        for place in places:
            self.formulas += 1
            self._first_formula = self._first_formula or place

    def all_problems(self) -> tuple[Problem, ...]:
        """The problems found, and one for all formulas without a result, at the first of them."""
        if not self.formulas:
            return tuple(self.problems)
        return (*self.problems, problem("formula_without_result", f"{self.formulas:,}", self._first_formula))

    def table_of_spans(self, rows: Iterable[Iterable[Spanned]]) -> Table | None:
        """The next table of the document, from cells with spans; ``None`` where nothing of it may be read any more."""
        found = grid(rows, self.cells)
        if found.cut:
            self._too_many_cells()
        return self.table(found.rows)

    def table(
        self, rows: tuple[Row, ...], *, sheet: str | None = None, first_row: int = 0, first_column: int = 0
    ) -> Table | None:
        """The next table of the document, cut where the limits end; ``None`` where nothing is left of it."""
        if len(rows) > self.rows:
            self.found(problem("too_many_rows", f"{settings.MAX_ROWS:,}"))
            rows = rows[: self.rows]
        if sum(map(len, rows)) > self.cells:
            self._too_many_cells()
            rows = tuple(self._within(rows))
        if not rows:
            return None
        self.rows -= len(rows)
        self.cells -= sum(map(len, rows))
        self.tables += 1
        return Table(self.tables, rows, None, sheet, first_row, first_column)

    def _within(self, rows: tuple[Row, ...]) -> Iterator[Row]:
        left = self.cells
        for row in rows:
            left -= len(row)
            if left < 0:
                return
            yield row

    def _too_many_cells(self) -> None:
        self.found(problem("too_many_cells", f"{settings.MAX_CELLS:,}"))


def gathered(blocks: Iterator[Block], reading: Reading) -> Content:
    """All of ``blocks``; where reading breaks off, those before it and the problem. Nothing is raised."""
    kept: list[Block] = []
    try:
        kept.extend(blocks)  # extends item by item: what came before an error is kept
    except Refused as refused:
        reading.found(refused.problem)
    except Exception as error:  # a damaged file may make any library under the reader raise anything
        reading.found(problem("damaged_file", _first_line(error)))
    if not kept and not reading.all_problems():
        reading.found(problem("empty_document"))
    return Content(tuple(kept), reading.all_problems())


_MAX_DETAIL = 120


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0][:_MAX_DETAIL] if lines and lines[0].strip() else type(error).__name__


def padded(rows: list[list[Cell]], most: int) -> tuple[Row, ...]:
    """``rows`` at one width, the widest of them, unless that takes more than ``most`` cells: then as they are."""
    width = max(map(len, rows), default=0)
    if width * len(rows) > most:
        return tuple(map(tuple, rows))
    return tuple((*row, *((EMPTY,) * (width - len(row)))) for row in rows)


def narrowed(content: Content) -> Content:
    """``content`` without the columns beyond the limit, and with a problem where there were any."""
    most = settings.MAX_COLUMNS
    if not any(len(row) > most for block in content.blocks if isinstance(block, Table) for row in block.rows):
        return content
    blocks = tuple(
        block._replace(rows=tuple(row[:most] for row in block.rows)) if isinstance(block, Table) else block
        for block in content.blocks
    )
    return Content(blocks, (*content.problems, problem("too_many_columns", f"{most:,}")))
