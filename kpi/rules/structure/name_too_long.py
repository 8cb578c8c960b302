"""STR016."""

from decimal import Decimal

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project

_SHOWN = 20  # characters of the name in the message


@indicator_rule("STR016", "name-too-long", severity="info", opinion="其他", thresholds={"most": "40"})
def name_too_long(indicator: Indicator, _project: Project, most: Decimal) -> Fault | None:
    """指标名称太长。

    ## 检查什么
    三级指标名称超过40个字（可以配置）。

    ## 为什么重要
    名称应当说明衡量什么。把工作内容、要求和目标都写进名称，看的人找不到要考核的那一件事。

    ## 反例
    - 数量指标 | 按照上级要求组织各社区网格员开展安全生产、消防、防汛、防灾减灾等方面的入户宣传和隐患排查活动 | ≥12次

    ## 正例
    - 数量指标 | 入户宣传和隐患排查次数 | ≥12次

    ## 依据
    财预〔2015〕88号：绩效指标应当指向明确、简洁；财预〔2021〕101号：指标名称应当清晰、简练。字数是默认值，可以调整。
    """
    name = (indicator.name or "").strip()
    if len(name) <= most:
        return None
    return Fault(
        f"指标名称“{name[:_SHOWN]}……”有{len(name)}个字，超过{most:f}个字。",
        "名称只写要衡量的一件事，工作内容和要求写到指标描述或依据中。",
        evidence(指标=name[:200], 字数=str(len(name))),
    )
