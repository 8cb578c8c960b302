"""What a review finds: findings, scores, figures (CONTRACT §3)."""

from __future__ import annotations

from typing import Literal

from kpi.schema.base import SCHEMA_VERSION, Frozen, Number
from kpi.schema.documents import Location

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


Block = Literal["完整性", "相关性", "适当性", "可行性"]


# Decimals of any points, given or worked out, and the most that may be given: every output holds them all.
PLACES = 6
MOST_POINTS = 1_000_000


class PointsLost(Frozen):
    """Points lost in one criterion of a block, and the ids of the findings that cost them."""

    criterion: str
    points: Number
    findings: tuple[str, ...]


class OpenPoints(Frozen):
    """A criterion that the machine does not score, and why (Chinese): 人工评定, or the fact that is missing."""

    criterion: str
    points: Number
    why: str


class BlockScore(Frozen):
    """One block of the official review. ``checkable`` of its ``points`` are machine-checked, the rest is ``open``.

    ``reached`` is ``checkable`` without what was ``lost``; ``checkable`` and the points of ``open`` make ``points``.
    """

    block: Block
    points: Number
    checkable: Number
    reached: Number
    lost: tuple[PointsLost, ...]
    open: tuple[OpenPoints, ...]


class ProjectScore(Frozen):
    """The figures of one project. Shares are of the ``filled`` indicators (value not empty); null where none is.

    ``share_reached`` is 机审得分率, what was reached of the checkable points of all blocks, and ``grade`` its word
    (优 良 中 差): of the machine's part only, null where nothing could be checked. ``tiers`` counts the indicators of
    each kind that a table should have. ``budget`` is in 元; ``money_checked`` names the criteria by which amounts were
    compared.
    """

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
    share_reached: Number | None
    grade: str | None
    tiers: dict[str, int]
    budget: Number | None
    money_checked: tuple[str, ...]


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
