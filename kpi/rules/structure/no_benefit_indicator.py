"""STR002."""

from collections.abc import Iterator

from kpi.rules import facts, suggest
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR002", "no-benefit-indicator", severity="error", opinion="建议增加效益指标")
def no_benefit_indicator(project: Project, extraction: Extraction) -> Iterator[Fault]:
    """整张表没有效益指标。

    ## 检查什么
    表格完整可见（表头和表尾都在，或权重合计达到80、90、100），却没有一行效益（效果）指标。只看到半张表、或有的行看不出属于哪一级指标时不判。

    ## 为什么重要
    效益指标说明项目带来了什么变化，是安排资金的理由。只有产出，看不出事情做完以后有什么用。

    ## 反例
    - 一个项目填了数量、质量、时效、成本指标和满意度指标，没有效益指标。

    ## 正例
    - 效益指标下填有“新增就业人数≥200人”等行。

    ## 依据
    财预〔2015〕88号：绩效指标包括产出指标、效益指标和满意度指标，审核内容含完整性；财预〔2021〕101号：效益指标为必设的一级指标。
    """
    tiers = filing.first_tiers(project)
    if tiers is None or filing.BENEFIT in tiers or not facts.is_whole(project, extraction):
        return
    yield Fault(
        f"{filing.called(project)}没有设置效益指标。",
        f"按项目特点补充经济、社会或生态效益指标，写明可衡量的变化，如“受益人数≥{suggest.BLANK}人”“较上年提高≥{suggest.BLANK}个百分点”。",
        evidence(
            项目=project.name, 已有一级指标=filing.listed(sorted(tiers)) or "无", 指标行数=str(len(project.indicators))
        ),
    )
