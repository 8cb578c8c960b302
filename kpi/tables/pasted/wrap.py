"""Cells broken at the width of their column: a piece that fills the column goes on, a shorter one is the last."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from kpi.documents.cleaning import clean
from kpi.tables.fit import sort_of
from kpi.tables.pasted.stream import Token

_LEAST_FULL = 3  # pieces that fill a column, before it counts as one in which cells are broken
_LEAST_SHARE, _MOST_SHARE = 0.2, 0.9  # where all fill it, the texts are merely alike
_LEAST_WIDTH = 8
_BROKEN = frozenset({"name", "description", "value", "actual", "basis", "reason", "explanation", "score_rule"})
_WORDS = frozenset({"words", "wording", "told", "account", "rule", "heading"})
_SLACK = 1  # a Chinese character is two columns wide, so that one may stay free
_LEAVES = 2.0  # the cost of ending a cell at a piece that fills its column
_FULL, _SHORT = 2.8, -3.0  # what a full piece, and a short one, say of going on
MOST = _FULL


@lru_cache(maxsize=50_000)
def width_of(text: str) -> int:
    """The columns of characters that a text covers; a Chinese character covers two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def widths_of(rows: Sequence[Mapping[int, Sequence[Token]]], fields: Sequence[str]) -> list[int]:
    """The width at which the cells of each column are broken; 0 where nothing says that they are."""
    found: list[list[int]] = [[] for _ in fields]
    for row in rows:
        for at, tokens in row.items():
            if fields[at] in _BROKEN:
                found[at] += [width_of(text) for text in map(_text, tokens) if _may_fill(fields[at], text)]
    return [_broken_at(widths) for widths in found]


def _text(token: Token) -> str:
    return clean(token.text)


def _may_fill(field: str, text: str) -> bool:
    return field not in ("value", "actual") or sort_of(text).kind in _WORDS


def _broken_at(widths: Sequence[int]) -> int:
    most = max(widths, default=0)
    full = sum(1 for width in widths if width >= most - _SLACK)
    enough = max(_LEAST_FULL, len(widths) * _LEAST_SHARE) <= full <= len(widths) * _MOST_SHARE
    return most if most >= _LEAST_WIDTH and enough else 0


def _fills(text: str, width: int) -> bool:
    return width_of(text) >= width - _SLACK


def costs(before: str, widths: Sequence[int]) -> list[float]:
    """What it costs to end the cell at ``before`` in each column."""
    return [_LEAVES if width and _fills(before, width) else 0.0 for width in widths]


def goes_on(before: str, text: str, width: int) -> float:
    """What the width of ``before`` says of going on with ``text``; a whole figure is no part of words."""
    if sort_of(text).kind in ("figure", "number", "operator", "nature", "empty"):
        return 0.0
    return _FULL if _fills(before, width) else _SHORT
