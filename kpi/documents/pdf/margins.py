"""Running headers, footers and page numbers: lines in the margins that are no part of the text."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

import regex

from kpi.documents.pdf.layout import Sheet
from kpi.documents.pdf.lines import Line, line_text

_EDGE = 0.09  # share of the height of a page that is margin for what repeats
_NUMBER_EDGE = 0.13  # and for page numbers
_OFTEN = 3  # pages, and a third of all, that a running line stands on; of two pages both
_PAGE_NUMBER = regex.compile(
    r"[-—–－·~•\s]*(?:第\s*)?(?:\d{1,4}|[ⅰ-ⅿIVXivx]{1,6}|[一二三四五六七八九十百]{1,5}(?=\s*页))(?:\s*页)?"
    r"(?:\s*[,，/／、\s]\s*(?:共|总)?\s*\d{1,4}\s*页?)?[-—–－·~•\s]*",
)
_DIGITS = regex.compile(r"\d+")


def without_margins(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without what runs through them.

    A line at the top of every page may also be the title of each page's table: it is larger than the text.
    """
    heights = [run.em for sheet in sheets for line in sheet.lines for run in line]
    usual = statistics.median(heights) if heights else 0.0
    pages = Counter(key for sheet in sheets for key in {_key(line) for line in sheet.lines if _at_edge(line, sheet)})
    running = {key for key, count in pages.items() if count >= max(min(_OFTEN, len(sheets)), 2, len(sheets) / 3)}

    def runs_through(line: Line, sheet: Sheet) -> bool:
        if _at_edge(line, sheet, _NUMBER_EDGE) and _PAGE_NUMBER.fullmatch(line_text(line)):
            return True
        if not _at_edge(line, sheet) or _key(line) not in running:
            return False
        return line[0].top > sheet.height / 2 or line[0].em <= 1.05 * usual

    return [sheet._replace(lines=[line for line in sheet.lines if not runs_through(line, sheet)]) for sheet in sheets]


def _at_edge(line: Line, sheet: Sheet, share: float = _EDGE) -> bool:
    return line[0].bottom < share * sheet.height or line[0].top > (1 - share) * sheet.height


def _key(line: Line) -> tuple[str, bool]:
    """What makes a line the same on another page: its text but for numbers, at the top or at the bottom."""
    return _DIGITS.sub("0", line_text(line).replace(" ", "")), line[0].top < 200
