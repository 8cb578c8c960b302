"""Where the pieces of a line stand: the columns of characters that each covers.

Printers differ in how wide a Chinese character is to them: terminals and most converters count two columns for it,
``pdftotext -layout`` counts one, and signs such as ≥ are one or two. ``MEASURES`` are these ways, the commonest first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from kpi.documents import Block, Paragraph
from kpi.tables.pasted.stream import Gap, Token, joined

MEASURES = ("WFA", "WF", "")  # the classes of width (UAX 11) whose characters cover two columns
_SPLIT = Gap.WIDE | Gap.LINE | Gap.CELL
_MOST_PIECES = 40  # a line of more is no row of columns


class Piece(NamedTuple):
    """A token and the columns of characters that it covers, ``[left, right)``."""

    token: Token
    left: int
    right: int


class Line(NamedTuple):
    """A line of text: the index of its first token, and its pieces."""

    begin: int
    pieces: list[Piece]


def lines_of(blocks: Sequence[Block], tokens: Sequence[Token], measure: str) -> list[Line]:
    """The lines of text, each single token a piece of its own."""
    lines: list[Line] = []
    for line, group in groupby(enumerate(tokens), key=lambda pair: pair[1].line):
        found = list(group)
        block = blocks[found[0][1].block]
        start = block.location.start if isinstance(block, Paragraph) else None
        if line is None or start is None:
            continue
        pieces: list[Piece] = []
        wide = 0
        for _, token in found:
            if token.start is None or token.end is None:
                continue
            left = token.start - start + wide
            wide += sum(1 for char in token.text if unicodedata.east_asian_width(char) in measure) if measure else 0
            pieces.append(Piece(token, left, token.end - start + wide))
        lines.append(Line(found[0][0], pieces))
    return lines


def cells_of(pieces: Sequence[Piece], lefts: Collection[int] = ()) -> list[Piece]:
    """The pieces put together over single blanks, but for those that begin where a heading does (``lefts``)."""
    found: list[Piece] = []
    for piece in pieces:
        if found and not piece.token.gap & _SPLIT and piece.left not in lefts:
            last = found.pop()
            found.append(Piece(joined([last.token, piece.token]), last.left, piece.right))
        else:
            found.append(piece)
    return found if len(found) <= _MOST_PIECES else found[:1]
