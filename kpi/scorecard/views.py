"""A batch as its readers walk through it: batch → organisation → project → row → finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from kpi import scoring
from kpi.explain import explain, place
from kpi.schema import BlockScore, Extraction, Finding, Indicator, Problem, Project, ProjectScore
from kpi.scorecard.scored import Scored

NO_ORGANISATION, NO_NAME = "（未写单位）", "（未写项目名称）"


class FindingView(NamedTuple):
    """A finding, the name of its place on the page, and its place in the document."""

    finding: Finding
    anchor: str
    place: str


class RowView(NamedTuple):
    """An indicator with what is said about it; ``said`` is how its value was understood."""

    indicator: Indicator
    said: str
    findings: tuple[FindingView, ...]


class LostView(NamedTuple):
    """Points lost in one criterion, and the findings that cost them."""

    criterion: str
    points: Decimal
    findings: tuple[FindingView, ...]


class BlockView(NamedTuple):
    """The score of one block."""

    score: BlockScore
    lost: tuple[LostView, ...]


class ProjectView(NamedTuple):
    """A project; ``wide`` are its findings that are about no single row, ``number`` counts through the batch."""

    number: int
    anchor: str
    document: str
    name: str
    project: Project
    score: ProjectScore
    wide: tuple[FindingView, ...]
    rows: tuple[RowView, ...]
    blocks: tuple[BlockView, ...]

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """All findings, those on the whole project first."""
        return (*self.wide, *(finding for row in self.rows for finding in row.findings))


class Tally(NamedTuple):
    """Figures of several projects together."""

    projects: int
    indicators: int
    filled: int
    measurable: int
    vague: int
    error: int
    warning: int
    info: int

    @property
    def share_quantified(self) -> Decimal | None:
        """The share of the filled indicators that can be measured."""
        return Decimal(self.measurable) / Decimal(self.filled) if self.filled else None


class OrganisationView(NamedTuple):
    """An organisation and its projects, over all documents."""

    anchor: str
    name: str
    projects: tuple[ProjectView, ...]
    tally: Tally

    @property
    def share_reached(self) -> Decimal | None:
        """What all its projects together reached of the points that could be checked."""
        return scoring.share(block for project in self.projects for block in project.score.blocks)


class DocumentView(NamedTuple):
    """A document: what could not be read of it, and the findings that are about no single project."""

    label: str
    projects: int
    problems: tuple[Problem, ...]
    findings: tuple[FindingView, ...]


class BatchView(NamedTuple):
    """All of it. ``rules`` counts the findings by code."""

    organisations: tuple[OrganisationView, ...]
    documents: tuple[DocumentView, ...]
    tally: Tally
    rules: dict[str, int]
    ruleset_version: str

    @property
    def projects(self) -> tuple[ProjectView, ...]:
        """The projects of all organisations."""
        return tuple(project for organisation in self.organisations for project in organisation.projects)


def batch(documents: Sequence[Scored]) -> BatchView:
    """The view of ``documents``: organisations and projects in the order in which they first come."""
    numbers = count(1)
    by_organisation: dict[str, list[ProjectView]] = {}
    seen: list[DocumentView] = []
    for at, document in enumerate(documents, 1):
        for name, project in _projects(document, numbers):
            by_organisation.setdefault(name, []).append(project)
        wide = tuple(_finding(f, f"d{at}") for f in document.review.findings if f.project is None)
        extraction = document.extraction
        seen.append(DocumentView(document.label, len(extraction.projects), extraction.problems, wide))
    organisations = tuple(
        OrganisationView(f"o{at}", name, tuple(projects), tally(p.score for p in projects))
        for at, (name, projects) in enumerate(by_organisation.items(), 1)
    )
    findings = [f for document in documents for f in document.review.findings]
    whole = tally(score for document in documents for score in document.review.scores)
    severities = Counter(f.severity for f in findings)
    whole = whole._replace(error=severities["error"], warning=severities["warning"], info=severities["info"])
    rules = dict(sorted(Counter(f.rule for f in findings).items()))
    versions = dict.fromkeys(document.review.ruleset_version for document in documents)
    return BatchView(organisations, tuple(seen), whole, rules, "、".join(versions))


def tally(scores: Iterable[ProjectScore]) -> Tally:
    """The figures of ``scores`` together."""
    of = tuple(scores)
    return Tally(
        len(of),
        sum(s.indicators for s in of),
        sum(s.filled for s in of),
        sum(s.measurable for s in of),
        sum(s.vague for s in of),
        sum(s.findings.error for s in of),
        sum(s.findings.warning for s in of),
        sum(s.findings.info for s in of),
    )


def projects_of(document: Scored) -> list[ProjectView]:
    """The projects of one document."""
    return [project for _, project in _projects(document, count(1))]


def _projects(document: Scored, numbers: Iterable[int]) -> Iterable[tuple[str, ProjectView]]:
    """The projects of a document with the names of their organisations."""
    by_place: dict[tuple[int | None, int | None], list[Finding]] = {}
    for finding in document.review.findings:
        by_place.setdefault((finding.project, finding.indicator), []).append(finding)
    extraction = document.extraction
    for index, (project, score, number) in enumerate(
        zip(extraction.projects, document.review.scores, numbers, strict=False)
    ):
        anchor = f"p{number}"
        rows = tuple(
            RowView(one, explain(one.value), tuple(_finding(f, anchor) for f in by_place.get((index, at), ())))
            for at, one in enumerate(project.indicators)
        )
        wide = tuple(_finding(f, anchor) for f in by_place.get((index, None), ()))
        known = {f.finding.id: f for f in (*wide, *(f for row in rows for f in row.findings))}
        blocks = tuple(
            BlockView(
                block,
                tuple(
                    LostView(lost.criterion, lost.points, tuple(known[one] for one in lost.findings if one in known))
                    for lost in block.lost
                ),
            )
            for block in score.blocks
        )
        name = project.name or project.title or NO_NAME
        yield (
            organisation_of(project, extraction),
            ProjectView(number, anchor, document.label, name, project, score, wide, rows, blocks),
        )


def organisation_of(project: Project, extraction: Extraction) -> str:
    """The name of the organisation that a project belongs to."""
    return project.organisation.name or extraction.organisation.name or NO_ORGANISATION


def _finding(finding: Finding, anchor: str) -> FindingView:
    return FindingView(finding, f"{anchor}-{finding.id}", place(finding.location))
