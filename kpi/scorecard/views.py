"""A batch as its readers walk through it: batch → organisation → project → row → finding."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from kpi.explain import explain, place
from kpi.schema import BlockScore, Finding, Indicator, Problem, Project, ProjectScore
from kpi.scorecard import results
from kpi.scorecard.results import Results
from kpi.scorecard.scored import Scored, worst_first
from kpi.scorecard.summary import OrganisationTotal, Total, organisation

if TYPE_CHECKING:
    import polars as pl

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
    """An organisation, its figures and those of its projects that are listed, over all documents."""

    anchor: str
    total: OrganisationTotal
    projects: tuple[ProjectView, ...]


class DocumentView(NamedTuple):
    """A document: what could not be read of it, and the findings that are about no single project."""

    label: str
    projects: int
    problems: tuple[Problem, ...]
    findings: tuple[FindingView, ...]


class BatchView(NamedTuple):
    """A batch; of its projects and documents those that a page has room for.

    ``documents`` are those of which something was not read, or with findings on no single project; there are
    ``all_documents`` such. ``listed`` are the numbers of the projects that are in ``organisations``, ``shown`` of those
    that have their rows.
    """

    organisations: tuple[OrganisationView, ...]
    documents: tuple[DocumentView, ...]
    all_documents: int
    total: Total
    ruleset_version: str
    listed: frozenset[int]
    shown: frozenset[int]
    with_findings: int


class Room(NamedTuple):
    """What a page has room for: of batches with more than ``full`` projects, those with findings are shown with rows.

    ``rows`` is how many rows these may have together, the worst projects first; ``listed`` how many projects, and how
    many documents, are listed.
    """

    full: int
    rows: int
    listed: int


def batch(of: Results, room: Room) -> BatchView:
    """The view of a batch, organisations and projects in their order."""
    ranked = _ranked(of)
    top = ranked.head(room.listed)
    listed = frozenset(top["number"])
    shown = _shown(ranked, room)
    noted, all_noted = _noted(of, room.listed)
    by_organisation: dict[str, list[ProjectView]] = {}
    seen: list[DocumentView] = []
    firsts = _first_projects(of)
    wanted = set(top["document_number"]) | noted
    for at, document in of.documents(wanted):
        for name, project in _projects(document, count(firsts[at])):
            if project.number in listed:
                kept = project if project.number in shown else project._replace(wide=(), rows=(), blocks=())
                by_organisation.setdefault(name, []).append(kept)
        if at in noted:
            wide = tuple(_finding(f, f"d{at + 1}") for f in worst_first(document.review.findings) if f.project is None)
            extraction = document.extraction
            seen.append(DocumentView(document.label, len(extraction.projects), extraction.problems, wide))
    organisations = tuple(
        OrganisationView(f"o{at}", total, tuple(by_organisation.get(total.name, ())))
        for at, total in enumerate(results.organisations(of), 1)
    )
    with_findings = int((ranked["findings"] > 0).sum())
    versions = "、".join(results.distinct(of, "ruleset_version"))
    return BatchView(organisations, tuple(seen), all_noted, of.total, versions, listed, shown, with_findings)


def _ranked(of: Results) -> pl.DataFrame:
    """The projects, the worst first: ``number`` from 1, ``document_number``, how many ``rows`` and ``findings``."""
    import polars as pl

    counts = ("errors", "warnings", "infos")
    columns = [*counts, "document_number", "indicators"]
    whole = pl.concat([pl.DataFrame(frame) for frame in of.frames("projects", columns)])
    ranked = whole.with_row_index("number", 1).sort(counts, descending=True, maintain_order=True)
    return ranked.select("number", "document_number", rows="indicators", findings=pl.sum_horizontal(counts))


def _shown(ranked: pl.DataFrame, room: Room) -> frozenset[int]:
    """The numbers of the projects that are shown with their rows."""
    import polars as pl

    if ranked.height <= room.full:
        return frozenset(ranked["number"])
    fits = (pl.col("rows") + pl.col("findings")).cum_sum() <= room.rows
    return frozenset(ranked.filter(fits & (pl.col("findings") > 0))["number"])


def _noted(of: Results, most: int) -> tuple[set[int], int]:
    """The documents with problems or findings of their own, the first ``most``, and how many there are."""
    found: set[int] = set()
    total = 0
    for frame in of.frames("documents", ("document_number", "problems", "wide_findings")):
        for number, problems, wide in zip(*(c.to_pylist() for c in frame.columns), strict=True):
            if problems or wide:
                total += 1
                if total <= most:
                    found.add(number)
    return found, total


def _first_projects(of: Results) -> dict[int, int]:
    """The number, from 1, of each document's first project."""
    found: dict[int, int] = {}
    number = 1
    for frame in of.frames("documents", ("document_number", "projects")):
        for document, projects in zip(*(c.to_pylist() for c in frame.columns), strict=True):
            found[document] = number
            number += projects
    return found


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
