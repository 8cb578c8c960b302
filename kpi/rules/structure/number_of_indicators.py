"""STR011."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import facts
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule(
    "STR011",
    "too-few-or-too-many-indicators",
    severity="warning",
    opinion="不够完整",
    thresholds={"fewest": "3", "most": "20"},
)
def number_of_indicators(project: Project, extraction: Extraction, fewest: Decimal, most: Decimal) -> Iterator[Fault]:
    """指标太少（不到3条）或太多（超过20条）。

    ## 检查什么
    表格完整可见时，数有名称的指标。总目标与年度目标并列、分地区并列的表，同一列内只数一次。部门整体绩效目标表只看是否太少。3和20都可以配置。

    ## 为什么重要
    太少，说不清做成什么、有什么用；太多，重点不突出，也难以逐条取数。

    ## 反例
    - 一个项目只填了“完成率100%”和“群众满意度≥90%”两行。

    ## 正例
    - 一个项目填了8行指标。

    ## 依据
    财预〔2015〕88号：绩效指标应当全面反映、突出重点；财预〔2021〕101号：指标应当精简实用。条数上下限是默认值，可以调整。
    """
    rows = [(row.horizon, row.place) for row in project.indicators if row.name]
    count = max(Counter(rows).values(), default=0)
    few = count < fewest
    if not few and (count <= most or filing.is_of_department(project)):
        return
    if not count or not facts.is_whole(project, extraction):
        return
    yield Fault(
        f"{filing.called(project)}只有{count}条指标，不到{fewest:f}条。"
        if few
        else f"{filing.called(project)}有{count}条指标，超过{most:f}条。",
        "补充能说明完成数量、质量和效果的指标。" if few else "保留能反映主要产出和效果的指标，合并或删去次要的。",
        evidence(项目=project.name, 指标条数=str(count)),
    )
