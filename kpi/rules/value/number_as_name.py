"""VAL008."""

import re
from functools import lru_cache

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import printed, short
from kpi.schema import DateValue, Indicator, Project, Quantity, Range
from kpi.values import parse_value

# Cheap: a name that could be a number begins with a sign, a digit or a Chinese numeral.
_BEGINS = re.compile(r"[\s≥≤≧≦><＞＜=＝+\-—.第约不]{0,6}[\d０-９一二三四五六七八九十百千万零〇两半]")
_FIGURES = re.compile(r"[\s\d０-９.,，．%％‰≥≤≧≦><＞＜=＝~～/:：()（）\-—]{1,30}")
_LONGEST = 24


# What a number and a date are written with; behind it no unit is longer.
_NUMERALS = re.compile(
    r"[\d.,，%％‰年月日号旬季度前后底末第至到约\-—~～以上下内零〇一二三四五六七八九十百千万亿两半≥≤＞＜><=＝\s]+"
)
_LONGEST_UNIT = 4


@indicator_rule("VAL008", "number-as-name", severity="error", opinion="不够完整")
def number_as_name(indicator: Indicator, _project: Project) -> Fault | None:
    """指标名称是一个数，没有说明衡量什么。

    ## 检查什么
    指标名称一栏只有数、比率、金额或日期（如“30人”“≥95%”“2025年12月”），没有说明衡量的是什么。

    ## 为什么重要
    多半是指标值填错了栏，或者复制时错了列；不知道衡量什么，就无法考核。

    ## 反例
    - 数量指标 | 30人 | 30人
    - 质量指标 | ≥95% | 100%
    - 数量指标 | 1200 | 1200个

    ## 正例
    - 数量指标 | 培训人数 | 30人
    - 质量指标 | 12345热线办结率 | ≥95%
    - 数量指标 | 5G基站数量 | ≥20个

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确。
    """
    name = indicator.name or ""
    if not _is_number(name):
        return None
    return Fault(
        f"指标名称“{short(name)}”只是一个数，没有说明衡量什么。",
        "在名称栏写出衡量的内容（如“__数量”“__率”），把数值写在指标值栏。",
        evidence(指标名称=short(name), 指标值=printed(indicator)),
    )


@lru_cache(maxsize=50_000)
def _is_number(name: str) -> bool:
    text = name.strip()
    if not text or len(text) > _LONGEST or not _BEGINS.match(text):
        return False
    if _FIGURES.fullmatch(text):
        return any(character.isdigit() for character in text)
    if len(_NUMERALS.sub("", text)) > _LONGEST_UNIT:
        return False
    value = parse_value(text)
    if not isinstance(value, Quantity | Range | DateValue) or "not_understood" in value.notes:
        return False
    start, end = value.span
    # A number without a unit that is spelt in words (三公) is none; a unit alone does not make 5个 a name.
    return start <= len(text) - len(text.lstrip("约")) and end >= len(text.rstrip("。.、，, "))
