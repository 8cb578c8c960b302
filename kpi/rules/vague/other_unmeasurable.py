"""VAG009."""

from kpi.rules import facts, suggest
from kpi.rules.base import Fault, indicator_rule
from kpi.rules.vague.wordings import is_season, of_sense, vague
from kpi.schema import Indicator, Project


@indicator_rule(
    "VAG009",
    "other-unmeasurable",
    severity="warning",
    certainty="likely",
    opinion="不够细化量化",
    kinds=("qualitative",),
)
def other_unmeasurable(indicator: Indicator, project: Project) -> Fault | None:
    """指标值没有数量、日期或等级，无法衡量。

    ## 检查什么
    指标值是文字，但不属于其他各条所说的情形；或者只印出等级的阶梯（优良中低差、好/一般/差），没有选定一级。

    ## 为什么重要
    没有可比对的值，自评和评价都只能凭印象。

    ## 反例
    - 已完成
    - 优良中低差

    ## 正例
    - 完成率100%
    - 优（并在依据中写明各等级的标准）

    ## 依据
    财预〔2021〕101号：指标值应当尽量量化；定性的应当可分级、可评判。
    """
    value = of_sense(indicator, "other")
    if value is not None and not is_season(value.raw):
        printed = value.raw.strip()
        message = f"指标值“{printed}”没有数量、日期或等级，无法衡量。"
        return vague(indicator, value, message, f"{suggest.measurable(indicator, project)}。")
    ladder = of_sense(indicator, "graded")
    if ladder is not None and facts.is_bare_ladder(indicator):
        message = f"指标值“{ladder.raw.strip()}”只列出等级，没有选定目标等级。"
        return vague(indicator, ladder, message, "选定一个等级，并写明各等级怎样评判。")
    return None
