"""FIN007."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.money import amounts
from kpi.schema import Extraction

_TOTAL = "项目支出"  # the name that the extraction gives the total, whatever the narrative calls it


@document_rule(
    "FIN007",
    "projects-exceed-total",
    severity="warning",
    opinion="其他",
    certainty="likely",
    thresholds={"tolerance": amounts.TOLERANCE},
)
def projects_exceed_total(extraction: Extraction, *, tolerance: Decimal) -> Iterator[Fault]:
    """各项目预算之和超过了说明文字里的项目支出。

    ## 检查什么
    文件里各项目绩效目标表的预算加起来（同名同额的只算一次，自评表不算），比说明文字里最大的“项目支出”还多0.5%以上。

    ## 为什么重要
    绩效目标表与预算公开的数字应当出自同一套预算。项目合计大于项目支出，说明有的表没有随预算调整，或者重复申报。

    ## 反例
    - 说明文字写项目支出434万元，各表预算合计560万元。

    ## 正例
    - 说明文字写项目支出434万元，各表预算合计434万元。
    - 说明文字写项目支出434万元，只附了两个项目的表，合计200万元。

    ## 依据
    预算法：绩效目标与预算同步编制、同步公开；财预〔2015〕88号：绩效目标应当与预算相匹配。
    """
    totals = [figure.money for figure in extraction.figures if figure.what == _TOTAL]
    if not totals:
        return
    budgets = {
        (project.code, project.name, project.budget.base_magnitude)
        for project in extraction.projects
        if project.budget is not None and not project.self_evaluation and project.budget != project.whole_budget
    }
    summed = sum((budget for *_, budget in budgets), Decimal(0))
    total = max(totals, key=lambda money: money.base_magnitude)
    if len(budgets) < 2 or summed <= total.base_magnitude * (1 + tolerance):
        return
    yield Fault(
        f"{len(budgets)}个项目的预算合计{amounts.in_words(summed)}，超过说明文字里的项目支出{amounts.shown(total)}。",
        "核对各项目的预算和项目支出总额，使两者一致。",
        evidence(项目预算合计=amounts.in_words(summed), 项目支出=amounts.shown(total)),
    )
