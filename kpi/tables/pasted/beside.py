"""Headings of blocks side by side in a run of tokens: whole period and year, one column a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpi.documents import Cell, Row
from kpi.documents.cleaning import clean
from kpi.tables import vocabulary
from kpi.tables.columns import Columns
from kpi.tables.pasted.stream import Token, cell

_MOST_BLOCKS = 4
_MOST_BAND = 30  # characters of 中长期绩效目标（2024—2026年）
_BAND_ABOVE = 8  # tokens between the band and its heading
_MOST_PLACES = 40


def band_at(found: Sequence[Token], at: int) -> int:
    """Behind the words from ``at`` on that name one period each, two or more; ``at`` where there are none."""
    seen: set[str] = set()
    end = at
    while end < min(at + _MOST_BLOCKS, len(found)) and (horizon := _horizon(found[end])) and horizon not in seen:
        seen.add(horizon)
        end += 1
    return end if end - at > 1 else at


def _horizon(token: Token) -> str | None:
    if len(token.text) > _MOST_BAND:
        return None
    text = clean(token.text)
    of_value = any(claim.field == "value" and claim.rank == 0 for claim in vocabulary.column_claims(text))
    return None if of_value else vocabulary.horizon(text)


def band_above(found: Sequence[Token], heading: int, blocks: int) -> Sequence[Token]:
    """The nearest words above the heading at ``heading`` that name a period for each of ``blocks`` blocks."""
    for at in range(heading - blocks, max(-1, heading - blocks - _BAND_ABOVE), -1):
        if band_at(found, at) == at + blocks:
            return found[at : at + blocks]
    return ()


def band_row(band: Sequence[Token], starts: Sequence[int], width: int) -> Row:
    """The row above the heading: each word of the band over the first column of its block."""
    row = [Cell("")] * width
    for token, at in zip(band, starts, strict=True):
        row[at] = cell([token])
    return tuple(row)


def fields_of(columns: Columns) -> dict[int, str]:
    """Column → field of all blocks, the fields of the project left out, several columns of values told."""
    fields: dict[int, str] = {}
    for block in columns.blocks:
        for field, at in block.fields.items():
            if not field.startswith("project_"):
                fields.setdefault(at, field)
        for offer in block.offers:
            fields.setdefault(offer.at, offer.field)
    return dict(sorted(fields.items()))


def places_at(found: Sequence[Token], at: int) -> int:
    """Behind the names of places, or of periods, from ``at`` on, two or more, with a tier behind them; else ``at``."""
    return max(_run(found, at, vocabulary.is_place), _run(found, at, vocabulary.is_period))


def _run(found: Sequence[Token], at: int, is_label: Callable[[str], bool]) -> int:
    end = at
    while end < min(at + _MOST_PLACES, len(found)) and is_label(clean(found[end].text)):
        end += 1
    if end - at < 2 or end == len(found):
        return at
    return end if vocabulary.is_tier(clean(found[end].text[:_MOST_BAND])) else at
