"""年度对比: what moved between two years, as a table of the scorecard and of ``kpi diff``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from kpi import explain, trend
from kpi.schema import Change, FiledProject, ProjectChange, RowChange, Side, Trend, plain
from kpi.scorecard.columns import Column, Table
from kpi.scorecard.results import Results, of
from kpi.values.exact import trimmed


class ChangeRow(NamedTuple):
    """A row that is not as it was; ``row`` is null where one year has no such project at all."""

    project: ProjectChange
    row: RowChange | None

    @property
    def change(self) -> Change:
        """What became of the row, or of the project."""
        if self.row is not None:
            return self.row.change
        return "new" if self.project.before is None else "dropped"


def changed(found: Trend) -> Iterator[ChangeRow]:
    """All that is not as it was, in the order of the projects."""
    for project in found.projects:
        if project.before is None or project.after is None:
            yield ChangeRow(project, None)
        yield from (ChangeRow(project, row) for row in project.rows if row.change != "same")


def of_batch(batch: Results) -> Iterator[ChangeRow]:
    """What moved in a batch that holds several years of an organisation; other documents are not looked at."""
    years: dict[str, dict[int, set[int]]] = {}
    for frame in batch.frames("projects", ["organisation", "fiscal_year", "document_number"]):
        for whose, year, number in zip(*(column.to_pylist() for column in frame.columns), strict=True):
            if whose and year:
                years.setdefault(whose, {}).setdefault(year, set()).add(number)
    wanted = {number for own in years.values() if len(own) > 1 for numbers in own.values() for number in numbers}
    if not wanted:
        return
    filed = (one for _, document in batch.documents(wanted) for one in trend.filed(document.label, document.extraction))
    for found in trend.years(filed):
        yield from changed(found)


def said(row: RowChange) -> str:
    """What moved, in words: by how much, and what to mind when comparing."""
    by = [_difference(row)] if row.difference else []
    return "；".join([*by, *(explain.CHANGE_NOTES[note] for note in row.notes)])


def _difference(row: RowChange) -> str:
    difference = row.difference or Decimal(0)
    grown, much = difference > 0, abs(difference)
    if row.base_unit == "日":
        return f"{'晚' if grown else '早'}{plain(trimmed(much))}天"
    if row.base_unit == "1":
        return f"{'增加' if grown else '减少'}{plain(trimmed(much * 100))}个百分点"
    part = f"（{plain(trimmed(abs(row.share) * 100))}%）" if row.share else ""
    return f"{'增加' if grown else '减少'}{plain(trimmed(much))}{row.base_unit or ''}{part}"


def _project(row: ChangeRow) -> FiledProject:
    found = row.project.after or row.project.before
    assert found is not None
    return found


def _side(row: ChangeRow) -> Side | None:
    return (row.row.after or row.row.before) if row.row else None


def _tier(row: ChangeRow) -> str | None:
    side = _side(row)
    return (side.tier2_text or side.tier1_text) if side else None


def _name(row: ChangeRow) -> str | None:
    side = _side(row)
    return side.name if side else None


def _values(row: ChangeRow) -> tuple[str | None, str | None]:
    before, after = (row.row.before, row.row.after) if row.row else (None, None)
    return before.raw_value if before else None, after.raw_value if after else None


def _documents(row: ChangeRow) -> tuple[str | None, str | None]:
    before, after = row.project.before, row.project.after
    return before.document if before else None, after.document if after else None


def _places(row: ChangeRow) -> tuple[str | None, str | None]:
    before, after = (row.row.before, row.row.after) if row.row else (None, None)
    return _place(row.project.before, before), _place(row.project.after, after)


def _words(row: ChangeRow) -> str:
    if row.row is None:
        return "整个项目只有后一年有" if row.project.before is None else "整个项目只有前一年有"
    return said(row.row)


def _place(project: FiledProject | None, side: Side | None) -> str | None:
    if project is None:
        return None
    return explain.place(side.location if side else project.location)


_BADNESS: dict[Change, int] = {"lowered": 6, "vaguer": 5, "dropped": 4, "moved": 3, "new": 2, "reworded": 1}

CHANGES = Table(
    "changes",
    "年度对比",
    "同一单位前后两年的同一项目（先按编码、再按名称对应）中有变化的指标；升降按指标的方向判断，取舍由审核人员决定。",
    (
        Column("change", "变化", 9, "text", lambda r: r.change, explain.CHANGES),
        Column("project", "项目", 24, "text", lambda r: _project(r).name),
        Column("tier", "类别", 14, "text", _tier),
        Column("name", "指标名称", 22, "text", _name),
        Column("before", "前一年的值", 18, "text", lambda r: _values(r)[0]),
        Column("after", "后一年的值", 18, "text", lambda r: _values(r)[1]),
        Column("said", "说明", 26, "text", _words),
        Column("organisation", "单位", 18, "text", lambda r: _project(r).organisation),
        Column("year_before", "前一年", 6, "integer", lambda r: r.project.before and r.project.before.fiscal_year),
        Column("year_after", "后一年", 6, "integer", lambda r: r.project.after and r.project.after.fiscal_year),
        Column("difference", "变动数值", 11, "number", lambda r: r.row and r.row.difference, aside=True),
        Column("base_unit", "变动的单位", 8, "text", lambda r: r.row and r.row.base_unit, aside=True),
        Column("share", "变动幅度", 8, "share", lambda r: r.row and r.row.share, aside=True),
        Column("project_code", "项目编码", 20, "text", lambda r: _project(r).code, aside=True),
        Column("document_before", "前一年的文档", 30, "text", lambda r: _documents(r)[0], aside=True),
        Column("place_before", "前一年的位置", 14, "text", lambda r: _places(r)[0], aside=True),
        Column("document_after", "后一年的文档", 30, "text", lambda r: _documents(r)[1], aside=True),
        Column("place_after", "后一年的位置", 14, "text", lambda r: _places(r)[1], aside=True),
    ),
    lambda documents: of_batch(of(documents)),
    lambda row: _BADNESS.get(row.change, 0),
)  # fmt: skip
