"""ACT006."""

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import DateValue, Indicator, Project, Quantity, Range, Value
from kpi.values.fold import fold


def _is_bound(value: Value) -> bool:
    """Whether a value is written as a bound: what is wanted, and not what was measured."""
    if isinstance(value, Quantity | DateValue):
        return value.operator_written and value.operator not in ("=", "~", "in")
    return isinstance(value, Range) and value.operator_written


@indicator_rule(
    "ACT006",
    "actual-copies-target",
    severity="info",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range", "date"),
    where=outcome.is_evaluated,
)
def actual_copies_target(indicator: Indicator, _project: Project) -> Fault | None:
    """实际完成值照抄了指标值，连“≥”也抄了过来。

    ## 检查什么
    实际完成值与年度指标值写法相同，带着≥、≤、“不低于”、“前”一类表示要求的符号或字。

    ## 为什么重要
    “≥95%”是要求，不是结果；照抄过来看不出实际是96%还是100%。

    ## 反例
    - 指标值≥95%，实际完成值≥95%。

    ## 正例
    - 指标值≥95%，实际完成值96.3%。

    ## 依据
    财预〔2020〕10号：绩效自评应当如实填写实际完成值。
    """
    actual = indicator.actual
    if actual is None or actual.value is None or not actual.raw or not _is_bound(actual.value):
        return None
    written, wanted = (fold(text).replace(" ", "") for text in (actual.raw, indicator.raw_value))
    if written != wanted and not _says_the_same(actual.value, indicator.value):
        return None
    return Fault(
        f"“{indicator.name}”的实际完成值“{actual.raw.strip()}”照抄了指标值。",
        "填写实际达到的数（日期），如“__%”“__年__月__日”，不带≥、≤等符号。",
        evidence(指标=indicator.name, 指标值=indicator.raw_value.strip(), 实际完成值=actual.raw),
    )


def _says_the_same(one: Value, other: Value) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return (one.operator, one.base_magnitude, one.base_unit) == (
            other.operator,
            other.base_magnitude,
            other.base_unit,
        )
    if isinstance(one, DateValue) and isinstance(other, DateValue):
        return (one.operator, one.start, one.end) == (other.operator, other.start, other.end)
    return False
