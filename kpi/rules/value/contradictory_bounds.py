"""VAL010."""

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise

from kpi.rules import words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import printed, short
from kpi.schema import Compound, DateValue, Indicator, Project, Quantity
from kpi.values import parse_value

_LEAST, _MOST = (">=", ">"), ("<=", "<")
_SIGN = 8  # characters; 小于或者等于 has six
_LIGHT = re.compile(r"[且并而又同时和、，,；;\s]*")  # words that join two bounds without naming another thing


@indicator_rule(
    "VAL010",
    "contradictory-bounds",
    severity="error",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "compound", "date"),
)
def contradictory_bounds(indicator: Indicator, _project: Project) -> Fault | None:
    """上下限互相矛盾，没有数能够满足。

    ## 检查什么
    同一个指标值要求“低于15且高于20”；起点大于终点（20—10万元、2025年12月至2025年3月）；数前的符号与数后的文字相反（≥90%以下）；
    符号栏与指标值里的符号相反（符号栏“≤”，指标值“≥95%”）。

    ## 为什么重要
    没有任何结果能同时满足两头，目标无法完成，多半是写错了符号或数。

    ## 反例
    - 数量指标 | 平均等候时间 | 低于15分钟且高于20分钟
    - 质量指标 | 差错率 | ≥5%以下
    - 时效指标 | 实施期限 | 2025年12月至2025年3月

    ## 正例
    - 数量指标 | 平均等候时间 | ≥15分钟且≤20分钟
    - 质量指标 | 差错率 | ≤5%
    - 时效指标 | 实施期限 | 2025年3月至2025年12月

    ## 依据
    财预〔2015〕88号：绩效目标应当合理可行、指向明确。
    """
    value = indicator.value
    shown = printed(indicator)
    if isinstance(value, Quantity):
        if "operator_conflict" in value.notes:
            return _fault(indicator, f"指标值“{shown}”数前的符号与数后的文字相反", "只保留一种写法")
        return _against_column(indicator, value)
    if isinstance(value, DateValue):
        start, end = value.start, value.end
        if value.year_written and start and end and "X" not in start + end and start > end:
            return _fault(indicator, f"指标值“{shown}”的起点晚于终点", "核对起止日期")
        return None
    if isinstance(value, Compound) and value.join != "or":
        for one, other in pairwise(value.parts):
            if isinstance(one, Quantity) and isinstance(other, Quantity) and _same_measure(one, other):
                if _cannot_both(one, other):
                    return _fault(indicator, f"指标值“{shown}”的上下限不能同时满足", "核对上下限")
                if _is_backwards(value.raw, one, other):
                    return _fault(indicator, f"指标值“{shown}”的起点大于终点", "核对起止两数")
    return None


def _fault(indicator: Indicator, message: str, do: str) -> Fault:
    facts = evidence(指标=indicator.name, 指标值=printed(indicator), 符号栏=indicator.cells.operator)
    return Fault(f"{message}。", f"{do}，如“≥__且≤__”或“≥__”。", facts)


def _against_column(indicator: Indicator, value: Quantity) -> Fault | None:
    """The column of signs says at most where the value itself says at least, or the other way round."""
    sign = (indicator.cells.operator or "").strip()
    if not 0 < len(sign) <= _SIGN or not value.operator_written or value.raw.strip().startswith(sign):
        return None
    column = parse_value(f"{sign}1")
    if not isinstance(column, Quantity) or not column.operator_written:
        return None
    against = (column.operator in _LEAST and value.operator in _MOST) or (
        column.operator in _MOST and value.operator in _LEAST
    )
    if not against:
        return None
    return _fault(indicator, f"符号栏写“{short(sign)}”，指标值却写“{printed(indicator)}”，方向相反", "只保留一种符号")


def _same_measure(one: Quantity, other: Quantity) -> bool:
    """Whether two parts are about the same thing: nothing is named before the second, and the units agree."""
    named = other.label is not None and not (_LIGHT.fullmatch(other.label) or other.label.strip() in _joints())
    units_agree = one.base_unit == other.base_unit or None in (one.base_unit, other.base_unit)
    return not named and units_agree and not (one.change or other.change)


@cache
def _joints() -> frozenset[str]:
    return frozenset(words.load("value")["bounds"]["joints"])


def _cannot_both(one: Quantity, other: Quantity) -> bool:
    lower, upper = (one, other) if one.operator in _LEAST else (other, one)
    if lower.operator not in _LEAST or upper.operator not in _MOST:
        return False
    low, high = _sizes(lower, upper)
    return low > high or (low == high and ">" in (lower.operator, "" if upper.operator == "<=" else ">"))


def _sizes(one: Quantity, other: Quantity) -> tuple[Decimal, Decimal]:
    """Both numbers in the same measure; a unit printed once covers both."""
    if None in (one.unit, other.unit):
        return one.magnitude, other.magnitude
    return one.base_magnitude, other.base_magnitude


def _is_backwards(raw: str, one: Quantity, other: Quantity) -> bool:
    """20-10万元: two numbers joined by a dash, the first the larger. A unit must say that they are no code."""
    between = raw[one.span[1] : other.span[0]].strip() + (other.raw[:1] if other.operator == "~" else "")
    first, second = _sizes(one, other)
    return between in _joints() and other.unit is not None and one.operator == "=" and first > second
