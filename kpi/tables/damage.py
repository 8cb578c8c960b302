"""Known damage of copies and exports, which the table shows and the value alone does not (CONTRACT §1, Damage).

The literal reading stays; ``Indicator.meant`` holds what was likely meant, its notes say why, and the value is marked
``suspected_misread``. Every recovery needs a witness: another row, or another cell of the row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import regex

from kpi.schema import DateValue, Indicator, Note, Quantity, Value
from kpi.schema.base import plain
from kpi.tables import vocabulary
from kpi.values import parse_value

# 292% for ≥92%: OCR reads the sign as a 2, more seldom as another digit; a sign may stand before it all the same.
_SIGN_AS_DIGIT = regex.compile(
    r"\s*(?P<sign>[≥≧>＞]=?)?\s*(?P<lead>[1-9])(?P<rest>(?:[5-9]\d|100)(?:\.\d+)?)\s*[%％]\s*"
)
_USUAL = "2"
_NEAR = Decimal("0.1")
_DAY_ZERO = date(1899, 12, 30)  # Excel counts its days from here
_DAYS = (36_526, 54_788)  # 2000 to 2049
_YEARS_AROUND = 5
_ONE, _HUNDRED = Decimal(1), Decimal(100)


def recovered(indicators: Sequence[Indicator], year: int | None, said: Sequence[str] = ()) -> list[Indicator]:
    """``indicators`` of one table, in order, each with ``meant`` where its value is likely damaged.

    ``said``: what the head says of goals and purpose; it may bear witness too.
    """
    table = _Table(indicators, year, said)
    return [_with_meant(indicator, table) for indicator in indicators]


class _Table:
    """What the rows of one table bear witness to."""

    def __init__(self, indicators: Sequence[Indicator], year: int | None, said: Sequence[str]) -> None:
        ratios = [v for i in indicators if isinstance(v := i.value, Quantity) and v.dimension == "ratio"]
        self.year = year
        self.said = said
        self.signed_ratios = sum(v.operator_written for v in ratios)
        self.percent = any(v.unit == "%" and "unit_inherited" not in v.notes for v in ratios)


def _with_meant(indicator: Indicator, table: _Table) -> Indicator:
    value = indicator.value
    if not isinstance(value, Quantity) or value.change:
        return indicator
    for reading in _READINGS:
        if (meant := reading(indicator, value, table)) is not None:
            notes: tuple[Note, ...] = (*value.notes, "suspected_misread")
            return indicator.model_copy(
                update={"meant": meant, "value": value.model_copy(update={"notes": tuple(dict.fromkeys(notes))})}
            )
    return indicator


def _noted(value: Value, note: Note) -> Value:
    return value.model_copy(update={"notes": (*value.notes, note)})


def _sign(indicator: Indicator, value: Quantity, table: _Table) -> Value | None:
    """A ratio above the whole whose first digit stands for a sign that a neighbour carries, or whose rest is told."""
    found = _SIGN_AS_DIGIT.fullmatch(indicator.raw_value)
    if found is None or value.dimension != "ratio":
        return None
    usual, signed = found["lead"] == _USUAL, value.operator_written
    name = indicator.name or ""
    if (signed or not usual) and (not vocabulary.asks_for("rate", name) or vocabulary.may_pass_whole(name)):
        return None
    witness = (usual and table.signed_ratios > signed) or _is_told(indicator, found["rest"], table)
    return _noted(parse_value(f"≥{found['rest']}%"), "sign_read_as_digit") if witness else None


def _is_told(indicator: Indicator, number: str, table: _Table) -> bool:
    """Whether the row or the goals say the same share, or the row's actual share comes near it."""
    actual = indicator.actual and indicator.actual.raw
    beside = (indicator.name, indicator.description, indicator.basis, indicator.explanation, actual, *table.said)
    same = regex.compile(rf"(?<![\d.]){regex.escape(number)}\s*[%％]")
    if any(same.search(text) for text in beside if text):
        return True
    reached = indicator.actual and indicator.actual.value
    share = Decimal(number) / _HUNDRED
    return (
        isinstance(reached, Quantity)
        and reached.dimension == "ratio"
        and share - _NEAR <= reached.base_magnitude <= _ONE
    )


def _day(indicator: Indicator, value: Quantity, table: _Table) -> Value | None:
    """The number that Excel keeps for a day (44,561 is 2021-12-31), under 时效 or a name that asks for a time."""
    number = value.magnitude
    if value.unit is not None or number != number.to_integral_value() or not _DAYS[0] <= number <= _DAYS[1]:
        return None
    if indicator.tier2 != "时效指标" and not vocabulary.asks_for("time", indicator.name):
        return None
    day = _DAY_ZERO + timedelta(days=int(number))
    if table.year is not None and abs(day.year - table.year) > _YEARS_AROUND:
        return None
    meant = parse_value(f"{day.year}年{day.month}月{day.day}日")
    return _noted(meant, "day_number") if isinstance(meant, DateValue) else None


def _percent(indicator: Indicator, value: Quantity, table: _Table) -> Value | None:
    """A rate without its sign (0.95 or 95 for 95%) in a table whose other rates carry theirs."""
    number = value.magnitude
    if value.unit is not None or value.per is not None or value.dimension != "number" or not table.percent:
        return None
    if not vocabulary.asks_for("rate", indicator.name) or not 0 < number <= _HUNDRED:
        return None
    share = number * _HUNDRED if number <= _ONE else number
    operator = value.operator if value.operator_written else ""
    return _noted(parse_value(f"{operator}{plain(share.normalize())}%"), "percent_sign_lost")


_READINGS: tuple[Callable[[Indicator, Quantity, _Table], Value | None], ...] = (_sign, _day, _percent)
