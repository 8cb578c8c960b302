"""Plain text → blocks. Four ways to write a table in text are understood, told apart by the lines themselves:
tab-separated rows (``tabs.py``), one cell a line (``cells.py``), pipe rows (``pipes.py``) and pipe rows
broken at their bars (``bars.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from kpi import settings
from kpi.documents import captions, encoding
from kpi.documents.cleaning import clean, hidden_names
from kpi.documents.model import Block, Content, Paragraph, Row, Table
from kpi.documents.problems import problem
from kpi.documents.reading import narrowed
from kpi.documents.text import bars, cells, pipes, tabs
from kpi.documents.text.lines import Line, lines_of
from kpi.schema import Location

_HEADING_MARK = regex.compile(r"\s{0,3}#{1,6}\s++")
_LEADER = regex.compile(r"(?<![.…·])[.…·]{2,}+\s*+\d++\s*+$")  # a line of a table of contents


def read(data: bytes) -> Content:
    """Read the bytes of a text file."""
    decoded, problems = encoding.decode(data)
    content = content_of(decoded)
    return Content(content.blocks, (*problems, *content.problems) if decoded else problems)


def content_of(text: str) -> Content:
    """Read text that is decoded, without a byte order mark."""
    if not text.strip():
        return Content((), (problem("empty_document"),))
    blocks, left_out = blocks_of(text, settings.MAX_ROWS)
    return narrowed(Content(blocks, (problem("too_many_rows", f"{settings.MAX_ROWS:,}"),) if left_out else ()))


def blocks_of(text: str, max_rows: int) -> tuple[tuple[Block, ...], bool]:
    """The blocks of ``text`` in order, and whether rows beyond ``max_rows`` were left out.

    Every character outside white space ends up in one of the blocks.
    """
    lines = lines_of(text)
    blocks: list[Block] = []
    tables = total = 0
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.blank:
            at += 1
            continue
        rows, after = _table_at(lines, at)
        if rows:
            tables += 1
            blocks.append(Table(tables, tuple(rows[: max_rows - total])))
            at, total = after, total + len(rows)
            if total > max_rows:
                return tuple(blocks), True
            continue
        blocks.extend(_paragraphs(line))
        at += 1
    return tuple(blocks), False


def _paragraphs(line: Line) -> Iterator[Paragraph]:
    for start, end in captions.spans_of(line.text):
        source = line.text[start:end]
        cleaned = clean(_unmarked(source))
        if cleaned or hidden_names(source):  # a field code alone in its line prints nothing, but names a table
            place = Location(line=line.number, start=line.start + start, end=line.start + end)
            yield Paragraph(cleaned, place, source)


def _unmarked(text: str) -> str:
    """A paragraph without the marks that Markdown puts around headings and bold words."""
    if found := _HEADING_MARK.match(text):
        text = text[found.end() :].rstrip().rstrip("#").rstrip()
    text = pipes.not_bold(text)
    return text.replace("**", "") if text.count("**") >= 2 else text


def _table_at(lines: list[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at`` and the index behind it; no rows where none starts."""
    text = lines[at].text
    if "|" in text and (found := bars.rows_at(lines, at))[0]:
        return found
    if lines[at].is_pipe_row or pipes.behind_broken(lines, at) > at:
        return pipes.pipe_rows(lines, at)
    if tabs.is_row(lines, at) and not _LEADER.search(text):
        one_cell = cells.one_cell_a_line(lines, at)
        return cells.cell_lines(lines, at) if one_cell else tabs.tab_rows(lines, at)
    return [], at
