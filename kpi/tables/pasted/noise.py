"""What stands between the cells of a pasted table and belongs to none: page numbers, sums, headings once more."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from kpi.documents.cleaning import clean
from kpi.tables import vocabulary
from kpi.tables.fit import sort_of
from kpi.tables.pasted.stream import Token

_PAGE = regex.compile(r"第\d{1,4}页(?:[,，/、]?共\d{1,4}页)?")
_MOST_PARTS = 6  # 第 12 页 共 30 页


def _behind_page(found: Sequence[Token], at: int) -> int:
    """Behind the page number that begins at ``at``; ``at`` where none does."""
    if not found[at].text.startswith("第"):
        return at
    text, behind = "", at
    for n in range(at, min(at + _MOST_PARTS, len(found))):
        text += "".join(found[n].text[:30].split())
        if _PAGE.fullmatch(text):
            behind = n + 1
    return behind


def without_noise(found: Sequence[Token]) -> list[Token]:
    """``found`` without page numbers, and without sums and the figures behind them."""
    kept: list[Token] = []
    held = 0  # the gaps around what was taken out
    in_sum = False
    behind = 0  # the page number that is being left out
    for at, token in enumerate(found):
        behind = max(behind, _behind_page(found, at))
        if at < behind:
            held |= token.gap
            continue
        text = clean(token.text) if len(token.text) <= 30 else ""
        if text in vocabulary.sums():
            in_sum = True
        elif not (in_sum and text and sort_of(text).kind in ("number", "figure")):
            in_sum = False
        if in_sum:
            held |= token.gap
            continue
        kept.append(token._replace(gap=token.gap | held) if held else token)
        held = 0
    return kept
