"""The flow on one screen: bytes → document → target tables → projects with typed values."""

from __future__ import annotations

from pathlib import Path

from kpi import documents
from kpi.schema import Coverage, Extraction
from kpi.tables import find, identity, projects


def extract(source: Path | bytes | str, *, filename: str | None = None, fiscal_year: int | None = None) -> Extraction:
    """Read one document.

    Args:
        source: a path, the bytes of a file, or text (a ``str`` is always text, never a path).
        filename: the name to report, where ``source`` has none.
        fiscal_year: the budget year, where the caller knows it better than the document.

    Returns:
        Everything read. What cannot be read gives no projects and a problem; nothing is raised for what a file holds.

    """
    document = documents.read(source, filename)
    units = identity.money_units(document)
    around = projects.Around(
        identity.organisation(document),
        fiscal_year or identity.fiscal_year(document),
        units[0] if len(units) == 1 else None,  # where tables disagree, one without a caption is left open
        fiscal_year,
    )
    found = [projects.read(target, around) for target in find.target_tables(document.blocks)]
    problems = (*document.problems, *(problem for read in found for problem in read.problems))
    if not found and not documents.unread(problems):
        problems = (*problems, documents.problem("no_target_table"))
    return Extraction(
        source=document.source,
        organisation=around.organisation,
        fiscal_year=around.fiscal_year,
        money_unit=units[0] if units else None,
        projects=tuple(project for read in found for project in read.projects),
        department_targets=(),
        figures=(),
        problems=problems,
        coverage=Coverage(
            tables_seen=sum(1 for _ in document.tables),
            target_tables=len(found),
            rows_seen=sum(read.rows_seen for read in found),
            rows_read=sum(len(project.indicators) for read in found for project in read.projects),
        ),
    )
