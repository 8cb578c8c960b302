"""Two typed values, compared by what they mean."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.rules.relevance.rows import plain
from kpi.schema import Compound, DateValue, Empty, Indicator, Qualitative, Quantity, Range, Value, YesNo

Meaning = tuple[object, ...]


class Bounds(NamedTuple):
    """The numbers that satisfy a value, in ``unit``; null where there is no bound. ``kind`` must be the same in two
    values before their numbers are compared; ``open_low`` and ``open_high`` where the bound itself is left out.
    """

    kind: Meaning
    low: Decimal | None
    high: Decimal | None
    open_low: bool
    open_high: bool
    unit: str | None


def meant(row: Indicator) -> Value:
    """A row's value; where it is damaged, the one that is meant."""
    return row.meant or row.value


def meaning(value: Value, year: int | None = None) -> Meaning:
    """What two values must share to be the same, however they are written.

    Dates are taken relative to ``year``: by the end of the year is the same in every year.
    """
    match value:
        case Quantity():
            return "quantity", value.operator, value.base_magnitude, *_measure(value)
        case Range():
            ends = ((end.base_magnitude, end.inclusive) for end in (value.lower, value.upper))
            return "range", *ends, *_measure(value)
        case DateValue():
            return "date", value.operator, _relative(value.start, year), _relative(value.end, year), value.recurs
        case YesNo():
            return "yes_no", value.answer
        case Qualitative():
            return "words", plain(value.raw)
        case Compound():
            return "several", *(meaning(part, year) for part in value.parts)
        case Empty():
            return ("empty",)


def bounds(value: Value, year: int | None = None) -> Bounds | None:
    """The numbers that satisfy a value: of a quantity, a range, a deadline, or the one number of several values."""
    match value:
        case Quantity(operator=operator, base_magnitude=number):
            low = None if operator in ("<=", "<") else number
            high = None if operator in (">=", ">") else number
            return Bounds(_measure(value), low, high, operator == ">", operator == "<", value.base_unit)
        case Range(lower=low, upper=high):
            opened = (not low.inclusive, not high.inclusive)
            return Bounds(_measure(value), low.base_magnitude, high.base_magnitude, *opened, value.base_unit)
        case DateValue(recurs=None):
            first, last = _days(value.start, year), _days(value.end, year)
            known = first or last
            if known is None:
                return None
            return Bounds(("date", known[0]), first and first[1], last and last[1], False, False, "日")
        case Compound():
            numbers = [part for part in value.parts if isinstance(part, Quantity | Range)]
            return bounds(numbers[0]) if len(numbers) == 1 else None
        case _:
            return None


def differing(one: Value, other: Value, years: tuple[int | None, int | None]) -> tuple[Value, Value]:
    """The two values, or of as many values in each the only pair that is not the same: 100%（300人） → 300人."""
    if isinstance(one, Compound) and isinstance(other, Compound) and len(one.parts) == len(other.parts):
        pairs = zip(one.parts, other.parts, strict=True)
        changed = [pair for pair in pairs if meaning(pair[0], years[0]) != meaning(pair[1], years[1])]
        if len(changed) == 1:
            return changed[0]
    return one, other


def is_deadline(row: Indicator) -> bool:
    """Whether a row asks for a day by which something is done; under 时效指标 a month or a quarter is such a day."""
    value = meant(row)
    return isinstance(value, DateValue) and (value.operator in ("<=", "=") or row.tier2 == "时效指标")


def _measure(value: Quantity | Range) -> Meaning:
    return value.base_unit, value.per, value.change, value.baseline


_YEAR = re.compile(r"\d{4}")


def _relative(day: str | None, year: int | None) -> tuple[int | str, str] | None:
    """A day as the years that it lies after ``year``, and month and day: ``2025-12-31`` in 2025 → (0, 12-31)."""
    if day is None:
        return None
    head, _, rest = day.partition("-")
    if not _YEAR.fullmatch(head):
        return 0, rest  # a year that is not written is the table's own
    return (int(head) - year, rest) if year else (head, rest)


def _days(day: str | None, year: int | None) -> tuple[bool, Decimal] | None:
    """A day counted in days from the table's year, or (true) from no year; null where month or day is not known."""
    relative = _relative(day, year)
    if relative is None:
        return None
    after, rest = relative
    try:
        of_year = date.fromisoformat(f"2024-{rest}").timetuple().tm_yday  # 2024 has all days that a year can have
    except ValueError:
        return None
    return isinstance(after, str), Decimal(int(after) * 366 + of_year)
