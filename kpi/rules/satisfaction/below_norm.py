"""SAT001."""

from decimal import Decimal

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.satisfaction import wordings
from kpi.schema import Compound, Indicator, Project, Quantity, Range, Value

_PER_CENT = Decimal(100)
_MOST_STEPS = 10  # scales of five or ten points are no shares of 100


@indicator_rule(
    "SAT001",
    "below-norm",
    severity="info",
    opinion="其他",
    kinds=("quantity", "range", "compound"),
    where=wordings.asks_satisfaction,
    thresholds={"norm": "0.9"},
)
def below_norm(indicator: Indicator, _project: Project, norm: Decimal) -> Fault | None:
    """满意度目标低于通常水平（90%）。

    ## 检查什么
    满意度的下限低于90%（可以配置）。以分计的按百分制比较，区间看下限，一格几个值看最低的一个。写成上限（≤）的由DIR002提出；写较上年提高多少的、投诉率一类不提。

    ## 为什么重要
    满意度通常定在90%以上。目标过低，容易达到，起不到改进服务的作用；确因历史数据较低的，应当说明依据。

    ## 反例
    - 服务对象满意度指标 | 居民满意度 | ≥80%
    - 服务对象满意度指标 | 服务对象满意度 | 85%

    ## 正例
    - 服务对象满意度指标 | 居民满意度 | ≥90%
    - 服务对象满意度指标 | 居民满意度 | 较上年提高2个百分点

    ## 依据
    财预〔2021〕101号：指标值应当符合行业和历史水平。90%是各地常用的默认值，可以调整。
    """
    share = _lowest(indicator.meant or indicator.value)
    if share is None or not 0 < share < norm:
        return None
    usual = f"{(norm * _PER_CENT).normalize():f}%"
    printed = indicator.raw_value.strip()
    return Fault(
        f"满意度目标“{printed}”低于通常的{usual}。",
        f"提高到≥{usual}，或写明上年满意度等依据。",
        evidence(指标=indicator.name, 指标值=printed, 通常水平=usual),
    )


def _lowest(value: Value) -> Decimal | None:
    """The lowest share that a value asks for; null where it asks for none."""
    if isinstance(value, Compound):
        shares = [share for part in value.parts if (share := _lowest(part)) is not None]
        return min(shares) if shares and value.join == "and" else None
    if not isinstance(value, Quantity | Range) or value.change or value.baseline or value.unit == "百分点":
        return None
    if isinstance(value, Quantity):
        if value.operator in ("<=", "<"):
            return None
        number = value.base_magnitude
    else:
        number = value.lower.base_magnitude
    match value.dimension:
        case "ratio":
            return number
        case "score" | "number" if number > _MOST_STEPS:
            return number / _PER_CENT
        case "number" if number < 1:
            return number
    return None
