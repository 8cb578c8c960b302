"""Which projects a reader may want to see side by side: the same project in two years, found by code, else by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, combinations
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, func, or_, select

from api.store.lists import Listed
from api.store.store import Store
from api.store.tables import documents, projects

MAX_PAIRS = 200
MAX_OFFERED = 50
# So many projects of one batch are looked at for pairs.
MAX_GROUPED = 5_000
_SHOWN = tuple(name for name in Listed._fields if name not in ("label", "said", "decided"))


def years(store: Store, batch: str) -> list[tuple[Listed, Listed]]:
    """Pairs of projects of a batch that are the same one in two years, the earlier year first; by code, then by name.

    By its name, within its organisation, is known a project of which one year has no code.
    """
    coded, named = _groups(store, batch, projects.c.code), _groups(store, batch, projects.c.name)
    pairs: dict[tuple[str, str], tuple[Listed, Listed]] = {}
    for left, right in chain(
        _pairs(coded, lambda one: one.code), _pairs(named, lambda one: (one.name, one.organisation))
    ):
        if left.code == right.code or not (left.code and right.code):
            pairs.setdefault((left.place, right.place), (left, right))
        if len(pairs) == MAX_PAIRS:
            break
    return list(pairs.values())


def _groups(store: Store, batch: str, key: Column[Any]) -> list[Listed]:
    """The projects of a batch whose key stands there in more than one year."""
    several = (
        select(key)
        .where(projects.c.batch == batch, key != "")
        .group_by(key)
        .having(func.min(projects.c.fiscal_year) < func.max(projects.c.fiscal_year))
    )
    return _found(store, projects.c.batch == batch, key.in_(several), limit=MAX_GROUPED)


def _pairs(grouped: list[Listed], key: Callable[[Listed], Any]) -> Iterator[tuple[Listed, Listed]]:
    """Every two of one key and of different years."""
    groups: dict[Any, list[Listed]] = {}
    for one in grouped:
        groups.setdefault(key(one), []).append(one)
    for group in groups.values():
        for left, right in combinations(sorted(group, key=lambda one: one.fiscal_year or 0), 2):
            if left.fiscal_year and right.fiscal_year and left.fiscal_year < right.fiscal_year:
                yield left, right


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


def _found(store: Store, *conditions: ColumnElement[bool], limit: int = MAX_OFFERED) -> list[Listed]:
    with store.read() as connection:
        rows = connection.execute(
            select(*(projects.c[name] for name in _SHOWN), documents.c.label)
            .join(documents, and_(documents.c.batch == projects.c.batch, documents.c.number == projects.c.document))
            .where(*conditions)
            .order_by(projects.c.fiscal_year.desc(), projects.c.batch, projects.c.document, projects.c.number)
            .limit(limit)
        )
        return [Listed(**row._mapping) for row in rows]
