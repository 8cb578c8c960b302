"""Running text as a reader takes it: lines broken by a page put together, each character with its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import regex

from kpi.documents import Block, Paragraph
from kpi.documents.cleaning import origins
from kpi.remembering import remembered
from kpi.schema import Location

# The number before a heading or an item: 一、 （二） 3. （4） ⑤ 第一部分
MARK = regex.compile(
    r"\s*+(?:第(?P<part>[一二三四五六七八九十]{1,3})(?:部分|章|节)|(?P<han>[一二三四五六七八九十]{1,3})\s*+[、.．]"
    r"|[(（]\s*+(?P<inhan>[一二三四五六七八九十]{1,3})\s*+[)）]|[(（]\s*+(?P<innum>\d{1,2})\s*+[)）]"
    r"|(?P<num>\d{1,2})\s*+(?:[、．]|\.(?!\d)|[)）])|(?P<ring>[①-⑳]))\s*+[、.．]?\s*+"
)
_HAN = "一二三四五六七八九十"
_STOPS = tuple("。；：！？;:!?…")
_BEGINS = regex.compile(r"[^：:，。]{2,12}[:：]|[【\[]")
_FULL_LINE = 28
# A heading of the document, which ends without a stop (…2025年预算项目绩效目标表), and how a text under it begins.
_TITLE = regex.compile(
    r"[^，。；：,;:]*(?:表|目标|汇总|汇编|公开|公示|说明|情况|报告|方案|目录|公告|预算|决算|一览|清单)(?:[(（][^()（）]*+[)）])?"
)
_OPENS = regex.compile(r"\s*+(?:20\d\d年|本|我|全|按|根据|依据|经|为|现|截至|年度|今年|当年|[^，。：:]{2,6}[:：])")
# A line of a table of contents.
_LEADER = regex.compile(r"(?<![.…·])[.…·]{2,}+\s*+\d++\s*+$")


class Mark(NamedTuple):
    """The number before a heading: its style (一、 and （一） are two) and ordinal, and where the text begins."""

    style: str
    ordinal: int
    end: int


@remembered(120, 1024)
def mark_of(text: str) -> Mark | None:
    """The number that ``text`` begins with, or ``None``."""
    found = MARK.match(text)
    if found is None:
        return None
    style = found.lastgroup or ""
    written = found[style]
    if written.isdigit() and written.isascii():
        ordinal = int(written)
    elif style == "ring":
        ordinal = ord(written) - ord("①") + 1
    else:
        tens, ten, ones = written.partition("十")
        ordinal = (_HAN.index(tens) + 1 if tens else 1) * 10 if ten else _HAN.index(written[0]) + 1
        ordinal += _HAN.index(ones[0]) + 1 if ones else 0
    return Mark(style, ordinal, found.end())


class Passage:
    """One line of text, or several that a page or a converter broke: ``text`` is cleaned."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.text = "".join(paragraph.text for paragraph in paragraphs)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for paragraph in self.paragraphs:
            starts.append(at)
            at += len(paragraph.text)
        return starts

    @cached_property
    def _origins(self) -> list[list[int]]:
        return [origins(p.text, p.source or p.text) for p in self.paragraphs]

    def place(self, start: int, end: int) -> Location:
        """Where ``text[start:end]`` stands in the source."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        location = self.paragraphs[first].location
        if location.start is None or end <= start:
            return location
        behind = self.paragraphs[last].location
        begins = location.start + self._origins[first][start - self._starts[first]]
        ends = (behind.start or 0) + self._origins[last][end - 1 - self._starts[last]] + 1
        return location.model_copy(update={"start": begins, "end": ends})


def passages(blocks: Iterable[Block]) -> Iterator[Passage | Block]:
    """The blocks, with paragraphs as passages; lines of a table of contents are left out, tables stay as they are."""
    open_: list[Paragraph] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            if open_:
                yield Passage(open_)
                open_ = []
            yield block
        elif _LEADER.search(block.text):
            continue
        elif open_ and _goes_on(open_[-1], block):
            open_.append(block)
        else:
            if open_:
                yield Passage(open_)
            open_ = [block]
    if open_:
        yield Passage(open_)


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    """Whether ``after`` continues a sentence that ``before`` broke off at the end of a full line."""
    return (
        len(before.text) >= _FULL_LINE
        and not before.text.endswith(_STOPS)
        and mark_of(after.text) is None
        and not _BEGINS.match(after.text)
        and not (_TITLE.fullmatch(before.text) and _OPENS.match(after.text))
        and (before.location.line is None or (after.location.line or 0) - before.location.line <= 2)
    )
