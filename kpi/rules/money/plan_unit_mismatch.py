"""FIN005."""

from collections.abc import Iterator

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.money import amounts, plan_points
from kpi.rules.suggest import BLANK
from kpi.schema import Extraction, Project


@project_rule("FIN005", "plan-unit-mismatch", severity="warning", opinion="其他")
def plan_unit_mismatch(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """资金支出计划表头是“%”，填的却是金额。

    ## 检查什么
    “资金支出计划（%）”一栏填的是金额：最后一个数等于预算，或有的数超过100，或各数离预算比离100更近。

    ## 为什么重要
    按表头读，“12月底 12.4”是只支出12.4%；按金额读，才是全部支出。读表的人和系统都会读错。

    ## 反例
    - 表头为“资金支出计划（%）”，预算12.4万元，12月底填12.4。

    ## 正例
    - 表头为“资金支出计划（%）”，12月底填100。
    - 表头为“资金支出计划（万元）”，预算12.4万元，12月底填12.4。

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确；填报应当与表式规定的计量单位一致。
    """
    points = [point for point in plan_points.in_order(project) if point.amount is not None]
    if not points or any(point.heading_unit != "%" for point in points):
        return
    budget = project.budget.base_magnitude if project.budget else None
    shares = (
        f"{point.period}{amounts.short(100 * point.amount.base_magnitude / budget, 0)}%"
        if budget and point.amount
        else f"{point.period}{BLANK}%"
        for point in points
    )
    last = points[-1]
    yield Fault(
        f"资金支出计划的表头是“%”，填的却是金额（{last.period}填{last.raw.strip()}）。",
        f"换算成累计百分比，如“{'，'.join(shares)}”，或把表头的“%”改为金额单位。",
        evidence(表头单位="%", 资金支出计划="，".join(f"{point.period} {point.raw.strip()}" for point in points)),
    )
