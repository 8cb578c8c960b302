"""VAL004."""

import re
from decimal import Decimal
from functools import cache, lru_cache

from kpi.rules import words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import asked, numbers, printed
from kpi.schema import Indicator, Project, Quantity


@indicator_rule(
    "VAL004",
    "nonstandard-unit",
    severity="info",
    certainty="likely",
    opinion="其他",
    kinds=("quantity", "range", "compound"),
)
def nonstandard_unit(indicator: Indicator, _project: Project) -> Fault | None:
    """计量单位写法不规范。

    ## 检查什么
    数后面的单位不是规范的名称或符号，如“95百分比”“0.97比例”“80M”“20平”“300斤”；或把“百分点”当作“%”用。

    ## 为什么重要
    不规范的单位容易误读（M可以是米，也可以是兆），也不便于系统汇总。

    ## 反例
    - 质量指标 | 验收合格率 | ≥95百分比
    - 质量指标 | 监控在线率 | ≥0.97比例
    - 数量指标 | 管道长度 | ≥80M
    - 质量指标 | 验收合格率 | ≥95个百分点

    ## 正例
    - 质量指标 | 验收合格率 | ≥95%
    - 数量指标 | 管道长度 | ≥80米
    - 经济效益指标 | 设备利用率 | 较上年提高5个百分点

    ## 依据
    国务院关于在我国统一实行法定计量单位的命令；GB 3100—3102关于单位名称和符号的规定。
    """
    found = _spelt(indicator.raw_value)
    if found is None and (unit := indicator.cells.unit):
        found = unit.strip() if unit.strip() in _names() else None
    if found is not None and not _fits(indicator, found):
        return None
    better = _names()[found] if found else _points(indicator)
    if better is None:
        return None
    written = found or "百分点"
    return Fault(
        f"指标值“{printed(indicator)}”的单位“{written}”不是规范的写法。",
        f"把“{written}”改为“{better}”。",
        evidence(指标=indicator.name, 指标值=printed(indicator), 单位=written, 规范写法=better),
    )


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = words.load("value")["nonstandard"]
    return names


@cache
def _pattern() -> re.Pattern[str]:
    """A number with one of the spellings behind it, and nothing that makes it another word."""
    return re.compile(rf"[\d.万千百亿十]\s{{0,3}}({words.any_of(_names())})(?![A-Za-z\d²³/·的方度米均台类位击])")


@lru_cache(maxsize=50_000)
def _spelt(raw: str) -> str | None:
    found = _pattern().search(raw[:_MOST_CHARS])
    return found[1] if found else None


_MOST_CHARS = 200


def _fits(indicator: Indicator, found: str) -> bool:
    """Whether the reading of the value took it for a unit: 5个点 is none where 点 are counted."""
    parts = list(numbers(indicator.value))
    if found.startswith("个"):
        return any(part.dimension == "ratio" for part in parts)
    return any(part.unit is not None or part.dimension == "ratio" for part in parts)


def _points(indicator: Indicator) -> str | None:
    """What to write for 百分点 where the rate itself is meant: 合格率≥95个百分点."""
    value = indicator.value
    if not isinstance(value, Quantity) or value.unit != "百分点" or value.change or value.baseline:
        return None
    level = value.base_magnitude >= Decimal(words.load("value")["points"]["least"])
    return "%" if level and asked(indicator).bounded else None
