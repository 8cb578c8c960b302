"""SAT002."""

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.satisfaction import wordings
from kpi.schema import Indicator, Project


@indicator_rule(
    "SAT002",
    "no-survey-basis",
    severity="info",
    opinion="不够完整",
    kinds=("quantity", "range", "compound"),
    where=wordings.asks_satisfaction,
)
def no_survey_basis(indicator: Indicator, _project: Project) -> Fault | None:
    """满意度没有写明怎样调查得来。

    ## 检查什么
    表样有依据一栏且填了内容，但依据、描述、解释和评分标准都没有提到调查、问卷、测评、回访一类的取数方式，如只抄文件文号、补助标准，或重复“群众满意度”。
    依据栏没有填的由STR012提出；只选了“计划标准、行业标准”一类类别的、填的是评分办法的，不提。

    ## 为什么重要
    满意度只能通过调查得到。不写明对象和方式，年末就拿不出数，只能估计。

    ## 反例
    - 群众满意度≥90%，依据写“某财社〔2024〕12号”。
    - 服务对象满意度≥95%，依据写“服务对象是否满意”。

    ## 正例
    - 群众满意度≥90%，依据写“问卷调查，样本不少于100份”。
    - 表样没有依据一栏。

    ## 依据
    财预〔2021〕101号：绩效指标应当明确数据来源和取数方式，满意度一般通过问卷调查等方式取得。
    """
    basis = (indicator.basis or "").strip()
    if not basis or not _is_basis(basis):
        return None
    told = (basis, indicator.description, indicator.explanation, indicator.score_rule, indicator.name)
    if any(word in text for text in told if text for word in wordings.words("basis", "survey")):
        return None
    return Fault(
        f"满意度的依据“{basis[:30]}{'……' if len(basis) > 30 else ''}”没有说明怎样调查。",
        "写明调查对象、方式和样本量，如“向服务对象发放问卷__份”。",
        evidence(指标=indicator.name, 指标值=indicator.raw_value.strip() or None, 依据=basis[:200]),
    )


def _is_basis(text: str) -> bool:
    """Whether a text of the column can be told to be a basis: no kind of standard, no way of giving points."""
    if text in wordings.words("basis", "kinds") or text.startswith(wordings.words("basis", "showing")):
        return False
    return len(text) > 1 and not any(word in text for word in wordings.words("basis", "other"))
