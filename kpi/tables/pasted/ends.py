"""Where the rows of a pasted table end: words that stand behind tables, and gaps that its own rows never have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from kpi.documents.cleaning import clean
from kpi.tables import identity, money, titles, vocabulary
from kpi.tables.fit import sort_of
from kpi.tables.pasted.stream import MOST_WORD, Gap, Token

_OPENING = frozenset({"code", "name", "block", "plan", "goals"})
_NOTE = regex.compile(r"(?:注|备注|说明|填表说明|填报说明)\s?\d?[：:]")
# 六、政府采购预算情况, 第三部分 名词解释
_SECTION = regex.compile(
    r"(?:第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}、)\s*[^\s。；;！？，,：:≥≤%％][^。；;！？，,≥≤%％]{1,39}"
)
_MOST_CAPTION = 60
_REACH = 16  # within so many tokens a tier shows that the table goes on
_FIRST_ROWS = 24  # tokens behind a heading that show what stands between its rows


@lru_cache(maxsize=50_000)
def closes(text: str) -> bool:
    """Whether a text surely stands behind a table: a title, a note, a signature, the next project's head."""
    text = clean(text)
    return (
        titles.is_title(text)
        or vocabulary.is_signature(text)
        or vocabulary.head_label(text) in _OPENING
        or vocabulary.is_furniture(text)
        or bool(_NOTE.match(text))
    )


@lru_cache(maxsize=50_000)
def is_line_of_its_own(text: str) -> bool:
    """Whether a line is a title, a section's heading or a caption, whatever blanks stand in it."""
    return len(text) <= titles.MAX_TITLE_CHARS and (titles.is_title(text) or heads_section(text))


@lru_cache(maxsize=50_000)
def heads_section(text: str) -> bool:
    """Whether a line is a section's heading or a table's caption (单位：万元), over another table or before a page."""
    if len(text) > _MOST_CAPTION:
        return False
    return bool(
        _SECTION.fullmatch(text) or identity.coded_organisation(text) or (money.unit_of(text) and len(text) <= _MOST_CAPTION // 2)
    )


def end_of_rows(tokens: Sequence[Token], heading: int, begin: int, limit: int) -> int:
    """Where the rows that begin at ``begin`` end, at ``limit`` at the latest; their heading begins at ``heading``."""
    boundary = _boundary(tokens, heading, min(begin + _FIRST_ROWS, limit))
    for at in range(begin + 1, limit):
        token = tokens[at]
        if token.gap & Gap.WALL or closes(token.text[: titles.MAX_TITLE_CHARS + 1]):
            return at
        stops = token.gap & boundary or (token.gap & Gap.LINE and heads_section(clean(token.text[: _MOST_CAPTION + 1])))
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
        if len(token.text) <= MOST_WORD and sort_of(clean(token.text)).kind == "tier":
            return True
    return False
