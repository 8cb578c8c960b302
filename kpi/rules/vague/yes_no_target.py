"""VAG001."""

from kpi.rules import facts, suggest
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, YesNo


@indicator_rule("VAG001", "yes-no-target", severity="warning", opinion="不够细化量化", kinds=("yes_no",))
def yes_no_target(indicator: Indicator, project: Project) -> Fault | None:
    """指标值只写“是/否”，看不出要做到什么程度。

    ## 检查什么
    指标值是“是”“否”或“是/否”，而指标问的不是一件可以用“是”或“否”回答的事（如是否通过验收、手续是否完备）。
    “是”和“否”同时印出、没有选定的，一律提示；时效、成本、数量、满意度指标下单写“是”的，因为本可写日期或数量，也提示。

    ## 为什么重要
    自评时无论做成什么样都能答“是”，这样的目标不能用来考核，也看不出与资金量是否匹配。

    ## 反例
    - 社会效益指标 | 业务保障能力 | 是/否
    - 时效指标 | 按时完成 | 是

    ## 正例
    - 社会效益指标 | 业务保障事项办结率 | ≥95%
    - 时效指标 | 完成时间 | 2025年11月30日前
    - 质量指标 | 工程是否通过竣工验收 | 是

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化。
    """
    value = indicator.value
    if not isinstance(value, YesNo) or (value.answer is not None and facts.is_checkable_act(indicator)):
        return None
    printed = value.raw.strip()
    message = (
        f"指标值“{printed}”两个答案都印着，没有说明要达到什么。"
        if value.answer is None
        else f"指标值只写“{printed}”，没有说明要做到什么程度。"
    )
    return Fault(message, f"{suggest.measurable(indicator, project)}。", evidence(指标=indicator.name, 指标值=printed))
