"""FIN004."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.money import amounts, plan_points
from kpi.schema import Extraction, PlanPoint, Project


@project_rule(
    "FIN004",
    "plan-does-not-reach-total",
    severity="warning",
    opinion="其他",
    thresholds={"tolerance": amounts.TOLERANCE},
)
def plan_does_not_reach_total(project: Project, _extraction: Extraction, *, tolerance: Decimal) -> Iterator[Fault]:
    """资金支出计划最后一个数不等于预算，或不是100%。

    ## 检查什么
    资金支出计划最后一个时点：写金额的，与项目预算（或表头的财政资金）相差0.5%以上；写百分比的，不是100%。
    填成各期当期数、加起来正好等于总额而又有减少的，由FIN003提示。

    ## 为什么重要
    项目资金应当在年内支出完毕。最后一个数到不了预算，说明有钱没有安排；超过预算，说明数字有误。

    ## 反例
    - 项目预算328.5万元，12月底累计支出321.5万元。
    - 12月底累计支出90%。

    ## 正例
    - 项目预算328.5万元，12月底累计支出328.5万元。
    - 12月底累计支出100%。

    ## 依据
    财预〔2015〕88号：绩效目标应当与预算确定的资金量相匹配。
    """
    points = plan_points.in_order(project)
    if not points or plan_points.number(_last_printed(project)) is None:
        return
    last, wanted = points[-1], plan_points.whole(project, points)
    reached = plan_points.number(last)
    if reached is None or not wanted or any(amounts.near(reached, one, tolerance) for one in wanted):
        return
    numbers = [number for point in points if (number := plan_points.number(point)) is not None]
    in_sum = any(amounts.near(sum(numbers, Decimal(0)), one, tolerance) for one in wanted)
    if in_sum and any(two < one for one, two in pairwise(numbers)):
        return
    total = "100%" if last.share is not None or project.budget is None else f"项目预算{amounts.shown(project.budget)}"
    printed = max(wanted) if last.share is not None or project.budget is None else project.budget.base_magnitude
    why = "，各期之和正好是总额，可能填成了当期数" if in_sum and len(numbers) > 1 else ""
    yield Fault(
        f"资金支出计划{plan_points.shown(last)}，{'未达到' if reached < printed else '超过了'}{total}{why}。",
        f"核对后使最后一个时点等于{total}。",
        evidence(资金支出计划="，".join(map(plan_points.shown, points)), 应达到=total),
    )


def _last_printed(project: Project) -> PlanPoint:
    return project.spending_plan[-1]
