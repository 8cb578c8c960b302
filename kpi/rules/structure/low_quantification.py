"""STR014."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import facts
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule(
    "STR014",
    "low-quantification",
    severity="warning",
    opinion="不够细化量化",
    thresholds={"share": "0.5", "fewest": "5"},
)
def low_quantification(project: Project, _extraction: Extraction, share: Decimal, fewest: Decimal) -> Iterator[Fault]:
    """能衡量的指标不到一半。

    ## 检查什么
    至少有5行填了指标值，其中有数量、比率、金额或日期的不到一半。空着的行不计。比例和行数都可以配置。

    ## 为什么重要
    大部分指标只能凭印象评价，整张表起不到约束作用。

    ## 反例
    - 八行指标中五行写“有效推动、按时完成、进一步提高”。

    ## 正例
    - 八行指标中六行有数量、比率、金额或日期，两行为定性的效益。
    - 政策研究项目难以量化的指标，分出等级并写明评判标准。

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化，尽量定量表述；财预〔2021〕101号：指标值应当尽量量化。一半的界限是默认值，可以调整。
    """
    filled = [row for row in project.indicators if not facts.is_empty(row.value)]
    measured = sum(facts.is_measurable(row.value) for row in filled)
    if len(filled) < fewest or measured >= share * len(filled):
        return
    words = [row.raw_value.strip() for row in filled if not facts.is_measurable(row.value)]
    yield Fault(
        f"{filing.called(project)}的{len(filled)}条指标中只有{measured}条可以衡量。",
        "先把数量、质量、时效、成本指标写成数量、比率、日期和金额，再把效益指标写成可衡量的变化；确难量化的，分出等级并写明评判标准。",
        evidence(
            项目=project.name,
            有值的指标=str(len(filled)),
            可衡量的指标=str(measured),
            不可衡量的值=filing.listed(words[:5]),
        ),
    )
