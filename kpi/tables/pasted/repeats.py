"""Texts that stand in row after row of a pasted table: where most of them stand, the others belong as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kpi.documents.cleaning import clean
from kpi.tables.pasted.decode import Decoded, Homes

# Columns of which one text may fill every row: 工作计划, 根据工程合同确定….
_FIELDS = frozenset({"basis", "explanation", "score_rule", "reason", "other"})
_LEAST = 3
_LEAST_CHARS = 2
_MOST_AWAY = 0.4  # the share of places elsewhere up to which those are mistakes


def homes_of(tables: Iterable[tuple[Sequence[str], Decoded]]) -> dict[tuple[str, ...], Homes]:
    """For each order of columns: text → the one column in which it stands time and again."""
    seen: dict[tuple[str, ...], dict[str, Counter[int]]] = {}
    for fields, decoded in tables:
        texts = seen.setdefault(tuple(fields), {})
        for row in decoded.rows:
            for at, parts in row.items():
                for token in parts:
                    texts.setdefault(clean(token.text), Counter())[at] += 1
    return {fields: dict(_homes(fields, texts)) for fields, texts in seen.items()}


def _homes(fields: Sequence[str], texts: dict[str, Counter[int]]) -> Iterable[tuple[str, int]]:
    for text, counted in texts.items():
        at, often = counted.most_common(1)[0]
        repeated = often >= _LEAST and len(text) >= _LEAST_CHARS and fields[at] in _FIELDS
        if repeated and counted.total() - often <= counted.total() * _MOST_AWAY:
            yield text, at


def strays(decoded: Decoded, homes: Homes) -> bool:
    """Whether a text with a home stands elsewhere, or was put together with another."""
    return any(
        homes.get(clean(token.text), at) != at or (len(parts) > 1 and clean(token.text) in homes)
        for row in decoded.rows
        for at, parts in row.items()
        for token in parts
    )
