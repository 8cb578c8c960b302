"""Every type that the product hands to other programs, as frozen pydantic models.

Conventions, held everywhere:

* numbers that mean something are :class:`~decimal.Decimal`, in JSON a *string* in plain notation (``"0.9"``);
* a span is ``(start, end)`` in characters, end exclusive;
* every field is always present: ``null`` means "not in the document", an empty list means "none";
* Chinese terms of the field (tier names, opinions) are data and stay Chinese; everything else is English.

The exported JSON Schema lies in ``docs/schema/``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

SCHEMA_VERSION = "1.0"


def plain(number: Decimal) -> str:
    """``number`` in plain notation, never with an exponent: ``Decimal("4E+3")`` → ``"4000"``."""
    return format(number, "f")


Number = Annotated[Decimal, PlainSerializer(plain, return_type=str, when_used="json")]
Span = tuple[int, int]


class Frozen(BaseModel):
    """Base of all types: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --------------------------------------------------------------------------------------------- values

Operator = Literal[">=", "<=", ">", "<", "=", "~"]
Dimension = Literal[
    "ratio", "money", "count", "duration", "length", "area", "volume", "mass",
    "energy", "power", "data", "concentration", "temperature", "score", "number",
]  # fmt: skip
Sense = Literal[
    "direction_only", "intensity_only", "procedural", "punctual", "coverage",
    "restatement", "task", "graded", "standard", "other",
]  # fmt: skip
Note = Literal[
    "unit_typo",  # a clear slip of the unit was read as the unit meant: 1各 → 1个
    "unit_inherited",  # the unit comes from a column or from the indicator's name
    "unit_conflict",  # value, unit column or name print units that disagree; the nearest to the value was used
    "stray_space",  # a space inside the number was closed: 14. 00 → 14.00
    "letter_for_digit",  # a letter O or l inside the number was read as the digit
    "leap_year_unknown",  # the end of February without a year
    "impossible_date",  # the text names a day that no calendar has: 2月30日
    "operator_conflict",  # sign and word disagree: ≥90%以下; the one before the number was used
    "suspected_misread",  # export or OCR damage is likely; `Indicator.meant` holds the likely value
    "not_understood",  # part of the text carries digits that no form of the grammar covers
    "truncated",  # the text was longer than `settings.MAX_VALUE_CHARS`; only its head was read
]


class _Value(Frozen):
    """What all kinds of value share.

    ``raw`` is the text as given; ``span`` is where in ``raw`` the value stands. For a part of a compound and
    for a value found in prose ``raw`` is the slice, and ``span`` indexes the surrounding text.
    """

    raw: str
    span: Span
    notes: tuple[Note, ...] = ()
    label: str | None = Field(None, description="words before a part of a compound, else null")


class Quantity(_Value):
    """One bound on one number. ``base_magnitude`` counts ``base_unit``: ``≤0.4万元`` → 4000 元."""

    kind: Literal["quantity"] = "quantity"
    operator: Operator
    operator_written: bool
    magnitude: Number
    unit: str | None
    per: str | None = None
    dimension: Dimension
    base_magnitude: Number
    base_unit: str | None
    change: Literal["increase", "decrease"] | None = None
    baseline: str | None = None


class Bound(Frozen):
    """One end of a range."""

    magnitude: Number
    base_magnitude: Number
    inclusive: bool


class Range(_Value):
    """Two bounds on the same number. ``operator_written`` only for comparison signs or words."""

    kind: Literal["range"] = "range"
    lower: Bound
    upper: Bound
    operator_written: bool
    unit: str | None
    per: str | None = None
    dimension: Dimension
    base_unit: str | None
    change: Literal["increase", "decrease"] | None = None
    baseline: str | None = None


DateOperator = Literal["<=", ">=", "in", "="]
Precision = Literal["day", "ten_days", "month", "quarter", "half_year", "year"]
Recurrence = Literal["year", "half_year", "quarter", "month", "week", "day"]


class DateValue(_Value):
    """A deadline, a period or a recurring date. Dates are ``YYYY-MM-DD`` with ``XXXX`` / ``XX`` for the unknown."""

    kind: Literal["date"] = "date"
    operator: DateOperator
    operator_written: bool
    start: str | None
    end: str | None
    precision: Precision
    year_written: bool
    recurs: Recurrence | None = None


class YesNo(_Value):
    """``是`` / ``否``; ``answer`` is null where both are printed."""

    kind: Literal["yes_no"] = "yes_no"
    answer: bool | None


class Term(Frozen):
    """A word that decided something, and where it stands in the value's ``raw``."""

    text: str
    span: Span


class Qualitative(_Value):
    """A wording without a quantity; ``sense`` says in which way it is vague (or that it is a grade, a standard)."""

    kind: Literal["qualitative"] = "qualitative"
    sense: Sense
    confidence: Number
    terms: tuple[Term, ...] = ()


class Empty(_Value):
    """Nothing is there: an empty cell, a dash, 无, 不涉及."""

    kind: Literal["empty"] = "empty"


class Compound(_Value):
    """Several values in one cell; each part's ``span`` is relative to the outer ``raw``."""

    kind: Literal["compound"] = "compound"
    parts: tuple[Value, ...]
    join: Literal["and", "or", "with"]


Value = Annotated[
    Quantity | Range | DateValue | YesNo | Qualitative | Compound | Empty, Field(discriminator="kind")
]
Compound.model_rebuild()

# ------------------------------------------------------------------------------------------ documents


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


class Funding(Frozen):
    """Where the budget comes from: 财政资金 and 其他资金."""

    fiscal: Money | None = None
    other: Money | None = None


class PlanPoint(Frozen):
    """One filled cell of 资金支出计划: either an ``amount`` or a ``share`` (0..1), cumulative to ``period``."""

    period: str
    raw: str
    amount: Money | None = None
    share: Number | None = None


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
    """One project's 绩效目标表. ``framework``: ``old`` is 产出-效益-满意度, ``new`` adds 成本 as a first tier."""

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


class Grade(Frozen):
    """One step of a grading ladder: 优 / 良 / 中 / 差 and the value it asks for."""

    grade: str
    raw: str
    value: Value


class DepartmentTarget(Frozen):
    """A target of the whole department, given in prose (部门整体 / 分项绩效目标)."""

    section: str | None
    goal: str | None
    indicators: tuple[Indicator, ...]
    grading: tuple[Grade, ...]


class Figure(Frozen):
    """An amount in the narrative, with the project it belongs to where the text names one."""

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


# ------------------------------------------------------------------------------------------- reviews

Severity = Literal["error", "warning", "info"]
Certainty = Literal["certain", "likely", "judge"]
# The eleven opinions that reviewers of one province pick from; every finding maps to one of them.
Opinion = Literal[
    "不够完整", "不够细化量化", "与项目相关性不够", "指标与指标值不匹配", "建议拆分", "一级指标类型错误",
    "二级指标类型错误", "建议增加效益指标", "建议增加产出指标", "建议增加满意度指标", "其他",
]  # fmt: skip


class Evidence(Frozen):
    """One fact that a finding compares: what it is (Chinese) and its text."""

    what: str
    text: str


class Finding(Frozen):
    """What is wrong with a target. ``project`` / ``indicator`` index the extraction; null where it is wider."""

    id: str
    rule: str
    severity: Severity
    certainty: Certainty
    message: str
    suggestion: str
    opinion: Opinion
    evidence: tuple[Evidence, ...]
    project: int | None
    indicator: int | None
    location: Location | None


class SeverityCounts(Frozen):
    """Findings by severity."""

    error: int = 0
    warning: int = 0
    info: int = 0


class PointsLost(Frozen):
    """Points a block lost, and the ids of the findings that cost them."""

    points: Number
    findings: tuple[str, ...]


class BlockScore(Frozen):
    """One block of the official review. ``checkable`` of its ``points`` are machine-checked, the rest is open."""

    block: Literal["完整性", "相关性", "适当性", "可行性"]
    points: Number
    checkable: Number
    reached: Number
    lost: tuple[PointsLost, ...]


class ProjectScore(Frozen):
    """The figures of one project. Shares are of the ``filled`` indicators (value not empty), null where there are none."""

    project: int
    name: str | None
    indicators: int
    filled: int
    measurable: int
    vague: int
    share_quantified: Number | None
    share_vague: Number | None
    findings: SeverityCounts
    blocks: tuple[BlockScore, ...]


class ReviewSummary(Frozen):
    """The figures of the whole document."""

    projects: int
    indicators: int
    filled: int
    measurable: int
    vague: int
    share_quantified: Number | None
    share_vague: Number | None
    findings: SeverityCounts
    by_rule: dict[str, int]


class Review(Frozen):
    """The findings on one extraction."""

    schema_version: str = SCHEMA_VERSION
    ruleset_version: str
    findings: tuple[Finding, ...]
    scores: tuple[ProjectScore, ...]
    summary: ReviewSummary
