"""The lines of a text, and the cells that are written on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from kpi.documents.cleaning import clean
from kpi.documents.model import Cell

_NEWLINE = regex.compile(r"\r\n|[\n\r\v\f\u2028\u2029\x85]")
_BAR = regex.compile(r"(?<!\\)\|")


class Line(NamedTuple):
    """A line without its end; ``start`` is its offset in the text, ``number`` counts from 1."""

    text: str
    number: int
    start: int

    @property
    def blank(self) -> bool:
        """Neither text nor a tab: a line with a lone tab is an empty cell."""
        return "\t" not in self.text and not self.text.strip()

    @property
    def plain(self) -> bool:
        """Text without a tab that is no pipe row."""
        return "\t" not in self.text and bool(self.text.strip()) and not self.is_pipe_row

    @property
    def starts_with_tab(self) -> bool:
        """Whether the first cell of the line starts with a tab."""
        return self.text.lstrip(" ").startswith("\t")

    @property
    def several_cells(self) -> bool:
        """Whether a tab stands between two cells; one before the first or behind the last does not count."""
        first = self.text.lstrip(" ")
        return "\t" in (first[1:] if first.startswith("\t") else first).rstrip()

    @property
    def bars(self) -> list[int]:
        """Where bars stand between cells; one behind a backslash is part of a cell."""
        return [found.start() for found in _BAR.finditer(self.text)]

    @property
    def is_pipe_row(self) -> bool:
        """Whether the line begins with a bar and has another."""
        return self.text.lstrip().startswith("|") and len(self.bars) >= 2


def lines_of(text: str) -> list[Line]:
    """The lines of ``text``, each with its offset in it."""
    lines, start = [], 0
    for number, found in enumerate(_NEWLINE.finditer(text), 1):
        lines.append(Line(text[start : found.start()], number, start))
        start = found.end()
    lines.append(Line(text[start:], len(lines) + 1, start))
    return lines


def cell_at(text: str, line: Line, start: int, end: int) -> Cell:
    """The cell of ``text``, which stands at ``start`` to ``end`` of ``line``; its place is without blanks around it."""
    piece = line.text[start:end]
    body = piece.strip()
    if not body:
        return Cell("", line.number, line.start + end, line.start + end)
    first = line.start + start + len(piece) - len(piece.lstrip())
    return Cell(clean(text), line.number, first, first + len(body))


def cell_of(pieces: Sequence[Line]) -> Cell:
    """The cell that is written on one line or several."""
    if len(pieces) == 1:
        return cell_at(pieces[0].text, pieces[0], 0, len(pieces[0].text))
    filled = [piece for piece in pieces if piece.text.strip()] or pieces[:1]
    ends = [cell_at("", piece, 0, len(piece.text)) for piece in (filled[0], filled[-1])]
    text = "\n".join(piece.text for piece in pieces)
    return Cell(clean(text), ends[0].line, ends[0].start, ends[1].end)
