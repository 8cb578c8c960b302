"""An indicator that no row of a table gave: its words and its place."""

from __future__ import annotations

from kpi.schema import Cells, Indicator, Location
from kpi.tables import vocabulary
from kpi.values import parse_value


def made(
    first: str | None,
    second: str | None,
    name: str,
    value: str,
    place: Location,
    *,
    year: int | None = None,
    description: str | None = None,
) -> Indicator:
    """The indicator of these words; an empty ``value`` is an empty value, tiers are null unless printed."""
    return Indicator(
        tier1=vocabulary.tier1(first),
        tier2=vocabulary.tier2(second),
        tier1_text=first,
        tier2_text=second,
        name=name or None,
        description=description,
        raw_value=value,
        cells=Cells(value=value or None),
        value=parse_value(value, year=year, name=name or None),
        meant=None,
        basis=None,
        explanation=None,
        score_rule=None,
        weight=None,
        actual=None,
        horizon=None,
        place=None,
        location=place,
    )
