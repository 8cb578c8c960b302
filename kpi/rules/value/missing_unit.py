"""VAL002."""

import re
from functools import lru_cache

from kpi.rules import facts, suggest, words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.names import about
from kpi.rules.value.common import asked, printed
from kpi.schema import Indicator, Project, Quantity, Range, Value
from kpi.values import find_values, units

_NO_UNIT = frozenset({"", "/", "-", "—", "——", "无", "比例"})
_BRACKET = re.compile(r"[（(]([^（）()]{1,12})[）)]")


@indicator_rule("VAL002", "missing-unit", severity="warning", opinion="不够细化量化", kinds=("quantity", "range"))
def missing_unit(indicator: Indicator, _project: Project) -> Fault | None:
    """指标值只有数，看不出计量单位。

    ## 检查什么
    指标值是一个数，数的后面、计量单位栏和名称的括号里都没有单位，名称末尾也不是“批次、学时、份数”一类本身就是单位的词。
    比率没有“%”的也属于这种情况。“人数、户数、数量”不算写明了单位；零、指数、排名、得分不需要单位。

    ## 为什么重要
    同样是“550”，可以是550台，也可以是550平方米；单位不明，完成与否无从核对。

    ## 反例
    - 数量指标 | 设备购置及安装 | 550
    - 数量指标 | 培训人数 | ≥200
    - 质量指标 | 验收合格率 | ≥95

    ## 正例
    - 数量指标 | 设备购置及安装 | 550台
    - 数量指标 | 印刷宣传资料份数 | ≥5000
    - 时效指标 | 任务完成时限（月） | 10
    - 质量指标 | 空气质量综合指数 | ≤4.5

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化。
    """
    value = indicator.value
    if not isinstance(value, Quantity | Range) or value.dimension != "number" or value.unit or value.per:
        return None
    if (indicator.cells.unit or "").strip() not in _NO_UNIT:
        return None  # a unit is printed, though none that we know
    if (
        indicator.meant is not None
        or "not_understood" in value.notes
        or (isinstance(value, Quantity) and not value.magnitude)
    ):
        return None
    behind = value.raw[value.span[1] :].strip(" 。.，,；;、")
    if behind and not behind.startswith(tuple(words.load("value")["bounds"]["after"])):
        return None  # a word that may well be a unit, though none that we know
    wanted = asked(indicator)
    if wanted.supplies or _named(indicator, value):
        return None
    shown = printed(indicator)
    unit = (
        "%" if wanted.dimension == "ratio" else facts.unit_wanted(indicator) or next(iter(sorted(wanted.units)), None)
    )
    return Fault(
        f"指标值“{shown}”没有计量单位。",
        f"补上计量单位，如“{shown.strip()}{unit}”。"
        if unit
        else f"补上计量单位，写成“{shown.strip()}{suggest.BLANK}”。",
        evidence(指标=indicator.name, 指标值=shown, 单位栏=indicator.cells.unit),
    )


def _named(indicator: Indicator, value: Value) -> bool:
    """Whether name or description says the unit: in brackets anywhere, or behind the same number."""
    texts = [text for text in (indicator.name, indicator.description) if text]
    if any(_units_in(text) or about(text).supplies for text in texts):
        return True
    magnitude = value.magnitude if isinstance(value, Quantity) else None
    return magnitude is not None and any(magnitude in _numbers_in(text) for text in texts)


@lru_cache(maxsize=10_000)
def _units_in(text: str) -> bool:
    return any(units.whole(inner) is not None for inner in _BRACKET.findall(text[:_MOST_CHARS]))


@lru_cache(maxsize=10_000)
def _numbers_in(text: str) -> frozenset[object]:
    """The numbers with a unit that stand in a name: 变压器3台."""
    if not any(character.isdigit() for character in text):
        return frozenset()
    found = find_values(text[:_MOST_CHARS])
    return frozenset(v.magnitude for v in found if isinstance(v, Quantity) and v.unit is not None)


_MOST_CHARS = 200
