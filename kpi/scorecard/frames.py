"""The tables of the scorecard as Arrow tables: typed columns by their keys, a table at a time, in the documents' order.

A frame has the columns of its table (``columns.py``) and, before and behind them, what joins and sorts rows:
``document_number`` (the document's place in the batch, from 0), ``project_index`` and ``indicator_index`` (in the
document's projects and the project's indicators, from 0), ``badness`` (how bad a row is) and ``beyond``, numbers that
the column cannot hold, as a JSON object of their digits; null nearly always.

Two further frames have no columns of their own in ``columns.py``: ``documents``, a row a document with the whole
result, and ``organisations``, the sums of each organisation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi import explain
from kpi.schema import plain
from kpi.scorecard import summary
from kpi.scorecard.columns import TABLES, Cell, Column, IndicatorRow, Kind, ProjectRow, Row, Table
from kpi.scorecard.scored import Scored
from kpi.scoring import PLACES
from kpi.values.exact import EXACT, trimmed

if TYPE_CHECKING:
    import pyarrow as pa

# Digits before and after the point of a number in a column; what does not fit is null there, and whole in ``beyond``.
_DIGITS, _PLACES = 38, 12
_PLACES_OF: dict[Kind, int] = {"number": _PLACES, "money": 4, "points": PLACES, "share": 4}
NAMES = ("documents", *(table.name for table in TABLES), "organisations")


class Numbered(NamedTuple):
    """A document with its place in the batch, from 0, and the label of an earlier one with the same content.

    ``record`` is its line of JSON, in UTF-8.
    """

    number: int
    scored: Scored
    same_as: str | None = None
    record: bytes | None = None


def named(name: str, documents: Sequence[Numbered]) -> pa.Table:
    """One frame of these documents, by its name (:data:`NAMES`)."""
    if name == "documents":
        return _documents(documents)
    if name == "organisations":
        return _organisations(documents)
    return frame(next(table for table in TABLES if table.name == name), documents)


def frame(table: Table, documents: Sequence[Numbered]) -> pa.Table:
    """One table of these documents."""
    import pyarrow as pa

    rows: list[Row] = []
    numbers: list[int] = []
    for number, document, *_ in documents:
        own = list(table.rows([document]))
        rows += own
        numbers += [number] * len(own)
    beyond: dict[int, dict[str, str]] = {}  # by the place of the row
    places = [_place(row) for row in rows]
    types = _schema(table)
    arrays = [
        pa.array(numbers, pa.int64()),
        pa.array([project for project, _ in places], pa.int64()),
        pa.array([indicator for _, indicator in places], pa.int64()),
        *(_column(each, [each.of(row) for row in rows], types.field(each.key).type, beyond) for each in table.columns),
        pa.array([table.worst(row) for row in rows], pa.int64()),
    ]
    exact = [json.dumps(beyond[at]) if at in beyond else None for at in range(len(rows))]
    return pa.Table.from_arrays([*arrays, pa.array(exact, pa.string())], schema=types)


def _column(column: Column, cells: list[Cell], kind: pa.DataType, beyond: dict[int, dict[str, str]]) -> pa.Array:
    """A column; numbers that it cannot hold go ``beyond``, by their rows."""
    import pyarrow as pa

    if column.kind not in _PLACES_OF:
        return _array(cells, kind)
    try:
        return pa.array(cells, kind)
    except pa.ArrowInvalid:  # seldom enough that numbers are not measured beforehand
        return pa.array([_held(column, cell, at, beyond) for at, cell in enumerate(cells)], kind)


def _held(column: Column, cell: Cell, at: int, beyond: dict[int, dict[str, str]]) -> Decimal | None:
    """A number as the column takes it; null, and ``beyond``, where it cannot hold it."""
    if not isinstance(cell, Decimal):
        return None
    number = trimmed(cell)
    if _fits(number, _PLACES_OF[column.kind]):
        return number
    beyond.setdefault(at, {})[column.key] = plain(cell)
    return None


def _array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # seldom enough that it is not looked for beforehand
        return pa.array([_without_surrogates(value) for value in values], kind)


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return _valid(value)
    return [_without_surrogates(each) for each in value] if isinstance(value, tuple) else value


def _place(row: Row) -> tuple[int | None, int | None]:
    """The project and the indicator that a row is about."""
    if isinstance(row, IndicatorRow):
        return row.project_index, row.number - 1
    return (row.score.project, None) if isinstance(row, ProjectRow) else (row.finding.project, row.finding.indicator)


def _schema(table: Table) -> pa.Schema:
    """The columns of a frame."""
    import pyarrow as pa

    before = [(name, pa.int64()) for name in ("document_number", "project_index", "indicator_index")]
    return pa.schema([*before, *columns(table), ("badness", pa.int64()), ("beyond", pa.string())])


def columns(table: Table) -> pa.Schema:
    """The columns of a table alone."""
    import pyarrow as pa

    types: dict[Kind, Any] = {"text": pa.string(), "integer": pa.int64(), "list": pa.list_(pa.string())}
    types |= {kind: pa.decimal128(_DIGITS, places) for kind, places in _PLACES_OF.items()}
    return pa.schema([(column.key, types[column.kind]) for column in table.columns])


def _valid(text: str) -> str:
    """Text that UTF-8 can hold: without halves of surrogate pairs."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def _fits(number: Decimal, places: int) -> bool:
    exponent = EXACT.normalize(number).as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places and number.adjusted() < _DIGITS - places


def cells(table: Table, frame: pa.Table) -> Iterator[list[Cell]]:
    """The rows of a frame as ``columns.py`` gives them, numbers without trailing zeros."""
    lists = [_list(frame.column(column.key), column.kind) for column in table.columns]
    keys = [column.key for column in table.columns]
    for beyond, *row in zip(frame.column("beyond").to_pylist(), *lists, strict=True):
        if beyond:
            for key, digits in json.loads(beyond).items():
                row[keys.index(key)] = Decimal(digits)
        yield row


def _list(column: pa.ChunkedArray, kind: Kind) -> list[Any]:
    found: list[Any] = column.to_pylist()
    if kind in _PLACES_OF:
        return [None if number is None else trimmed(number) for number in found]
    return [tuple(each) for each in found] if kind == "list" else found


def _documents(documents: Sequence[Numbered]) -> pa.Table:
    import pyarrow as pa

    problem = pa.struct([("code", pa.string()), ("message", pa.string()), ("place", pa.string())])
    integers = ("projects", "indicators", "errors", "warnings", "infos", "wide_findings")
    types = pa.schema([
        ("document_number", pa.int64()), ("document", pa.string()), ("sha256", pa.string()), ("name", pa.string()),
        ("media_type", pa.string()), ("same_as", pa.string()), ("organisation", pa.string()),
        ("organisation_code", pa.string()), ("fiscal_year", pa.int64()),
        ("ruleset_version", pa.string()), ("unread", pa.bool_()),
        *((name, pa.int64()) for name in integers),
        ("problems", pa.list_(problem)), ("record", pa.large_string()),
    ])  # fmt: skip
    return pa.Table.from_pylist([_document(document) for document in documents], schema=types)


def _document(given: Numbered) -> dict[str, object]:
    read, reviewed = given.scored.extraction, given.scored.review
    counts = reviewed.summary.findings
    return {
        "document_number": given.number, "document": _valid(given.scored.label), "sha256": read.source.sha256,
        "name": read.source.name, "media_type": read.source.media_type, "same_as": given.same_as,
        "organisation": read.organisation.name and _valid(read.organisation.name),
        "organisation_code": read.organisation.code and _valid(read.organisation.code),
        "fiscal_year": read.fiscal_year, "ruleset_version": reviewed.ruleset_version,
        "unread": summary.is_unread(given.scored),
        "projects": len(read.projects), "indicators": reviewed.summary.indicators,
        "errors": counts.error, "warnings": counts.warning, "infos": counts.info,
        "wide_findings": sum(finding.project is None for finding in reviewed.findings),
        "problems": [
            {"code": p.code, "message": _valid(p.message), "place": explain.place(p.location)} for p in read.problems
        ],
        "record": given.record,
    }  # fmt: skip


SUMS = ("documents", "projects", "indicators", "filled", "measurable", "vague", "errors", "warnings", "infos")
POINTS = ("points", "checkable", "reached")


def _organisations(documents: Sequence[Numbered]) -> pa.Table:
    import pyarrow as pa

    number = pa.decimal128(_DIGITS, PLACES)
    types = pa.schema([
        ("first", pa.int64()), ("organisation", pa.string()),
        *((name, pa.int64()) for name in SUMS), *((name, number) for name in POINTS),
    ])  # fmt: skip
    first = documents[0].number if documents else 0
    rows = []
    for at, total in enumerate(summary.by_organisation([document.scored for document in documents])):
        sums = (
            total.documents, total.projects, total.indicators, total.filled, total.measurable, total.vague,
            *(total.findings[severity] for severity in ("error", "warning", "info")),
        )  # fmt: skip
        points = (sum((getattr(block, name) for block in total.blocks), Decimal(0)) for name in POINTS)
        # What orders organisations by their first mention, over all parts of a batch.
        place = first * 1_000_000 + at
        values = (place, _valid(total.name), *sums, *(p.quantize(Decimal(1).scaleb(-PLACES)) for p in points))
        rows.append(dict(zip(types.names, values, strict=True)))
    return pa.Table.from_pylist(rows, schema=types)
