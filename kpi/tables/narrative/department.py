"""Targets of the whole department, in the prose of a budget document (部门整体绩效目标).

Under 总体绩效目标 every numbered goal is a target. Under 分项绩效目标 every line 绩效目标：… opens one; 绩效指标：… and
绩效标准：… below it belong to it. ``section`` is the heading, with the heading of the duty behind a slash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from kpi.documents import Block, Table
from kpi.schema import DepartmentTarget, Grade, Indicator
from kpi.tables import titles, vocabulary
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.head import split_goals
from kpi.tables.headed import columns_of
from kpi.tables.narrative import ladders, words
from kpi.tables.narrative.indicator import made
from kpi.tables.narrative.passages import Mark, Passage, mark_of, passages
from kpi.tables.narrative.tier_marks import Tiers, indicators, marks

_MAX_HEADING = 45
_NEAR = 12  # lines
_OF_DEPARTMENT = regex.compile(r"部门|单位|整体|分项|职责")
_NO_HEADING = regex.compile(r"[。；;]|[:：].")


class Found(NamedTuple):
    """The targets, and the ``id`` of every paragraph that belongs to their sections."""

    targets: tuple[DepartmentTarget, ...]
    taken: frozenset[int]


def read(blocks: tuple[Block, ...], year: int | None, deadline: Deadline = UNLIMITED) -> Found:
    """The department's targets in ``blocks``."""
    reader = _Reader(year)
    for block in passages(blocks):
        if deadline.over("department"):
            break
        if isinstance(block, Passage):
            reader.line(block)
        elif isinstance(block, Table):
            reader.table(block)
    reader.close()
    return Found(tuple(reader.targets), frozenset(reader.taken))


@dataclass
class _Open:
    """The target being read."""

    goal: list[str] = field(default_factory=list)
    duty_goal: list[str] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    grading: list[Grade] = field(default_factory=list)
    tiers: Tiers = field(default_factory=Tiers)


class _Part(NamedTuple):
    """A labelled slice of a line: goal, duty_goal, duty, indicator or grading."""

    label: str
    passage: Passage
    start: int
    end: int


@dataclass
class _Reader:
    year: int | None
    targets: list[DepartmentTarget] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    kind: str | None = None  # whole, parts, or outside both
    section: str | None = None
    outer: Mark | None = None  # the number of the section's heading
    duty: str | None = None
    inner: Mark | None = None  # the number of the last goal or duty
    open: _Open | None = None
    last: str | None = None  # the label of the last line
    loose: list[_Part] = field(default_factory=list)  # labelled lines outside a section: a ladder may follow
    project: int = 0  # for so many lines more, the text is about a project
    begun: tuple[int, frozenset[int]] = (0, frozenset())  # targets and taken paragraphs before the section

    def line(self, passage: Passage) -> None:
        """A line of text: a heading, a labelled line, or one that goes on."""
        text = passage.text
        mark = mark_of(text)
        body = text[mark.end :] if mark else text
        pair = vocabulary.labelled(body)
        label = pair[0] if pair else vocabulary.head_label(body)  # a head that was pasted cell by cell has it alone
        self.project = _NEAR if label in ("name", "code") else max(0, self.project - 1)
        if self.kind and _heads_a_table(text):
            self._end_at_table()
        if self._heading(body, mark):
            self.loose.clear()
            return
        parts = _labelled(passage, mark.end if mark else 0)
        if self.kind is None:
            self._outside(passage, parts, mark)
            return
        self.taken.update(id(paragraph) for paragraph in passage.paragraphs)
        if parts:
            for part in parts:
                self._part(part)
        elif (found := marks(text)) and not text[: found[0].start].strip():
            self._part(_Part("indicator", passage, 0, len(text)), more=True)
        elif ladders.steps(text, self.year):
            self._part(_Part("grading", passage, 0, len(text)))
        elif self.last is None and self.kind == "whole":
            self._goal(text, mark)
        elif self._is_duty(text, body, mark):
            self.close()
            self.duty, self.inner, self.last = body.strip("：: 。"), mark, None
        elif self.last is not None:
            self._part(_Part(self.last, passage, 0, len(text)), more=True)

    def _outside(self, passage: Passage, parts: list[_Part], mark: Mark | None) -> None:
        """Outside the sections only a ladder tells that the labelled lines above it are a department's target."""
        text = passage.text
        if not parts and ladders.steps(text, self.year):
            parts = [_Part("grading", passage, 0, len(text))]
        if not parts:
            self.loose.clear()
            if mark and self._is_duty(text, text[mark.end :], mark):
                self.duty = text[mark.end :].strip("：: 。")
            return
        self.loose += parts
        if parts[-1].label == "grading" and ladders.steps(text[parts[-1].start : parts[-1].end], self.year):
            for part in self.loose:
                self._part(part)
                self.taken.update(id(paragraph) for paragraph in part.passage.paragraphs)
            self.close(keep=True)
            self.loose.clear()
            self.last = self.duty = None
        elif len(self.loose) > _NEAR:
            del self.loose[0]

    def _heading(self, body: str, mark: Mark | None) -> bool:
        """Take a heading of a section; whether ``body`` was one, or ends the section."""
        head, colon, rest = body.replace(":", "：", 1).partition("：")
        short = len(body) <= _MAX_HEADING or bool(colon and len(head) <= _MAX_HEADING)
        for kind in ("whole", "parts"):
            if self.project and not _OF_DEPARTMENT.search(head):
                continue
            if short and words.is_heading(kind, head) and not (self.kind and mark is None and rest):
                self.close()
                self.begun = len(self.targets), frozenset(self.taken)
                self.kind, self.section, self.outer = kind, words.plain(head).strip("。"), mark
                self.duty = self.inner = self.last = None
                if rest.strip():
                    self._goal(rest.strip(), None)
                return True
        ends = len(body) <= _MAX_HEADING and (words.is_heading("ends", head) or titles.is_title(body))
        if self.kind and (ends or self._is_next_chapter(body, mark)):
            self.close()
            self.kind = self.section = None
            return True
        return False

    def _end_at_table(self) -> None:
        """The heading of a table pasted as lines: what was no numbered chapter was a label of the table's head."""
        if self.outer is None:
            self.open = None
            count, taken = self.begun
            del self.targets[count:]
            self.taken &= taken
        self.close()
        self.kind = self.section = None

    def _is_next_chapter(self, body: str, mark: Mark | None) -> bool:
        """Whether the number goes on after the section's own rather than after the last goal's."""
        if mark is None or len(body) > _MAX_HEADING:
            return False
        if mark.style == "part":
            return True
        follows = self.outer and mark[:2] == (self.outer.style, self.outer.ordinal + 1)
        within = self.inner and mark[:2] == (self.inner.style, self.inner.ordinal + 1)
        return bool(follows and not within)

    def _is_duty(self, text: str, body: str, mark: Mark | None) -> bool:
        """Whether a line names the duty of the targets below it."""
        return (
            mark is not None
            and len(text) <= 2 * _MAX_HEADING
            and not _NO_HEADING.search(body.strip("：: 。"))
            and not (self.last == "indicator" and any(character.isdigit() for character in body))
            and (self.last != "duty_goal" or self.inner is None or mark.style == self.inner.style)
        )

    def _goal(self, text: str, mark: Mark | None) -> None:
        """A line of 总体绩效目标: each numbered one is a goal, a plain one below it belongs to it."""
        if mark is None and self.inner is not None and self.open:
            self.open.goal.append(text)
            return
        self.inner = mark or self.inner
        for goal in split_goals(text[mark.end :] if mark and mark.ordinal > 1 else text):
            self.close()
            self.open = _Open(goal=[goal.strip()])

    def _part(self, part: _Part, *, more: bool = False) -> None:
        label, passage, start, end = part
        text = passage.text[start:end].strip()
        if not more and (label == "duty" or (label == "goal" and self.open and _begun(self.open))):
            self.close()
        self.open = self.open or _Open()
        self.last = label
        if label == "goal":
            self.open.goal.append(text)
        elif label == "duty_goal":
            self.open.duty_goal.append(text)
        elif label == "grading":
            self.open.grading += ladders.steps(text, self.year)
        elif label == "indicator":
            for written in indicators(passage.text, self.open.tiers, start, end):
                name, value = passage.text[slice(*written.name)], passage.text[slice(*written.value)]
                place = passage.place(*(written.value if value else written.name))
                tiers = (written.first, written.second)
                self.open.indicators.append(made(*tiers, name, value, place, year=self.year, description=written.topic))

    def table(self, table: Table) -> None:
        """A table of grades gives targets wherever it stands; a target table ends the section."""
        if any(columns_of(row) for row in table.rows):
            self.close()
            self.kind = self.section = None
            return
        found = list(ladders.targets(table, self.section, self.year))
        if found:
            self.close()
            self.targets += found

    def close(self, *, keep: bool = False) -> None:
        """End the target being read; one with neither goal nor indicator is none (a ladder, with ``keep``)."""
        done, self.open = self.open, None
        if done is None:
            return
        goal = "".join(done.goal or done.duty_goal)
        if goal or done.indicators or (keep and done.grading):
            path = [part for part in (self.section, self.duty) if part]
            self.targets.append(
                DepartmentTarget(
                    section=" / ".join(path) or None,
                    goal=goal or None,
                    indicators=tuple(done.indicators),
                    grading=tuple(done.grading),
                )
            )


_MOST_HEADING_LINE = 120


def _heads_a_table(text: str) -> bool:
    """Whether a line is the heading of the tiers in a table, or holds it: 一级指标."""
    words = text.split() if len(text) <= _MOST_HEADING_LINE else []
    return any(claim.field in ("tier1", "tier2") for word in words for claim in vocabulary.column_claims(word))


def _begun(target: _Open) -> bool:
    return bool(target.goal or target.indicators)


_LABEL = regex.compile(r"(?P<label>\p{Han}{2,10})\s*(?:(?P<colon>[:：])|是)\s*")
_EDGE = regex.compile(r"[。；;\s]\s*+(?:\d[、.．])?")


def _labelled(passage: Passage, start: int) -> list[_Part]:
    """The labels of a line, each with its text: 绩效目标：…绩效指标：…; nothing where it does not begin with one."""
    text = passage.text
    found: list[tuple[str, int, int]] = []
    for at in [start, *(edge.end() for edge in _EDGE.finditer(text, start))]:
        match = _LABEL.match(text, at)
        label = words.label(match["label"]) if match else None
        if match and label and (match["colon"] or label == "duty"):
            found.append((label, at, match.end()))
        elif at == start:
            return []
    ends = [begin for _, begin, _ in found[1:]] + [len(text)]
    return [_Part(label, passage, behind, end) for (label, _, behind), end in zip(found, ends, strict=True)]
