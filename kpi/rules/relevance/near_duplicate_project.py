"""REL005."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.relevance import rows
from kpi.schema import Extraction


@document_rule(
    "REL005",
    "near-duplicate-project",
    severity="info",
    opinion="其他",
    certainty="likely",
    thresholds={"share_of_rows": "0.8"},
)
def near_duplicate_project(extraction: Extraction, share_of_rows: Decimal) -> Iterator[Fault]:
    """两个项目的指标几乎完全相同，可能是重复申报或应当合并。

    ## 检查什么
    同一文档中两个项目有八成以上的指标名称和值相同（金额不计），每个项目至少三行。
    名称没有共同主题、由 REL004 报过的一对不再报；同一项目的目标表与自评表不比较。

    ## 为什么重要
    指标相同的两个项目，要么是一件事拆成两笔申报，要么没有按各自的任务设指标。

    ## 反例
    - “社区工作经费”和“社区工作经费（二）”七行指标中六行相同。

    ## 正例
    - 同类的两个项目各有自己的数量、时限和受益对象。

    ## 依据
    财预〔2015〕88号：绩效目标应当与项目的内容、预算相应匹配。
    """
    for number, common in rows.compared(extraction):
        project = extraction.projects[number]
        for each in common:
            other = extraction.projects[each.other]
            copied = not each.related and len(each.telling) >= rows.LEAST
            most = max(len(project.indicators), len(other.indicators))
            if copied or len(each.rows) < share_of_rows * most:
                continue
            yield Fault(
                f"{most}行指标中有{len(each.rows)}行与“{other.name}”相同，两个项目几乎重复。",
                "说明两个项目的分工，各写各的数量和对象；确为同一件事的，合并为一个项目。",
                evidence(项目=project.name, 相近的项目=other.name, 相同行数=f"{len(each.rows)}行，共{most}行"),
                project=number,
            )
            break
