"""Comma-separated text (also with ; or tab between cells) → paragraphs and tables, each cell with its place.

Records of one cell stand for lines of text above and between the tables, as programs that export a form write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from kpi.documents import encoding
from kpi.documents.cleaning import clean
from kpi.documents.model import Block, Cell, Content, Paragraph
from kpi.documents.reading import Reading, gathered, narrowed, padded
from kpi.schema import Location

_LINE = regex.compile(r"\r\n|[\n\r]")
_DELIMITERS = ",;\t"
_ENDS = {delimiter: regex.compile(f"[{delimiter}\r\n]") for delimiter in _DELIMITERS}
_SAMPLE_CHARS = 64 * 1024
# A quoted cell that is longer, or broken over more lines, is no cell: its quotation mark stands for itself.
_MAX_QUOTED_CHARS = 20_000
_MAX_QUOTED_LINES = 60


class Record(NamedTuple):
    """A row as it stands in the text; ``line`` is that of its first cell."""

    cells: tuple[Cell, ...]
    line: int
    start: int
    end: int


def read(data: bytes) -> Content:
    """Read the bytes of a comma-separated file."""
    text, problems = encoding.decode(data)
    if not text:
        return Content((), problems)
    reading = Reading()
    for found in problems:
        reading.found(found)
    return narrowed(gathered(_blocks(text, reading), reading))


def _blocks(text: str, reading: Reading) -> Iterator[Block]:
    delimiter = delimiter_of(text) or ","
    rows: list[list[Cell]] = []
    blank = 0  # lines without text since the last row
    for record in records(text, delimiter):
        reading.check_time()
        if len(rows) > reading.rows:
            break
        if not any(cell.text for cell in record.cells):
            blank += 1
            continue
        if len(record.cells) == 1:
            yield from _table(rows, reading)
            rows = []
            yield _paragraph(record, text)
        else:
            if blank and rows and len(rows[-1]) != len(record.cells):
                yield from _table(rows, reading)
                rows = []
            rows.append(list(record.cells))
        blank = 0
    yield from _table(rows, reading)


def _table(rows: list[list[Cell]], reading: Reading) -> Iterator[Block]:
    if rows and (found := reading.table(padded(rows, reading.cells))):
        yield found


def _paragraph(record: Record, text: str) -> Paragraph:
    (cell,) = record.cells
    place = Location(line=record.line, start=cell.start, end=cell.end)
    return Paragraph(cell.text, place, text[cell.start : cell.end])


def records(text: str, delimiter: str) -> Iterator[Record]:
    """The records of ``text``; a record without any delimiter is a record of one cell."""
    at, line = 0, 1
    end_of_text = len(text)
    while at < end_of_text:
        cells: list[Cell] = []
        start, first = at, line
        while True:
            cell, at, breaks = _cell(text, at, line, delimiter)
            cells.append(cell)
            line += breaks
            if at >= end_of_text or text[at] != delimiter:
                break
            at += 1
        yield Record(tuple(cells), first, start, at)
        if at < end_of_text:
            at += 2 if text.startswith("\r\n", at) else 1
        line += 1


def _cell(text: str, at: int, line: int, delimiter: str) -> tuple[Cell, int, int]:
    """The cell at ``at``, the place of the delimiter or line end behind it, and how many lines it is broken over."""
    if text.startswith('"', at) and (quoted := _quoted(text, at, delimiter)):
        end, behind = quoted
        inside = text[at + 1 : end]
        breaks = len(_LINE.findall(inside))
        return Cell(clean(inside.replace('""', '"')), line, at + 1, end), behind, breaks
    found = _ENDS[delimiter].search(text, at)
    end = found.start() if found else len(text)
    piece = text[at:end]
    begin = at + len(piece) - len(piece.lstrip())
    return Cell(clean(piece), line, begin if piece.strip() else end, begin + len(piece.strip())), end, 0


def _quoted(text: str, at: int, delimiter: str) -> tuple[int, int] | None:
    """Where the quoted cell that begins at ``at`` ends, and where its delimiter stands; ``None`` if it is none."""
    mark = at
    most = min(len(text), at + _MAX_QUOTED_CHARS)
    while True:
        mark = text.find('"', mark + 1, most)
        if mark < 0:
            return None
        if text.startswith('"', mark + 1):
            mark += 1
            continue
        behind = mark + 1
        if behind < len(text) and text[behind] not in (delimiter, "\r", "\n"):
            return None
        lines = len(_LINE.findall(text, at, mark))
        return (mark, behind) if lines <= _MAX_QUOTED_LINES else None


# ------------------------------------------------------------------------------------------ is it one?

_LEAST_ROWS = 3
_LEAST_CELLS = 3
_SHARE = 0.8
_PROSE = regex.compile(r"[。！？]")
_NUMBERS_ONLY = regex.compile(r"[\d\s.,%-]*+")


def delimiter_of(text: str) -> str | None:
    """What stands between the cells of ``text``, or ``None`` where it is no comma-separated text.

    It is one where most lines have the same number of cells, three or more; a text with tabs in its lines is a table of
    another kind, and lines of prose or of numbers with commas in them are none.
    """
    sample = text[:_SAMPLE_CHARS]
    whole = len(sample) == len(text)
    found = {delimiter: _fit(sample, delimiter, whole) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: found[delimiter])
    return best if found[best] else None


def looks_separated(text: str) -> bool:
    """Whether ``text`` is comma-separated by its content: commas or semicolons, no tabs."""
    tabs, commas, semicolons = (text.count(mark, 0, _SAMPLE_CHARS) for mark in "\t,;")
    if max(commas, semicolons) < max(_LEAST_ROWS * (_LEAST_CELLS - 1), tabs):
        return False
    return delimiter_of(text) in (",", ";")


def _fit(sample: str, delimiter: str, whole: bool) -> int:
    """How many records of ``sample`` have the commonest number of cells; 0 where they are too few."""
    if sample.count(delimiter) <= 2 * sample.count(f"{delimiter} "):
        return 0  # none, or mostly with a blank behind it, as in prose
    found = [record for record in records(sample, delimiter) if any(cell.text for cell in record.cells)]
    found = found if whole else found[:-1]
    counts: dict[int, int] = {}
    for record in found:
        counts[len(record.cells)] = counts.get(len(record.cells), 0) + 1
    several = sum(number for cells, number in counts.items() if cells > 1)
    width, same = max(
        ((cells, number) for cells, number in counts.items() if cells >= _LEAST_CELLS),
        key=lambda one: one[1],
        default=(0, 0),
    )
    if same < _LEAST_ROWS or same < several * _SHARE or several < len(found) / 2:
        return 0
    rows = [record for record in found if len(record.cells) == width]
    prose = sum(bool(_PROSE.search(record.cells[0].text)) for record in rows)
    numbers = sum(all(_NUMBERS_ONLY.fullmatch(cell.text) for cell in record.cells) for record in rows)
    return 0 if prose > same * (1 - _SHARE) or numbers == same else same * width
