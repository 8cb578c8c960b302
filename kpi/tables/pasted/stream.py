"""Blocks → tokens: the pieces of a text between any two separators, each with its place and the gap before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from kpi.documents import Block, Cell, Paragraph, Table
from kpi.documents.cleaning import clean
from kpi.tables import vocabulary
from kpi.tables.fit import sort_of
from kpi.tables.pasted import lines


class Gap:
    """What stands between a token and the one before it; a gap is the sum of them."""

    SPACE = 1
    WIDE = 2  # two blanks or a full-width one
    LINE = 4
    BLANK = 8  # a blank line
    CELL = 16  # a tab or a bar
    ROW = 32  # the end of a row of a table
    OWN = 128  # a line of its own: a title, a section's heading, a caption
    WALL = 64  # a table that is read as it stands


class Token(NamedTuple):
    """A piece of text, ``block`` the index of its block; ``text`` is cleaned when read as a cell, not here.

    ``empty`` counts the empty cells that the separators show before it in its row.
    """

    text: str
    gap: int
    block: int
    line: int | None
    start: int | None
    end: int | None
    empty: int = 0


# What separates pieces; a bar belongs to no cell, and &nbsp; is what careless converters leave of a blank.
_SEPARATOR = regex.compile(r"(?:[\s|｜\u200b\ufeff]|&nbsp;?|&#160;)++")
_BAR = regex.compile(r"[|｜\t]")
_WIDE = regex.compile(r"\u3000|(?:[ \xa0]|&nbsp;?|&#160;){2}")
_PAGE = regex.compile(
    r"第\s?\d{1,4}\s?页[,，/、\s]?(?:共\s?\d{1,4}\s?页)?|[-—–]\s?\d{1,4}\s?[-—–]|\d{1,4}\s?/\s?\d{1,4}|共\s?\d{1,4}\s?页"
)
_INVISIBLE_ONLY = regex.compile(r"[\u200b\ufeff]++")


def tokens(blocks: Sequence[Block], limit: int) -> list[Token]:
    """The tokens of ``blocks``, in order, up to ``limit`` of them and one more."""
    found: list[Token] = []
    line: int | None = None
    open_gap = empty = 0  # what a block leaves open at its end, and the empty cells since then
    for at, block in enumerate(blocks):
        if len(found) > limit:
            break
        if isinstance(block, Table):
            found.extend(_of_table(block, at))
            line, open_gap = None, Gap.LINE | Gap.ROW
        elif not _PAGE.fullmatch(block.text):
            here = block.location.line
            gap = open_gap | (Gap.WIDE if here is not None and here == line else Gap.LINE)
            if here is not None and line is not None and here > line + 1:
                gap |= Gap.BLANK
            if lines.is_line_of_its_own(block.text) and not _BAR.search(block.source):
                found.append(_whole(block, at, gap))
                open_gap = 0
            else:
                alone = open_gap & Gap.CELL and not block.text.strip("|｜ ")
                open_gap = _of_paragraph(block, at, gap, found, limit, empty)
                empty = empty + 1 if alone else 0
            line = here
    return found[: limit + 1]


def _whole(block: Paragraph, at: int, gap: int) -> Token:
    """A line that is one text whatever blanks stand in it."""
    place = block.location
    start = place.start if block.source else None
    return Token(block.source or block.text, gap | Gap.OWN, at, place.line, start, place.end if block.source else None)


def _of_table(table: Table, at: int) -> Iterator[Token]:
    for row in table.rows:
        gap, empty = Gap.ROW | Gap.LINE | Gap.CELL, 0
        for cell in row:
            if cell.text:
                yield Token(cell.text, gap, at, cell.line, cell.start, cell.end, empty)
                gap, empty = Gap.CELL, 0
            else:
                empty += 1


def _of_paragraph(block: Paragraph, at: int, gap: int, found: list[Token], limit: int, empty: int) -> int:
    """Append the tokens of a paragraph; give the gap that its end leaves open (a bar at the end of the line)."""
    source = block.source or block.text
    place = block.location
    base = place.start if block.source and place.start is not None else None
    begin = 0
    for separator in _SEPARATOR.finditer(source):
        if len(found) > limit:
            return 0
        if _INVISIBLE_ONLY.fullmatch(separator[0]):
            continue
        if separator.start() > begin:
            found.append(_token(source, begin, separator.start(), gap, at, place.line, base, empty))
            gap = 0
        gap |= _gap(separator[0])
        empty = max(0, len(_BAR.findall(separator[0])) - 1) if separator.start() else empty
        begin = separator.end()
    if begin < len(source):
        found.append(_token(source, begin, len(source), gap, at, place.line, base, empty))
        gap = 0
    return gap & Gap.CELL


def _token(
    source: str, start: int, end: int, gap: int, at: int, line: int | None, base: int | None, empty: int
) -> Token:
    if base is None:
        return Token(source[start:end], gap, at, line, None, None, empty)
    return Token(source[start:end], gap, at, line, base + start, base + end, empty)


def _gap(separator: str) -> int:
    if _BAR.search(separator):
        return Gap.CELL
    return Gap.WIDE if _WIDE.search(separator) else Gap.SPACE


def joined(parts: Sequence[Token]) -> Token:
    """One token of several; its place runs from the first start to the last end."""
    if len(parts) == 1:
        return parts[0]
    first, last = parts[0], parts[-1]
    return Token(
        " ".join(p.text for p in parts), first.gap, first.block, first.line, first.start, last.end, first.empty
    )


def cell(parts: Sequence[Token]) -> Cell:
    """The cell of a row that is written as ``parts``."""
    whole = joined(parts)
    return Cell(clean(whole.text), whole.line, whole.start, whole.end)


# From coarse to fine: which gaps separate cells. The coarsest that leaves the tier names and headings standing alone
# is how the text was written; all finer gaps are inside cells.
_LEVELS = (
    Gap.CELL | Gap.ROW,
    Gap.CELL | Gap.ROW | Gap.BLANK,
    Gap.CELL | Gap.ROW | Gap.BLANK | Gap.LINE,
    Gap.CELL | Gap.ROW | Gap.BLANK | Gap.LINE | Gap.WIDE,
)
MOST_WORD = 24


@lru_cache(maxsize=50_000)
def is_word(text: str) -> bool:
    """Whether a text is a tier name or the heading of a column."""
    return len(text) <= MOST_WORD and bool(
        vocabulary.tier1(text) or vocabulary.tier2(text) or vocabulary.column_claims(text)
    )


_SAMPLE = 3_000  # tokens that decide how a text was written
_TELLING = frozenset({"tier", "heading", "number", "figure"})


def pieces(found: Sequence[Token]) -> list[Token]:
    """``found`` put together to cells as far as the separators of this text allow."""
    sample = found[:_SAMPLE]
    inside = sum(1 for token in sample if token.gap & Gap.CELL and not token.gap & Gap.LINE)
    at_ends = sum(1 for token in sample if token.gap & Gap.LINE)
    # Several bars in most lines: the lines are rows, and no cell goes on over their ends unless the search says so.
    ways = [*(_LEVELS if inside < at_ends else _LEVELS[2:]), None]
    counts = [sum(sort_of(clean(token.text)).kind in _TELLING for token in _grouped(sample, way)) for way in ways]
    enough = max(counts) * 0.94
    return list(_grouped(found, next(way for way, count in zip(ways, counts, strict=True) if count >= enough)))


def _grouped(found: Iterable[Token], separators: int | None) -> Iterator[Token]:
    """The tokens between ``separators`` put together; each for itself where there are none."""
    if separators is None:
        yield from found
        return
    apart = separators | Gap.OWN
    parts: list[Token] = []
    length = 0  # of their texts: a long one is no word, and is not put together to see that
    for token in found:
        line = parts and token.gap & Gap.LINE
        known = line and (_known(token) or (0 < length <= MOST_WORD and _known(joined(parts))))
        broken = known or (line and vocabulary.is_signature(token.text[:MOST_WORD]))
        if parts and (broken or token.gap & apart or parts[-1].gap & Gap.OWN):
            yield joined(parts)
            parts, length = [], 0
        parts.append(token)
        length += len(token.text)
    if parts:
        yield joined(parts)


def _known(token: Token) -> bool:
    """Whether a token is a tier name or a heading by itself: a line that begins or ends with one is no broken cell."""
    return len(token.text) <= MOST_WORD and sort_of(clean(token.text)).kind in ("tier", "heading")


_MOST_PARTS = 6
_NUMBER = regex.compile(r"[\d.]+%?")  # the value behind 满意度 is no weight of it
_ENDING = "指标"  # alone it is the end of a broken word far more often than a heading


def mended(found: Sequence[Token]) -> list[Token]:
    """``found`` with tier names and headings that were broken put together: 社会效益 + 指标, 产出指标 + (50分)."""
    texts = [clean(token.text) for token in found]
    known = [text != _ENDING and is_word(text) for text in texts]
    result: list[Token] = []
    at = 0
    while at < len(found):
        end = _word_end(texts, known, found, at)
        result.append(joined(found[at:end]))
        at = end
    return result


def _word_end(texts: list[str], known: list[bool], found: Sequence[Token], at: int) -> int:
    """Behind the longest broken word that starts at ``at``; ``at`` + 1 where none does."""
    best, length = at + 1, len(texts[at])
    for end in range(at + 2, min(at + _MOST_PARTS, len(found)) + 1):
        length += len(texts[end - 1])
        if length > MOST_WORD or (found[end - 1].gap & (Gap.ROW | Gap.OWN)) or _NUMBER.fullmatch(texts[end - 1]):
            break
        if not all(known[at:end]) and is_word("".join(texts[at:end])):
            best = end
    return best
