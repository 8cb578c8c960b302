"""The tables of the scorecard for other programs: csv and Parquet.

csv has no types: a spreadsheet takes a cell that begins with ``=`` for a formula. Such text gets an invisible character
in front (:data:`kpi.scorecard.text.GUARD`), so that it stays text and looks unchanged; ``text.unguarded`` takes it off.
Numbers of ours are never guarded. Parquet has types and holds every text as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpi.schema import plain
from kpi.scorecard import frames
from kpi.scorecard.columns import TABLES, Cell, Table
from kpi.scorecard.results import Results, cells, of, troubles
from kpi.scorecard.scored import Scored
from kpi.scorecard.text import clean, guarded

# Rows of several parts are written together up to so many, so that small parts do not make many small groups.
_ROWS_AT_ONCE = 50_000


def write_csv(documents: Sequence[Scored] | Results, folder: Path) -> list[Path]:
    """Write projects.csv, indicators.csv and findings.csv: UTF-8 with a mark, for Excel."""
    paths = []
    for table in TABLES:
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column.title for column in table.columns)
            for row in cells(of(documents), table):
                writer.writerow(_field(c.say(cell)) for c, cell in zip(table.columns, row, strict=True))
        paths.append(path)
    return paths


def write_unread(documents: Sequence[Scored] | Results, path: Path) -> None:
    """Write what could not be read, a line a document and reason: UTF-8 with a mark, for Excel."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("文档", "原因", "代码"))
        for one in troubles(of(documents), unread=True):
            writer.writerow((_field(one.document), _field(one.said), one.code))


def _field(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return plain(cell)
        case int():
            return str(cell)
        case tuple():
            return guarded(clean("、".join(cell)))
        case _:
            return guarded(clean(cell))


def write_rows(table: Table, rows: Iterable[Any], path: Path) -> None:
    """Write one table as csv, of rows that are known."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.title for column in table.columns)
        for row in rows:
            writer.writerow(_field(column.said(row)) for column in table.columns)


def write_parquet(documents: Sequence[Scored] | Results, folder: Path) -> list[Path]:
    """Write projects.parquet, indicators.parquet and findings.parquet, columns by their keys and typed; the paths."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = []
    for table in TABLES:
        path = folder / f"{table.name}.parquet"
        types = frames.columns(table)
        waiting: list[pa.Table] = []
        with pq.ParquetWriter(path, types) as writer:
            for part in of(documents).frames(table.name, types.names):
                waiting.append(part)
                if sum(one.num_rows for one in waiting) >= _ROWS_AT_ONCE:
                    writer.write_table(pa.concat_tables(waiting).combine_chunks())
                    waiting.clear()
            if waiting:
                writer.write_table(pa.concat_tables(waiting).combine_chunks())
        paths.append(path)
    return paths


def write_jsonl(results: Results, path: Path) -> None:
    """Write the record of each document as a line of JSON."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in results.records():
            file.write(f"{record}\n")
