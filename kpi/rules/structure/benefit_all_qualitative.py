"""STR015."""

from collections.abc import Iterator

from kpi.rules import facts
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR015", "benefit-all-qualitative", severity="warning", opinion="不够细化量化")
def benefit_all_qualitative(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """效益指标没有一条可以衡量。

    ## 检查什么
    至少有两条效益指标填了值，全部是文字或“是/否”，没有数量、比率、金额或日期。列在效益下的满意度不计。

    ## 为什么重要
    效益是安排资金的理由。全是“进一步提高、效果明显”，项目有没有用就无从考核。

    ## 反例
    - 社会效益指标“提高工作效率 是/否”，可持续影响指标“长期使用性 是/否”。

    ## 正例
    - 社会效益指标“新增就业人数 ≥200人”，可持续影响指标“长效管护机制 健全”。

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：效益指标应当尽量量化，难以量化的应当可分级、可评判。
    """
    rows = [project.indicators[i] for i in filing.rows_of(project, filing.BENEFIT)]
    rows = [row for row in rows if not facts.is_empty(row.value) and not facts.is_satisfaction(row)]
    if len(rows) < 2 or any(facts.is_measurable(row.value) for row in rows):
        return
    values = filing.listed([row.raw_value.strip() for row in rows])
    yield Fault(
        f"{filing.called(project)}的{len(rows)}条效益指标没有一条可以衡量。",
        "至少把一条效益写成可衡量的变化，写明基数和幅度，如受益人数、下降或提高的百分点；确难量化的，分出等级并写明评判标准。",
        evidence(项目=project.name, 效益指标条数=str(len(rows)), 指标值=values),
    )
