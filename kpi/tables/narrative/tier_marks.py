"""Tier names in running text: 【产出指标-数量指标】, 数量指标：…, （一）数量指标; which tiers hold behind each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import regex

from kpi.tables import vocabulary
from kpi.tables.narrative import words
from kpi.tables.narrative.passages import MARK, mark_of
from kpi.tables.narrative.written import Span, is_figure, items, stripped


class TierMark(NamedTuple):
    """A tier name or two as printed, where they begin and end, and the style of the number before them."""

    words: tuple[str, ...]
    start: int
    end: int
    style: str | None


_BULLET = regex.compile(r"(?<=^|\n)[-—–*+·●■◆▪•○◇□]\s*+$")
# One of these is in every name of a tier: without them a text need not be searched.
_STEMS = ("指标", "目标", "产出", "效益", "效果", "影响", "满意", "成本", "数量", "质量", "时效")
_SHORTEST = 2  # characters of a tier name that says nothing without what stands around it
_WEIGHT = r"(?:\s*+[(（]\s*+\d++(?:\.\d++)?\s*+[分%％]?\s*+[)）])?"
_BETWEEN = r"\s*+(?:[-－—–→>/]{1,3}|[:：、])\s*+"


@cache
def _pattern() -> regex.Pattern[str]:
    """A tier name or two of them with what must stand around: brackets, a colon, the end; numbers and weights may."""
    known = sorted(vocabulary.tier_wordings(), key=len, reverse=True)
    word = "(?:" + "|".join(map(regex.escape, known)) + ")"
    long = "(?:" + "|".join(regex.escape(w) for w in known if w.endswith(("指标", "目标"))) + ")"
    return regex.compile(
        rf"[【〖\[［〔（(]\s*+(?P<t>{word}){_WEIGHT}(?:{_BETWEEN}(?P<t>{word}){_WEIGHT})?\s*+[】〗\]］〕）)]\s*+[:：]?"
        rf"|(?P<edge>(?<=^|[；;。：:，,\s】\]）)、])|(?<![\p{{Han}}]))(?P<t>{word}){_WEIGHT}"
        rf"(?:{_BETWEEN}(?P<t>{word}){_WEIGHT})?\s*+(?:[:：]|$|[为是]|(?=\s|[(（【]?(?:指标\s*)?[1一][)）】、.．:：]))"
        rf"|(?P<t>{long}){_WEIGHT}(?:{_BETWEEN}(?P<t>{word}){_WEIGHT})?\s*+[:：]"
    )


def marks(text: str) -> list[TierMark]:
    """The tier names of ``text`` that stand over indicators, in order."""
    if not any(stem in text for stem in _STEMS):
        return []
    found: list[TierMark] = []
    for match in _pattern().finditer(text):
        start, style = _number_before(text, match.start(), found[-1].end if found else 0)
        words = tuple(match.captures("t"))
        if match["edge"] is not None and not _stands_over(text, words, match.end(), match.group()):
            continue
        found.append(TierMark(words, start, match.end(), style))
    return found


def _number_before(text: str, at: int, floor: int) -> tuple[int, str | None]:
    """Where the number before a tier name begins, and its style."""
    for begin in range(max(floor, at - 6), at):
        if MARK.fullmatch(text, begin, at) and (mark := mark_of(text[begin:at])):
            return begin, mark.style
    bullet = _BULLET.search(text, max(floor, at - 6), at)
    return (bullet.start() if bullet else at), None


def _stands_over(text: str, words: tuple[str, ...], end: int, matched: str) -> bool:
    """Whether a tier name is one, and not an indicator's own name (满意度：≥90%) or part of a sentence."""
    if len(words) == 2:
        return True
    word = words[0]
    rest = text[end:]
    sure = word.endswith(("指标", "目标"))
    if matched.rstrip().endswith(("：", ":")):
        behind = regex.match(r"[^；;。\n]{0,80}", rest)
        first = behind[0].strip() if behind else ""
        return sure or (not is_figure(first) and any(i.value.start < i.value.end for i in items(first)))
    if not rest.strip():
        return sure or (text.strip() == word and len(word) > _SHORTEST)  # 数量 is a heading of any table
    return sure


@dataclass
class Tiers:
    """The tiers in force while walking through marks. A name that stands on both levels is told by what is around."""

    first: str | None = None
    second: str | None = None
    styles: tuple[str | None, str | None] = (None, None)

    def step(self, mark: TierMark) -> None:
        """Take in the next mark."""
        if len(mark.words) == 2:
            self.first, self.second = mark.words
            self.styles = (mark.style, self.styles[1])
        elif self._is_first(mark):
            self.first, self.second = mark.words[0], None
            self.styles = (mark.style, self.styles[1])
        else:
            self.second = mark.words[0]
            self.styles = (self.styles[0], mark.style)

    def _is_first(self, mark: TierMark) -> bool:
        word = mark.words[0]
        first, second = vocabulary.tier1(word), vocabulary.tier2(word)
        if not (first and second):
            return first is not None
        if mark.style and mark.style in self.styles and self.styles[0] != self.styles[1]:
            return mark.style == self.styles[0]
        if second == "成本指标":
            return vocabulary.tier1(self.first) not in ("产出指标", "成本指标") and not (
                self.first is None and vocabulary.tier2(self.second) in ("数量指标", "质量指标", "时效指标")
            )
        return vocabulary.tier1(self.first) != first


class Written(NamedTuple):
    """An indicator of a text: its tiers as printed, and the slices of its topic, name and value."""

    first: str | None
    second: str | None
    topic: str | None
    name: Span
    value: Span


def indicators(text: str, tiers: Tiers, start: int = 0, end: int | None = None) -> list[Written]:
    """The indicators of ``text[start:end]``, under the tiers in force, which its own marks move."""
    part = text[start:end]
    found: list[Written] = []
    at = 0
    for mark in [*marks(part), None]:
        span = stripped(part, Span(at, mark.start if mark else len(part)))
        if span.start < span.end and words.label(part[slice(*span)]) is None:
            for item in items(part, *span):
                name, value = (Span(a + start, b + start) for a, b in (item.name, item.value))
                found.append(Written(tiers.first, tiers.second, item.topic, name, value))
        if mark:
            tiers.step(mark)
            at = mark.end
    return found
