"""Tables that reach us as pasted or converted text, where rows and empty cells were lost, laid out again.

``stream`` turns blocks into tokens, ``headings`` finds the heading among them, ``fit`` weighs what stands where,
``decode`` lays the tokens into rows. The result are blocks as from any other document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from kpi import settings
from kpi.documents import Block, Cell, Paragraph, Row, Table, problem
from kpi.documents.cleaning import clean
from kpi.schema import Location, Problem
from kpi.tables import find, titles, vocabulary
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.fit import is_tier
from kpi.tables.pasted import ends, heads, places, runon, stream
from kpi.tables.pasted.bars import rows_of_lines
from kpi.tables.pasted.decode import Decoded, Homes, decode
from kpi.tables.pasted.ends import end_of_rows
from kpi.tables.pasted.grid import aligned_columns
from kpi.tables.pasted.headings import Heading, headings, is_unknown, usual
from kpi.tables.pasted.lone import without_lone_tiers
from kpi.tables.pasted.noise import without_noise
from kpi.tables.pasted.repeats import homes_of, strays
from kpi.tables.pasted.stream import Gap, Token

_SAMPLE = 600  # tokens on which the columns of a table without heading are chosen


class Recovered(NamedTuple):
    """The blocks of a document with the tables that its paragraphs hold, and what could not be told apart."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


def recovered(blocks: tuple[Block, ...], deadline: Deadline = UNLIMITED) -> Recovered:
    """``blocks`` with the tables that their paragraphs hold; the same ones where they hold none."""
    blocks = places.laid_out(blocks, deadline)
    if deadline.over("pasted"):
        return Recovered(blocks)
    if not any(isinstance(block, Paragraph) or not find.has_heading(block) for block in blocks):
        return Recovered(blocks)
    first = next((at for at, block in enumerate(blocks) if isinstance(block, Table) and find.has_heading(block)), None)
    if first is not None and not _any_lost_word(blocks, first):
        return Recovered(blocks)
    tokens = stream.tokens(blocks, settings.MAX_PASTED_TOKENS)
    if first is not None and not _lost_words(blocks, tokens, first):
        return Recovered(blocks)
    cut = len(tokens) > settings.MAX_PASTED_TOKENS
    tokens = without_noise(_cells(blocks, tokens[: settings.MAX_PASTED_TOKENS]))
    regions = list(_regions(tokens, deadline))
    if regions:
        rows = sum(len(region.rows) for region in regions)
        why = (problem("too_many_rows", f"{rows:,}"),) if cut else ()
        return Recovered(tuple(_laid_out(blocks, tokens, regions)), why)
    return Recovered(blocks) if first is not None else _run_on(blocks, tokens, deadline)


def _run_on(blocks: tuple[Block, ...], tokens: Sequence[Token], deadline: Deadline) -> Recovered:
    regions: list[_Region] = []
    problems: list[Problem] = []
    for at, token in enumerate(tokens):
        if deadline.over("pasted"):
            break
        if (found := runon.read(token)) is None:
            continue
        if found.rows:
            regions.append(_Region(at, at + 1, found.rows))
        if found.unread:
            place = Location(line=token.line, start=token.start, end=token.end)
            problems.append(problem("rows_not_separated", location=place))
    return Recovered(tuple(_laid_out(blocks, tokens, regions)) if regions else blocks, tuple(problems))


def _cells(blocks: Sequence[Block], tokens: list[Token]) -> list[Token]:
    """The cells in ``tokens``: by their places where columns are aligned by blanks, by the separators elsewhere."""
    grid = aligned_columns(blocks, tokens)
    if grid is None:
        return stream.mended(stream.pieces(rows_of_lines(tokens)))
    before, behind = tokens[: grid.begin], tokens[grid.end :]
    return [
        *stream.mended(stream.pieces(before)),
        *stream.mended(grid.cells),
        *stream.mended(stream.pieces(behind)),
    ]


def _lost_words(blocks: Sequence[Block], tokens: Sequence[Token], first: int) -> bool:
    """Whether most tier names of a document stand outside of its tables: of those from the ``first`` heading on."""
    inside = outside = 0
    for token in tokens:
        if _is_tier(token):
            kept = token.block >= first and isinstance(blocks[token.block], Table)
            inside, outside = inside + kept, outside + (not kept)
    return outside > inside


def _any_lost_word(blocks: Sequence[Block], first: int) -> bool:
    """Whether any tier name stands outside of these tables: in most documents none does, and no more need be read."""
    outside = [*blocks[:first], *(block for block in blocks[first:] if isinstance(block, Paragraph))]
    return any(map(_is_tier, stream.tokens(outside, settings.MAX_PASTED_TOKENS)))


def _is_tier(token: Token) -> bool:
    return len(token.text) <= stream.MOST_WORD and is_tier(clean(token.text))


@dataclass(frozen=True)
class _Region:
    """One table: its rows stand in the tokens ``[begin, end)``, its heading as well where it has one."""

    begin: int
    end: int
    rows: list[Row]


def _regions(tokens: list[Token], deadline: Deadline) -> Iterator[_Region]:
    found = headings(tokens)
    if not found:
        yield from _headless(tokens, len(tokens), [], {})
        return
    limits = [heading.begin for heading in found[1:]] + [len(tokens)]
    read: list[tuple[Heading, list[int], Decoded]] = []
    for heading, limit in zip(found, limits, strict=True):
        if deadline.over("pasted"):
            break
        end = end_of_rows(tokens, heading.begin, heading.end, limit)
        places = [at for at in range(heading.end, end) if not tokens[at].gap & Gap.OWN]
        read.append((heading, places, decode([tokens[at] for at in places], heading.fields)))
    homes = homes_of((heading.fields, decoded) for heading, _, decoded in read)
    yield from _headless(tokens, found[0].begin, found, homes)
    for heading, places, first in read:
        at_home = homes[heading.fields]
        again = bool(at_home) and strays(first, at_home)
        decoded = decode([tokens[at] for at in places], heading.fields, at_home) if again else first
        if _convinces(decoded, heading, 1):
            rows = [*heading.rows, *_rows(decoded, heading)]
            yield _Region(heading.begin, places[decoded.end - 1] + 1, rows)


def _headless(
    tokens: list[Token], limit: int, known: list[Heading], homes: dict[tuple[str, ...], Homes]
) -> Iterator[_Region]:
    """The table before ``limit`` whose heading was cut off."""
    begin = _behind_head(tokens, 0, limit)
    end = end_of_rows(tokens, begin, begin, limit) if begin < limit else begin
    places = [at for at in range(begin, end) if not tokens[at].gap & Gap.OWN]
    part = [tokens[at] for at in places]
    if is_unknown(part[:_SAMPLE]) or not any(is_tier(clean(token.text)) for token in part):
        return
    tried = [(decode(part[:_SAMPLE], heading.fields), heading) for heading in usual(part[0], known)]
    best, heading = max(tried, key=lambda way: way[0].score)
    at_home = {**homes_of([(heading.fields, best)])[heading.fields], **homes.get(heading.fields, {})}
    again = len(part) > _SAMPLE or strays(best, at_home)
    decoded = decode(part, heading.fields, at_home) if again else best
    if (
        _convinces(decoded, heading, 2)
        and not _is_prose(decoded, heading)
        and decoded.score > 0.8 * (decoded.end - decoded.begin)
    ):
        first = part[decoded.begin]
        cells = tuple(Cell(c.text, first.line, first.start, first.start) for c in heading.cells)
        yield _Region(places[decoded.begin], places[decoded.end - 1] + 1, [cells, *_rows(decoded, heading)])


def _behind_head(tokens: Sequence[Token], begin: int, limit: int) -> int:
    """Behind the last title or label of a head that stands before the first tier."""
    behind = begin
    for at in range(begin, limit):
        text = clean(tokens[at].text[: titles.MAX_TITLE_CHARS + 1])
        if vocabulary.is_tier(text):
            return behind
        if titles.is_title(text) or ((pair := vocabulary.labelled(text)) and pair[0] in ends.OPENING):
            behind = at + 1
    return behind


def _convinces(decoded: Decoded, heading: Heading, least: int) -> bool:
    name, value = heading.fields.index("name") if "name" in heading.fields else -1, heading.fields.index("value")
    full = sum(1 for row in decoded.rows if value in row and (name in row or name < 0))
    return full >= least and full * 2 >= len(decoded.rows)


# A tier at the end of a sentence's part, or before a colon; a label before its colon.
_TIER_IN_SENTENCE = regex.compile(r"[：:，。；].{0,20}指标$|指标\s?[：:]|[：:]$")


def _is_prose(decoded: Decoded, heading: Heading) -> bool:
    """Whether what looks like rows are sentences that happen to have blanks around a tier name."""
    name, value = heading.fields.index("name"), heading.fields.index("value")
    names = [stream.cell(row[name]).text for row in decoded.rows if name in row]
    texts = [*names, *(stream.cell(row[value]).text for row in decoded.rows if value in row)]
    inner = sum(1 for text in texts if "。" in text[:-1] or _TIER_IN_SENTENCE.search(text))
    return inner * 10 > len(names) or sum(1 for text in names if text.endswith("。")) * 2 > len(names)


def _rows(decoded: Decoded, heading: Heading) -> Iterator[Row]:
    for row in without_lone_tiers(decoded.rows, heading.fields):
        yield tuple(stream.cell(row[at]) if at in row else Cell("") for at in range(len(heading.fields)))


# ------------------------------------------------------------------------------------------ blocks again


def _laid_out(blocks: Sequence[Block], tokens: Sequence[Token], regions: Sequence[_Region]) -> Iterator[Block]:
    """The blocks of a document with its regions as tables; what no region covers stays as it was."""
    number = at = 0
    previous = 0
    for region in regions:
        label = heads.begin_of_head(tokens, previous, region.begin)
        for block in _between(blocks, tokens, previous, label, at, tokens[label].block):
            number += isinstance(block, Table)
            yield block._replace(number=number) if isinstance(block, Table) else block
        number += 1
        yield Table(number, (*heads.rows(tokens[label : region.begin]), *region.rows))
        previous = region.end
        at = tokens[region.end - 1].block + 1
    for block in _between(blocks, tokens, previous, len(tokens), at, len(blocks)):
        number += isinstance(block, Table)
        yield block._replace(number=number) if isinstance(block, Table) else block


def _between(
    blocks: Sequence[Block], tokens: Sequence[Token], begin: int, end: int, first: int, behind: int
) -> Iterator[Block]:
    """The tokens ``[begin, end)`` as blocks: whole blocks ``[first, behind)`` as they are, pieces as paragraphs."""
    for token in tokens[begin:end]:
        if token.block >= first:
            break
        yield _paragraph(token)
    yield from blocks[first:behind]
    if behind < len(blocks):
        pieces = [token for token in tokens[begin:end] if token.block == behind and behind >= first]
        yield from map(_paragraph, pieces)


def _paragraph(token: Token) -> Paragraph:
    return Paragraph(clean(token.text), Location(line=token.line, start=token.start, end=token.end), token.text)
