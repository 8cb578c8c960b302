"""Amounts in heads and plans: a printed number and the table's money unit → :class:`Money`."""

from __future__ import annotations

import regex

from kpi.schema import Money, Quantity
from kpi.values import parse_value

_NAMES = "亿元|千万元|百万元|十万元|万元|千元|元"
_UNIT = regex.compile(
    rf"(?<!预算|实施|填报|编制|申报|项目|主管|所属)单位[:：]\s*(?:人民币)?(?P<unit>{_NAMES})(?=$|[\s)）,，.。;；、%％/])"
)
_BRACKETED = regex.compile(rf"[(（](?:单位[:：])?(?P<unit>{_NAMES})[)）]")

_MULTIPLIED = regex.compile(r"\s*[\d.,，]++\s*[百千]?[万亿]\s*")


def unit_of(text: str) -> str | None:
    """The money unit that a caption (单位：万元) announces, or ``None``."""
    found = _UNIT.search(text) if "单位" in text else None
    return found["unit"] if found else None


def unit_in_brackets(label: str) -> str | None:
    """The money unit in a label's brackets: 预算数（万元）."""
    found = _BRACKETED.search(label) if "元" in label else None
    return found["unit"] if found else None


def amount(text: str, unit: str | None) -> Money | None:
    """The amount that ``text`` prints, in its own unit or in ``unit``; ``None`` where neither says which."""
    if unit is None and _MULTIPLIED.fullmatch(text):
        unit = "元"  # 250万 under a budget's label are 万元, whatever the table counts in
    value = parse_value(text, unit=unit)
    if not isinstance(value, Quantity) or value.dimension != "money" or value.base_unit != "元":
        return None
    assert value.unit is not None
    return Money(magnitude=value.magnitude, unit=value.unit, base_magnitude=value.base_magnitude)
