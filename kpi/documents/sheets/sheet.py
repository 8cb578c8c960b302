"""The filled cells of a sheet → tables and lines of text, each at its place; merged cells empty but for the first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from kpi import settings
from kpi.documents.grid import EMPTY
from kpi.documents.model import Block, Cell, Paragraph, Table
from kpi.documents.problems import problem
from kpi.documents.reading import Reading, padded
from kpi.schema import Location

# So many empty rows end a table: sheets may hold one more cell a million rows below.
_GAP = 100
_WORDS = regex.compile(r"\p{L}")

Merged = tuple[int, int, int, int]  # first row, first column, last row, last column; all from 0


class Sheet:
    """One sheet: filled cells by row and column (from 0), ``name``; it grows cell by cell."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[Merged] = []
        self.formulas: list[tuple[int, int]] = []  # row and column of those whose result the file does not keep

    def blocks(self, reading: Reading) -> Iterator[Block]:
        """The sheet as tables, and as paragraphs what stands alone in its row above a table or between two.

        A table ends before an empty row with a line of text below it, or before more than a hundred empty rows.
        """
        reading.formulas_at(Location(sheet=self.name, row=row + 1, column=at + 1) for row, at in self.formulas)
        _empty_covered(self.rows, self.merged, reading)
        group: list[int] = []
        for number in sorted(number for number, row in self.rows.items() if row):
            alone = self._line(number) if len(self.rows[number]) == 1 else None
            gap = number - group[-1] - 1 if group else 0
            if group and (gap >= _GAP or (gap and alone)):
                yield from self._table(group, reading)
                group = []
            if alone and not group:
                yield alone
            else:
                group.append(number)
        if group:
            yield from self._table(group, reading)

    def _line(self, number: int) -> Paragraph | None:
        """The one cell of a row as a line of text, where it holds words."""
        ((column, cell),) = self.rows[number].items()
        if not _WORDS.search(text := cell.text):
            return None
        return Paragraph(text, Location(sheet=self.name, row=number + 1, column=column + 1), text)

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
