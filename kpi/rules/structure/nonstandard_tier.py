"""STR005."""

from collections.abc import Iterator

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR005", "nonstandard-tier", severity="info", opinion="其他")
def nonstandard_tier(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """一级或二级指标的名称不是规范写法。

    ## 检查什么
    一级、二级指标印成“效果指标、项目完成指标、产出目标、社会效果指标”等写法，意思清楚但不是现行规范名称；或用了现行框架没有的“投入、过程”。同一写法在一个项目里只提一次，提在第一次出现的那一行。
    省去“指标”二字、“产出数量”一类评价办法的写法和各种满意度的写法，不提。

    ## 为什么重要
    名称不统一，汇总、对比和系统导入时要人工归并。

    ## 反例
    - 一级指标印为“效果指标”。
    - 一级指标印为“项目完成”。

    ## 正例
    - 一级指标印为“效益指标”。
    - 二级指标印为“社会公众或服务对象满意度指标”。

    ## 依据
    财预〔2015〕88号、财预〔2021〕101号所列一级、二级指标名称。
    """
    seen = set()
    for i, row in enumerate(project.indicators):
        for level, printed, canonical in (("first", row.tier1_text, row.tier1), ("second", row.tier2_text, row.tier2)):
            if not printed or (level, printed) in seen:
                continue
            seen.add((level, printed))
            if printed in filing.words("standard", level) or filing.words("standard", "clear")[0] in printed:
                continue
            foreign = level == "first" and printed in filing.words("standard", "foreign")
            if canonical is None and not foreign:
                continue
            called = "一级指标" if level == "first" else "二级指标"
            right = "改用现行框架的一级指标，投入和过程不作为绩效指标。" if foreign else f"改为“{canonical}”。"
            yield Fault(
                f"{called}“{printed}”不是规范名称。",
                right,
                evidence(**{called: printed}, 规范名称=canonical),
                indicator=i,
            )
