"""The scorecard as an Excel workbook: 总览, 项目评分, 指标明细, 问题清单, 规则说明, and what lies across documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kpi.scorecard import changes, copies
from kpi.scorecard.columns import FINDINGS, INDICATORS, PROJECTS, Table
from kpi.scorecard.scored import Scored
from kpi.scorecard.workbook import listing, manual, overview
from kpi.scorecard.workbook.book import MOST_ROWS, Book


def write(documents: Sequence[Scored], path: Path, *, most_rows: int = MOST_ROWS) -> None:
    """Write the workbook; the same documents give the same bytes.

    Args:
        documents: what was read and reviewed, in the order in which it is shown.
        path: the file, overwritten.
        most_rows: what a sheet holds; of more the worst are kept, and the sheet says so.

    Raises:
        OSError: the file cannot be written (open in Excel, no permission, disk full).

    """
    listed = (PROJECTS, INDICATORS, FINDINGS)
    further = [(table, rows) for table in (copies.COPIES, changes.CHANGES) if (rows := list(table.rows(documents)))]
    with Book(path, large=_is_large(documents)) as book:
        titles = (table.title for table in (*listed, *(table for table, _ in further)))
        sheets = [book.sheet(title) for title in ("总览", *titles)]
        links = manual.places(documents)
        cut = [
            listing.write(book, sheet, table, documents, most_rows, links)
            for sheet, table in zip(sheets[1:], listed, strict=False)
        ]
        for sheet, (table, rows) in zip(sheets[1 + len(listed) :], further, strict=True):
            cut.append(listing.write_rows(book, sheet, table, rows, most_rows, links))
        overview.write(book, sheets[0], documents, [note for note in cut if note])
        manual.write(book, book.sheet(manual.TITLE), links)


def write_one(table: Table, rows: Sequence[Any], path: Path) -> None:
    """Write one table, of rows that are known, as a workbook of its own.

    Raises:
        OSError: the file cannot be written.

    """
    with Book(path, large=len(rows) > _MANY_INDICATORS) as book:
        listing.write_rows(book, book.sheet(table.title), table, rows, MOST_ROWS, {})


_MANY_INDICATORS = 50_000


def _is_large(documents: Sequence[Scored]) -> bool:
    return sum(document.review.summary.indicators for document in documents) > _MANY_INDICATORS
