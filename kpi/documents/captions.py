"""A line that holds several captions side by side: 605003某县文化馆      单位：万元."""

from __future__ import annotations

import regex

# A wide gap stands between two captions on one line.
_GAP = regex.compile(r"(?<=\S)(?:[ \xa0]{3,}|\u3000{2,}|[\u2002\u2003]{2,})(?=\S)")
_CAPTION_CHARS = 120


def spans_of(line: str) -> list[tuple[int, int]]:
    """``[start, end)`` of each caption of ``line``; one that is the whole line where no wide gap divides it."""
    gaps = list(_GAP.finditer(line)) if len(line) <= _CAPTION_CHARS else []
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(line)]
    return list(zip(starts, ends, strict=True))
