"""The rows of one project in two years: which belong together, and what moved."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import regex

from kpi.rules import costs
from kpi.rules.relevance.rows import plain
from kpi.schema import Indicator, Project
from kpi.schema.trends import Change, RowChange, Side
from kpi.trend import moves
from kpi.trend.values import meaning, meant
from kpi.values.exact import EXACT


def compared(before: Project, after: Project, years: tuple[int | None, int | None] | None = None) -> list[RowChange]:
    """All rows of both, in the order of ``before``; the new ones come last.

    Rows belong together that have the same name under the same tier, then under any, then names alike but for years,
    brackets and signs; where several are named alike, those of the same value first, then in their order. ``years``
    are those of the two tables, where the projects themselves do not say.
    """
    of_years = years or (before.fiscal_year, after.fiscal_year)
    if None in of_years:
        of_years = (None, None)
    partners = _paired(before, after, of_years)
    budgets = _budget(before), _budget(after)
    changes = []
    for number, row in enumerate(before.indicators):
        if number not in partners:
            changes.append(_alone("dropped", number, row))
            continue
        other = partners[number]
        changes.append(_both(number, row, other, after.indicators[other], of_years, budgets))
    taken = set(partners.values())
    free = ((number, row) for number, row in enumerate(after.indicators) if number not in taken)
    return changes + [_alone("new", number, row) for number, row in free]


def _budget(project: Project) -> Decimal | None:
    return project.budget.base_magnitude if project.budget else None


def _paired(before: Project, after: Project, years: tuple[int | None, int | None]) -> dict[int, int]:
    """The number of the later row to each earlier one that has one."""
    partners: dict[int, int] = {}
    free = (set(range(len(before.indicators))), set(range(len(after.indicators))))
    for key in (_whole, _in_tier, _named, _alike):
        sides = [
            _grouped((n, key(project.indicators[n], year)) for n in sorted(left))
            for project, year, left in zip((before, after), years, free, strict=True)
        ]
        for said, mine in sides[0].items():
            for one, other in zip(mine, sides[1].get(said, ()), strict=False):
                partners[one] = other
                free[0].discard(one)
                free[1].discard(other)
    return partners


_Key = tuple[object, ...] | None


def _grouped(rows: Iterator[tuple[int, _Key]]) -> dict[_Key, list[int]]:
    found: dict[_Key, list[int]] = {}
    for number, said in rows:
        if said is not None:
            found.setdefault(said, []).append(number)
    return found


def _place(row: Indicator) -> tuple[object, ...]:
    """Rows of the whole period, or of several places, are compared with their like alone."""
    return row.horizon == "whole_period", plain(row.place or "")


def _tier(row: Indicator) -> str:
    return row.tier2 or row.tier1 or ""


def _whole(row: Indicator, year: int | None) -> _Key:
    return (*_place(row), _tier(row), plain(row.name or ""), meaning(meant(row), year))


def _in_tier(row: Indicator, _year: int | None) -> _Key:
    return (*_place(row), _tier(row), plain(row.name)) if row.name else None


def _named(row: Indicator, _year: int | None) -> _Key:
    return (*_place(row), plain(row.name)) if row.name else None


def _alike(row: Indicator, _year: int | None) -> _Key:
    return (*_place(row), bare) if (bare := bare_name(row.name)) else None


_BRACKETS = regex.compile(r"[（(【\[〔][^（(【\[〔）)】\]〕]*[）)】\]〕]")
_YEARS = regex.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)(?:\s*[—–\-~至]\s*(?:19|20)?\d\d(?!\d))?\s*年?度?|本年度?|当年|全年|年度"
)
_SIGNS = regex.compile(r"[^\p{L}\p{N}]+")


@lru_cache(maxsize=50_000)
def bare_name(name: str | None) -> str:
    """A name without years, brackets and signs: 2024年培训人数（人） → 培训人数."""
    return timeless(_BRACKETS.sub("", (name or "")[:_MOST_CHARS]))


@lru_cache(maxsize=50_000)
def timeless(name: str | None) -> str:
    """A name without years and signs; what stands in brackets tells one project from another (一期, 二期)."""
    return _SIGNS.sub("", _YEARS.sub("", (name or "")[:_MOST_CHARS])).lower()


_MOST_CHARS = 500


def _alone(change: Change, number: int, row: Indicator) -> RowChange:
    sides = {"before": None, "after": None, "before" if change == "dropped" else "after": _side(number, row)}
    return RowChange(change=change, notes=(), difference=None, share=None, base_unit=None, **sides)


def _side(number: int, row: Indicator) -> Side:
    return Side(
        indicator=number, name=row.name, tier1=row.tier1, tier2=row.tier2, tier1_text=row.tier1_text,
        tier2_text=row.tier2_text, raw_value=row.raw_value, location=row.location,
    )  # fmt: skip


def _share(difference: Decimal, earlier: Decimal) -> Decimal | None:
    """The difference as a share of the earlier number, to a hundredth of a per cent; null where that has no end."""
    try:
        return EXACT.quantize(EXACT.divide(difference, earlier), Decimal("0.0001"))
    except ArithmeticError:  # nothing to compare with, or more digits than are kept
        return None


def _both(
    number: int,
    before: Indicator,
    other: int,
    after: Indicator,
    years: tuple[int | None, int | None],
    budgets: tuple[Decimal | None, Decimal | None],
) -> RowChange:
    found = moves.move(before, after, years)
    if costs.is_cost(before) and costs.is_cost(after):
        found = moves.beside_budget(found, budgets)
    notes = [*found.notes]
    notes += ["renamed"] if plain(before.name or "") != plain(after.name or "") else []
    notes += ["tier_changed"] if _tier(before) != _tier(after) else []
    difference = share = None
    if found.numbers:
        earlier, later = found.numbers
        difference = EXACT.subtract(later, earlier)
        share = _share(difference, earlier) if found.unit != "日" else None
    return RowChange(
        change=found.change, notes=tuple(notes), before=_side(number, before), after=_side(other, after),
        difference=difference, share=share, base_unit=found.unit,
    )  # fmt: skip
