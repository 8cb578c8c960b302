"""The projects of two years: which are the same one, by code, then by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from kpi.rules.relevance.rows import plain
from kpi.schema import Extraction, Project
from kpi.schema.trends import FiledProject, ProjectChange, Trend
from kpi.trend.rows import compared, timeless

MatchedBy = Literal["code", "name"]


class Filed(NamedTuple):
    """A project with what its document says of it: the document's label, its number there, whose it is, the year."""

    document: str
    number: int
    organisation: str | None
    fiscal_year: int | None
    project: Project


def filed(document: str, extraction: Extraction) -> list[Filed]:
    """The projects of a document, each with the document's organisation and year where its own table prints none."""
    return [
        Filed(
            document, number, project.organisation.name or extraction.organisation.name,
            project.fiscal_year or extraction.fiscal_year, project,
        )
        for number, project in enumerate(extraction.projects)
    ]  # fmt: skip


def diff(before: Sequence[Filed], after: Sequence[Filed]) -> Trend:
    """What moved from one year's projects to the other's, in the order of ``before``; new projects come last.

    The same project is the one with the same code; else the one with the same name in the same organisation; else the
    only one of that name on either side, where an organisation is not printed or goes by a longer name. Targets are
    paired with targets, self-evaluations with self-evaluations, before what is left is paired at all.
    """
    partners = _paired(before, after)
    changes = []
    for number, one in enumerate(before):
        other, by = partners.get(number, (None, None))
        changes.append(_change(one, None if other is None else after[other], by))
    taken = {other for other, _ in partners.values()}
    return Trend(projects=(*changes, *(_change(None, f, None) for n, f in enumerate(after) if n not in taken)))


def years(projects: Iterable[Filed]) -> Iterator[Trend]:
    """For each organisation that stands in several years, what moved from each year to the next one that it has."""
    by_year: dict[str, dict[int, list[Filed]]] = {}
    for one in projects:
        if one.fiscal_year and one.organisation:
            by_year.setdefault(plain(one.organisation), {}).setdefault(one.fiscal_year, []).append(one)
    for of_year in by_year.values():
        in_order = sorted(of_year)
        for earlier, later in pairwise(in_order):
            yield diff(of_year[earlier], of_year[later])


_Key = Callable[[Filed], Hashable]


def _code(one: Filed) -> Hashable:
    return one.project.code and plain(one.project.code)


def _named_here(one: Filed) -> Hashable:
    return one.project.name and one.organisation and (plain(one.organisation), timeless(one.project.name))


def _named(one: Filed) -> Hashable:
    return timeless(one.project.name)


def _code_and_name(one: Filed) -> Hashable:
    return _code(one) and (_code(one), timeless(one.project.name))


# Each with whether a key must be the only one of both sides, and the organisations may be one.
_PASSES: tuple[tuple[_Key, MatchedBy, bool], ...] = (
    (_code_and_name, "code", False),
    (_code, "code", False),
    (_named_here, "name", False),
    (_named, "name", True),
)


def _paired(before: Sequence[Filed], after: Sequence[Filed]) -> dict[int, tuple[int, MatchedBy]]:
    partners: dict[int, tuple[int, MatchedBy]] = {}
    free = (set(range(len(before))), set(range(len(after))))
    for alike in (True, False):
        for key, by, only in _PASSES:
            left, right = (
                _grouped(side, left_over, key, alike) for side, left_over in zip((before, after), free, strict=True)
            )
            for said, mine in left.items():
                theirs = right.get(said, [])
                if only and not (len(mine) == len(theirs) == 1 and _may_be_one(before[mine[0]], after[theirs[0]])):
                    continue
                for one, other in zip(mine, theirs, strict=False):
                    partners[one] = other, by
                    free[0].discard(one)
                    free[1].discard(other)
    return partners


def _may_be_one(one: Filed, other: Filed) -> bool:
    mine, theirs = plain(one.organisation or ""), plain(other.organisation or "")
    return mine in theirs or theirs in mine


def _grouped(side: Sequence[Filed], free: set[int], key: _Key, alike: bool) -> dict[Hashable, list[int]]:
    """The free projects of one side by their key; with ``alike``, targets apart from self-evaluations."""
    found: dict[Hashable, list[int]] = {}
    for number in sorted(free):
        one = side[number]
        if said := key(one):
            found.setdefault((said, alike and one.project.self_evaluation), []).append(number)
    return found


def _change(before: Filed | None, after: Filed | None, by: MatchedBy | None) -> ProjectChange:
    rows = (
        tuple(compared(before.project, after.project, (before.fiscal_year, after.fiscal_year)))
        if before and after
        else ()
    )
    return ProjectChange(before=_said(before), after=_said(after), matched_by=by, rows=rows)


def _said(one: Filed | None) -> FiledProject | None:
    if one is None:
        return None
    return FiledProject(
        document=one.document, project=one.number, name=one.project.name, code=one.project.code,
        organisation=one.organisation, fiscal_year=one.fiscal_year, location=one.project.location,
    )  # fmt: skip
