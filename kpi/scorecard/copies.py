"""雷同项目: copied indicator sets and near-duplicate projects of a batch, as a table of the scorecard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kpi import copies, explain
from kpi.copies import Copies, Family, Member
from kpi.scorecard.columns import Column, Table
from kpi.scorecard.results import Results, of

KINDS = {"copied": "成套照搬", "repeated": "重复申报", "shared": "同类共用"}
_SHOWN_ROWS = 6


class MemberRow(NamedTuple):
    """A project of a family; ``number`` counts the families from 1, ``first`` is the row that says what is wrong."""

    number: int
    family: Family
    member: Member
    first: bool


def rows(found: Copies) -> Iterator[MemberRow]:
    """A row a project, family by family."""
    for number, family in enumerate(found.families, start=1):
        for member in family.members:
            yield MemberRow(number, family, member, member is family.members[0])


def _shown_rows(row: MemberRow) -> tuple[str, ...]:
    shown = [f"{each.name} {each.value}" for each in row.family.rows[:_SHOWN_ROWS]]
    return (*shown, f"等{len(row.family.rows)}行") if len(row.family.rows) > _SHOWN_ROWS else tuple(shown)


_WEIGHT = {"copied": 1_000_000, "repeated": 1_000, "shared": 1}

COPIES = Table(
    "copies",
    "雷同项目",
    "同一组的项目指标相同或几乎相同（八成以上的行，金额不计）；人员、公用经费等各单位都有的项目不列，同一项目的前后两年不算。",
    (
        Column("family", "组", 5, "integer", lambda r: r.number),
        Column("kind", "类别", 9, "text", lambda r: r.family.kind, KINDS),
        Column("severity", "级别", 6, "text", lambda r: r.family.severity, explain.SEVERITIES),
        Column("project", "项目", 26, "text", lambda r: r.member.name),
        Column("organisation", "单位", 18, "text", lambda r: r.member.organisation),
        Column("fiscal_year", "年度", 6, "integer", lambda r: r.member.fiscal_year),
        Column("budget", "预算（元）", 15, "money", lambda r: r.member.budget),
        Column("rows", "指标数", 6, "integer", lambda r: r.member.rows),
        Column("shared", "相同行数", 6, "integer", lambda r: r.member.shared),
        Column("subject", "主题", 5, "integer", lambda r: r.member.subject),
        Column("message", "问题", 30, "text", lambda r: r.family.message if r.first else None),
        Column("common", "相同的指标", 30, "list", lambda r: _shown_rows(r) if r.first else ()),
        Column("suggestion", "建议", 26, "text", lambda r: r.family.suggestion if r.first else None),
        Column("rule", "规则", 8, "text", lambda r: r.family.rule),
        Column("certainty", "把握", 8, "text", lambda r: r.family.certainty, explain.CERTAINTIES, aside=True),
        Column("opinion", "评审意见", 14, "text", lambda r: r.family.opinion, aside=True),
        Column("project_code", "项目编码", 20, "text", lambda r: r.member.code, aside=True),
        Column("document", "文档", 36, "text", lambda r: r.member.document, aside=True),
        Column("project_number", "文档中第几个项目", 8, "integer", lambda r: r.member.project + 1, aside=True),
        Column("place", "位置", 16, "text", lambda r: r.member.place, aside=True),
    ),
    lambda documents: across(of(documents)),
    lambda row: _WEIGHT[row.family.kind] + len(row.family.members),
)


def of_tables(projects: list[Path], indicators: list[Path], *, share: float, shared: bool) -> Copies:
    """The families of a batch whose tables lie in Parquet files.

    Raises:
        OSError: a file cannot be read.
        polars.exceptions.PolarsError: a file is no such table.

    """
    import polars as pl

    return copies.found(*map(pl.scan_parquet, (projects, indicators)), share=share, shared=shared)


def of_batch(batch: Results) -> Copies:
    """The families of a batch as its writers see it."""
    import polars as pl

    tables = (pl.concat([pl.DataFrame(part) for part in batch.frames(name, keys)]) for name, keys in _KEYS.items())
    return copies.found(*(table.lazy() for table in tables))


_KEYS = {
    "projects": ("document", "project_number", "project", "project_code", "organisation", "fiscal_year", "budget",
                 "place"),
    "indicators": ("document", "project_number", "number", "name", "raw_value", "tier1", "tier2", "row_key"),
}  # fmt: skip


def across(batch: Results) -> Iterator[MemberRow]:
    """What lies across the documents of a batch; within one the rules have said it."""
    if batch.total.documents < 2:
        return
    found = of_batch(batch)
    several = tuple(f for f in found.families if len({member.document for member in f.members}) > 1)
    yield from rows(found.model_copy(update={"families": several}))
