"""What stands between the cells of a pasted table and belongs to none: page numbers, sums, headings once more."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.documents.cleaning import clean
from kpi.tables.fit import sort_of
from kpi.tables.pasted.stream import Token

SUMS = frozenset({"合计", "小计", "总计", "总分", "自评总分"})


def without_noise(found: Sequence[Token]) -> list[Token]:
    """``found`` without page numbers, and without sums and the figures behind them."""
    kept: list[Token] = []
    held = 0  # the gaps around what was taken out
    in_sum = False
    for token in found:
        text = clean(token.text) if len(token.text) <= 30 else ""
        if text in SUMS:
            in_sum = True
        elif not (in_sum and text and sort_of(text).kind in ("number", "figure")):
            in_sum = False
        if in_sum:
            held |= token.gap
            continue
        kept.append(token._replace(gap=token.gap | held) if held else token)
        held = 0
    return kept
