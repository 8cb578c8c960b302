"""VAL011."""

from functools import cache

from kpi.rules import suggest, words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import printed
from kpi.schema import Indicator, Project, Qualitative, Quantity, Range, YesNo


@indicator_rule("VAL011", "type-contradicts-value", severity="warning", opinion="指标与指标值不匹配")
def type_contradicts_value(indicator: Indicator, project: Project) -> Fault | None:
    """标明的类型（定量、定性）与指标值不符。

    ## 检查什么
    类型栏写“定量”，指标值却是文字或“是/否”；类型栏写“定性”，指标值却是数。日期和“零事故”一类的写法不算不符。

    ## 为什么重要
    类型决定系统怎样计分：定量按数值比，定性按等级评；类型错了，得分就错了。

    ## 反例
    - 类型栏是“定量”，指标值是“有效提升”。
    - 类型栏是“定性”，指标值是“≥95%”。

    ## 正例
    - 类型栏是“定量”，指标值是“≥95%”。
    - 类型栏是“定性”，指标值是“优”。

    ## 依据
    财预〔2021〕101号：定量指标应当有具体数值，定性指标应当可分级、可评判。
    """
    kind = indicator.cells.type
    if not kind:
        return None
    value, shown = indicator.value, printed(indicator)
    if _is(kind, "quantified") and isinstance(value, Qualitative | YesNo):
        message = f"类型是“定量”，指标值“{shown}”却不是数值。"
        do = f"{suggest.measurable(indicator, project)}；确实无法量化的，类型改为“定性”并写明各等级的标准。"
    elif _is(kind, "worded") and isinstance(value, Quantity | Range) and any(c.isdigit() for c in shown):
        message = f"类型是“定性”，指标值“{shown}”却是数值。"
        do = "类型改为“定量”。"
    else:
        return None
    return Fault(message, do, evidence(指标=indicator.name, 类型=kind.strip(), 指标值=shown))


@cache
def _words() -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = words.load("value")["type"]
    return kinds


def _is(kind: str, which: str) -> bool:
    other = "worded" if which == "quantified" else "quantified"
    return any(w in kind for w in _words()[which]) and not any(w in kind for w in _words()[other])
