"""What is read from a document: projects, indicators, problems, coverage (CONTRACT §2)."""

from __future__ import annotations

from typing import Literal

from kpi.schema.base import SCHEMA_VERSION, Frozen, Number
from kpi.schema.values import Value


class Location(Frozen):
    """Where something stands in the source. Lines, tables, rows and columns count from 1.

    ``start`` and ``end`` are character offsets in the decoded text of a text document.
    """

    page: int | None = None
    sheet: str | None = None
    line: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    start: int | None = None
    end: int | None = None


class Problem(Frozen):
    """What could not be read. ``code`` is stable English, ``message`` one Chinese sentence."""

    code: str
    message: str
    location: Location | None = None


class Source(Frozen):
    """The document's identity. ``sha256`` is of its bytes (of the UTF-8 bytes where text was given)."""

    name: str | None
    sha256: str
    media_type: str


class Organisation(Frozen):
    """部门 / 单位; ``code`` is its budget code (434001)."""

    name: str | None = None
    code: str | None = None


class Money(Frozen):
    """An amount as printed (``magnitude``, ``unit``) and in 元 (``base_magnitude``)."""

    magnitude: Number
    unit: str
    base_magnitude: Number


class FundingPart(Frozen):
    """A part of the budget under its own label: 上年结转资金, 单位资金, 中央补助."""

    label: str
    money: Money


class Funding(Frozen):
    """Where the budget comes from: 财政资金 and 其他资金; ``further`` are other sources that the head prints."""

    fiscal: Money | None = None
    other: Money | None = None
    further: tuple[FundingPart, ...] = ()


class Execution(Frozen):
    """How the budget was carried out, from the head of a self-evaluation.

    ``initial`` 年初预算数, ``full_year`` 全年（调整后）预算数, ``executed`` 全年执行数; ``rate`` 执行率 as a share
    (1 is 100 %).
    """

    initial: Money | None = None
    full_year: Money | None = None
    executed: Money | None = None
    rate: Number | None = None


class PlanPoint(Frozen):
    """One filled cell of 资金支出计划: either an ``amount`` or a ``share`` (0..1), cumulative to ``period``.

    ``heading_unit`` is the unit that the heading of the plan prints, whatever the cell holds: ``%``, ``万元``, ``元``;
    null where it prints none.
    """

    period: str
    raw: str
    amount: Money | None = None
    share: Number | None = None
    heading_unit: str | None = None


class Cells(Frozen):
    """The cells a value was joined from, where the table splits it; null where it has no such column."""

    operator: str | None = None
    value: str | None = None
    unit: str | None = None
    type: str | None = None
    direction: str | None = None


class Actual(Frozen):
    """The self-evaluation of one indicator: what was reached, the points given, the reason for a shortfall."""

    raw: str | None = None
    value: Value | None = None
    score: Number | None = None
    reason: str | None = None


Tier1 = Literal["产出指标", "效益指标", "满意度指标", "成本指标"]
Tier2 = Literal[
    "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标",
    "服务对象满意度指标", "经济成本指标", "社会成本指标", "生态环境成本指标",
]  # fmt: skip


class Indicator(Frozen):
    """One row of a 绩效目标表. ``tier1``/``tier2`` are canonical, ``*_text`` as printed (filled down)."""

    tier1: Tier1 | None
    tier2: Tier2 | None
    tier1_text: str | None
    tier2_text: str | None
    name: str | None
    description: str | None
    raw_value: str
    cells: Cells
    value: Value
    meant: Value | None
    basis: str | None
    explanation: str | None
    score_rule: str | None
    weight: Number | None
    actual: Actual | None
    horizon: Literal["annual", "whole_period"] | None
    place: str | None
    location: Location


class Project(Frozen):
    """One project's 绩效目标表. ``framework``: ``old`` is 产出-效益-满意度, ``new`` adds 成本 as a first tier.

    ``budget`` is the year's, or that of the whole period where no other is printed; ``whole_budget`` is always that of
    the whole period.
    ``columns`` are the fields for which its heading has a column, filled or not, by the names of :class:`Indicator` and
    :class:`Actual` (``name``, ``value``, ``basis``, ``actual``, ``score``, ``reason``), from left to right.
    ``hidden_titles`` is what field codes (``TC``) and bookmarks over the table call it, where that is not the title; no
    reader of the printed page sees them.
    """

    title: str | None
    name: str | None
    code: str | None
    organisation: Organisation
    fiscal_year: int | None
    framework: Literal["old", "new"] | None
    self_evaluation: bool
    budget: Money | None
    funding: Funding
    purpose: str | None
    spending_plan: tuple[PlanPoint, ...]
    goals: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    location: Location
    whole_budget: Money | None = None
    execution: Execution | None = None
    hidden_titles: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Grade(Frozen):
    """One step of a grading ladder: 优 / 良 / 中 / 差 as printed, and the value it asks for.

    ``raw`` is the value's words (80%-90%) without what it is a value of (活动完成率); in a table of grades, the cell.
    """

    grade: str
    raw: str
    value: Value


class DepartmentTarget(Frozen):
    """A target of the whole department, given in prose (部门整体 / 分项绩效目标) or in a table with a column a grade.

    ``section`` is the heading without its number, with the heading of the duty behind a slash: ``总体绩效目标``,
    ``分项绩效目标 / 公文会议``. ``goal`` is the text behind 绩效目标： (职责目标： where there is none), or one
    numbered goal of 总体绩效目标 without its number. ``indicators`` come from 绩效指标：; tiers are null unless
    printed, ``raw_value`` is empty where the text names only what is measured, ``description`` is a word before a
    colon that stands over several. ``grading`` is the ladder behind 绩效标准：. Measures that safeguard targets
    (工作保障措施) are no targets.
    """

    section: str | None
    goal: str | None
    indicators: tuple[Indicator, ...]
    grading: tuple[Grade, ...]


class Figure(Frozen):
    """An amount of this year's budget in the narrative; tables, changes, other years, prices and estimates give none.

    ``what`` is the name of a total (收入总额, 支出总额, 基本支出, 项目支出, 三公经费 and the others of
    ``narrative.toml``), else the words that name the amount. ``project`` is the name, as ``projects`` prints
    it, of the one project that those words name; null for totals, and where several projects share the name.
    ``money`` is in the printed unit (a bare 万 is 万元), ``text`` the clause, ``location`` the amount's own place.
    """

    what: str
    project: str | None
    money: Money
    text: str
    location: Location


class Coverage(Frozen):
    """How much was found and how much of it was read; candidate rows that gave no indicator are the difference."""

    tables_seen: int
    target_tables: int
    rows_seen: int
    rows_read: int


class Extraction(Frozen):
    """Everything read from one document."""

    schema_version: str = SCHEMA_VERSION
    source: Source
    organisation: Organisation
    fiscal_year: int | None
    money_unit: str | None
    projects: tuple[Project, ...]
    department_targets: tuple[DepartmentTarget, ...]
    figures: tuple[Figure, ...]
    problems: tuple[Problem, ...]
    coverage: Coverage
