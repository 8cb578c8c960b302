"""The figures of a batch and of each organisation in it, from the reviews of its documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, get_args

from kpi import documents as reading
from kpi.schema import BlockScore, Finding, Problem, Project, ProjectScore, Severity, plain
from kpi.scorecard.scored import Scored

NO_ORGANISATION = "（未写单位）"
NOT_GRADED = "未评"
_ZERO = Decimal(0)


class BlockTotal(NamedTuple):
    """One block over several projects: the sums of their points."""

    block: str
    points: Decimal
    checkable: Decimal
    reached: Decimal

    @property
    def share_reached(self) -> Decimal | None:
        """What was reached of what could be checked, 0..1; null where nothing could be."""
        return share(self.reached, self.checkable)


class Total(NamedTuple):
    """Several documents, or one organisation's part of them. Amounts are in 元.

    ``budget`` is the sum over the ``budgets`` projects that print one, ``money_checked`` that over those of them whose
    amounts were compared with others. ``tiers`` counts the projects that have an indicator of the kind, ``grades``
    those whose machine part has the grade, ``by_rule`` the findings.
    """

    name: str
    documents: int
    projects: int
    indicators: int
    filled: int
    measurable: int
    vague: int
    findings: dict[Severity, int]
    by_rule: dict[str, dict[Severity, int]]
    blocks: tuple[BlockTotal, ...]
    tiers: dict[str, int]
    grades: dict[str, int]
    budgets: int
    budget: Decimal
    money_checked: Decimal

    @property
    def share_quantified(self) -> Decimal | None:
        """量化率: measurable values of those filled in."""
        return share(Decimal(self.measurable), Decimal(self.filled))

    @property
    def share_vague(self) -> Decimal | None:
        """空泛率: vague values of those filled in."""
        return share(Decimal(self.vague), Decimal(self.filled))

    @property
    def share_checkable(self) -> Decimal | None:
        """What part of all points a machine could check."""
        return share(sum((b.checkable for b in self.blocks), _ZERO), sum((b.points for b in self.blocks), _ZERO))

    @property
    def share_reached(self) -> Decimal | None:
        """机审得分率, over all projects: each counts by the points that could be checked."""
        return share(sum((b.reached for b in self.blocks), _ZERO), sum((b.checkable for b in self.blocks), _ZERO))


class OrganisationTotal(NamedTuple):
    """What :class:`Total` says of one organisation, in short; points are over all blocks."""

    name: str
    documents: int
    projects: int
    indicators: int
    filled: int
    measurable: int
    vague: int
    findings: dict[Severity, int]
    points: Decimal
    checkable: Decimal
    reached: Decimal

    @property
    def share_quantified(self) -> Decimal | None:
        """量化率: measurable values of those filled in."""
        return share(Decimal(self.measurable), Decimal(self.filled))

    @property
    def share_reached(self) -> Decimal | None:
        """机审得分率, over all projects."""
        return share(self.reached, self.checkable)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """``part`` of ``whole`` to four places; null where there is no whole."""
    return (part / whole).quantize(Decimal("0.0001")) if whole else None


class _Part(NamedTuple):
    """What of one document belongs to one organisation."""

    scores: Sequence[ProjectScore]
    findings: Sequence[Finding]


def batch(documents: Sequence[Scored], name: str = "合计") -> Total:
    """All documents together."""
    return _total(name, [_Part(d.review.scores, d.review.findings) for d in documents])


def by_organisation(documents: Sequence[Scored]) -> tuple[Total, ...]:
    """Each organisation that has a project or a finding, in the order of the documents."""
    parts: dict[str, list[_Part]] = {}
    for document in documents:
        projects = [organisation(document, project) for project in document.extraction.projects]
        own = organisation(document, None)
        wide = [own] if any(finding.project is None for finding in document.review.findings) else []
        for name in dict.fromkeys([*projects, *wide]):
            scores = [s for s in document.review.scores if projects[s.project] == name]
            found = [f for f in document.review.findings if (own if f.project is None else projects[f.project]) == name]
            parts.setdefault(name, []).append(_Part(scores, found))
    return tuple(_total(name, own_parts) for name, own_parts in parts.items())


def organisation(document: Scored, project: Project | None) -> str:
    """Whose a project is: as its own table says, else as the document does."""
    printed = project.organisation.name if project else None
    return printed or document.extraction.organisation.name or NO_ORGANISATION


def is_unread(document: Scored) -> bool:
    """Whether a document could not be read, or a part of it that counts; what was read of it is scored all the same."""
    return reading.unread(document.extraction.problems)


def problems(documents: Sequence[Scored]) -> list[tuple[str, Problem]]:
    """What could not be read, or only in part: the document's label and the problem, the unread ones first."""
    found = [(not is_unread(d), d.label, problem) for d in documents for problem in d.extraction.problems]
    return [(label, problem) for _, label, problem in sorted(found, key=lambda f: f[0])]


def _total(name: str, parts: list[_Part]) -> Total:
    scores = [score for part in parts for score in part.scores]
    findings = [finding for part in parts for finding in part.findings]
    by_rule: dict[str, dict[Severity, int]] = {}
    for finding in sorted(findings, key=lambda f: f.rule):
        counts = by_rule.setdefault(finding.rule, {})
        counts[finding.severity] = counts.get(finding.severity, 0) + 1
    severities = Counter(finding.severity for finding in findings)
    grades = Counter(score.grade or NOT_GRADED for score in scores)
    kinds = dict.fromkeys(kind for score in scores for kind in score.tiers)
    return Total(
        name=name,
        documents=len(parts),
        projects=len(scores),
        indicators=sum(s.indicators for s in scores),
        filled=sum(s.filled for s in scores),
        measurable=sum(s.measurable for s in scores),
        vague=sum(s.vague for s in scores),
        findings={"error": severities["error"], "warning": severities["warning"], "info": severities["info"]},
        by_rule=by_rule,
        blocks=_blocks(score.blocks for score in scores),
        tiers={kind: sum(bool(score.tiers.get(kind)) for score in scores) for kind in kinds},
        grades=dict(grades),
        budgets=sum(score.budget is not None for score in scores),
        budget=sum((score.budget or _ZERO for score in scores), _ZERO),
        money_checked=sum((score.budget or _ZERO for score in scores if score.money_checked), _ZERO),
    )


def merged(totals: Iterable[Total], name: str = "合计") -> Total:
    """Several parts of a batch together, in the order of their documents."""
    parts = tuple(totals)
    by_rule: dict[str, Counter[Severity]] = {}
    for part in parts:
        for rule, counts in part.by_rule.items():
            by_rule.setdefault(rule, Counter()).update(counts)
    return Total(
        name=name,
        documents=sum(p.documents for p in parts),
        projects=sum(p.projects for p in parts),
        indicators=sum(p.indicators for p in parts),
        filled=sum(p.filled for p in parts),
        measurable=sum(p.measurable for p in parts),
        vague=sum(p.vague for p in parts),
        findings={severity: sum(p.findings[severity] for p in parts) for severity in get_args(Severity)},
        by_rule={rule: dict(by_rule[rule]) for rule in sorted(by_rule)},
        blocks=_blocks(p.blocks for p in parts),
        tiers=dict(_added(p.tiers for p in parts)),
        grades=dict(_added(p.grades for p in parts)),
        budgets=sum(p.budgets for p in parts),
        budget=sum((p.budget for p in parts), _ZERO),
        money_checked=sum((p.money_checked for p in parts), _ZERO),
    )


def _added(counts: Iterable[dict[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in counts:
        for key, number in each.items():
            found[key] += number
    return found


def _blocks(projects: Iterable[Sequence[BlockScore | BlockTotal]]) -> tuple[BlockTotal, ...]:
    sums: dict[str, BlockTotal] = {}
    for block in (block for blocks in projects for block in blocks):
        so_far = sums.get(block.block, BlockTotal(block.block, _ZERO, _ZERO, _ZERO))
        sums[block.block] = BlockTotal(
            block.block,
            so_far.points + block.points,
            so_far.checkable + block.checkable,
            so_far.reached + block.reached,
        )
    return tuple(sums.values())


def in_ten_thousands(amount: Decimal) -> str:
    """An amount of 元 as 万元, to four places without needless zeros: ``4000`` → ``0.4``."""
    text = plain((amount / 10_000).quantize(Decimal("0.0001")))
    return text.rstrip("0").rstrip(".")
