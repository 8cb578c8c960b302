"""FIN003."""

from collections.abc import Iterator
from itertools import pairwise

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.money import plan_points
from kpi.schema import Extraction, Project


@project_rule("FIN003", "plan-not-cumulative", severity="error", opinion="其他")
def plan_not_cumulative(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """资金支出计划后面的数比前面的小，不是累计数。

    ## 检查什么
    资金支出计划各时点（如3月底、6月底、10月底、12月底）的金额或百分比，后一个时点小于前一个时点。

    ## 为什么重要
    支出计划写的是到该时点为止的累计支出，只会增加，不会减少。变小了，要么填成了各季度当期数，要么写错了数字。

    ## 反例
    - 3月底30%，6月底20%，10月底30%，12月底20%。

    ## 正例
    - 3月底25%，6月底50%，10月底75%，12月底100%。

    ## 依据
    财预〔2015〕88号：绩效目标应当与资金支出计划相匹配；资金支出计划按累计数填列。
    """
    points = plan_points.in_order(project)
    for before, after in pairwise(points):
        one, two = plan_points.number(before), plan_points.number(after)
        if one is not None and two is not None and two < one and (before.share is None) == (after.share is None):
            yield Fault(
                f"资金支出计划{plan_points.shown(after)}，少于{plan_points.shown(before)}，不是累计数。",
                "改填到各时点为止的累计数，12月底应为100%或等于预算。",
                evidence(资金支出计划="，".join(map(plan_points.shown, points))),
            )
            return
