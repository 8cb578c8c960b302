"""The scorecard as an Excel workbook: 总览, 项目评分, 指标明细, 问题清单, 规则说明."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kpi import scoring
from kpi.scorecard.columns import FINDINGS, INDICATORS, PROJECTS
from kpi.scorecard.scored import Scored, amended
from kpi.scorecard.workbook import listing, manual, overview
from kpi.scorecard.workbook.book import MOST_ROWS, Book
from kpi.scoring import Scheme


def write(
    documents: Sequence[Scored],
    path: Path,
    *,
    most_rows: int = MOST_ROWS,
    schemes: Callable[[Scored], Scheme] | None = None,
) -> None:
    """Write the workbook; the same documents give the same bytes.

    Args:
        documents: what was read and reviewed, in the order in which it is shown.
        path: the file, overwritten.
        schemes: gives the scheme that a document was scored by; default the product's own. The rules are explained by
            that of the first: schemes of one run differ in points only.
        most_rows: what a sheet holds; of more the worst are kept, and the sheet says so.

    Raises:
        OSError: the file cannot be written (open in Excel, no permission, disk full).

    """
    with Book(path, large=_is_large(documents)) as book:
        sheets = [book.sheet(title) for title in ("总览", *(t.title for t in (PROJECTS, INDICATORS, FINDINGS)))]
        links = manual.places(documents)
        cut = [
            listing.write(book, sheet, table, documents, most_rows, links)
            for sheet, table in zip(sheets[1:], (PROJECTS, INDICATORS, FINDINGS), strict=True)
        ]
        overview.write(book, sheets[0], documents, [note for note in (amended(documents), *cut) if note])
        scheme = schemes(documents[0]) if schemes and documents else scoring.default()
        manual.write(book, book.sheet(manual.TITLE), links, scheme)


_MANY_INDICATORS = 50_000


def _is_large(documents: Sequence[Scored]) -> bool:
    return sum(document.review.summary.indicators for document in documents) > _MANY_INDICATORS
