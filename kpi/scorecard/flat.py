"""A typed value laid flat, for the columns of a table."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from kpi.schema import Compound, DateValue, Qualitative, Quantity, Range, Value, plain


class Flat(NamedTuple):
    """The parts of a value; null where its kind has none. A range's ends are ``magnitude`` and ``upper``.

    ``exact`` is the number as text, with all its digits. Of a cell with several values these are the parts of the only
    one with a number; where several have, the cell says it all and nothing is chosen here.
    """

    operator: str | None = None
    magnitude: Decimal | None = None
    upper: Decimal | None = None
    exact: str | None = None
    unit: str | None = None
    per: str | None = None
    dimension: str | None = None
    base_magnitude: Decimal | None = None
    base_upper: Decimal | None = None
    base_unit: str | None = None
    end: str | None = None
    sense: str | None = None


def flat(value: Value) -> Flat:
    """The parts of a value."""
    match value:
        case Quantity():
            return Flat(
                operator=value.operator, magnitude=value.magnitude, exact=plain(value.magnitude), unit=value.unit,
                per=value.per, dimension=value.dimension, base_magnitude=value.base_magnitude,
                base_unit=value.base_unit,
            )  # fmt: skip
        case Range():
            low, high = value.lower, value.upper
            return Flat(
                magnitude=low.magnitude, upper=high.magnitude, exact=f"{plain(low.magnitude)}～{plain(high.magnitude)}",
                unit=value.unit, per=value.per, dimension=value.dimension, base_magnitude=low.base_magnitude,
                base_upper=high.base_magnitude, base_unit=value.base_unit,
            )  # fmt: skip
        case DateValue():
            return Flat(operator=value.operator, end=value.end or value.start)
        case Qualitative():
            return Flat(sense=value.sense)
        case Compound():
            numbers = [part for part in value.parts if isinstance(part, Quantity | Range)]
            return flat(numbers[0]) if len(numbers) == 1 else Flat()
        case _:
            return Flat()
