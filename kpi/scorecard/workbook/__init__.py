"""The scorecard as an Excel workbook: 总览, 项目评分, 指标明细, 问题清单, 规则说明, and what lies across documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kpi import scoring
from kpi.scorecard import changes, copies, results
from kpi.scorecard.columns import FINDINGS, INDICATORS, PROJECTS, Table
from kpi.scorecard.results import Results
from kpi.scorecard.scored import Scored
from kpi.scorecard.workbook import listing, manual, overview
from kpi.scorecard.workbook.book import Book
from kpi.scoring import Scheme

# A sheet holds so many rows, headings counted. Excel would open 1,048,576 of them, after minutes, on a good machine.
MOST_ROWS = 200_000
# Of more, so many of the worst: nobody reads on behind them, and the whole is in Parquet.
WORST_ROWS = 50_000
_MANY_INDICATORS = 50_000
_MOST_ACROSS = 1_000_000  # indicators


def write(
    documents: Sequence[Scored] | Results,
    path: Path,
    *,
    most_rows: int = MOST_ROWS,
    worst_rows: int = WORST_ROWS,
    schemes: Callable[[Scored], Scheme] | None = None,
) -> None:
    """Write the workbook; the same documents give the same bytes.

    Args:
        documents: what was read and reviewed, in the order in which it is shown.
        path: the file, overwritten.
        schemes: gives the scheme that a document was scored by; default the product's own. The rules are explained by
            that of the first: schemes of one run differ in points only.
        most_rows: what a sheet holds; of more the worst are kept, and the sheet says so.
        worst_rows: how many of them, headings counted.

    Raises:
        OSError: the file cannot be written (open in Excel, no permission, disk full).

    """
    batch = results.of(documents)
    projects, indicators, findings = (results.count(batch, table) for table in (PROJECTS, INDICATORS, FINDINGS))
    listed = ((PROJECTS, projects), (INDICATORS, indicators), (FINDINGS, findings))
    organisations = results.organisations(batch)
    rows = (most_rows, min(most_rows, worst_rows))
    with Book(path, large=indicators > _MANY_INDICATORS) as book:
        sheets = [book.sheet(title) for title in ("总览", *(t.title for t in (PROJECTS, INDICATORS, FINDINGS)))]
        links = manual.places(batch.total.by_rule)
        cut = [
            listing.write(book, sheet, table, batch, number, rows, links)
            for sheet, (table, number) in zip(sheets[1:], listed, strict=True)
        ]
        for table, found in _across(batch, indicators):
            cut.append(listing.write_rows(book, book.sheet(table.title), table, found, rows, links))
        overview.write(book, sheets[0], batch, organisations, [note for note in (batch.amended, *cut) if note])
        if len(organisations) > overview.ORGANISATIONS:
            overview.write_organisations(book, book.sheet("单位汇总"), organisations)
        first = next(batch.documents({0}), None) if schemes else None
        scheme = schemes(first[1]) if schemes and first else scoring.default()
        manual.write(book, book.sheet(manual.TITLE), links, scheme)


def write_one(table: Table, rows: Sequence[Any], path: Path) -> None:
    """Write one table, of rows that are known, as a workbook of its own.

    Raises:
        OSError: the file cannot be written.

    """
    with Book(path, large=len(rows) > _MANY_INDICATORS) as book:
        listing.write_rows(book, book.sheet(table.title), table, rows, (MOST_ROWS, WORST_ROWS), {})


def _across(batch: Results, indicators: int) -> Iterator[tuple[Table, list[Any]]]:
    """What lies across documents, where there is any; in a very large batch ``kpi copies`` and ``kpi diff`` tell."""
    if indicators <= _MOST_ACROSS:
        for table, found in ((copies.COPIES, copies.across), (changes.CHANGES, changes.of_batch)):
            if rows := list(found(batch)):
                yield table, rows
