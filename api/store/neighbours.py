"""What lies around a project: the one before and after it in its batch, and the open findings of one rule."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from api.store import decisions
from api.store.store import Store
from api.store.tables import findings, projects

Place = tuple[int, int]


def of(store: Store, batch: str, document: int, project: int) -> tuple[Place | None, Place | None]:
    """Document and number of the project before and after one, in the order of the documents."""
    columns = projects.c.document, projects.c.number
    earlier = or_(columns[0] < document, and_(columns[0] == document, columns[1] < project))
    later = or_(columns[0] > document, and_(columns[0] == document, columns[1] > project))
    here = select(*columns).where(projects.c.batch == batch).limit(1)
    with store.read() as connection:
        before = connection.execute(here.where(earlier).order_by(columns[0].desc(), columns[1].desc())).first()
        after = connection.execute(here.where(later).order_by(*columns)).first()
    return (before and (before[0], before[1])), (after and (after[0], after[1]))


def open_of_rule(store: Store, batch: str, rule: str) -> list[str]:
    """The ids of the findings of a rule in a batch that nobody decided."""
    with store.read() as connection:
        query = select(findings.c.id).where(findings.c.batch == batch, findings.c.rule == rule)
        found = list(dict.fromkeys(connection.scalars(query.order_by(findings.c.document, findings.c.place))))
    standing = decisions.standing(store, found)
    return [one for one in found if one not in standing or standing[one].state == "open"]
