"""VAL008."""

import re
from functools import lru_cache

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import printed, short
from kpi.schema import DateValue, Indicator, Project, Quantity, Range
from kpi.values import parse_value, units

_FIGURES = re.compile(r"[\s\d０-９.,，．%％‰≥≤≧≦><＞＜=＝~～/:：()（）\-—]{1,30}")
# A number with what may stand before it and a short tail: the unit, or the parts of a date.
_NUMBER = re.compile(
    r"[\s≥≤≧≦><＞＜=＝约]{0,4}(?:不低于|不少于|不超过|达到)?"
    r"(?:[\d０-９][\d０-９.,，]{0,12}(?:[-—~～至到][\d０-９.]{1,8})?[万千百亿]?|[一二三四五六七八九十百千万零〇两半]{1,6})"
    r"(?P<tail>\D{1,7})"
)
_DATE = re.compile(r"[\s\d０-９年月日季度底末初前上中下旬半至到\-—./第一二三四]{2,24}")
_AFTER = re.compile(r"(?:及?以上|及?以下|以内|之内|左右|内|前)$")
_LONGEST = 24


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
    text = name.strip().rstrip("。.、，, ")
    if not text or len(text) > _LONGEST:
        return False
    if _FIGURES.fullmatch(text):
        return any(character.isdigit() for character in text)
    found = _NUMBER.fullmatch(text)
    counts = found is not None and units.whole(_AFTER.sub("", found["tail"])) is not None
    if not counts and not (_DATE.fullmatch(text) and any(character.isdigit() for character in text)):
        return False
    value = parse_value(text)  # knows which numerals count nothing (三公, 一线)
    if not isinstance(value, Quantity | Range | DateValue) or "not_understood" in value.notes:
        return False
    return value.span == (0, len(text)) or text[: value.span[0]].strip() in ("", "约")
