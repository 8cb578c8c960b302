"""DIR003."""

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.direction import polarity
from kpi.schema import Indicator, Project, Quantity


@indicator_rule(
    "DIR003", "harm-at-least", severity="error", opinion="指标与指标值不匹配", kinds=("quantity", "compound")
)
def harm_at_least(indicator: Indicator, _project: Project) -> Fault | None:
    """投诉、事故、差错一类越少越好的指标用了“≥”或“＞”。

    ## 检查什么
    投诉率、事故数、差错率、故障率、发病率、案件发生数等越少越好的指标，值的符号是“≥”“＞”；
    办结时限、响应时间等越短越好的，值是时长而符号是“≥”“＞”；
    或者“指标方向”一栏写明反向，符号却是“≥”“＞”。
    数量指标里的案件数、违法数可能是工作量，不报。处理、排查、监测这些事的指标（投诉处理率、不良反应报告数、隐患整改率），以及下降率、减少数，不在此列。

    ## 为什么重要
    符号写反，目标就成了“至少出这么多事故”。

    ## 反例
    - 质量指标 | 差错率 | ≥1%
    - 社会效益指标 | 群众投诉次数 | ≥5次
    - 社会效益指标 | 安全生产事故 | ＞0起

    ## 正例
    - 质量指标 | 差错率 | ≤1%
    - 社会效益指标 | 投诉处理率 | ≥95%
    - 社会效益指标 | 交通事故下降率 | ≥5%

    ## 依据
    财预〔2021〕101号：绩效指标值应当合理可行；各地预算管理系统规定正向指标用“≥”“＞”“＝”，反向指标用“≤”“＜”。
    """
    number = polarity.bounded(indicator, ">=", ">")
    if number is None:
        return None
    measured = polarity.of(indicator.name) or _seen_here(indicator, number)
    contrary = (indicator.cells.direction or "").startswith(("反", "负", "逆"))
    if measured == "good" or not (measured == "harm" or contrary) or number.dimension == "money":
        return None
    printed = indicator.value.raw.strip()
    why = "越少越好" if measured else "“指标方向”为反向"
    return Fault(
        f"“{indicator.name or ''}”{why}，值“{printed}”却写成了下限。",
        f"核对后改用“≤”，如“≤{costs.printed(number)}”，或写明要求处理的比率。",
        evidence(指标=indicator.name, 指标值=printed, 指标方向=indicator.cells.direction),
        "certain" if measured else "likely",
    )


def _seen_here(indicator: Indicator, number: Quantity) -> polarity.Polarity | None:
    """Harms that the name shows only together with tier or value."""
    if number.dimension == "duration" and polarity.is_wait(indicator.name):
        return "harm"
    return "harm" if indicator.tier2 != "数量指标" and polarity.is_event(indicator.name) else None
