"""Plain text → blocks. Three ways to write a table in text are understood, told apart by the lines themselves:

* rows of tab-separated cells;
* one cell a line: each cell starts with a tab, a blank line ends the row, a line without a tab continues the cell,
  two blank lines end the table;
* pipe rows (Markdown), with or without a rule under the heading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from kpi.documents.cleaning import clean
from kpi.documents.model import Block, Cell, Paragraph, Row, Table
from kpi.schema import Location


class Line(NamedTuple):
    """A line without its end; ``start`` is its offset in the text, ``number`` counts from 1."""

    text: str
    number: int
    start: int

    @property
    def blank(self) -> bool:
        """Neither text nor a tab: a line with a lone tab is an empty cell."""
        return "\t" not in self.text and not self.text.strip()


_NEWLINE = regex.compile(r"\r\n|[\n\r\v\f\u2028\u2029\x85]")


def lines_of(text: str) -> list[Line]:
    """The lines of ``text``, each with its offset."""
    lines, start = [], 0
    for number, found in enumerate(_NEWLINE.finditer(text), 1):
        lines.append(Line(text[start : found.start()], number, start))
        start = found.end()
    lines.append(Line(text[start:], len(lines) + 1, start))
    return lines


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
        if cleaned := clean(_unmarked(line.text)):
            location = Location(line=line.number, start=line.start, end=line.start + len(line.text))
            blocks.append(Paragraph(cleaned, location))
        at += 1
    return tuple(blocks), False


_HEADING_MARK = regex.compile(r"\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*")


def _unmarked(text: str) -> str:
    """A paragraph without the marks that Markdown puts around headings and bold words."""
    if found := _HEADING_MARK.fullmatch(text):
        text = found["text"]
    return text.replace("**", "") if text.count("**") >= 2 else text


def _table_at(lines: list[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at`` and the index behind it; no rows where none starts."""
    text = lines[at].text
    if _is_pipe_row(text):
        return _pipe_rows(lines, at)
    if "\t" in text and not _LEADER.search(text):
        return _cell_lines(lines, at) if _one_cell_a_line(lines, at) else _tab_rows(lines, at)
    return [], at


# ------------------------------------------------------------------------------------------ tab-separated

_LEADER = regex.compile(r"[.…·]{2,}\s*\d+\s*$")  # a line of a table of contents
_LOOK_AHEAD = 12


def _one_cell_a_line(lines: list[Line], at: int) -> bool:
    """Whether lines hold single cells, from how the next few of them look: a leading tab and none inside."""
    single = several = 0
    for line in lines[at : at + _LOOK_AHEAD]:
        if "\t" in line.text:
            inner = line.text.lstrip(" ")[1:].rstrip("\t ")
            if line.text.lstrip(" ").startswith("\t") and "\t" not in inner:
                single += 1
            else:
                several += 1
    return single > several


def _tab_rows(lines: list[Line], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    while at < len(lines) and "\t" in lines[at].text:
        rows.append(tuple(_split(lines[at], "\t")))
        at += 1
    return rows, at


def _split(line: Line, separator: str) -> Iterator[Cell]:
    start = line.start
    for piece in line.text.split(separator):
        yield Cell(clean(piece), line.number, start, start + len(piece))
        start += len(piece) + 1


# ------------------------------------------------------------------------------------------ one cell a line


def _cell_lines(lines: list[Line], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    row: list[Cell] = []
    pieces: list[Line] = []
    blanks = 0

    def close_cell() -> None:
        if pieces:
            first, last = pieces[0], pieces[-1]
            text = "\n".join(piece.text for piece in pieces)
            offset = first.text.index("\t") + 1
            row.append(Cell(clean(text), first.number, first.start + offset, last.start + len(last.text)))
            pieces.clear()

    while at < len(lines) and blanks < 2:
        line = lines[at]
        if line.blank:
            blanks += 1
        elif line.text.lstrip(" ").startswith("\t"):
            close_cell()
            if blanks and row:
                rows.append(tuple(row))
                row.clear()
            pieces.append(line)
            blanks = 0
        elif blanks:
            break
        else:
            pieces.append(line)
        at += 1
    close_cell()
    if row:
        rows.append(tuple(row))
    return rows, at


# ------------------------------------------------------------------------------------------ pipe rows

_RULE = regex.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?")
_BREAK = regex.compile(r"<br\s*/?>", regex.IGNORECASE)
_PIPE = regex.compile(r"(?<!\\)\|")


def _is_pipe_row(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith("|") and len(_PIPE.findall(stripped)) >= 2


def _pipe_rows(lines: list[Line], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    while at < len(lines) and _is_pipe_row(lines[at].text):
        if not _RULE.fullmatch(lines[at].text):
            rows.append(tuple(_pipe_cells(lines[at])))
        at += 1
    return rows, at


def _pipe_cells(line: Line) -> Iterator[Cell]:
    bars = [found.start() for found in _PIPE.finditer(line.text)]
    ends = bars[1:] if line.text.rstrip().endswith("|") else [*bars[1:], len(line.text)]
    for start, end in zip(bars, ends, strict=False):
        piece = line.text[start + 1 : end]
        text = clean(_BREAK.sub("\n", piece).replace("\\|", "|"))
        yield Cell(text, line.number, line.start + start + 1, line.start + end)
