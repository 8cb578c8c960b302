"""DIR001."""

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, Quantity


@indicator_rule(
    "DIR001",
    "cost-at-least",
    severity="error",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "compound"),
    where=costs.is_cost,
)
def cost_at_least(indicator: Indicator, _project: Project) -> Fault | None:
    """成本指标用了“≥”或“＞”，花得越多反而越好。

    ## 检查什么
    成本指标（或名称以成本、费用、单价等结尾的产出指标）的值是金额，而符号是“≥”“＞”“不低于”一类。
    名称说的是节约、降低成本，是收入、产值，或是发给个人的补助标准（低保标准、工资标准）的，不在此列。

    ## 为什么重要
    成本指标是用来控制支出的，应当写上限；写成下限，等于要求至少花掉这么多，与过紧日子、控制成本的要求相反。

    ## 反例
    - 成本指标 | 控制在预算内 | ≥125万元
    - 成本指标 | 设备购置单价 | 不低于3000元/台

    ## 正例
    - 成本指标 | 控制在预算内 | ≤125万元
    - 成本指标 | 节约采购成本 | ≥5万元
    - 成本指标 | 城市低保标准 | ≥850元/人·月

    ## 依据
    财预〔2021〕101号：成本指标反映预期提供产出所需的成本，是对支出的控制。
    """
    said = costs.about(indicator.name)
    if said.given:
        return None
    amount = next((a for a in costs.amounts(indicator) if isinstance(a, Quantity) and a.operator in (">=", ">")), None)
    if amount is None or amount.change == "decrease":
        return None
    printed = indicator.value.raw.strip()
    return Fault(
        f"成本指标“{indicator.name or ''}”的值“{printed}”写的是下限，成本应当写上限。",
        f"核对后改用“≤”，如“≤{costs.printed(amount)}”。",
        evidence(指标=indicator.name, 指标值=printed, 符号="≥" if amount.operator == ">=" else "＞"),
    )
