"""Which projects a reader may want to see side by side: the same project in two years, found by code, else by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from api.store.lists import Listed
from api.store.store import Store
from api.store.tables import documents, projects

MAX_PAIRS = 200
MAX_OFFERED = 50
_SHOWN = tuple(name for name in Listed._fields if name not in ("label", "said", "decided"))


def years(store: Store, batch: str) -> list[tuple[Listed, Listed]]:
    """Pairs of projects of a batch that are the same one in two years, the earlier year first; by code, then by name.

    A project without a code, or whose code nobody else has, is known by its name within its organisation.
    """
    left, right = projects.alias("a"), projects.alias("b")
    by_code = _same_code(left, right)
    by_name = and_(
        left.c.name == right.c.name,
        func.coalesce(left.c.organisation, "") == func.coalesce(right.c.organisation, ""),
        or_(left.c.code.is_(None), right.c.code.is_(None), left.c.code == "", right.c.code == ""),
    )
    pairs: dict[tuple[tuple[int, int], tuple[int, int]], tuple[Listed, Listed]] = {}
    with store.read() as connection:
        for same in (by_code, by_name):
            columns = [side.c[name].label(f"{side.name}_{name}") for side in (left, right) for name in _SHOWN]
            rows = connection.execute(
                select(*columns)
                .where(left.c.batch == batch, right.c.batch == batch, left.c.fiscal_year < right.c.fiscal_year, same)
                .order_by(left.c.document, left.c.number, right.c.document, right.c.number)
                .limit(MAX_PAIRS)
            )
            for row in rows:
                pair = _side(row._mapping, "a_"), _side(row._mapping, "b_")
                pairs.setdefault((_key(pair[0]), _key(pair[1])), pair)
    return list(pairs.values())[:MAX_PAIRS]


def _same_code(left: Any, right: Any) -> ColumnElement[bool]:
    return and_(left.c.code == right.c.code, left.c.code != "")


def _side(row: Any, prefix: str) -> Listed:
    return Listed(label="", **{name: row[prefix + name] for name in _SHOWN})


def _key(one: Listed) -> tuple[int, int]:
    return one.document, one.number


def project(store: Store, batch: str, document: int, number: int) -> Listed | None:
    """One project, as lists show it; null where there is none."""
    found = _found(
        store,
        projects.c.batch == batch, projects.c.document == document, projects.c.number == number,
    )  # fmt: skip
    return found[0] if found else None


def offered(store: Store, one: Listed | None, text: str) -> list[Listed]:
    """What may stand beside a project: what a search finds; without one, the same by code, then by name, in any batch.

    Without a project (the first one is still to be chosen), what a search finds.
    """
    place = ("batch", "document", "number")
    other = [] if one is None else [or_(*(projects.c[key] != getattr(one, key) for key in place))]
    if text or one is None:
        columns = (projects.c.name, projects.c.code, projects.c.organisation)
        return _found(store, *other, or_(*(column.icontains(text, autoescape=True) for column in columns)))
    by_code = _found(store, *other, projects.c.code == one.code) if one.code else []
    by_name = _found(store, *other, projects.c.name == one.name) if one.name else []
    return list(dict.fromkeys((*by_code, *by_name)))[:MAX_OFFERED]


def _found(store: Store, *conditions: ColumnElement[bool]) -> list[Listed]:
    with store.read() as connection:
        rows = connection.execute(
            select(*(projects.c[name] for name in _SHOWN), documents.c.label)
            .join(documents, and_(documents.c.batch == projects.c.batch, documents.c.number == projects.c.document))
            .where(*conditions)
            .order_by(projects.c.fiscal_year.desc(), projects.c.batch, projects.c.document, projects.c.number)
            .limit(MAX_OFFERED)
        )
        return [Listed(**row._mapping) for row in rows]
