"""DIR002."""

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.direction import polarity
from kpi.schema import Indicator, Project

# Of time and money a ceiling is what one wants, whatever the column of the direction says.
_LESS_IS_USUAL = ("duration", "money")


@indicator_rule(
    "DIR002", "benefit-at-most", severity="warning", opinion="指标与指标值不匹配", kinds=("quantity", "compound")
)
def benefit_at_most(indicator: Indicator, _project: Project) -> Fault | None:
    """越高越好的指标用了“≤”或“＜”，做得差反而算完成。

    ## 检查什么
    满意度、覆盖率、合格率、及时率、受益人数、收入等越高越好的指标，值的符号是“≤”“＜”；
    或者“指标方向”一栏写明正向，符号却是“≤”“＜”（成本、时限除外）。
    名称说的是投诉、事故等越低越好的事的，不在此列；最高只能是100%的比率写成“≤100%”的，由VAL006提示；投诉下降率这样“降得越多越好”的，在此列。

    ## 为什么重要
    符号写反，目标就成了上限：满意度只有10%也符合“≤90%”，考核不出好坏。

    ## 反例
    - 服务对象满意度指标 | 群众满意度 | ≤90%
    - 质量指标 | 工程验收合格率 | ＜95%
    - 社会效益指标 | 受益人数 | 不超过500人

    ## 正例
    - 服务对象满意度指标 | 群众满意度 | ≥90%
    - 质量指标 | 设备故障率 | ≤2%
    - 质量指标 | 住院患者抗菌药物使用率 | ≤60%

    ## 依据
    财预〔2021〕101号：绩效指标值应当合理可行；各地预算管理系统规定正向指标用“≥”“＞”“＝”，反向指标用“≤”“＜”。
    """
    number = polarity.bounded(indicator, "<=", "<")
    if number is None:
        return None
    measured = polarity.of(indicator.name)
    column = indicator.cells.direction or ""
    if measured is None and column.startswith("正"):
        usual = number.dimension in _LESS_IS_USUAL or indicator.tier2 == "时效指标"
        if usual or costs.in_cost_tier(indicator):
            return None
    elif measured != "good" or (number.dimension == "money" and indicator.tier1 != "效益指标"):
        return None
    printed = indicator.value.raw.strip()
    why = "“指标方向”为正向" if measured is None else "越高越好"
    return Fault(
        f"“{indicator.name or ''}”{why}，值“{printed}”却写成了上限。",
        f"核对后改用“≥”，如“≥{costs.printed(number)}”。",
        evidence(指标=indicator.name, 指标值=printed, 指标方向=indicator.cells.direction),
        "certain" if measured else "likely",
    )
