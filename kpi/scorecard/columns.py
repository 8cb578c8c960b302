"""The tables of the scorecard, a column a line: what every tabular output writes, and in which order.

A column has a key (for programs), a Chinese heading (for people), a kind and a function from the row. Codes of the
contract (``error``, ``>=``) stay codes for programs and are said in Chinese for people (``words``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from kpi import explain
from kpi.rules.relevance import rows
from kpi.schema import Finding, Indicator, Project, ProjectScore, Severity
from kpi.scorecard import summary
from kpi.scorecard.flat import Flat, flat
from kpi.scorecard.scored import Scored

Kind = Literal["text", "integer", "number", "money", "points", "share", "list"]
Cell = str | int | Decimal | tuple[str, ...] | None
SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": "＝", "~": "约", "in": "期间"}
_NO_WORDS: Mapping[str, str] = MappingProxyType({})


class Column(NamedTuple):
    """One column. ``width`` is in half-width characters; ``aside`` columns are not printed."""

    key: str
    title: str
    width: int
    kind: Kind
    of: Callable[[Any], Cell]
    words: Mapping[str, str] = _NO_WORDS
    aside: bool = False

    def said(self, row: Any) -> Cell:
        """The cell of a row for a person: codes in Chinese."""
        return self.say(self.of(row))

    def say(self, cell: Cell) -> Cell:
        """A cell for a person."""
        return self.words.get(cell, cell) if isinstance(cell, str) else cell


class Table(NamedTuple):
    """One table: its English name (files), its Chinese title (sheets), a sentence on how to read it, its columns."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Callable[[Sequence[Scored]], Iterator[Any]]
    worst: Callable[[Any], int]
    """How bad a row is, for what is kept where not all rows fit; more is worse."""


class ProjectRow(NamedTuple):
    """A project and its figures."""

    document: Scored
    project: Project
    score: ProjectScore


class IndicatorRow(NamedTuple):
    """An indicator, its project's place, its number in the project, its value laid flat, the findings about it."""

    document: Scored
    project: Project
    project_index: int
    number: int
    indicator: Indicator
    flat: Flat
    findings: Sequence[Finding]


class FindingRow(NamedTuple):
    """A finding, what it is about, and the block and criterion in which it costs points."""

    document: Scored
    finding: Finding
    project: Project | None
    indicator: Indicator | None
    costs: str | None


Row = ProjectRow | IndicatorRow | FindingRow


def _projects(documents: Sequence[Scored]) -> Iterator[ProjectRow]:
    for document in documents:
        for score in document.review.scores:
            yield ProjectRow(document, document.extraction.projects[score.project], score)


def _indicators(documents: Sequence[Scored]) -> Iterator[IndicatorRow]:
    for document in documents:
        about: dict[tuple[int | None, int | None], list[Finding]] = {}
        for finding in document.review.findings:
            about.setdefault((finding.project, finding.indicator), []).append(finding)
        for p, project in enumerate(document.extraction.projects):
            for i, indicator in enumerate(project.indicators):
                own = about.get((p, i), ())
                yield IndicatorRow(document, project, p, i + 1, indicator, flat(indicator.value), own)


def _findings(documents: Sequence[Scored]) -> Iterator[FindingRow]:
    for document in documents:
        costs = {
            cause: f"{block.block}·{lost.criterion}"
            for score in document.review.scores
            for block in score.blocks
            for lost in block.lost
            for cause in lost.findings
        }
        for finding in document.review.findings:
            project = None if finding.project is None else document.extraction.projects[finding.project]
            indicator = None if project is None or finding.indicator is None else project.indicators[finding.indicator]
            yield FindingRow(document, finding, project, indicator, costs.get(finding.id))


_WEIGHT: dict[Severity, int] = {"error": 10**8, "warning": 10**4, "info": 1}


def _weight_of(findings: Sequence[Finding]) -> int:
    return sum(_WEIGHT[finding.severity] for finding in findings)


def _weight_of_project(row: ProjectRow) -> int:
    counts = row.score.findings
    return counts.error * _WEIGHT["error"] + counts.warning * _WEIGHT["warning"] + counts.info


def _year(row: ProjectRow | IndicatorRow) -> int | None:
    return row.project.fiscal_year or row.document.extraction.fiscal_year


def _organisation(row: ProjectRow | IndicatorRow | FindingRow) -> str:
    return summary.organisation(row.document, row.project)


def _block(name: str, field: str) -> Callable[[ProjectRow], Decimal | None]:
    return lambda row: next((getattr(block, field) for block in row.score.blocks if block.block == name), None)


def _block_columns(name: str, key: str) -> tuple[Column, Column]:
    return (
        Column(f"{key}_reached", f"{name}得分", 8, "points", _block(name, "reached")),
        Column(f"{key}_checkable", f"{name}可机审", 8, "points", _block(name, "checkable")),
    )


def _sum(row: ProjectRow, field: str) -> Decimal:
    return sum((getattr(block, field) for block in row.score.blocks), Decimal(0))


PROJECTS = Table(
    "projects",
    "项目评分",
    "机审得分率＝得分÷可机审分值。其余分值待人工评定，本表不作推定；等级只按机审部分折算。",
    (
        Column("project", "项目", 26, "text", lambda r: r.project.name),
        Column("organisation", "单位", 18, "text", _organisation),
        Column("fiscal_year", "年度", 6, "integer", _year),
        Column("budget", "预算（元）", 15, "money", lambda r: r.score.budget),
        Column("share_reached", "机审得分率", 8, "share", lambda r: r.score.share_reached),
        Column("grade", "机审等级", 6, "text", lambda r: r.score.grade),
        *_block_columns("完整性", "completeness"),
        *_block_columns("相关性", "relevance"),
        *_block_columns("适当性", "adequacy"),
        *_block_columns("可行性", "feasibility"),
        Column("open_points", "待人工评定", 8, "points", lambda r: _sum(r, "points") - _sum(r, "checkable")),
        Column("indicators", "指标数", 6, "integer", lambda r: r.score.indicators),
        Column("share_quantified", "量化率", 8, "share", lambda r: r.score.share_quantified),
        Column("share_vague", "空泛率", 8, "share", lambda r: r.score.share_vague),
        Column("errors", "错误", 6, "integer", lambda r: r.score.findings.error),
        Column("warnings", "警告", 6, "integer", lambda r: r.score.findings.warning),
        Column("infos", "提示", 6, "integer", lambda r: r.score.findings.info),
        Column(
            "tiers_missing", "未设的指标", 16, "list", lambda r: tuple(k for k, n in r.score.tiers.items() if n == 0)
        ),
        Column("money_checked", "核对过的金额", 20, "list", lambda r: r.score.money_checked, aside=True),
        Column("project_code", "项目编码", 20, "text", lambda r: r.project.code, aside=True),
        Column("document", "文档", 36, "text", lambda r: r.document.label, aside=True),
        Column("project_number", "文档中第几个项目", 8, "integer", lambda r: r.score.project + 1, aside=True),
        Column("place", "位置", 16, "text", lambda r: explain.place(r.project.location), aside=True),
    ),
    _projects,
    _weight_of_project,
)

INDICATORS = Table(
    "indicators",
    "指标明细",
    "“数值”供计算（最多15位有效数字），“精确数值”是原文数字；区间的两端在“数值”和“上限”。",
    (
        Column("project", "项目", 20, "text", lambda r: r.project.name),
        Column("number", "序号", 5, "integer", lambda r: r.number),
        Column("tier1_text", "一级指标", 9, "text", lambda r: r.indicator.tier1_text),
        Column("tier2_text", "二级指标", 19, "text", lambda r: r.indicator.tier2_text),
        Column("name", "指标名称", 22, "text", lambda r: r.indicator.name),
        Column("raw_value", "指标值", 16, "text", lambda r: r.indicator.raw_value),
        Column("kind", "类型", 6, "text", lambda r: r.indicator.value.kind, explain.KINDS),
        Column("operator", "比较", 6, "text", lambda r: r.flat.operator, SIGNS),
        Column("magnitude", "数值", 11, "number", lambda r: r.flat.magnitude),
        Column("unit", "单位", 8, "text", lambda r: r.flat.unit),
        Column("end", "截止日期", 11, "text", lambda r: r.flat.end),
        Column("sense", "文字的意思", 10, "text", lambda r: r.flat.sense, explain.SENSES),
        Column("weight", "分值", 6, "number", lambda r: r.indicator.weight),
        Column("actual", "实际完成值", 11, "text", lambda r: r.indicator.actual and r.indicator.actual.raw),
        Column("rules", "问题", 9, "list", lambda r: tuple(finding.rule for finding in r.findings)),
        Column("exact", "精确数值", 12, "text", lambda r: r.flat.exact, aside=True),
        Column("upper", "上限", 9, "number", lambda r: r.flat.upper, aside=True),
        Column("per", "每", 6, "text", lambda r: r.flat.per, aside=True),
        Column("dimension", "量纲", 7, "text", lambda r: r.flat.dimension, explain.DIMENSIONS, aside=True),
        Column("base_magnitude", "折合数值", 12, "number", lambda r: r.flat.base_magnitude, aside=True),
        Column("base_upper", "折合上限", 9, "number", lambda r: r.flat.base_upper, aside=True),
        Column("base_unit", "折合单位", 8, "text", lambda r: r.flat.base_unit, aside=True),
        Column("score", "自评得分", 6, "number", lambda r: r.indicator.actual and r.indicator.actual.score, aside=True),
        Column("explained", "读作", 20, "text", lambda r: explain.explain(r.indicator.value), aside=True),
        Column("tier1", "归入一级", 10, "text", lambda r: r.indicator.tier1, aside=True),
        Column("tier2", "归入二级", 12, "text", lambda r: r.indicator.tier2, aside=True),
        Column("description", "指标描述", 20, "text", lambda r: r.indicator.description, aside=True),
        Column("basis", "指标值确定依据", 16, "text", lambda r: r.indicator.basis, aside=True),
        Column("organisation", "所属单位", 18, "text", _organisation, aside=True),
        Column("fiscal_year", "年度", 6, "integer", _year, aside=True),
        Column("document", "文档", 36, "text", lambda r: r.document.label, aside=True),
        Column("place", "位置", 16, "text", lambda r: explain.place(r.indicator.location), aside=True),
        Column("project_number", "文档中第几个项目", 8, "integer", lambda r: r.project_index + 1, aside=True),
        Column("row_key", "名称和值的指纹", 18, "text", lambda r: rows.fingerprint(r.indicator), aside=True),
    ),
    _indicators,
    lambda row: _weight_of(row.findings),
)


def _evidence(row: FindingRow) -> str:
    return "；".join(f"{fact.what}“{fact.text}”" for fact in row.finding.evidence)


FINDINGS = Table(
    "findings",
    "问题清单",
    "每条问题只提出疑点，取舍由审核人员决定；“规则”可点开看说明。",
    (
        Column("severity", "级别", 6, "text", lambda r: r.finding.severity, explain.SEVERITIES),
        Column("certainty", "把握", 8, "text", lambda r: r.finding.certainty, explain.CERTAINTIES),
        Column("rule", "规则", 8, "text", lambda r: r.finding.rule),
        Column("project", "项目", 16, "text", lambda r: r.project and r.project.name),
        Column("indicator", "指标", 16, "text", lambda r: r.indicator and r.indicator.name),
        Column("message", "问题", 28, "text", lambda r: r.finding.message),
        Column("suggestion", "建议", 28, "text", lambda r: r.finding.suggestion),
        Column("evidence", "依据", 22, "text", _evidence),
        Column("opinion", "评审意见", 12, "text", lambda r: r.finding.opinion),
        Column("criterion", "扣分项", 14, "text", lambda r: r.costs),
        Column("place", "位置", 11, "text", lambda r: explain.place(r.finding.location)),
        Column("document", "文档", 16, "text", lambda r: r.document.label),
        Column("raw_value", "指标值", 14, "text", lambda r: r.indicator and r.indicator.raw_value, aside=True),
        Column("organisation", "单位", 18, "text", _organisation, aside=True),
        Column("id", "问题编号", 18, "text", lambda r: r.finding.id, aside=True),
    ),
    _findings,
    lambda row: _WEIGHT[row.finding.severity],
)

TABLES = (PROJECTS, INDICATORS, FINDINGS)
