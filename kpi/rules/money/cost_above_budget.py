"""FIN001."""

from decimal import Decimal

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.money import amounts
from kpi.schema import Indicator, Project, Quantity, Range


@indicator_rule(
    "FIN001",
    "cost-above-budget",
    severity="error",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range", "compound"),
    where=costs.is_cost,
    thresholds={"tolerance": amounts.TOLERANCE, "multi_year": "2"},
)
def cost_above_budget(
    indicator: Indicator, project: Project, *, tolerance: Decimal, multi_year: Decimal
) -> Fault | None:
    """成本指标的金额高于项目预算。

    ## 检查什么
    成本指标写的是项目花费的总额（不是每人、每件的单价），比表头印出的最大一个预算数（年初、全年、调整后）还高0.5%以上。
    两者都换算成元再比。总投资、造价可能跨年，只在看不出跨年、多渠道筹资，且不超过预算一倍时才提示。

    ## 为什么重要
    成本指标的作用是把支出控制在预算以内，高于预算就起不到控制作用，多半是沿用了别的项目或上年的数字，或者写错了单位。

    ## 反例
    - 项目预算13.53万元，成本指标“控制在预算内”的值是1390000元。

    ## 正例
    - 项目预算13.53万元，成本指标“项目总成本”的值是≤13.53万元。
    - 项目预算30万元，成本指标“培训费标准”的值是≤400元/人·天。

    ## 依据
    财预〔2021〕101号：成本指标值不得突破预算支出标准和预算安排。
    """
    amount = own_amount(indicator, project)
    largest = max(amounts.budgets(project), key=lambda money: money.base_magnitude, default=None)
    if amount is None or largest is None:
        return None
    invested = costs.about(indicator.name).invested
    cost, budget = costs.most(amount), largest.base_magnitude
    if cost <= budget * (1 + tolerance):
        return None
    if invested and (cost > budget * multi_year or getattr(amount, "operator", None) in (">=", ">")):
        return None  # so much more is spent over several years
    whole = costs.is_whole_cost(indicator, project)
    slip = any(amounts.near(cost, budget * factor, tolerance) for factor in _UNITS)
    printed = indicator.value.raw.strip()
    why = "，两处数字相同，单位可能写错" if slip else ""
    return Fault(
        f"成本“{printed}”合{amounts.in_words(cost)}，高于项目预算{amounts.shown(largest)}{why}。",
        f"核对预算和成本，改为不超过预算的数，如“≤{amounts.shown(largest)}”。",
        evidence(指标=indicator.name, 指标值=printed, 项目预算=amounts.shown(largest)),
        "certain" if whole and not slip else "likely",
    )


def own_amount(indicator: Indicator, project: Project) -> Quantity | Range | None:
    """The amount of a row that may not be above the project's budget; ``None`` where the row limits something else."""
    if costs.is_own_cost(indicator):
        meant = costs.in_cost_tier(indicator) or costs.is_whole_cost(indicator, project)
    else:
        meant = costs.in_cost_tier(indicator) and costs.is_year_investment(indicator, project)
    return costs.whole_amount(indicator) if meant else None


# Where the same digits stand in another unit: 元 for 万元, 千元 for 元.
_UNITS = (1_000, 10_000, 100_000_000)
