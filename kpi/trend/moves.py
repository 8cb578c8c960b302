"""What became of a row's value: asked for more, for less, or in emptier words."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from kpi.schema import Indicator
from kpi.schema.trends import Change, ChangeNote
from kpi.trend import direction, vagueness
from kpi.trend.values import Bounds, bounds, differing, is_deadline, meaning, meant
from kpi.values.exact import EXACT


class Move(NamedTuple):
    """What became of a value, and the two numbers that were compared."""

    change: Change
    notes: tuple[ChangeNote, ...] = ()
    numbers: tuple[Decimal, Decimal] | None = None
    unit: str | None = None


def move(before: Indicator, after: Indicator, years: tuple[int | None, int | None]) -> Move:
    """What became of the value of a row."""
    values = meant(before), meant(after)
    if meaning(values[0], years[0]) == meaning(values[1], years[1]):
        units = {getattr(value, "unit", None) for value in values}
        return Move("same", ("unit_changed",) if len(units) > 1 else ())
    earlier, later = map(vagueness.rank, values)
    one, other = (bounds(value, year) for value, year in zip(differing(*values, years), years, strict=True))
    comparable = one is not None and other is not None and one.kind == other.kind
    hedged = comparable and earlier != later and _share_a_number(one, other)
    if hedged or not vagueness.is_measured(earlier, later):
        if vagueness.is_vaguer(later, earlier):
            return Move("vaguer")
        return Move("clearer" if vagueness.is_vaguer(earlier, later) else "reworded")
    if one is None or other is None or not comparable:
        return Move("moved", ("not_comparable",))
    return _moved(before, after, one, other)


def _share_a_number(one: Bounds | None, other: Bounds | None) -> bool:
    return (
        one is not None
        and other is not None
        and any(end is not None and end == its for end, its in ((one.low, other.low), (one.high, other.high)))
    )


def _moved(before: Indicator, after: Indicator, one: Bounds, other: Bounds) -> Move:
    """Two numbers of one kind that are not the same."""
    values = meant(before), meant(after)
    way = "lower" if is_deadline(before) and is_deadline(after) else direction.better(before, after)
    notes: list[ChangeNote] = []
    if getattr(values[0], "unit", None) != getattr(values[1], "unit", None):
        notes.append("unit_changed")
    if getattr(values[0], "operator", None) != getattr(values[1], "operator", None):
        notes.append("operator_changed")
    pair = _numbers(one, other, way)
    strictness = _stricter(one, other, way) if way else 0
    change: Change = "moved" if not strictness else "raised" if strictness > 0 else "lowered"
    return Move(change, tuple(notes), pair, one.unit)


def _numbers(one: Bounds, other: Bounds, way: direction.Better | None) -> tuple[Decimal, Decimal] | None:
    """The numbers to show: the bounds on the side that counts, else any that both have."""
    sides = ((one.low, other.low), (one.high, other.high))
    for earlier, later in sides if way != "lower" else sides[::-1]:
        if earlier is not None and later is not None:
            return earlier, later
    earlier = one.high if one.low is None else one.low
    later = other.high if other.low is None else other.low
    return None if earlier is None or later is None else (earlier, later)


def _stricter(one: Bounds, other: Bounds, way: direction.Better) -> int:
    """1 where the later bound asks for more, -1 for less, 0 for as much; without one on the side that counts, least."""
    if way == "higher":
        bound = (one.low, other.low)
        opened = (one.open_low, other.open_low)
    else:
        bound = tuple(None if end is None else EXACT.minus(end) for end in (one.high, other.high))  # type: ignore[assignment]
        opened = (one.open_high, other.open_high)
    earlier, later = ((end is not None, end or Decimal(0), wide) for end, wide in zip(bound, opened, strict=True))
    return (later > earlier) - (later < earlier)


def beside_budget(found: Move, budgets: tuple[Decimal | None, Decimal | None]) -> Move:
    """A cost that moved the way the budget did, and no further, asks for neither more nor less than before."""
    if found.change in ("lowered", "raised") and _follows(found, budgets):
        return found._replace(change="moved", notes=(*found.notes, "follows_budget"))
    return found


def _follows(found: Move, budgets: tuple[Decimal | None, Decimal | None]) -> bool:
    (earlier, later), (old, new) = found.numbers or (None, None), budgets
    if not (earlier and later and old and new) or found.unit != "元":
        return False
    grown, allowed = EXACT.multiply(later, old), EXACT.multiply(new, earlier)
    if later < earlier:
        grown, allowed = allowed, grown
    return grown <= EXACT.multiply(allowed, _ROUNDING)


_ROUNDING = Decimal("1.005")  # amounts are printed in 万元
