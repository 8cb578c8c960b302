"""The tables of the scorecard for other programs: csv and Parquet.

csv has no types: a spreadsheet takes a cell that begins with ``=`` for a formula. Such text gets an invisible character
in front (:data:`kpi.scorecard.text.GUARD`), so that it stays text and looks unchanged; ``text.unguarded`` takes it off.
Numbers of ours are never guarded. Parquet has types and holds every text as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi.schema import plain
from kpi.scorecard.columns import TABLES, Cell, Column, Kind, Table
from kpi.scorecard.scored import Scored
from kpi.scorecard.text import clean, guarded
from kpi.scoring import PLACES
from kpi.values.exact import EXACT

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 10_000
# Digits before and after the point of a number in Parquet; what does not fit is null there, and whole in ``exact``.
_DIGITS, _PLACES = 38, 12
_PLACES_OF: dict[Kind, int] = {"number": _PLACES, "money": 4, "points": PLACES, "share": 4}


def write_csv(documents: Sequence[Scored], folder: Path) -> list[Path]:
    """Write projects.csv, indicators.csv and findings.csv: UTF-8 with a mark, for Excel."""
    paths = []
    for table in TABLES:
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column.title for column in table.columns)
            for row in table.rows(documents):
                writer.writerow(_field(column.said(row)) for column in table.columns)
        paths.append(path)
    return paths


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


def write_parquet(documents: Sequence[Scored], folder: Path) -> list[Path]:
    """Write projects.parquet, indicators.parquet and findings.parquet, columns by their keys and typed; the paths."""
    import pyarrow.parquet as pq

    paths = []
    for table in TABLES:
        path = folder / f"{table.name}.parquet"
        schema = _schema(table)
        with pq.ParquetWriter(path, schema) as writer:
            for batch in _batches(table, documents, schema):
                writer.write_batch(batch)
        paths.append(path)
    return paths


def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    types: dict[Kind, Any] = {"text": pa.string(), "integer": pa.int64(), "list": pa.list_(pa.string())}
    types |= {kind: pa.decimal128(_DIGITS, places) for kind, places in _PLACES_OF.items()}
    return pa.schema([(column.key, types[column.kind]) for column in table.columns])


def _batches(table: Table, documents: Sequence[Scored], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    rows = table.rows(documents)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        arrays = [
            pa.array([_typed(column, column.of(row)) for row in chunk], type=schema.field(column.key).type)
            for column in table.columns
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _typed(column: Column, cell: Cell) -> object:
    """A cell as Parquet takes it."""
    if isinstance(cell, str):
        return _valid(cell)
    if isinstance(cell, tuple):
        return [_valid(text) for text in cell]
    if isinstance(cell, Decimal):
        return cell if _fits(cell, _PLACES_OF[column.kind]) else None
    return cell


def _valid(text: str) -> str:
    """Text that UTF-8 can hold: halves of surrogate pairs become ``?``."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _fits(number: Decimal, places: int) -> bool:
    exponent = EXACT.normalize(number).as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places and number.adjusted() < _DIGITS - places
