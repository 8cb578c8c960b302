"""VAG007."""

from kpi.rules import suggest
from kpi.rules.base import Fault, indicator_rule
from kpi.rules.vague.wordings import plainer, vague
from kpi.schema import Indicator, Project, Qualitative
from kpi.values.wording import restates


@indicator_rule("VAG007", "restates-indicator", severity="warning", opinion="不够细化量化", kinds=("qualitative",))
def restates_indicator(indicator: Indicator, project: Project) -> Fault | None:
    """指标值把指标名称又说了一遍，等于没有值。

    ## 检查什么
    去掉“率、情况、程度”等字后，指标值与指标名称（或指标描述）互相包含三个字以上，或只差一个词。
    指标值本身说的是“按时”“达到合格标准”“稳步提高”一类的，即使名称里有同样的字，也按VAG002至VAG006提示，不算重复。

    ## 为什么重要
    名称说的是衡量什么，值说的是要达到多少；两者相同，就没有目标。

    ## 反例
    - 丰富群众精神生活 | 丰富群众精神生活
    - 控制在预算成本内 | 控制在预算内

    ## 正例
    - 开展群众文化活动次数 | ≥12次
    - 信息公开时间 | 每月10日前

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确、细化量化。
    """
    value = indicator.value
    if not isinstance(value, Qualitative) or value.sense in ("graded", "standard"):
        return None
    printed = value.raw.strip()
    repeated = None
    if value.sense == "restatement":
        repeated = None if indicator.name and plainer(value.raw, indicator.name) else "名称"
    elif indicator.description and restates(printed, indicator.description):
        repeated = None if plainer(value.raw, indicator.description) else "描述"
    if repeated is None:
        return None
    return vague(
        indicator,
        value,
        f"指标值“{printed}”只是重复了指标{repeated}。",
        f"{suggest.measurable(indicator, project)}。",
    )
