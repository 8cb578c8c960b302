"""What the pages list: the projects of a batch, filtered, sorted and paged; its figures, organisations and rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Row, Subquery, and_, case, func, or_, select, tuple_

from api.store.store import Store
from api.store.tables import batches, decisions, documents, findings, projects

PAGE = 100
Reviewed = Literal["none", "open", "begun", "over"]
# An organisation that the documents do not name, in a filter.
UNNAMED = "-"


class Wanted(NamedTuple):
    """Which projects of a batch, in which order; empty fields ask for nothing."""

    text: str = ""
    organisation: str = ""
    severity: str = ""
    rule: str = ""
    reviewed: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1


class Listed(NamedTuple):
    """One project; ``decided`` of its ``said`` findings were accepted or dismissed."""

    batch: str
    document: int
    number: int
    label: str
    name: str | None
    code: str | None
    organisation: str | None
    fiscal_year: int | None
    indicators: int
    quantified: Decimal | None
    score: Decimal | None
    errors: int
    warnings: int
    infos: int
    said: int = 0
    decided: int = 0

    @property
    def place(self) -> str:
        """The project in an address: batch, document, number."""
        return f"{self.batch}.{self.document}.{self.number}"

    @property
    def reviewed(self) -> Reviewed:
        """How far people are with it."""
        if not self.said:
            return "none"
        return "over" if self.decided == self.said else "begun" if self.decided else "open"


class Page(NamedTuple):
    """One page of a longer list."""

    rows: tuple[Listed, ...]
    total: int
    page: int
    pages: int


class Figures(NamedTuple):
    """The figures of a batch, or of an organisation within one (``documents`` and the reviewing of a batch alone)."""

    name: str | None
    projects: int
    indicators: int
    quantified: Decimal | None
    score: Decimal | None
    errors: int
    warnings: int
    infos: int
    said: int = 0
    decided: int = 0


class Batch(NamedTuple):
    """What the list of batches says of one beside its progress."""

    projects: int
    errors: int
    warnings: int
    infos: int


_SHOWN = tuple(name for name in Listed._fields if name not in ("label", "said", "decided"))


def of_batch(store: Store, batch: str, wanted: Wanted) -> Page:
    """The projects of a batch that fit, a page of them; a page beyond the last gives the last."""
    counted = _counted(batch)
    said, decided = func.coalesce(counted.c.said, 0), func.coalesce(counted.c.decided, 0)
    found = (
        select(*(projects.c[name] for name in _SHOWN), documents.c.label, said.label("said"), decided.label("decided"))
        .join(documents, and_(documents.c.batch == projects.c.batch, documents.c.number == projects.c.document))
        .outerjoin(counted, and_(counted.c.document == projects.c.document, counted.c.project == projects.c.number))
        .where(projects.c.batch == batch, *_conditions(batch, wanted), *_reviewed(wanted.reviewed, said, decided))
    )
    with store.read() as connection:
        total = connection.scalar(select(func.count()).select_from(found.subquery())) or 0
        pages = max(1, -(-total // PAGE))
        page = min(max(1, wanted.page), pages)
        ordered = found.order_by(*_order(wanted, said, decided), projects.c.document, projects.c.number)
        rows = connection.execute(ordered.limit(PAGE).offset((page - 1) * PAGE)).all()
    return Page(tuple(Listed(**row._mapping) for row in rows), total, page, pages)


def _decided() -> ColumnElement[int]:
    """1 for a finding whose newest word is that it holds or that it does not, else 0; looked up for each by its id."""
    newest = (
        select(decisions.c.action)
        .where(decisions.c.finding == findings.c.id, decisions.c.action.in_(("accept", "dismiss", "reopen")))
        .order_by(decisions.c.at.desc(), decisions.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((newest.in_(("accept", "dismiss")), 1), else_=0)


def _counted(batch: str) -> Subquery:
    return (
        select(
            findings.c.document, findings.c.project, func.count().label("said"), func.sum(_decided()).label("decided")
        )
        .where(findings.c.batch == batch)
        .group_by(findings.c.document, findings.c.project)
        .subquery()
    )


def _conditions(batch: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (projects.c.name, projects.c.code, projects.c.organisation, documents.c.label)
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.organisation:
        named = projects.c.organisation
        found.append(named.is_(None) if wanted.organisation == UNNAMED else named == wanted.organisation)
    if wanted.severity in _COUNTS:
        found.append(projects.c[_COUNTS[wanted.severity]] > 0)
    if wanted.rule:
        places = select(findings.c.document, findings.c.project).where(
            findings.c.batch == batch, findings.c.rule == wanted.rule, findings.c.project.is_not(None)
        )
        found.append(tuple_(projects.c.document, projects.c.number).in_(places))
    return found


_COUNTS = {"error": "errors", "warning": "warnings", "info": "infos"}


def _reviewed(state: str, said: Any, decided: Any) -> list[ColumnElement[bool]]:
    match state:
        case "none":
            return [said == 0]
        case "open":
            return [said > 0, decided == 0]
        case "begun":
            return [decided > 0, decided < said]
        case "over":
            return [said > 0, decided == said]
    return []


def _order(wanted: Wanted, said: Any, decided: Any) -> list[ColumnElement[Any]]:
    """What is not known comes last, whichever way."""
    columns: dict[str, tuple[Any, ...]] = {
        "name": (projects.c.name,),
        "organisation": (projects.c.organisation,),
        "year": (projects.c.fiscal_year,),
        "indicators": (projects.c.indicators,),
        "quantified": (projects.c.quantified,),
        "score": (projects.c.score,),
        "findings": (projects.c.errors, projects.c.warnings, projects.c.infos),
        "reviewed": (case((said == 0, 2), else_=1.0 * decided / func.nullif(said, 0)),),
    }
    chosen = columns.get(wanted.sort, ())
    return [
        order for c in chosen for order in (c.is_(None), c.desc() if wanted.descending else c.asc())
    ]  # fmt: skip


SORTS = ("name", "organisation", "year", "indicators", "quantified", "score", "findings", "reviewed")


def figures(store: Store, batch: str) -> Figures:
    """The figures of the whole batch; findings about whole documents count here."""
    with store.read() as connection:
        row = connection.execute(select(*_sums()).where(projects.c.batch == batch)).one()
        found = connection.execute(
            select(findings.c.severity, func.count(), func.sum(_decided()))
            .where(findings.c.batch == batch)
            .group_by(findings.c.severity)
        ).all()
    levels = {row[0]: row[1] for row in found}
    counts = [levels.get(level, 0) for level in _COUNTS]
    decided = sum(row[2] for row in found)
    return _figures(None, row)._replace(
        errors=counts[0], warnings=counts[1], infos=counts[2], said=sum(counts), decided=decided
    )


def organisations(store: Store, batch: str) -> list[Figures]:
    """The figures of each organisation, those with most errors first."""
    with store.read() as connection:
        rows = connection.execute(
            select(projects.c.organisation, *_sums())
            .where(projects.c.batch == batch)
            .group_by(projects.c.organisation)
            .order_by(func.sum(projects.c.errors).desc(), func.sum(projects.c.warnings).desc(), projects.c.organisation)
        ).all()
    return [_figures(row.organisation, row) for row in rows]


def _sums() -> list[Any]:
    summed = ("indicators", "filled", "measurable", "errors", "warnings", "infos")
    sums = [func.coalesce(func.sum(projects.c[name]), 0).label(name) for name in summed]
    return [func.count().label("projects"), func.avg(projects.c.score).label("score"), *sums]


def _figures(name: str | None, row: Row[Any]) -> Figures:
    quantified = Decimal(row.measurable) / Decimal(row.filled) if row.filled else None
    score = None if row.score is None else Decimal(str(row.score))
    return Figures(name, row.projects, row.indicators, quantified, score, row.errors, row.warnings, row.infos)


def rules(store: Store, batch: str) -> dict[str, int]:
    """Which rules found how much in a batch, by code."""
    with store.read() as connection:
        rows = connection.execute(
            select(findings.c.rule, func.count())
            .where(findings.c.batch == batch)
            .group_by(findings.c.rule)
            .order_by(findings.c.rule)
        )
        return {row[0]: row[1] for row in rows}


def without_projects(store: Store, batch: str) -> list[tuple[int, str]]:
    """Documents that were read, and in which no project was found: number and label."""
    there = (
        select(projects.c.number)
        .where(projects.c.batch == documents.c.batch, projects.c.document == documents.c.number)
        .exists()
    )
    with store.read() as connection:
        rows = connection.execute(
            select(documents.c.number, documents.c.label)
            .where(documents.c.batch == batch, documents.c.state == "done", ~there)
            .order_by(documents.c.number)
        )
        return [(row.number, row.label) for row in rows]


def summaries(store: Store, ids: list[str]) -> dict[str, Batch]:
    """What the list of batches says of these."""
    with store.read() as connection:
        found = connection.execute(
            select(projects.c.batch, func.count()).where(projects.c.batch.in_(ids)).group_by(projects.c.batch)
        )
        counted = {row[0]: row[1] for row in found}
        rows = connection.execute(
            select(findings.c.batch, findings.c.severity, func.count())
            .where(findings.c.batch.in_(ids))
            .group_by(findings.c.batch, findings.c.severity)
        )
        levels = {(batch, severity): count for batch, severity, count in rows}
    return {id_: Batch(counted.get(id_, 0), *(levels.get((id_, level), 0) for level in _COUNTS)) for id_ in ids}


def total_batches(store: Store) -> int:
    """How many batches there are."""
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(batches)) or 0
