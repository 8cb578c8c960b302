"""STR004."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import facts, names
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR004", "missing-second-tier", severity="warning", opinion="不够完整", thresholds={"fewest": "3"})
def missing_second_tier(project: Project, extraction: Extraction, fewest: Decimal) -> Iterator[Fault]:
    """产出指标缺少应有的二级指标。

    ## 检查什么
    表格完整可见，产出指标中缺少数量、质量、时效、成本指标中的某几类。已把成本列为一级指标的新框架，只要求数量和质量。每个项目只提一次，列出全部所缺。
    内容已有、只是归错类的，由STR007提出；指标总共不到3条的，由STR011提出。

    ## 为什么重要
    做多少、做得怎样、何时做完、花多少钱，缺了哪一面，哪一面就无法考核。

    ## 反例
    - 产出指标下只有时效指标和质量指标，没有数量指标和成本指标。

    ## 正例
    - 产出指标下数量、质量、时效、成本指标各有一行。
    - 成本指标单列为一级指标，产出指标下有数量和质量指标。

    ## 依据
    财预〔2015〕88号：产出指标包括数量、质量、时效、成本指标；财预〔2021〕101号：成本指标单列，产出指标包括数量、质量、时效指标。
    """
    outputs = [project.indicators[i] for i in filing.rows_of(project, filing.OUTPUT)]
    if not outputs or len(project.indicators) < fewest or not all(row.tier2 for row in outputs):
        return
    if filing.first_tiers(project) is None or not facts.is_whole(project, extraction):
        return
    there = {row.tier2 for row in project.indicators} | {names.about(row.name).second_tier for row in outputs}
    new = project.framework == "new"
    missing = [tier for tier in filing.words("expected", "new" if new else "old") if tier not in there]
    if missing:
        printed = filing.listed([row.tier2 or "" for row in outputs])
        yield Fault(
            f"{filing.called(project)}的产出指标缺少{filing.listed(missing)}。",
            f"补充{filing.listed(missing)}；确不适用的，在申报说明中写明理由。",
            evidence(项目=project.name, 已有二级指标=printed, 缺少=filing.listed(missing)),
        )
