"""Where the rows of a pasted table end: words that stand behind tables, and gaps that its own rows never have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from kpi.documents.cleaning import clean
from kpi.tables import titles, vocabulary
from kpi.tables.fit import sort_of
from kpi.tables.pasted.stream import MOST_WORD, Gap, Token

OPENING = frozenset({"code", "name", "block", "plan", "goals"})
_REACH = 16  # within so many tokens a tier shows that the table goes on
_SHORTEST = 2  # 数量 and 成本 are headings of other tables as well
_FIRST_ROWS = 24  # tokens behind a heading that show what stands between its rows


@lru_cache(maxsize=50_000)
def closes(text: str) -> bool:
    """Whether a text surely stands behind a table: a title, a note, a signature, the next project's head."""
    text = clean(text)
    return (
        titles.is_title(text)
        or vocabulary.is_signature(text)
        or vocabulary.head_label(text) in OPENING
        or vocabulary.is_furniture(text)
        or vocabulary.is_note(text)
    )


# The caption of another table of a budget: 一般公共预算支出表, 政府采购预算表, “三公”经费决算表.
_CAPTION = regex.compile(r"[^。；;，,：:≥≤]*(?:预算|决算|收支|收入|支出|经费|采购|资产|基金)[^。；;，,：:≥≤]*表")
_MOST_CAPTION = 40
_LEAST_CAPTION = 6


@lru_cache(maxsize=50_000)
def captions_another(text: str) -> bool:
    """Whether a text may be the caption of a table of budget figures; the source of a figure may be called so too."""
    return _LEAST_CAPTION <= len(text) <= _MOST_CAPTION and text.endswith("表") and bool(_CAPTION.fullmatch(text))


def end_of_rows(tokens: Sequence[Token], heading: int, begin: int, limit: int) -> int:
    """Where the rows that begin at ``begin`` end, at ``limit`` at the latest; their heading begins at ``heading``."""
    boundary = _boundary(tokens, heading, min(begin + _FIRST_ROWS, limit))
    for at in range(begin + 1, limit):
        token = tokens[at]
        if token.gap & Gap.WALL or closes(token.text[: titles.MAX_TITLE_CHARS + 1]):
            return at
        stops = token.gap & (boundary | Gap.OWN) or captions_another(token.text)
        if stops and not _tier_follows(tokens, at, limit):
            return at
    return limit


def _boundary(tokens: Sequence[Token], begin: int, end: int) -> int:
    """The gap that stands nowhere in a heading and its first rows: behind it, the table has ended."""
    inside = 0
    for token in tokens[begin + 1 : end]:
        inside |= token.gap
    if not inside & Gap.LINE:
        return Gap.LINE
    return 0 if inside & Gap.BLANK else Gap.BLANK


def _tier_follows(tokens: Sequence[Token], at: int, limit: int) -> bool:
    for token in tokens[at : min(at + _REACH, limit)]:
        if token.gap & Gap.WALL or closes(token.text[: titles.MAX_TITLE_CHARS + 1]):
            return False
        if _SHORTEST < len(token.text) <= MOST_WORD and sort_of(clean(token.text)).kind == "tier":
            return True
    return False
