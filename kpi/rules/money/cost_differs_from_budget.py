"""FIN002."""

from decimal import Decimal

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.money import amounts
from kpi.rules.once import once
from kpi.schema import Indicator, Project, Quantity


@indicator_rule(
    "FIN002",
    "cost-differs-from-budget",
    severity="info",
    opinion="指标与指标值不匹配",
    certainty="likely",
    kinds=("quantity", "range", "compound"),
    where=costs.is_own_cost,
    thresholds={"tolerance": amounts.TOLERANCE},
)
def cost_differs_from_budget(indicator: Indicator, project: Project, *, tolerance: Decimal) -> Fault | None:
    """项目总成本与预算不一致。

    ## 检查什么
    成本指标说的是整个项目的花费（总成本、控制在预算内），而金额低于预算0.5%以上，也不等于表头的财政资金等其他数。
    几条成本之和等于预算的，括号或描述说明只是其中一部分的（项目成本（二期）、设备购置费），另有一条成本不比它少的，不提示。高于预算的由FIN001提示。

    ## 为什么重要
    总成本的上限一般就是预算。两者不一致，要么预算有富余，要么其中一个数没有随预算调整。

    ## 反例
    - 项目预算328.5万元，成本指标“资金成本”的值是≤321.5万元。

    ## 正例
    - 项目预算328.5万元，成本指标“资金成本”的值是≤328.5万元。
    - 项目预算50万元，其中设备购置费用≤30万元。

    ## 依据
    财预〔2021〕101号：成本指标应当与预算安排相匹配。
    """
    if project.budget is None or not _is_whole(indicator, project):
        return None
    amount = costs.whole_amount(indicator)
    if amount is None or (isinstance(amount, Quantity) and amount.operator in (">=", ">")):
        return None
    cost, budgets = costs.most(amount), [money.base_magnitude for money in amounts.budgets(project)]
    known = [*budgets, *(money.base_magnitude for money in amounts.parts(project))]
    if cost <= 0 or not budgets or cost > max(budgets) or any(amounts.near(cost, one, tolerance) for one in known):
        return None
    if any(amounts.near(_all_costs(project), budget, tolerance) for budget in budgets):
        return None
    printed, budget = indicator.value.raw.strip(), amounts.shown(project.budget)
    return Fault(
        f"总成本“{printed}”与项目预算{budget}不一致。",
        f"核对后改为与预算一致，如“≤{budget}”；确有节约的，在依据中说明。",
        evidence(指标=indicator.name, 指标值=printed, 项目预算=budget),
    )


def _is_whole(indicator: Indicator, project: Project) -> bool:
    """Whether a row is about all that the project costs: no part is named, and no other cost is as much."""
    own = _own_costs(project)
    if costs.is_whole_cost(indicator, project):
        return not _is_outdone(indicator, own)
    return len(own) == 1 and costs.says_total(indicator, project)


@once
def _own_costs(project: Project) -> list[Indicator]:
    return [row for row in project.indicators if costs.is_own_cost(row)]


def _is_outdone(indicator: Indicator, own: list[Indicator]) -> bool:
    """Whether another cost of the project is as much, so that this one is a part as well."""
    amount = costs.whole_amount(indicator)
    others = (costs.whole_amount(row) for row in own if row is not indicator)
    return amount is not None and any(other and costs.most(other) >= costs.most(amount) for other in others)


def _all_costs(project: Project) -> Decimal:
    """The sum of the project's costs that are no prices."""
    found = (costs.whole_amount(row) for row in _own_costs(project))
    return sum((costs.most(amount) for amount in found if amount is not None), Decimal(0))
