"""A project that somebody opened: what was read, put right and decided, as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Path

from api import decided
from api.problems import Refused
from api.service import Service
from api.store import batches
from api.store.batches import Progress
from api.store.corrections import Correction
from api.store.decisions import OPEN, Standing
from kpi.configuration import Config
from kpi.correcting import Cell
from kpi.schema import Extraction, Finding, Project, ProjectScore, Review
from kpi.scorecard.scored import Amended

_MOST = 10**9
Number = Annotated[int, Path(ge=0, lt=_MOST)]


class Opened(NamedTuple):
    """A project, ``number`` in its document.

    ``read`` is the document as the machine read it, ``extraction`` as it is with what reviewers put right; ``review``
    is of the latter.
    """

    batch: Progress
    document: int
    number: int
    label: str
    read: Extraction
    extraction: Extraction
    review: Review
    corrections: tuple[Correction, ...]
    standing: dict[str, Standing]

    @property
    def project(self) -> Project:
        """The project itself."""
        return self.extraction.projects[self.number]

    @property
    def score(self) -> ProjectScore:
        """Its figures."""
        return self.review.scores[self.number]

    @property
    def address(self) -> str:
        """The address of its page."""
        return address(self.batch.id, self.document, self.number)

    def place_of(self, number: int) -> str:
        """A project of the document, as the page that compares two of them names it."""
        return f"{self.batch.id}.{self.document}.{number}"

    @property
    def source(self) -> str:
        """The address of its document's source."""
        return f"/batches/{self.batch.id}/d/{self.document}/source"

    def findings(self) -> tuple[Finding, ...]:
        """What is said of the project and its rows; then what is said of the whole document."""
        own = [finding for finding in self.review.findings if finding.project == self.number]
        return (*own, *(finding for finding in self.review.findings if finding.project is None))

    def stands(self, finding: Finding) -> Standing:
        """What holds of a finding."""
        return self.standing.get(finding.id, OPEN)

    def dismissed(self) -> frozenset[str]:
        """The ids of the findings that do not hold."""
        return decided.dismissed(self.standing)

    def decided(self, config: Config) -> Review:
        """The review as reviewers left it: without what was dismissed, with suggestions as they were edited."""
        return decided.left(self.review, self.extraction, self.standing, config)

    def amended(self, project: int | None = None) -> Amended:
        """How much reviewers changed, in the document or in one project."""
        return decided.amended(self.review, self.corrections, self.standing, project)


def address(batch: str, document: int, project: int) -> str:
    """The address of a project's page."""
    return f"/batches/{batch}/d/{document}/p/{project}"


def opened(running: Service, batch: str, document: int, number: int) -> Opened:
    """The project at that place.

    Raises:
        Refused: 404 where there is none.

    """
    progress = batches.progress(running.store, batch)
    found = decided.document(running.store, batch, document) if progress else None
    if progress is None or found is None or number >= len(found.extraction.projects):
        raise unknown()
    kept = found.kept
    assert kept.extraction is not None
    return Opened(
        progress, document, number, kept.label, kept.extraction, found.extraction, found.review, found.corrections,
        found.standing,
    )  # fmt: skip


def cells(said: Sequence[Correction]) -> list[Cell]:
    """The cells that were put right."""
    return [one.cell for one in said]


def unknown() -> Refused:
    """There is no such project."""
    return Refused(404, "unknown_project", "没有这个项目；它所在的批次可能已被删除，或文档还没有读完。")
