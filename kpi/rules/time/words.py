"""What the rules on time share: the words of ``times.toml``, and deadlines in sentences."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

_MOST_CHARS = 2_000  # of a text that are searched


@cache
def pattern(table: str, words: str) -> re.Pattern[str]:
    """Any of the words of a list."""
    data = tomllib.loads(resources.files("kpi.rules.time").joinpath("times.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(sorted(map(re.escape, data[table][words]), key=len, reverse=True)))


_DEADLINE = re.compile(
    r"(?<!\d)(?P<year>20\d\d)\s*年(?:\s*\d{1,2}\s*月份?)?(?:\s*\d{1,2}\s*[日号])?"
    r"(?:(?:年?[底末])?之?前|年?[底末](?=[，,]?(?:将|要|须|力争|争取|全面|全部|基本|如期|按时|按期)*"
    r"(?:完成|完工|竣工|建成|实现|达到|投入使用|投用|交付)))"
)
_CLAUSE_END = re.compile("[，。；;！？\n]")
_BEHIND = 14  # characters behind a deadline in which 建成的 tells of the past


@lru_cache(maxsize=20_000)
def deadlines(text: str) -> tuple[tuple[int, str], ...]:
    """The years of deadlines that a sentence sets, each with its clause; what was so by a day is no deadline."""
    found = []
    for match in _DEADLINE.finditer(text[:_MOST_CHARS]):
        begin = max((end.end() for end in _CLAUSE_END.finditer(text, 0, match.start())), default=0)
        end = _CLAUSE_END.search(text, match.end())
        clause = text[begin : end.start() if end else len(text)]
        behind = text[match.end() : match.end() + _BEHIND]
        told = pattern("dated", "made").search(behind)
        if pattern("dated", "past").search(clause) or (told and behind[told.end() : told.end() + 1] == "的"):
            continue
        if pattern("dated", "ruled").match(clause):
            continue  # somebody else's deadline: 按照省政府2024年底前完成改革的要求
        found.append((int(match["year"]), clause.strip()))
    return tuple(found)


_SPAN = re.compile(r"(?<!\d)(20\d\d)\s*年?度?\s*[-—–－~～至到]+\s*(20\d\d)(?!\d)")


@lru_cache(maxsize=20_000)
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of years that a text names: 2024-2026年, 2024年至2027年."""
    found = ((int(a), int(b)) for a, b in _SPAN.findall(text[:_MOST_CHARS]))
    return tuple((a, b) for a, b in found if a <= b)
