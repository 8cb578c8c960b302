"""A batch as its readers walk through it: batch → organisation → project → row → finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from kpi.explain import explain, place
from kpi.schema import BlockScore, Finding, Indicator, Problem, Project, ProjectScore
from kpi.scorecard import summary
from kpi.scorecard.scored import Scored, worst_first
from kpi.scorecard.summary import Total, organisation

NO_NAME = "（未写项目名称）"


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
    """A project; ``number`` counts through the batch.

    ``wide`` are its findings that are about no single row, ``document_wide`` those that are about its whole document.
    """

    number: int
    anchor: str
    document: str
    name: str
    project: Project
    score: ProjectScore
    wide: tuple[FindingView, ...]
    rows: tuple[RowView, ...]
    blocks: tuple[BlockView, ...]
    document_wide: tuple[FindingView, ...] = ()

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """All findings of its own, those on the whole project first."""
        return (*self.wide, *(finding for row in self.rows for finding in row.findings))


class OrganisationView(NamedTuple):
    """An organisation, its figures and its projects, over all documents."""

    anchor: str
    total: Total
    projects: tuple[ProjectView, ...]


class DocumentView(NamedTuple):
    """A document: what could not be read of it, and the findings that are about no single project."""

    label: str
    projects: int
    problems: tuple[Problem, ...]
    findings: tuple[FindingView, ...]


class BatchView(NamedTuple):
    """All of it."""

    organisations: tuple[OrganisationView, ...]
    documents: tuple[DocumentView, ...]
    total: Total
    ruleset_version: str

    @property
    def projects(self) -> tuple[ProjectView, ...]:
        """The projects of all organisations."""
        return tuple(project for one in self.organisations for project in one.projects)


def batch(documents: Sequence[Scored]) -> BatchView:
    """The view of ``documents``, organisations and projects in their order."""
    numbers = count(1)
    by_organisation: dict[str, list[ProjectView]] = {}
    seen: list[DocumentView] = []
    for at, document in enumerate(documents, 1):
        for name, project in _projects(document, numbers):
            by_organisation.setdefault(name, []).append(project)
        wide = tuple(_finding(f, f"d{at}") for f in worst_first(document.review.findings) if f.project is None)
        extraction = document.extraction
        seen.append(DocumentView(document.label, len(extraction.projects), extraction.problems, wide))
    organisations = tuple(
        OrganisationView(f"o{at}", total, tuple(by_organisation.get(total.name, ())))
        for at, total in enumerate(summary.by_organisation(documents), 1)
    )
    versions = dict.fromkeys(document.review.ruleset_version for document in documents)
    return BatchView(organisations, tuple(seen), summary.batch(documents), "、".join(versions))


def projects_of(document: Scored) -> list[ProjectView]:
    """The projects of one document."""
    return [project for _, project in _projects(document, count(1))]


def _projects(document: Scored, numbers: Iterable[int]) -> Iterable[tuple[str, ProjectView]]:
    """The projects of a document with the names of their organisations."""
    by_place: dict[tuple[int | None, int | None], list[Finding]] = {}
    for finding in worst_first(document.review.findings):
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
        whole = tuple(_finding(f, anchor) for f in by_place.get((None, None), ()))
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
            organisation(document, project),
            ProjectView(number, anchor, document.label, name, project, score, wide, rows, blocks, whole),
        )


def _finding(finding: Finding, anchor: str) -> FindingView:
    return FindingView(finding, f"{anchor}-{finding.id}", place(finding.location))
