"""Tables in text as pipe rows (Markdown), with or without a rule under the heading, and the marks of bold words."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import regex

from kpi.documents.cleaning import clean
from kpi.documents.model import Cell, Row
from kpi.documents.text.lines import Line, cell_at, cell_of

_RULE = regex.compile(r"\s*+\|?+(?:\s*+:?+-++:?+\s*+\|)++\s*+(?::?+-++:?+\s*+)?+")
_BREAK = regex.compile(r"<br\s*/?>", regex.IGNORECASE)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,12});")
# Bold words of Markdown, **so** and __so__. Blanks to fill in (__年__月) are none: a word stands beside the mark.
_BOLD = (
    regex.compile(r"(?<!\*)(\*{2,3}+)(?=[^\s*])((?:[^*]|\*(?!\*))++)(?<=[^\s*])\1(?!\*)"),
    regex.compile(r"(?<!\w)(_{2,3}+)(?=[^\s_])((?:[^_]|_(?!_))++)(?<=[^\s_])\1(?!\w)"),
)
_BROKEN_LINES = 40


def pipe_rows(lines: list[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at``, and the index behind it."""
    rows: list[Row] = []
    while at < len(lines):
        if (behind := behind_broken(lines, at)) > at:
            rows.append(tuple(_broken_pipe_cells(lines[at:behind])))
            at = behind
        elif lines[at].is_pipe_row:
            if not _RULE.fullmatch(lines[at].text):
                rows.append(tuple(_pipe_cells(lines[at])))
            at += 1
        else:
            break
    return rows, at


def behind_broken(lines: list[Line], at: int) -> int:
    """The index behind a pipe row whose cells hold line breaks; ``at`` itself where none starts.

    Its first line has a bar at the beginning and none at the end, its last one the other way round.
    """
    first = lines[at].text.strip()
    if not first.startswith("|") or (first.endswith("|") and len(first) > 1):
        return at
    above = lines[at - 1].text.strip() if at else ""
    if first == "|" and above.endswith("|") and not above.startswith("|"):
        return at  # an empty cell, where each cell has a line of its own and the bar at its end
    for n in range(at + 1, min(at + _BROKEN_LINES, len(lines))):
        text = lines[n].text.strip()
        if text.startswith("|") and len(text) > 1:
            return at
        if text.endswith("|"):
            bars = sum(len(line.bars) for line in lines[at : n + 1])
            return n + 1 if bars > 1 and text != "|" else at
    return at


def _broken_pipe_cells(lines: Sequence[Line]) -> Iterator[Cell]:
    pieces: list[Line] = []
    for n, line in enumerate(lines):
        bars = line.bars
        starts = bars if n == 0 else [-1, *bars]
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(line.text)], strict=True)):
            if number or n == 0:
                if pieces:
                    yield _unbarred(pieces)
                pieces = []
            pieces.append(Line(line.text[start + 1 : end], line.number, line.start + start + 1))
    if any(piece.text.strip() for piece in pieces):
        yield _unbarred(pieces)


def _unbarred(pieces: Sequence[Line]) -> Cell:
    """The cell written on ``pieces``, as Markdown shows it."""
    cell = cell_of(pieces)
    if not any(mark in cell.text for mark in ("\\|", "<", "**", "__", "&")):
        return cell
    return cell._replace(text=clean(_shown(cell.text)))


def _pipe_cells(line: Line) -> Iterator[Cell]:
    bars = line.bars
    ends = bars[1:] if line.text.rstrip().endswith("|") else [*bars[1:], len(line.text)]
    for start, end in zip(bars, ends, strict=False):
        text = line.text[start + 1 : end].strip()
        yield cell_at(_shown(text) if text else text, line, start + 1, end)


def _shown(text: str) -> str:
    """A cell as Markdown shows it: bars and entities (``&ge;``) as characters, bold words without marks."""
    text = not_bold(_BREAK.sub("\n", text).replace("\\|", "|").strip())
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def not_bold(text: str) -> str:
    """``text`` without the marks around bold words; marks that are no pair stay."""
    for mark, bold in zip(("**", "__"), _BOLD, strict=True):
        if mark in text:
            text = bold.sub(r"\2", text)
    return text
