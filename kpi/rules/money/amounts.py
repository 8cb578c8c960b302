"""What the rules on money share: the amounts of a project's head, how they compare, how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kpi.schema import Money, Project
from kpi.schema.base import plain

_WAN = Decimal(10_000)
# Amounts that differ by less than half a per cent count as the same: sums are rounded (DOMAIN §4).
TOLERANCE = "0.005"


def shown(money: Money) -> str:
    """As printed: ``12.50万元``."""
    return f"{plain(money.magnitude)}{money.unit}"


def in_words(yuan: Decimal) -> str:
    """An amount in 元 as one reads it best: ``12.53万元``, ``800元``."""
    number, unit = (yuan / _WAN, "万元") if abs(yuan) >= _WAN else (yuan, "元")
    return short(number, 6) + unit


def short(number: Decimal, places: int) -> str:
    """A number rounded to so many places, without closing zeros."""
    if abs(number) < _MOST_ROUNDED:
        number = round(number, places)
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


_MOST_ROUNDED = Decimal(10) ** 15  # beyond what money is; rounding keeps 28 digits only


def near(one: Decimal, other: Decimal, tolerance: Decimal) -> bool:
    """Whether two amounts are the same but for rounding."""
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def last_digit(money: Money) -> Decimal:
    """What the last decimal printed is worth in 元: 12.35万元 may stand for 50元 more or less. 0 without decimals."""
    exponent = money.magnitude.as_tuple().exponent
    if not money.magnitude or not isinstance(exponent, int) or exponent >= 0:
        return Decimal(0)
    return money.base_magnitude / money.magnitude * Decimal((0, (1,), exponent))


def budgets(project: Project) -> Iterator[Money]:
    """Every budget figure that the head prints: initial, full-year, adjusted, of the whole period."""
    run = project.execution
    further = (run.initial, run.full_year) if run is not None else ()
    for money in (project.budget, project.whole_budget, *further):
        if money is not None and money.base_magnitude > 0:
            yield money


def parts(project: Project) -> Iterator[Money]:
    """Every part of the budget that the head prints."""
    for money in (project.funding.fiscal, project.funding.other, *(part.money for part in project.funding.further)):
        if money is not None and money.base_magnitude > 0:
            yield money
