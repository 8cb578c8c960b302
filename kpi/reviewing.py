"""Extraction → review: run the rules, keep one finding per root cause, count what can be measured, score the blocks."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi import rules, scoring
from kpi.configuration import Config
from kpi.rules import facts
from kpi.rules.base import Placed, Rows, Rule
from kpi.schema import (
    Extraction,
    Finding,
    Indicator,
    ProjectScore,
    Review,
    ReviewSummary,
    SeverityCounts,
)

_Places = set[tuple[int | None, int | None]]


def review(
    extraction: Extraction,
    *,
    config: Config | None = None,
    scheme: scoring.Scheme | None = None,
    known_as: Extraction | None = None,
) -> Review:
    """Run the rules over what was read.

    Args:
        extraction: what :func:`kpi.extract` gave.
        config: which rules run and what they are told (``kpi.toml``); default all, as they are.
        scheme: how to score; default that of ``kpi/scoring/scoring.toml``. The configuration's points replace its own.
        known_as: the document as it was read, where ``extraction`` has cells put right since: findings are known by
            the organisation, the year and the projects of that one, so that what was decided of them still stands.

    Returns:
        Findings in the order of the document, the figures of each project and of the whole.

    """
    config = (config or Config()).of(extraction.organisation)
    wanted, vague = _found(extraction, config)
    findings = tuple(_numbered(extraction, known_as or extraction, _one_per_cause(wanted), config))
    by_project = _by_project(findings)
    plan = scoring.plan(scheme_of(config, scheme), config.select, config.ignore)
    scores = tuple(_score(n, extraction, by_project.get(n, ()), vague, plan) for n in range(len(extraction.projects)))
    return Review(
        ruleset_version=rules.RULESET_VERSION, findings=findings, scores=scores, summary=_summary(scores, findings)
    )


def _found(extraction: Extraction, config: Config) -> tuple[list[tuple[Rule, Placed]], _Places]:
    """What the rules that are selected find, and where values are vague, whatever is selected."""
    fixed, rows = _system_rows(extraction), Rows(extraction)
    wanted: list[tuple[Rule, Placed]] = []
    vague: _Places = set()
    for rule in rules.RULES:
        found = rule.run(extraction, config.thresholds.get(rule.code, {}), rows)
        placed = [p for p in found if (p.project, p.indicator) not in fixed]
        if rules.is_vague(rule):
            vague.update((p.project, p.indicator) for p in placed)
        if config.wants(rule.code):
            wanted += [(rule, p) for p in placed]
    return wanted, vague


def without(
    reviewed: Review, extraction: Extraction, dismissed: Collection[str], *, config: Config | None = None
) -> Review:
    """The review as it is without the findings that somebody ``dismissed`` (their ids): they cost no points either.

    What is counted from the values themselves (量化率, 空泛率) stays as it is.
    """
    findings = tuple(finding for finding in reviewed.findings if finding.id not in dismissed)
    if len(findings) == len(reviewed.findings):
        return reviewed
    config = (config or Config()).of(extraction.organisation)
    plan = scoring.plan(scheme_of(config), config.select, config.ignore)
    by_project = _by_project(findings)
    scores = []
    for score in reviewed.scores:
        own = by_project.get(score.project, ())
        blocks, _ = plan.blocks(extraction.projects[score.project], extraction, own)
        reached = scoring.share(blocks)
        changed = {"findings": _severities(own), "blocks": blocks, "share_reached": reached}
        scores.append(score.model_copy(update={**changed, "grade": plan.scheme.grade(reached)}))
    return reviewed.model_copy(
        update={"findings": findings, "scores": tuple(scores), "summary": _summary(tuple(scores), findings)}
    )


def scheme_of(config: Config, scheme: scoring.Scheme | None = None) -> scoring.Scheme:
    """The scheme of scoring, with the points that the configuration gives in place of its own."""
    return scoring.weighted(scheme or scoring.default(), tuple(config.score.items()))


def _system_rows(extraction: Extraction) -> frozenset[tuple[int | None, int | None]]:
    """The rows that no rule reports, as nobody can change them."""
    return frozenset(
        (p, i)
        for p, project in enumerate(extraction.projects)
        for i, indicator in enumerate(project.indicators)
        if facts.is_system_row(indicator)
    )


def only(reviewed: Review, findings: tuple[Finding, ...]) -> Review:
    """The review with fewer findings; the figures count these, points lost stay as they were."""
    by_project = _by_project(findings)
    scores = tuple(
        score.model_copy(update={"findings": _severities(by_project.get(score.project, ()))})
        for score in reviewed.scores
    )
    return reviewed.model_copy(update={"findings": findings, "scores": scores, "summary": _summary(scores, findings)})


def _by_project(findings: Iterable[Finding]) -> dict[int | None, list[Finding]]:
    found: dict[int | None, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.project, []).append(finding)
    return found


def _one_per_cause(placed: list[tuple[Rule, Placed]]) -> list[tuple[Rule, Placed]]:
    spoken: dict[tuple[int | None, int | None], set[str]] = {}
    for rule, p in placed:
        if silenced := rules.SUPPRESSES.get(rule.code):
            spoken.setdefault((p.project, p.indicator), set()).update(silenced)
    kept = [(r, p) for r, p in placed if r.code not in spoken.get((p.project, p.indicator), ())]
    return sorted(kept, key=lambda rp: (_order(rp[1].project), _order(rp[1].indicator), rp[0].code))


def _order(index: int | None) -> int:
    return -1 if index is None else index


def _numbered(
    extraction: Extraction, known_as: Extraction, placed: Iterable[tuple[Rule, Placed]], config: Config
) -> Iterable[Finding]:
    """Findings with ids that survive re-runs and re-paging: a hash of what they are about, and an ordinal."""
    seen: dict[str, int] = {}
    for rule, p in placed:
        key = _key(extraction, known_as, rule, p)
        ordinal = seen.get(key, 0)
        seen[key] = ordinal + 1
        yield Finding(
            id=hashlib.sha256(f"{key}\x1f{ordinal}".encode(errors="surrogatepass")).hexdigest()[:16],
            rule=rule.code,
            severity=config.severity_of(rule.code, p.fault.severity),
            certainty=p.fault.certainty or rule.certainty,
            message=p.fault.message,
            suggestion=p.fault.suggestion,
            opinion=rule.opinion,
            evidence=p.fault.evidence,
            project=p.project,
            indicator=p.indicator,
            location=p.location,
        )


def _key(extraction: Extraction, known_as: Extraction, rule: Rule, placed: Placed) -> str:
    parts: list[str | None] = [rule.code, known_as.organisation.name, str(known_as.fiscal_year)]
    if placed.project is not None:
        project = known_as.projects[placed.project]
        parts += [project.code, project.name]
        if placed.indicator is not None:
            indicator = extraction.projects[placed.project].indicators[placed.indicator]
            parts += [indicator.tier1_text, indicator.tier2_text, indicator.name, indicator.raw_value]
    if placed.fault.text is not None:
        parts.append(placed.fault.text)
    return "\x1f".join([part or "" for part in parts])


class _Counts(NamedTuple):
    indicators: int
    filled: int
    measurable: int
    vague: int


def _count(project: int, indicators: tuple[Indicator, ...], vague: _Places) -> _Counts:
    values = [indicator.value for indicator in indicators]
    return _Counts(
        len(values),
        len(values) - sum(map(facts.is_empty, values)),
        sum(map(facts.is_measurable, values)),
        sum([(project, i) in vague for i in range(len(values))]),
    )


def _score(
    number: int, extraction: Extraction, findings: Sequence[Finding], vague: _Places, plan: scoring.Plan
) -> ProjectScore:
    project = extraction.projects[number]
    counts = _count(number, project.indicators, vague)
    blocks, money_checked = plan.blocks(project, extraction, findings)
    reached = scoring.share(blocks)
    return ProjectScore(
        project=number,
        name=project.name,
        indicators=counts.indicators,
        filled=counts.filled,
        measurable=counts.measurable,
        vague=counts.vague,
        share_quantified=_share(counts.measurable, counts.filled),
        share_vague=_share(counts.vague, counts.filled),
        findings=_severities(findings),
        blocks=blocks,
        share_reached=reached,
        grade=plan.scheme.grade(reached),
        tiers=scoring.tiers(plan.scheme, project),
        budget=project.budget and project.budget.base_magnitude,
        money_checked=money_checked,
    )


def _severities(findings: Iterable[Finding]) -> SeverityCounts:
    found = [finding.severity for finding in findings]
    return SeverityCounts(error=found.count("error"), warning=found.count("warning"), info=found.count("info"))


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001")) if whole else None


def _summary(scores: tuple[ProjectScore, ...], findings: tuple[Finding, ...]) -> ReviewSummary:
    filled = sum(s.filled for s in scores)
    return ReviewSummary(
        projects=len(scores),
        indicators=sum(s.indicators for s in scores),
        filled=filled,
        measurable=sum(s.measurable for s in scores),
        vague=sum(s.vague for s in scores),
        share_quantified=_share(sum(s.measurable for s in scores), filled),
        share_vague=_share(sum(s.vague for s in scores), filled),
        findings=_severities(findings),
        by_rule=dict(sorted(Counter(f.rule for f in findings).items())),
    )
