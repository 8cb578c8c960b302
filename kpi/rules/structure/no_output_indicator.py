"""STR001."""

from collections.abc import Iterator

from kpi.rules import facts, suggest
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR001", "no-output-indicator", severity="error", opinion="建议增加产出指标")
def no_output_indicator(project: Project, extraction: Extraction) -> Iterator[Fault]:
    """整张表没有产出指标。

    ## 检查什么
    表格完整可见（表头和表尾都在，或权重合计达到80、90、100），却没有一行产出指标。只看到半张表、或有的行看不出属于哪一级指标时不判。

    ## 为什么重要
    产出指标说明钱花出去做成了什么。没有产出，成本和效益都无从对照，绩效目标不完整。

    ## 反例
    - 一个项目只填了社会效益指标和满意度指标两类。

    ## 正例
    - 产出指标下填有“培训场次≥12场”等行。

    ## 依据
    财预〔2015〕88号：绩效指标包括产出指标、效益指标和满意度指标，审核内容含完整性；财预〔2021〕101号：产出指标为必设的一级指标。
    """
    tiers = filing.first_tiers(project)
    if tiers is None or filing.OUTPUT in tiers or not facts.is_whole(project, extraction):
        return
    yield Fault(
        f"{filing.called(project)}没有设置产出指标。",
        f"补充产出指标，写明完成的数量、质量和时间，如“完成数量≥{suggest.BLANK}个”“验收合格率≥{suggest.BLANK}%”“{suggest.deadline(project)}完成”。",
        evidence(
            项目=project.name, 已有一级指标=filing.listed(sorted(tiers)) or "无", 指标行数=str(len(project.indicators))
        ),
    )
