"""Lines that are one text, whatever blanks stand in them: titles, the headings of sections, captions of tables."""

from __future__ import annotations

from functools import lru_cache

import regex

from kpi.tables import money, titles

# 六、政府采购预算情况, 第三部分 名词解释
_SECTION = regex.compile(
    r"(?:第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}、)\s*[^\s。；;！？，,：:≥≤%％][^。；;！？，,≥≤%％]{1,39}"
)
_MOST_CAPTION = 60


@lru_cache(maxsize=50_000)
def is_line_of_its_own(text: str) -> bool:
    """Whether a line is a title, a section's heading or a caption, whatever blanks stand in it."""
    return len(text) <= titles.MAX_TITLE_CHARS and (titles.is_title(text) or heads_section(text))


@lru_cache(maxsize=50_000)
def heads_section(text: str) -> bool:
    """Whether a line is a section's heading or a table's caption (单位：万元), over another table or before a page."""
    if len(text) > _MOST_CAPTION:
        return False
    caption = len(text) <= _MOST_CAPTION // 2 and money.unit_of(text)
    return bool(caption or _SECTION.fullmatch(text))
