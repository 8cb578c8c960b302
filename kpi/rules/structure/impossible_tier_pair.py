"""STR006."""

from collections.abc import Iterator

from kpi.rules import facts
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR006", "impossible-tier-pair", severity="error", opinion="二级指标类型错误")
def impossible_tier_pair(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """二级指标不属于它上面的一级指标。

    ## 检查什么
    一级指标与二级指标的搭配，如产出指标下出现经济效益指标、效益指标下出现数量指标。连着几行同样搭配的，只在第一行提一次。
    满意度列在效益指标下的地方表样不提；整张表只有一个一级指标、末尾几行分属其他几类的，是一级指标没有印出，不提。

    ## 为什么重要
    层级错了，权重、得分和汇总都会归到错误的类别。

    ## 反例
    - 产出指标下列“经济效益指标”。
    - 满意度指标下列“社会效益指标”。

    ## 正例
    - 效益指标下列“经济效益指标”。
    - 效益指标下列“服务对象满意度指标”（地方表样）。

    ## 依据
    财预〔2015〕88号、财预〔2021〕101号：各一级指标所含二级指标。
    """
    if filing.has_lost_tiers(project):
        return
    before = None
    for i, row in enumerate(project.indicators):
        pair = (row.tier1, row.tier2)
        if row.tier1 and row.tier2 and pair != before and row.tier2 not in filing.words("pairs", row.tier1):
            fitting = "或".join(filing.words("pairs", row.tier1)[:4])
            yield Fault(
                f"{row.tier1}下不应有{row.tier2}。",
                f"把这一行归入{facts.first_tier_of(row.tier2)}；内容确属{row.tier1}的，二级指标改为{fitting}。",
                evidence(指标=row.name, 一级指标=row.tier1_text or row.tier1, 二级指标=row.tier2_text or row.tier2),
                indicator=i,
            )
        before = pair
