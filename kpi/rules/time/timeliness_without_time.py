"""TIM002."""

import re
from collections.abc import Iterator

from kpi.rules import names, suggest
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.time import words
from kpi.schema import Compound, DateValue, Indicator, Project, Quantity, Range, Value

_OF_THINGS = ("count", "length", "area", "volume", "mass")
_WITHIN = re.compile(r"\d ?个?(?:工作)?[日天月]")  # 7日办结率
_BY_TIME = ("年", "月", "日", "周", "季度", "小时", "分钟", "半年", "天")


@indicator_rule(
    "TIM002",
    "timeliness-without-time",
    severity="info",
    opinion="指标与指标值不匹配",
    certainty="likely",
    kinds=("quantity", "range", "compound"),
)
def timeliness_without_time(indicator: Indicator, project: Project) -> Fault | None:
    """时效指标的值既不是日期、期限，也不是及时率。

    ## 检查什么
    时效指标的值是一个数，但不是日期、时长，也不是每月几次一类的频次；是比率的，名称和描述里又没有及时、按时、进度、时限一类的字；是个数的，又没有每月、频次、期限一类的字。
    值用文字写的由“指标值不可衡量”一类的规则提示；资金支出率、到位率等由其他规则提示；应归到别的二级指标的，也不在此提示。

    ## 为什么重要
    时效指标要回答什么时候完成、多久完成。只写“完成率95%”，拖到年底也算完成。

    ## 反例
    - 时效指标 | 完成率 | ≥95%
    - 时效指标 | 项目实施 | 4个
    - 时效指标 | 推广进度 | ≥3个

    ## 正例
    - 时效指标 | 按期完成率 | ≥95%
    - 时效指标 | 项目完成时间 | 2025年11月底前
    - 时效指标 | 故障处理 | ≤24小时

    ## 依据
    财预〔2021〕101号：时效指标反映预期提供产出的及时程度和效率。
    """
    if indicator.tier2 != "时效指标":
        return None
    said = f"{indicator.name or ''} {indicator.description or ''}"
    parts = list(_parts(indicator.value))
    told = "often" if parts and all(map(_is_count, parts)) else "words"
    if words.pattern("timely", told).search(said) or _WITHIN.search(said):
        return None
    if words.pattern("timely", "money").search(said):
        return None
    if not any(isinstance(part, Quantity | Range) for part in parts) or any(map(_is_time, parts)):
        return None
    if names.about(indicator.name).second_tier not in (None, "时效指标"):
        return None
    printed = indicator.value.raw.strip()
    if words.pattern("timely", told).search(printed):
        return None
    return Fault(
        f"时效指标“{indicator.name or ''}”的值“{printed}”没有说什么时候完成。",
        f"写明日期或期限，如“{suggest.deadline(project)}”，或改为及时率，如“按期完成率≥{suggest.BLANK}%”。",
        evidence(二级指标=indicator.tier2_text, 指标=indicator.name, 指标值=printed),
    )


def _parts(value: Value) -> Iterator[Value]:
    if isinstance(value, Compound):
        for part in value.parts:
            yield from _parts(part)
    else:
        yield value


def _is_count(value: Value) -> bool:
    """Whether a number is so many of something, which a word such as 进度 does not make a time."""
    return isinstance(value, Quantity | Range) and value.dimension in _OF_THINGS


def _is_time(value: Value) -> bool:
    if isinstance(value, Quantity | Range):
        return value.dimension == "duration" or (value.per or "").endswith(_BY_TIME) or "not_understood" in value.notes
    return isinstance(value, DateValue)
