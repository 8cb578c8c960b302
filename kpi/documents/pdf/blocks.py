"""Tables and lines of all pages → the blocks of the document: lines of one paragraph are put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kpi import settings
from kpi.documents.cleaning import clean
from kpi.documents.model import Block, Content, Paragraph, Table
from kpi.documents.pdf.chains import grids
from kpi.documents.pdf.layout import Item, PageTable
from kpi.documents.pdf.lines import Line, Run, joined, together
from kpi.documents.problems import problem
from kpi.schema import Location

_CAPTION_GAP = 1.4  # ems between two captions of one line
_FULL = 1.7  # ems that may be free behind a full line of a paragraph
_INDENT = 0.7  # ems
_LEAST_WIDTH = 0.8  # of a page up to where its text reaches
_LONG = 12  # characters of a line that tells where the margins are


def blocks_of(pages: Sequence[tuple[int, float, list[Item]]]) -> Content:
    """The blocks of a document, of the items of its pages (each with its number and the page's width)."""
    rows_of = grids([(number, items) for number, _, items in pages])
    blocks: list[Block] = []
    text: list[Run] = []  # the lines of the open paragraph
    place: Location | None = None
    full = False  # whether the last of them is full
    cells = tables = 0
    for page, width, items in pages:
        left, right = _margins(items, width)
        for item in items:
            if isinstance(item, PageTable):
                blocks += _paragraph(text, place)
                text = []
                rows, first = rows_of[page, item.top]
                cells += sum(map(len, rows))
                if cells > settings.MAX_CELLS:
                    return Content(tuple(blocks), (problem("too_many_cells", f"{settings.MAX_CELLS:,}"),))
                if any(cell.text for row in rows for cell in row):
                    tables += 1
                    blocks.append(Table(tables, rows, page=page, first_row=first))
                continue
            captions = _captions(item)
            for run in captions:
                if not (text and full and len(captions) == 1 and run.x0 <= left + _INDENT * run.em):
                    blocks += _paragraph(text, place)
                    text, place = [], Location(page=page)
                text.append(run)
                full = len(captions) == 1 and run.x1 >= right - _FULL * run.em
    return Content((*blocks, *_paragraph(text, place)))


def _paragraph(lines: list[Run], place: Location | None) -> Iterator[Paragraph]:
    width = max((run.x1 - run.x0 for run in lines), default=0.0)
    source = joined(lines, width)
    if place is not None and (cleaned := clean(source)):
        yield Paragraph(cleaned, place, source)


def _margins(items: Sequence[Item], width: float) -> tuple[float, float]:
    """Where the lines of text of a page begin and end. Titles alone do not tell: the text reaches at least as far as
    the tables, and over most of the page.
    """
    runs = [together(item) for item in items if not isinstance(item, PageTable)]
    spans = [(run.x0, run.x1) for run in runs if len(run.text) >= _LONG]
    spans += [(item.left, item.right) for item in items if isinstance(item, PageTable)]
    return min((left for left, _ in spans), default=0.0), max((_LEAST_WIDTH * width, *(right for _, right in spans)))


def _captions(line: Line) -> list[Run]:
    """The captions of a line, divided by wide gaps; the whole line where there are none."""
    found: list[list[Run]] = [[line[0]]]
    for last, run in pairwise(line):
        if run.x0 - last.x1 > _CAPTION_GAP * run.em:
            found.append([])
        found[-1].append(run)
    return [together(runs) for runs in found]
