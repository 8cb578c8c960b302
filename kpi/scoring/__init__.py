"""Findings → the four blocks of the official review.

Only what a machine can check is scored: a criterion whose facts are missing, whose rules did not run, or which asks for
a reviewer's judgement is *open*, and its points are neither given nor taken. Every point lost names its findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from kpi.rules import RULES
from kpi.rules import facts as rule_facts
from kpi.schema import BlockScore, Certainty, Extraction, Finding, OpenPoints, PointsLost, Project, Severity
from kpi.schema.reviews import PLACES
from kpi.scoring import needs
from kpi.scoring.scheme import Criterion, Part, Scheme, SchemeError, default, read, step, weighted

__all__ = [
    "PLACES",
    "Criterion",
    "Part",
    "Plan",
    "Scheme",
    "SchemeError",
    "default",
    "plan",
    "read",
    "share",
    "tiers",
    "weighted",
]

BY_HAND = "人工评定"
NOT_RUN = "没有运行相应的规则"
_TEN_THOUSANDTH = Decimal("0.0001")
_ZERO = Decimal(0)


_Costs = dict[tuple[Severity, Certainty], Decimal]


class _Checked(NamedTuple):
    """What stands of a block for one set of facts, before findings: it depends on nothing else, so it is kept."""

    part: Part
    checkable: Decimal
    criteria: tuple[tuple[Criterion, _Costs], ...]
    money: tuple[str, ...]
    open: tuple[OpenPoints, ...]
    unharmed: BlockScore


class Plan:
    """A scheme made ready for one selection of rules: which criterion each rule costs, and what can be checked."""

    def __init__(self, scheme: Scheme, not_run: dict[str, str]) -> None:
        """``not_run`` says of each criterion why its rules do not check it; absent ones are checked."""
        self.scheme = scheme
        self._not_run = not_run
        self._criteria = {
            rule.code: found[1]
            for rule in RULES
            if (found := scheme.criterion_of(rule.code)) and rule.code not in found[1].beside
        }
        self._checked: dict[frozenset[str], tuple[_Checked, ...]] = {}

    def blocks(
        self, project: Project, extraction: Extraction, findings: Sequence[Finding]
    ) -> tuple[tuple[BlockScore, ...], tuple[str, ...]]:
        """The four blocks of a project that has these ``findings``, and the criteria by which its money was checked."""
        known = needs.known(project, extraction)
        checked = self._checked.get(known) or self._checked.setdefault(known, self._check(known))
        by_criterion: dict[str, list[Finding]] = {}
        for finding in findings:
            if criterion := self._criteria.get(finding.rule):
                by_criterion.setdefault(criterion.name, []).append(finding)
        blocks = tuple(self._block(part, project, by_criterion) for part in checked)
        return blocks, tuple(name for part in checked for name in part.money)

    def _check(self, known: frozenset[str]) -> tuple[_Checked, ...]:
        return tuple(self._check_part(part, known) for part in self.scheme.blocks)

    def _check_part(self, part: Part, known: frozenset[str]) -> _Checked:
        why = {criterion.name: self._why_open(criterion, known) for criterion in part.criterion}
        left = tuple(OpenPoints(criterion=c.name, points=c.points, why=w) for c in part.criterion if (w := why[c.name]))
        checkable = part.points - sum((o.points for o in left), _ZERO)
        block = BlockScore(
            block=part.name, points=part.points, checkable=checkable, reached=checkable, lost=(), open=left
        )
        criteria = tuple((c, _costs(self.scheme, c)) for c in part.criterion if not why[c.name])
        money = tuple(criterion.name for criterion, _ in criteria if criterion.money)
        return _Checked(part, checkable, criteria, money, left, block)

    def _why_open(self, criterion: Criterion, known: frozenset[str]) -> str:
        if not criterion.rules:
            return BY_HAND
        missing = next((needs.MISSING[fact] for fact in criterion.needs if fact not in known), "")
        return missing or self._not_run.get(criterion.name, "")

    @staticmethod
    def _block(checked: _Checked, project: Project, findings: dict[str, list[Finding]]) -> BlockScore:
        harmed = [(c, costs) for c, costs in checked.criteria if c.name in findings]
        lost = tuple(found for c, costs in harmed if (found := _lost(c, costs, project, findings[c.name])))
        if not lost:
            return checked.unharmed
        reached = checked.checkable - sum((cost.points for cost in lost), _ZERO)
        part = checked.part
        return BlockScore(
            block=part.name, points=part.points, checkable=checked.checkable, reached=reached, lost=lost,
            open=checked.open,
        )  # fmt: skip


def _lost(criterion: Criterion, costs: _Costs, project: Project, findings: Sequence[Finding]) -> PointsLost | None:
    costly = [(finding, cost) for finding in findings if (cost := costs.get((finding.severity, finding.certainty)))]
    if not costly:
        return None
    if criterion.by == "each":
        points = sum((cost for _, cost in costly), _ZERO)
    else:
        points = criterion.points * _worst_of_rows(costly) / _rows(criterion, project)
    if points < criterion.points:
        points = points.quantize(step(criterion.points), ROUND_HALF_UP)
    points = min(points, criterion.points)
    if not points:
        return None
    return PointsLost(criterion=criterion.name, points=points, findings=tuple(f.id for f, _ in costly))


def _costs(scheme: Scheme, criterion: Criterion) -> _Costs:
    """What findings cost in a criterion, by their severity and certainty."""
    costs = {**scheme.costs[criterion.by], **criterion.cost}
    return {(s, c): cost * part for s, cost in costs.items() for c, part in scheme.certainty.items()}


def _worst_of_rows(costly: Iterable[tuple[Finding, Decimal]]) -> Decimal:
    """Each row by its worst finding; what is about the project as a whole counts as a row of its own."""
    worst: dict[object, Decimal] = {}
    for finding, cost in costly:
        row = finding.id if finding.indicator is None else finding.indicator
        worst[row] = max(cost, worst.get(row, _ZERO))
    return sum(worst.values(), _ZERO)


def _rows(criterion: Criterion, project: Project) -> int:
    if criterion.by == "filled_rows":
        return max(1, sum(not rule_facts.is_empty(i.value) for i in project.indicators))
    return max(1, len(project.indicators))


@lru_cache(maxsize=64)
def plan(scheme: Scheme, selected: tuple[str, ...] = (), ignored: tuple[str, ...] = ()) -> Plan:
    """The plan of a scheme where only rules beginning with ``selected`` run (all, if empty), without ``ignored`` ones.

    A criterion is checked when all of its rules ran. Rules that the user ignores are no faults to him and count as
    run, as long as one is left; a code that names no rule of this version leaves its criterion open.
    """
    known = {rule.code for rule in RULES}
    not_run = {}
    for part in scheme.blocks:
        for criterion in part.criterion:
            codes = [c for c in _codes(scheme, criterion) if not (ignored and c.startswith(ignored))]
            if not codes or not all(c in known and (not selected or c.startswith(selected)) for c in codes):
                not_run[criterion.name] = NOT_RUN
    return Plan(scheme, not_run)


def _codes(scheme: Scheme, criterion: Criterion) -> list[str]:
    """The codes that cost points in a criterion: those it names, and of a family all that stand nowhere else."""
    whole = [code for code in criterion.rules if len(code) > len("VAG")]
    owned = [r.code for r in RULES if (found := scheme.criterion_of(r.code)) and found[1] is criterion]
    return [*whole, *(c for c in owned if c not in (*whole, *criterion.beside))]


def share(blocks: Iterable[BlockScore]) -> Decimal | None:
    """机审得分率: what was reached of what could be checked, 0..1; null where nothing could be."""
    blocks = tuple(blocks)
    checkable = sum((b.checkable for b in blocks), _ZERO)
    return (sum((b.reached for b in blocks), _ZERO) / checkable).quantize(_TEN_THOUSANDTH) if checkable else None


def tiers(scheme: Scheme, project: Project) -> dict[str, int]:
    """How many indicators a project has of each kind that a table should have, none included."""
    counts = dict.fromkeys(scheme.tiers, 0)
    for indicator in project.indicators:
        first, second = indicator.tier1, indicator.tier2
        if first in counts:
            counts[first] += 1
        if second in counts and second != first:
            counts[second] += 1
    return counts
