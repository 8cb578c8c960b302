"""Targets in prose → rows of an ordinary target table, so that the one reader of tables reads them too.

Lines such as ``数量指标：培训场次≥12场；质量指标：…`` and labelled lines above them (``项目名称：…``) become a table
with a heading of its own; every cell keeps the place of its words in the source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import regex

from kpi.documents import Block, Cell, Row, Table
from kpi.schema import Location
from kpi.tables import titles, vocabulary
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.narrative import words
from kpi.tables.narrative.cells import HEADING, split_table
from kpi.tables.narrative.passages import Passage, mark_of, passages
from kpi.tables.narrative.tier_marks import Tiers, Written, indicators, marks
from kpi.tables.narrative.written import is_figure

_HEAD_LINES = 14
_NAME_LINE = regex.compile(r"(?P<name>[^。；：:]{2,50}?)(?:项目支出|支出|项目)?绩效目标(?:申报|情况|说明)?$")
_LIST_BREAK = regex.compile(r"[；;，,\s]+")
_LABEL = regex.compile(r"(?P<label>[^:：]{2,12})[:：]\s*")
_ITEM = regex.compile(r"指标\s*\d|[-·●■◆▪]")
_MAX_LINE = 20_000
_MOST_HEADING = 45
_NO_HEADING = regex.compile(r"[。；;：:，,]")
_NO_NAME = regex.compile(r"[。；：:，]")
_RANKS = ("part", "han", "inhan", "num", "innum", "ring")  # of headings, by the style of their numbers
_BELOW = _RANKS.index("inhan")  # from here on a number does not end what stands under a heading without one


def recovered(
    blocks: tuple[Block, ...], taken: Collection[int] = (), deadline: Deadline = UNLIMITED
) -> tuple[Block, ...]:
    """The blocks, targets in prose as tables. ``taken`` holds the ``id`` of paragraphs that another reader took."""
    return tuple(_Reader(taken, deadline).read(blocks))


@dataclass
class _Run:
    """Lines of indicators that belong together, and the labelled lines above them."""

    head: list[tuple[str, str, Location]] = field(default_factory=list)
    rows: list[tuple[Written, Passage]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    tiers: Tiers = field(default_factory=Tiers)
    marked: bool = False
    last: tuple[str, int] | None = None  # style and ordinal of the last line's number
    report: bool = False

    @property
    def is_target(self) -> bool:
        """Whether an indicator has a value; without a tier name, a figure."""
        values = [passage.text[slice(*written.value)] for written, passage in self.rows]
        return not self.report and (any(values) if self.marked else any(map(is_figure, values)))


@dataclass
class _Report:
    """Whether the text stands under a heading of a report on what was done (完成情况), and the heading's rank."""

    inside: bool = False
    rank: int = 0

    def goes_on(self, text: str) -> bool:
        """Take in a line; a heading of the same rank or a higher one ends the report, unless it opens another."""
        mark = mark_of(text)
        body = (text[mark.end :] if mark else text).rstrip("：: ")
        label = mark is None and (
            vocabulary.column_claims(body) or vocabulary.goal_heading(body)
        )  # of a table's column
        heading = len(body) <= _MOST_HEADING and not _NO_HEADING.search(body) and not label
        rank = _RANKS.index(mark.style) if mark else len(_RANKS)
        if heading and words.any_of("prose", "report_headings").search(words.plain(body)):
            if not self.inside or rank < self.rank:
                self.rank = rank
            self.inside = True
        elif heading and mark and self.inside and (rank <= self.rank if self.rank < len(_RANKS) else rank < _BELOW):
            self.inside = False
        return self.inside


class _Reader:
    def __init__(self, taken: Collection[int], deadline: Deadline) -> None:
        self.taken = taken
        self.deadline = deadline
        self.head: list[Passage] = []  # labelled lines that may open a project
        self.goals = False  # whether the lines below a heading 绩效目标 are being read
        self.run: _Run | None = None
        self.report = _Report()

    def read(self, blocks: tuple[Block, ...]) -> Iterator[Block]:
        for block in passages(block for block in blocks if id(block) not in self.taken):
            if not isinstance(block, Passage):
                yield from self._flush()
                yield from split_table(block, self.deadline) if isinstance(block, Table) else [block]
            elif self.deadline.over("prose"):
                yield from self._flush()
                yield from block.paragraphs
            elif self._belongs(block):
                continue
            else:
                yield from self._flush()
                yield from self._above(block)
        yield from self._flush()

    def _belongs(self, passage: Passage) -> bool:
        """Take a line of indicators; whether it was one."""
        text = passage.text
        if self.report.goes_on(text) or len(text) > _MAX_LINE:
            return False
        found = marks(text)
        begins = bool(found) and not text[: found[0].start].strip()
        label = _label_in_front(text)
        if not begins and not label and not (self.run and self._goes_on(text, bool(found))):
            return False
        if self.run is None:
            self.run = _Run(head=self._head_rows(), passages=list(self.head))
            self.head, self.goals = [], False
        run = self.run
        run.passages.append(passage)
        run.marked |= bool(found)
        run.report |= bool(words.any_of("prose", "reports").search(text))
        start = 0 if begins else label or 0
        run.rows += [(written, passage) for written in indicators(text, run.tiers, start)]
        mark = mark_of(text)
        run.last = (mark.style, mark.ordinal) if mark and not begins else None
        return True

    def _goes_on(self, text: str, marked: bool) -> bool:
        """Whether a line without a tier name in front is an indicator of the tier above it."""
        assert self.run is not None
        if titles.is_title(text) or vocabulary.labelled(_unnumbered(text)):
            return False
        mark = mark_of(text)
        if mark and mark.style in ("part", "han", "inhan") and not marked:
            return False
        if mark and self.run.last == (mark.style, mark.ordinal - 1) and len(text) <= 60:
            return True
        if not (mark or _ITEM.match(text)) and len(text) > 60 and not marked:
            return False
        return any(w.value.start < w.value.end and w.name.start < w.name.end for w in indicators(text, Tiers()))

    def _above(self, passage: Passage) -> Iterator[Block]:
        """A line that is no indicator: kept back while it may belong to the head of what follows."""
        text = passage.text
        label = None if titles.is_title(text) else _head_pairs(text)
        if label or (self.goals and not titles.is_title(text) and not self._is_heading(text)):
            self.head.append(passage)
            if len(self.head) > _HEAD_LINES:
                yield from self.head.pop(0).paragraphs
        elif vocabulary.head_label(_unnumbered(text)) == "goals":
            self.goals = True
            self.head.append(passage)
        elif _is_caption_of_indicators(text):
            self.head.append(passage)
        elif _name_line(text):
            yield from self._given_back()
            self.head.append(passage)
        else:
            yield from self._given_back()
            yield from passage.paragraphs

    @staticmethod
    def _is_heading(text: str) -> bool:
        mark = mark_of(text)
        return bool(mark and mark.style in ("part", "han") and len(text) <= 40)

    def _given_back(self) -> Iterator[Block]:
        for passage in self.head:
            yield from passage.paragraphs
        self.head, self.goals = [], False

    def _head_rows(self) -> list[tuple[str, str, Location]]:
        """The lines above as label and text; what stands under a heading 绩效目标 are its goals."""
        rows: list[tuple[str, str, Location]] = []
        goals: list[str] = []
        for passage in self.head:
            place = passage.place(0, len(passage.text))
            if pairs := _head_pairs(passage.text):
                rows += [(label, text, place) for label, text in pairs]
            elif name := _name_line(passage.text):
                rows.append(("项目名称", name, place))
            elif vocabulary.head_label(_unnumbered(passage.text)) != "goals" and not _is_caption_of_indicators(
                passage.text
            ):
                goals.append(passage.text)
                rows.append(("绩效目标", passage.text, place))
        if len(goals) > 1:
            first = next(place for label, text, place in rows if text == goals[0] and label == "绩效目标")
            rows = [row for row in rows if row[1] not in goals] + [("绩效目标", " ".join(goals), first)]
        return rows

    def _flush(self) -> Iterator[Block]:
        run, self.run = self.run, None
        if run and run.is_target:
            yield _table(run)
        elif run:
            for passage in run.passages:
                yield from passage.paragraphs
        yield from self._given_back()


def _table(run: _Run) -> Table:
    """The table of a run: labelled rows, the heading, a row for each indicator."""

    def cell(text: str, place: Location) -> Cell:
        return Cell(text, place.line, place.start, place.end, place)

    rows: list[Row] = [tuple(cell(text, place) for text in (label, value)) for label, value, place in run.head]
    first = run.rows[0][1].place(0, 1)
    rows.append(tuple(cell(text, first) for text in HEADING))
    for written, passage in run.rows:
        name, value = (passage.text[slice(*span)] for span in (written.name, written.value))
        span = written.value if value else written.name
        place = passage.place(*span)
        texts = (written.first or "", written.second or "", name, value, written.topic or "")
        rows.append(tuple(cell(text, place) for text in texts))
    where = run.rows[0][1].paragraphs[0].location
    return Table(0, tuple(rows), where.page, where.sheet)


def _unnumbered(text: str) -> str:
    mark = mark_of(text)
    return (text[mark.end :] if mark else text).rstrip("：: ")


def _label_in_front(text: str) -> int | None:
    """Where the text behind a label 绩效指标： begins, or ``None``."""
    mark = mark_of(text)
    start = mark.end if mark else 0
    found = _LABEL.match(text, start)
    return found.end() if found and words.label(found["label"]) == "indicator" and found.end() < len(text) else None


def _is_caption_of_indicators(text: str) -> bool:
    """A line 绩效指标 or 绩效指标： that stands over the indicators."""
    return words.label(_unnumbered(text)) == "indicator"


def _head_pairs(text: str) -> list[tuple[str, str]]:
    """The labels of a head line with their texts: 项目名称：甲；预算金额：20万元."""
    body = _unnumbered(text) if mark_of(text) else text
    parts = [part for part in _LIST_BREAK.split(body) if part] if len(body) <= 200 else []
    if len(parts) > 1 and all(map(vocabulary.labelled, parts)):
        return [_pair(part) for part in parts]
    return [_pair(body)] if vocabulary.labelled(body) else []


def _pair(text: str) -> tuple[str, str]:
    label, _, value = text.replace(":", "：", 1).partition("：")
    return label.strip(), value.strip()


def _name_line(text: str) -> str | None:
    """The project that a line over its targets names: （一）乡村道路养护项目, 甲项目绩效目标."""
    if len(text) > 60 or titles.is_title(text):
        return None
    mark = mark_of(text)
    body = _unnumbered(text)
    if found := _NAME_LINE.fullmatch(body):
        name = found["name"] + ("项目" if body[found.end("name") :].startswith("项目") else "")
        generic = words.is_heading("whole", body) or words.is_heading("parts", body)
        return None if generic or words.is_heading("ends", body) or name in ("预算", "部门", "单位") else name
    if mark and body.endswith(words.listed("prose", "projects")) and len(body) <= 40 and not _NO_NAME.search(body):
        return body
    return None
