"""VAL006."""

from decimal import Decimal
from functools import cache

from kpi.rules import words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import asked, printed
from kpi.schema import Evidence, Indicator, Project, Quantity, Range

_WHOLE, _NONE = Decimal(1), Decimal(0)
_NEVER_NEGATIVE = ("count", "length", "area", "volume", "mass", "money", "duration", "energy", "score")


@indicator_rule(
    "VAL006",
    "unbeatable-bound",
    severity="info",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range"),
)
def unbeatable_bound(indicator: Indicator, _project: Project) -> Fault | None:
    """界限不起作用：≥100%不可能超过，≥0、≤100%怎样都满足。

    ## 检查什么
    部分占全体的比率写成“≥100%”或“＞100%”；或者写成“≤100%”“0—100%”；数量、金额写成“≥0”。

    ## 为什么重要
    最高只能是100%，写“≥”没有意义，应当写“=100%”；而怎样都满足的界限不能区分做好与做坏。

    ## 反例
    - 质量指标 | 参训人员结业率 | ≥100%
    - 质量指标 | 女性参训占比 | ≤100%
    - 数量指标 | 培训人次 | ≥0人次

    ## 正例
    - 质量指标 | 参训人员结业率 | 100%
    - 质量指标 | 政策知晓率 | ≥85%
    - 数量指标 | 任务完成率 | ≥100%

    ## 依据
    财预〔2021〕101号：指标值应当合理可行，能够区分完成程度。
    """
    value = indicator.value
    if indicator.meant is not None:
        return None
    bounded = asked(indicator).bounded and value.dimension == "ratio" if isinstance(value, Quantity | Range) else False
    if isinstance(value, Range):
        whole = value.lower.base_magnitude <= _NONE and value.upper.base_magnitude >= _WHOLE
        return _vacuous(indicator) if bounded and whole and not value.change else None
    if not isinstance(value, Quantity) or not value.operator_written or value.change or value.baseline:
        return None
    least, most = value.operator in (">=", ">"), value.operator in ("<=", "<")
    if least and bounded and value.base_magnitude == _WHOLE:
        return _unbeatable(indicator, value) if value.operator == ">" or _is_bound(value.raw) else None
    if most and bounded and value.base_magnitude == _WHOLE and value.operator == "<=":
        return _vacuous(indicator)
    nothing = value.operator == ">=" and value.base_magnitude == _NONE
    return _vacuous(indicator) if nothing and (bounded or value.dimension in _NEVER_NEGATIVE) else None


@cache
def _bounds() -> dict[str, list[str]]:
    bounds: dict[str, list[str]] = words.load("value")["bounds"]
    return bounds


def _is_bound(raw: str) -> bool:
    """Whether a bound is printed; 达到100% only says that it is 100 %."""
    return any(sign in raw for sign in _bounds()["written"])


def _unbeatable(indicator: Indicator, value: Quantity) -> Fault:
    shown = printed(indicator)
    message = f"“{asked(indicator).head}”最高只能是100%，“{shown}”的界限没有意义。"
    if value.operator == ">":
        message = f"“{asked(indicator).head}”最高只能是100%，“{shown}”无法实现。"
    return Fault(message, "写成“=100%”，或写一个留有余地的下限，如“≥__%”。", _facts(indicator))


def _vacuous(indicator: Indicator) -> Fault:
    return Fault(
        f"指标值“{printed(indicator)}”怎样都能满足，起不到约束作用。",
        "写出要达到的下限，如“≥__”；反向指标写出不得超过的上限，如“≤__”。",
        _facts(indicator),
    )


def _facts(indicator: Indicator) -> tuple[Evidence, ...]:
    return evidence(指标=indicator.name, 指标值=printed(indicator))
