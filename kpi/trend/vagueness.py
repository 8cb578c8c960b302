"""How little a value says: a number or a date most, an empty cell nothing."""

from __future__ import annotations

from kpi.rules import facts
from kpi.schema import Compound, Empty, Qualitative, Quantity, Sense, Value, YesNo

MEASURED, NOTHING = 0, 6
# A number that is only about so much says less than the number, and more than words.
_HEDGED, _YES_NO = 1, 3
# By what a reader can still check. A standard that is named, a level that is chosen, is fine (DOMAIN §3). A rule, a
# time, a range or a direction points to something to look up; a strong word, a task or the name again does not. Of
# other words nothing is known.
_OF_SENSE: dict[Sense, int | None] = {
    "standard": 2, "graded": 2,
    "punctual": 4, "coverage": 4, "procedural": 4, "direction_only": 4,
    "intensity_only": 5, "task": 5, "restatement": 5,
    "other": None,
}  # fmt: skip


def rank(value: Value) -> int | None:
    """How vague a value is; the higher, the less it says. Null for words of which nothing is known."""
    if isinstance(value, Empty):
        return NOTHING
    if isinstance(value, YesNo):
        return _YES_NO
    if isinstance(value, Qualitative):
        return _OF_SENSE[value.sense]
    if isinstance(value, Quantity):
        return _HEDGED if value.operator == "~" else MEASURED
    if isinstance(value, Compound) and not facts.is_measurable(value):
        known = [found for part in value.parts if (found := rank(part)) is not None]
        return min(known, default=None)
    return MEASURED


def is_measured(one: int | None, other: int | None) -> bool:
    """Whether both are numbers or dates."""
    return {one, other} <= {MEASURED, _HEDGED}


def is_certain(one: int | None, other: int | None) -> bool:
    """Whether two ranks can be compared: words of which nothing is known say less than numbers, more than nothing."""
    ends = {MEASURED, _HEDGED, NOTHING}
    return (one is not None and other is not None) or one in ends or other in ends


def is_vaguer(later: int | None, earlier: int | None) -> bool:
    """Whether the later value says less than the earlier one, for certain."""
    unknown = _YES_NO
    return is_certain(later, earlier) and (unknown if later is None else later) > (
        unknown if earlier is None else earlier
    )
