"""VAL003."""

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, Quantity


@indicator_rule("VAL003", "unit-typo", severity="warning", certainty="likely", opinion="其他")
def unit_typo(indicator: Indicator, _project: Project) -> Fault | None:
    """计量单位写错了字。

    ## 检查什么
    数字后面的字不是计量单位，而是某个单位的明显笔误，如“1各”应为“1个”。

    ## 为什么重要
    错字会原样公开；系统汇总时也认不出单位。

    ## 反例
    - 1各

    ## 正例
    - 1个

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确。
    """
    value = indicator.value
    if not isinstance(value, Quantity) or "unit_typo" not in value.notes:
        return None
    return Fault(
        f"指标值“{value.raw.strip()}”的计量单位疑为“{value.unit}”的笔误。",
        f"改为“{value.magnitude:f}{value.unit}”。",
        evidence(指标=indicator.name, 指标值=value.raw.strip(), 应为=value.unit),
    )
