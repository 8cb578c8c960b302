"""The filled cells of a sheet → tables: each with the place of its first cell, merged cells empty but for the first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kpi import settings
from kpi.documents.grid import EMPTY
from kpi.documents.model import Cell, Table
from kpi.documents.problems import problem
from kpi.documents.reading import Reading, padded

# So many empty rows end a table: sheets may hold one more cell a million rows below.
_GAP = 100

Merged = tuple[int, int, int, int]  # first row, first column, last row, last column; all from 0


class Sheet:
    """One sheet: cells by row and column (from 0), ``name``; it grows cell by cell."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[Merged] = []

    def tables(self, reading: Reading) -> Iterator[Table]:
        """The sheet as tables: one, unless more than a hundred rows are empty between two."""
        _empty_covered(self.rows, self.merged, reading)
        group: list[int] = []
        for number in sorted(number for number, row in self.rows.items() if row):
            if group and number - group[-1] > _GAP:
                yield from self._table(group, reading)
                group = []
            group.append(number)
        if group:
            yield from self._table(group, reading)

    def _table(self, numbers: list[int], reading: Reading) -> Iterator[Table]:
        left = min(min(self.rows[number]) for number in numbers)
        rows: list[list[Cell]] = []
        at = numbers[0]
        for number in numbers:
            rows.extend([] for _ in range(at, number))
            rows.append(_filled(self.rows[number], left, reading))
            at = number + 1
        found = reading.table(padded(rows, reading.cells), sheet=self.name, first_row=numbers[0], first_column=left)
        if found:
            yield found


def _filled(cells: dict[int, Cell], left: int, reading: Reading) -> list[Cell]:
    last = max(cells)
    if last - left >= settings.MAX_COLUMNS:
        reading.found(problem("too_many_columns", f"{settings.MAX_COLUMNS:,}"))
        last = left + settings.MAX_COLUMNS - 1
    if last - left + 1 == len(cells):
        return [cells[at] for at in range(left, last + 1)]
    return [cells.get(at, EMPTY) for at in range(left, last + 1)]


def _empty_covered(rows: dict[int, dict[int, Cell]], merged: list[Merged], reading: Reading) -> None:
    """Take out what merged cells cover: it is in the file, but nobody sees it."""
    for top, left, bottom, right in merged:
        reading.check_time()
        numbers = range(top, bottom + 1) if bottom - top < len(rows) else [n for n in rows if top <= n <= bottom]
        for number in numbers:
            row = rows.get(number)
            if not row:
                continue
            columns = range(left, right + 1) if right - left < len(row) else [c for c in row if left <= c <= right]
            for column in columns:
                if column in row and (number, column) != (top, left):
                    del row[column]


@cache
def column(letters: str) -> int:
    """``A`` → 0, ``AB`` → 27; what is beyond the columns that are read counts as the first of these."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1 if "A" <= letter <= "Z" else 0
    return number - 1 if 0 < number <= settings.MAX_COLUMNS else settings.MAX_COLUMNS
