"""Whether more or less of what a row asks for is better."""

from __future__ import annotations

from typing import Literal

from kpi.rules import costs
from kpi.rules.direction import polarity
from kpi.schema import Indicator, Quantity
from kpi.trend.values import bounds, meant

Better = Literal["higher", "lower"]
_PRINTED: tuple[tuple[tuple[str, ...], Better], ...] = ((("正",), "higher"), (("反", "负", "逆"), "lower"))


def better(before: Indicator, after: Indicator) -> Better | None:
    """Which way is better in both years; null where that is not known, or where the years contradict one another.

    The printed 指标方向 decides, then what the rules know of the name (满意度, 投诉率, 成本), then the sign: what is
    written as a lower bound in both years is better the higher it is.
    """
    for known in (_printed, _named, _signed):
        found = {known(before), known(after)}
        if len(found) == 2 and None in found and known is not _signed:
            found -= {None}
        if found != {None}:
            return found.pop() if len(found) == 1 else None
    return None


def _printed(row: Indicator) -> Better | None:
    said = row.cells.direction or ""
    return next((way for starts, way in _PRINTED if said.startswith(starts)), None)


def _named(row: Indicator) -> Better | None:
    value = meant(row)
    number = value if isinstance(value, Quantity) else None
    falls = number is not None and number.change == "decrease"
    measured = polarity.of(row.name)
    if measured is None and number is not None and number.dimension == "duration" and polarity.is_wait(row.name):
        measured = "harm"
    if measured is None and row.tier2 != "数量指标" and polarity.is_event(row.name):
        measured = "harm"
    if measured is not None:
        return "higher" if (measured == "good") != falls else "lower"
    said = costs.about(row.name)
    is_money = bounds(value) is not None and getattr(value, "dimension", None) == "money"
    return "lower" if is_money and costs.is_cost(row) and not (said.given or falls) else None


def _signed(row: Indicator) -> Better | None:
    found = bounds(meant(row))
    if found is None or (found.low is None) == (found.high is None):
        return None
    return "lower" if found.low is None else "higher"
