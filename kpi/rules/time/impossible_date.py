"""TIM003."""

import re
from collections.abc import Iterator

from kpi.rules import suggest
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Compound, DateValue, Indicator, Project, Value

# What the grammar does not take for a date: a month beyond December, a day beyond the 31st.
_WRITTEN = re.compile(
    r"(?<!\d)(?P<day>20\d\d\s*(?:年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?|"
    r"(?P<sep>[-./])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2})(?!\d)))"
)
_MONTHS, _DAYS = 12, 31


@indicator_rule(
    "TIM003",
    "impossible-date",
    severity="error",
    opinion="指标与指标值不匹配",
    kinds=("date", "compound", "qualitative", "quantity"),
)
def impossible_date(indicator: Indicator, project: Project) -> Fault | None:
    """指标值里的日期不存在。

    ## 检查什么
    指标值写了日历上没有的日子（2月30日、6月31日）或月份（13月），或者起讫颠倒（2025年12月至2025年3月）。

    ## 为什么重要
    日期不存在，就无法判断是否按时完成，多半是笔误。

    ## 反例
    - 时效指标 | 完成时间 | 2025年6月31日前
    - 时效指标 | 完成时间 | 2025年13月底前

    ## 正例
    - 时效指标 | 完成时间 | 2025年6月30日前
    - 时效指标 | 完成时间 | 2024年2月29日

    ## 依据
    财预〔2015〕88号：绩效目标应当合理可行、可以考核。
    """
    said = _said(indicator.value)
    if said is None and "20" in indicator.raw_value:
        said = _not_understood(indicator.raw_value)
    if said is None:
        return None
    return Fault(
        f"指标值里的{said}。",
        f"改为实际的日期，如“{suggest.deadline(project)}”。",
        evidence(指标=indicator.name, 指标值=indicator.raw_value.strip()),
    )


def _said(value: Value) -> str | None:
    for date in _dates(value):
        printed = date.raw.strip()
        if "impossible_date" in date.notes:
            return f"日期“{printed}”日历上没有"
        if date.start and date.end and date.end < date.start and "X" not in date.start + date.end:
            return f"期间“{printed}”的结束早于开始"
    return None


def _dates(value: Value) -> Iterator[DateValue]:
    if isinstance(value, Compound):
        for part in value.parts:
            yield from _dates(part)
    elif isinstance(value, DateValue):
        yield value


_MOST_CHARS = 200


def _not_understood(text: str) -> str | None:
    for found in _WRITTEN.finditer(text[:_MOST_CHARS]):
        month, day = int(found["m"] or found["m2"]), int(found["d"] or found["d2"] or 1)
        wrong = [month not in range(1, _MONTHS + 1), day not in range(1, _DAYS + 1)]
        if any(wrong) and not (found["sep"] and all(wrong)):  # 2025-30-40 is no date at all
            return f"日期“{found['day']}”日历上没有"
    return None
