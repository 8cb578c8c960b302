"""STR003."""

from collections.abc import Iterator

from kpi.rules import facts, suggest
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule(
    "STR003", "no-satisfaction-indicator", severity="warning", certainty="judge", opinion="建议增加满意度指标"
)
def no_satisfaction_indicator(project: Project, extraction: Extraction) -> Iterator[Fault]:
    """整张表没有满意度指标。

    ## 检查什么
    表格完整可见，却没有满意度指标，别处也没有问满意度的行。项目名称看得出直接服务公众的（补贴发放、养老、道路、政务服务等）定为“很可能”，其余请人工判断：没有明确服务对象的内部保障项目可以不设。

    ## 为什么重要
    满意度反映服务对象是否认可。直接面向公众的项目缺少它，就少了一个检验效果的角度。

    ## 反例
    - 居家养老服务补贴项目，填到效益指标为止，没有满意度指标。

    ## 正例
    - 社会公众或服务对象满意度指标下填有“老年人满意度≥90%”。
    - 满意度列在效益指标之下的地方表样，视为已设。

    ## 依据
    财预〔2015〕88号：满意度指标属于预期效果的内容，根据实际需要设定；财预〔2021〕101号：满意度指标用于反映服务对象或项目受益人及其他相关群体的认可程度。
    """
    tiers = filing.first_tiers(project)
    if tiers is None or filing.SATISFACTION in tiers or not facts.is_whole(project, extraction):
        return
    if any(facts.is_satisfaction(row) for row in project.indicators):
        return
    public = filing.holds(project.name, "public", "served") and not filing.holds(project.name, "public", "inward")
    yield Fault(
        f"{filing.called(project)}没有设置满意度指标。",
        f"补充服务对象满意度指标，如“服务对象满意度≥{suggest.BLANK}%”，并写明调查方式；确无服务对象的内部保障项目可不设。",
        evidence(
            项目=project.name, 已有一级指标=filing.listed(sorted(tiers)) or "无", 指标行数=str(len(project.indicators))
        ),
        "likely" if public else "judge",
    )
