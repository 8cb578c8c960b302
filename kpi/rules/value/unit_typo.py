"""VAL003."""

import re
from functools import cache

from kpi.rules import words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import numbers, printed
from kpi.schema import Indicator, Project, Quantity


@indicator_rule("VAL003", "unit-typo", severity="warning", certainty="likely", opinion="其他")
def unit_typo(indicator: Indicator, _project: Project) -> Fault | None:
    """计量单位写错了字。

    ## 检查什么
    数字后面的字不是计量单位，而是某个单位的明显笔误，如“1各”应为“1个”，“万圆”应为“万元”；计量单位栏里的笔误也一样。

    ## 为什么重要
    错字会原样公开；系统汇总时也认不出单位。

    ## 反例
    - 1各
    - 成本指标 | 设备购置费 | ≤30万圆

    ## 正例
    - 1个

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确。
    """
    for value in numbers(indicator.value):
        shown = printed(indicator)
        if "unit_typo" in value.notes or _pattern().search(shown):
            per = f"/{value.per}" if value.per else ""
            amount = f"{value.magnitude:f}" if isinstance(value, Quantity) else ""
            return Fault(
                f"指标值“{shown}”的计量单位疑为“{value.unit}”的笔误。",
                f"改为“{amount}{value.unit}{per}”。",
                evidence(指标=indicator.name, 指标值=shown, 应为=value.unit),
            )
    return None


@cache
def _pattern() -> re.Pattern[str]:
    """A number with a character behind it that is read as the unit, but is not how it is written: 30万圆."""
    units = words.any_of(words.load("value")["variant"]["units"])
    return re.compile(rf"[\d万亿千百]\s?(?:{units})(?:$|[^\u4e00-\u9fff]|以)")
