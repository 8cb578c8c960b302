"""What the rules on the written value share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules.names import NameFacts, about
from kpi.schema import Compound, Indicator, Quantity, Range, Value


def numbers(value: Value) -> Iterator[Quantity | Range]:
    """The value's quantities and ranges: itself, or the parts of a compound."""
    if isinstance(value, Quantity | Range):
        yield value
    elif isinstance(value, Compound):
        for part in value.parts:
            yield from numbers(part)


def asked(indicator: Indicator) -> NameFacts:
    """What the name says, or the description where the name ends in no known noun."""
    by_name = about(indicator.name)
    return about(indicator.description) if by_name.head is None and indicator.description else by_name


def top(value: Quantity | Range) -> Decimal:
    """The largest number that is printed, in base units."""
    return value.upper.base_magnitude if isinstance(value, Range) else value.base_magnitude


def printed(indicator: Indicator) -> str:
    """The value as a sentence may show it: on one line, and not too long."""
    return short(indicator.raw_value)


_LONGEST = 60


def short(text: str) -> str:
    """``text`` on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
