"""The flow on one screen: bytes → document → target tables → projects with typed values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kpi import documents, settings
from kpi.schema import Coverage, Extraction, Organisation, Project
from kpi.tables import find, identity, parted, pasted, projects, titles
from kpi.tables.deadline import Deadline
from kpi.tables.narrative import department, figures, prose


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
    deadline = Deadline(settings.READ_SECONDS)
    whole = department.read(document.blocks, around.fiscal_year, deadline)
    rest = tuple(block for block in document.blocks if id(block) not in whole.taken)
    rest, not_separated = pasted.recovered(rest, deadline)
    blocks = tuple(parted.parted(prose.recovered(rest, whole.taken, deadline), deadline))
    targets = list(find.target_tables(blocks, deadline))
    found = [projects.read(target, around, deadline) for target in targets]
    printed = [project for read in found for project in read.projects]
    year = around.fiscal_year or next((p.fiscal_year for p in printed if p.fiscal_year), None)
    names = [project.name for project in printed]
    called = {title: p.name for p in printed if p.name and (title := titles.name_in(p.title)) and title not in names}
    goals = [block for block in document.blocks if id(block) in whole.taken]
    amounts = figures.read(blocks, names, year, around.organisation.name, deadline, called, goals)
    problems = (
        *document.problems,
        *not_separated,
        *(problem for read in found for problem in read.problems),
        *amounts.problems,
    )
    if deadline.missed and not any(problem.code == "out_of_time" for problem in problems):
        problems = (*problems, documents.problem("out_of_time", f"{deadline.seconds:g}"))
    if not found and not whole.targets and not documents.unread(problems):
        problems = (*problems, documents.problem("no_target_table"))
    return Extraction(
        source=document.source,
        organisation=around.organisation if around.organisation.name else _shared(p.organisation for p in printed),
        fiscal_year=year,
        money_unit=units[0] if units else _budget_unit(printed),
        projects=tuple(printed),
        department_targets=whole.targets,
        figures=amounts.figures,
        problems=problems,
        coverage=Coverage(
            tables_seen=sum(isinstance(block, documents.Table) for block in blocks),
            target_tables=len(found),
            rows_seen=sum(read.rows_seen for read in found),
            rows_read=sum(len(project.indicators) for project in printed),
        ),
    )


def _budget_unit(printed: Iterable[Project]) -> str | None:
    """The unit of the projects' budgets, where no caption announces one."""
    counted = Counter(project.budget.unit for project in printed if project.budget)
    return counted.most_common(1)[0][0] if counted else None


def _shared(organisations: Iterable[Organisation]) -> Organisation:
    """The organisation that all projects name, where the document itself names none."""
    named = set(organisations)
    return named.pop() if len(named) == 1 else Organisation()
