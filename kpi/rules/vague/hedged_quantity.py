"""VAG010."""

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, Quantity


@indicator_rule("VAG010", "hedged-quantity", severity="info", opinion="不够细化量化", kinds=("quantity",))
def hedged_quantity(indicator: Indicator, _project: Project) -> Fault | None:
    """指标值用“约、左右”留了余地，没有明确的界限。

    ## 检查什么
    指标值是数量，但用“约、近、左右、上下”修饰。

    ## 为什么重要
    偏差多少仍算完成，没有说明，容易引起争议。

    ## 反例
    - 约40人次
    - 100人左右

    ## 正例
    - ≥40人次
    - 95—105人

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化。
    """
    value = indicator.value
    if not isinstance(value, Quantity) or value.operator != "~":
        return None
    amount = f"{value.magnitude:f}{value.unit or ''}"
    return Fault(
        f"指标值“{value.raw.strip()}”只是约数，没有明确的界限。",
        f"写成“≥{amount}”（反向指标写“≤{amount}”），或写明上下限。",
        evidence(指标=indicator.name, 指标值=value.raw.strip()),
    )
