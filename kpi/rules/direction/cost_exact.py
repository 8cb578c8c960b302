"""DIR004."""

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, Quantity


@indicator_rule(
    "DIR004",
    "cost-exact",
    severity="info",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "compound"),
    where=costs.is_cost,
)
def cost_exact(indicator: Indicator, _project: Project) -> Fault | None:
    """成本指标写成一个定数，没有“≤”。

    ## 检查什么
    成本指标的值是一笔金额，符号是“=”或没有写符号。按标准发放的补助、补贴、工资，每人、每亩、每件的单价，以及比率，不在此列。

    ## 为什么重要
    成本控制的是上限。写成定数，少花了也算没有完成；写成“≤”，节约才是成绩。

    ## 反例
    - 成本指标 | 项目成本 | 20万元
    - 成本指标 | 设备购置费用 | =9.3万元

    ## 正例
    - 成本指标 | 项目成本 | ≤20万元
    - 成本指标 | 耕地地力补贴标准 | 1600元/亩
    - 成本指标 | 成本控制率 | 100%

    ## 依据
    财预〔2021〕101号：成本指标反映预期提供产出所需的成本，是对支出的控制。
    """
    amount = costs.whole_amount(indicator)
    if not isinstance(amount, Quantity) or amount.operator != "=" or amount.base_magnitude <= 0:
        return None
    said = costs.about(indicator.name)
    if said.given or said.priced:
        return None
    printed = indicator.value.raw.strip()
    return Fault(
        f"成本指标“{indicator.name or ''}”的值“{printed}”是一个定数，没有写成上限。",
        f"写成上限，如“≤{costs.printed(amount)}”。",
        evidence(指标=indicator.name, 指标值=printed),
    )
