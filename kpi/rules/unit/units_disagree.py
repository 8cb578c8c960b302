"""UNI002."""

import re
from functools import cache

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.unit.common import table
from kpi.rules.value.common import numbers, printed
from kpi.schema import Indicator, Project
from kpi.values import units

_LAST_BRACKET = re.compile(r"[（(]([^（）()]{1,12})[）)]\s*$")


@indicator_rule(
    "UNI002",
    "units-disagree",
    severity="warning",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range", "compound"),
)
def units_disagree(indicator: Indicator, _project: Project) -> Fault | None:
    """名称、单位栏、指标值各写各的单位，互不一致。

    ## 检查什么
    指标值里写了一个单位，计量单位栏或名称括号里又写了另一个（名称“服务时长（小时）”，指标值“30天”；单位栏“元”，指标值“5万元”）。
    “场、次、场次”等说法相近的不提示。

    ## 为什么重要
    系统按单位栏汇总，人按指标值理解，结果可以差一万倍。

    ## 反例
    - 数量指标 | 平均服务时长（小时） | ≥30天
    - 数量指标 | 志愿服务参与（人次） | ≥5场
    - 经济效益指标 | 户均增收（元） | ≥0.5万元

    ## 正例
    - 数量指标 | 平均服务时长（小时） | ≥30小时
    - 数量指标 | 文化活动（场次） | ≥5场
    - 经济效益指标 | 户均增收（元） | ≥5000元

    ## 依据
    财预〔2015〕88号：指标与指标值应当相应匹配、指向明确。
    """
    own = next((number for number in numbers(indicator.value) if "unit_conflict" in number.notes), None)
    if own is None:
        return None
    bracket = _LAST_BRACKET.search((indicator.name or "")[-_NEAR:])
    others = [("计量单位栏", indicator.cells.unit), ("名称", bracket[1] if bracket else None)]
    for where, printed_unit in others:
        written = units.whole(printed_unit[:_NEAR]) if printed_unit else None
        if written is None or printed_unit is None or _alike(own.unit, written.multiplier + written.unit.symbol):
            continue
        if written.per is None and own.per and written.unit.symbol == own.unit:
            continue  # 次 beside 次/年: less is said, nothing else
        return Fault(
            f"指标值“{printed(indicator)}”的单位是“{own.unit}”，{where}写的却是“{printed_unit}”。",
            f"统一单位：三处都写“{own.unit}”，或把指标值换算成“{printed_unit}”。",
            evidence(指标=indicator.name, 指标值=printed(indicator), 单位栏=indicator.cells.unit),
        )
    return None


_NEAR = 64


@cache
def _alike_sets() -> tuple[frozenset[str], ...]:
    """Sets of near synonyms; one that counts any thing is alike to each thing."""
    alike = table("alike")
    pairs = [(anything, thing) for anything in alike["any_thing"] for thing in alike["things"] + alike["any_thing"]]
    return tuple(map(frozenset, [*alike["sets"], *pairs]))


def _alike(one: str | None, other: str) -> bool:
    if one is None or one == other:
        return True
    return any(one in same and other in same for same in _alike_sets())
