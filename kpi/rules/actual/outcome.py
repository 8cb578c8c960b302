"""What a self-evaluation says of one row: target against actual value, points against weight, the reason."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import NamedTuple

from kpi.rules.actual.wordings import is_harm, words
from kpi.schema import (
    Actual,
    Compound,
    DateValue,
    Empty,
    Indicator,
    Project,
    Qualitative,
    Quantity,
    Range,
    Value,
    YesNo,
)

_COSTS = ("成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标")
_MOST_CHARS = 60  # of an actual value that are searched for words
_CALM = Context(traps=[])  # absurd numbers give no number, and no exception


class Outcome(NamedTuple):
    """Whether the target was reached, and the actual value as a multiple of the target where more is better."""

    reached: bool
    multiple: Decimal | None = None


def is_evaluated(row: Indicator) -> bool:
    """Whether the row has a cell for what was reached."""
    return row.actual is not None


def target(row: Indicator) -> Value:
    """The target as it was meant."""
    return row.meant or row.value


def is_given(actual: Actual | None) -> bool:
    """Whether an actual value stands there; 未开展调查 and the like say that there is none."""
    if actual is None or actual.value is None or isinstance(actual.value, Empty):
        return False
    return not says(actual, "no_data")


def says(actual: Actual, kind: str) -> bool:
    """Whether an actual value in words has a word of a list of ``wordings.toml``."""
    value = actual.value
    if not isinstance(value, Qualitative | YesNo) or len(value.raw) > _MOST_CHARS:
        return False
    return any(word in value.raw for word in words(kind))


def has_reason(row: Indicator) -> bool:
    """Whether the row gives a reason; 无 and the like are none."""
    reason = (row.actual.reason if row.actual else None) or ""
    return bool(reason.strip(" 　。.")) and reason.strip(" 　。.") not in words("no_reason")


def points_lost(row: Indicator) -> Decimal | None:
    """The points that the row lost; null where points or weight are not printed."""
    if row.weight is None or row.actual is None or row.actual.score is None:
        return None
    return _finite(_CALM.subtract(row.weight, row.actual.score))


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def has_reasons(project: Project) -> bool:
    """Whether the table has a column of reasons, though no row may fill it."""
    return "reason" in project.columns or any(
        row.actual is not None and row.actual.reason for row in project.indicators
    )


def outcome(row: Indicator) -> Outcome | None:
    """How the actual value compares with the target; null where the two cannot be compared."""
    if row.actual is None or row.actual.value is None:
        return None
    wanted, actual = target(row), row.actual.value
    if isinstance(wanted, DateValue) and isinstance(actual, DateValue):
        return _dates(wanted, actual)
    if isinstance(actual, Compound) and isinstance(wanted, Quantity):
        same = [part for part in actual.parts if isinstance(part, Quantity) and part.unit == wanted.unit]
        actual = same[0] if len(same) == 1 and wanted.unit is not None else actual
    if not isinstance(actual, Quantity):
        return None
    if isinstance(wanted, Range):
        return _within(wanted, actual)
    if not isinstance(wanted, Quantity) or wanted.operator == "~" or (actual.change and wanted.change != actual.change):
        return None
    number = _like(actual, wanted)
    return None if number is None else _numbers(row, wanted, number)


def _numbers(row: Indicator, wanted: Quantity, actual: Decimal) -> Outcome | None:
    bound = wanted.base_magnitude
    match wanted.operator:
        case "<=":
            return Outcome(actual <= bound)
        case "<":
            return Outcome(actual < bound)
        case "=" if less_is_better(row, wanted):
            return None if wanted.dimension == "duration" and actual != bound else Outcome(actual <= bound)
    reached = actual > bound if wanted.operator == ">" else actual >= bound
    comparable = bound > 0 and not less_is_better(row, wanted)
    return Outcome(reached, _finite(_CALM.divide(actual, bound)) if comparable else None)


def less_is_better(row: Indicator, wanted: Quantity) -> bool:
    """Whether less is better: a cost, a harm, a span of time, nothing at all (0起)."""
    costs = row.tier2 in _COSTS or row.tier1 == "成本指标"
    return costs or wanted.base_magnitude == 0 or wanted.dimension == "duration" or is_harm(row.name or "")


_NEAR_WHOLE = 50  # of a target above it, in per cent, 0.95 is a share


def _like(actual: Quantity, wanted: Quantity) -> Decimal | None:
    """The actual number in the base unit of the target; a bare one is in the target's own unit."""
    if actual.dimension == wanted.dimension and actual.base_unit == wanted.base_unit:
        return actual.base_magnitude if actual.per in (None, wanted.per) or wanted.per is None else None
    if actual.unit is None and actual.dimension == "number":
        if wanted.dimension == "ratio" and wanted.unit in ("%", "‰", "百分点"):
            if actual.magnitude <= 1 < wanted.magnitude < _NEAR_WHOLE:
                return None  # ≤3% answered by 0.5: half of one per cent, or half of all
            is_share = actual.magnitude <= 1 < wanted.magnitude
            whole = Decimal(1 if is_share else 1000 if wanted.unit == "‰" else 100)
            return _finite(_CALM.divide(actual.magnitude, whole))
        if not wanted.magnitude:
            return actual.magnitude
        return _finite(_CALM.multiply(actual.magnitude, _CALM.divide(wanted.base_magnitude, wanted.magnitude)))
    if wanted.unit is None and wanted.dimension == "number":
        return actual.magnitude
    return None


def _within(wanted: Range, actual: Quantity) -> Outcome | None:
    if (actual.dimension, actual.base_unit) != (wanted.dimension, wanted.base_unit):
        return None
    number = actual.base_magnitude
    above = number >= wanted.lower.base_magnitude if wanted.lower.inclusive else number > wanted.lower.base_magnitude
    below = number <= wanted.upper.base_magnitude if wanted.upper.inclusive else number < wanted.upper.base_magnitude
    return Outcome(above and below)


def _dates(wanted: DateValue, actual: DateValue) -> Outcome | None:
    """Deadlines and periods end at a day; only days that are known whole can be compared."""
    if wanted.recurs or actual.recurs or wanted.operator == ">=" or not wanted.end or not actual.end:
        return None
    if "X" in wanted.end or "X" in actual.end:
        return None
    begun = actual.start or actual.end  # done in December: not later than asked, if December is asked
    return Outcome(begun <= wanted.end)
