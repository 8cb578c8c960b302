"""REL004."""

from collections.abc import Iterator

from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.relevance import rows
from kpi.schema import Extraction

_SHOWN = 3


@document_rule("REL004", "copied-indicator-set", severity="warning", opinion="与项目相关性不够", certainty="likely")
def copied_indicator_set(extraction: Extraction) -> Iterator[Fault]:
    """主题不同的项目用了同一组指标，指标是照搬的。

    ## 检查什么
    同一文档中，两个项目名称没有共同主题，却有三行以上指标的名称和值都相同（金额不计）。
    满意度、成本控制率等各表都有的行不算；同一项目的目标表与自评表不比较。每个涉及的项目报一次。

    ## 为什么重要
    车辆保险和退休补贴的产出不会一样；换了项目名称、指标原样不动，说明指标没有结合项目内容设定。

    ## 反例
    - “车辆保险费”和“居委会主任退休补贴”都设完成率、优良率、长期使用性，值都是≥95%。

    ## 正例
    - “社区工作经费（一期）”和“社区工作经费（二期）”主题相同，指标可以相同。

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确、与项目内容相应匹配。
    """
    for number, common in rows.compared(extraction):
        copied = [each for each in common if not each.related and len(each.telling) >= rows.LEAST]
        if not copied:
            continue
        most = max(copied, key=lambda each: len(each.telling))
        project, other = extraction.projects[number], extraction.projects[most.other]
        names = [row.name for row in project.indicators if rows.key(row) in most.telling]
        listed = "、".join(list(dict.fromkeys(name for name in names if name))[:_SHOWN])
        among = "等项目" if len(copied) > 1 else ""
        yield Fault(
            f"与“{other.name}”{among}主题不同，却有{len(most.telling)}行指标的名称和值相同（{listed}）。",
            f"按“{project.name}”自身的任务重设这几行指标，写明本项目做什么、做多少、做到什么标准。",
            evidence(项目=project.name, 相同的项目=other.name, 相同的指标="、".join(filter(None, names))),
            project=number,
        )
