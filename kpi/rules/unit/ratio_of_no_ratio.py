"""UNI003."""

import re
from decimal import Decimal
from functools import cache, lru_cache

from kpi.rules import suggest, words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.names import about
from kpi.rules.unit.common import any_word, begins_effect, says_ratio, table
from kpi.rules.value.common import printed, top
from kpi.schema import Indicator, Project, Quantity, Range

_GROWTH = Decimal("0.5")  # what is said to grow by more is hardly a growth
_SHARES = ("%", "‰", "成")


@indicator_rule(
    "UNI003",
    "ratio-of-no-ratio",
    severity="warning",
    certainty="likely",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range"),
)
def ratio_of_no_ratio(indicator: Indicator, _project: Project) -> Fault | None:
    """指标名称不是比率，指标值却写成百分数。

    ## 检查什么
    名称说的是一种效果、愿望或性质（维护社会稳定、长期使用性、符合国家标准），没有“率、度、比例、占比”，指标值却是百分数。
    工作的完成（按时完成、完成情况）、“及时性、准确性”一类的质量、增长和节约的幅度，不提示。

    ## 为什么重要
    “维护社会稳定≥95%”不知道分子、分母是什么，年底无从计算。

    ## 反例
    - 社会效益指标 | 维护社会稳定 | ≥95%
    - 可持续影响指标 | 长期使用性 | ≥95%
    - 质量指标 | 药品质量符合国家标准 | 100%

    ## 正例
    - 社会效益指标 | 矛盾纠纷化解率 | ≥95%
    - 时效指标 | 各项工作按时完成 | ≥95%
    - 质量指标 | 数据报送准确性 | ≥98%
    - 经济效益指标 | 带动农户收入增长 | ≥5%

    ## 依据
    财预〔2015〕88号：指标与指标值应当相应匹配。
    """
    value = indicator.value
    if not isinstance(value, Quantity | Range) or value.dimension != "ratio" or value.unit not in _SHARES:
        return None
    if value.change or value.baseline or value.per or "unit_inherited" in value.notes or indicator.meant is not None:
        return None
    name = indicator.name or ""
    why = _no_ratio(name, top(value) < _GROWTH)
    if why is None or (indicator.description and says_ratio(indicator.description)):
        return None
    return Fault(
        f"“{name}”{why}，不是比率，指标值却写“{printed(indicator)}”。",
        f"改用一个比率（写明分子、分母），如“__率≥{suggest.BLANK}%”；或换成能衡量它的数量。",
        evidence(指标=name, 指标值=printed(indicator)),
    )


@lru_cache(maxsize=50_000)
def _no_ratio(name: str, small: bool) -> str | None:
    """In what way a name is no ratio; null where it may be one, and where nothing is certain."""
    text = name[:_MOST_CHARS].strip(" 。.，,；;")
    if len(text) < _LEAST_CHARS or says_ratio(text) or any_word("completion", "words").search(text):
        return None
    if any_word("completion", "control").search(text) and about(text).head:
        return None
    if text.startswith(tuple(table("effect")["rules"])) or _kept().search(text):
        return "说的是遵守标准、规定"
    if small and _grows(text):
        return None
    if begins_effect(text):
        return "说的是一种效果或任务"
    return "说的是一种性质或状态" if _end().search(text) else None


_MOST_CHARS, _LEAST_CHARS = 300, 3


@cache
def _kept() -> re.Pattern[str]:
    return re.compile(table("effect")["kept"])


@cache
def _end() -> re.Pattern[str]:
    return re.compile(f"(?:{words.any_of(table('effect')['ends'])})$")


def _grows(text: str) -> bool:
    """Whether a share can be the growth of what is named: 农民收入增长, 节约成本, 降低能耗."""
    if not any_word("completion", "growth").search(text):
        return False
    return bool(_growing().search(text))


@cache
def _growing() -> re.Pattern[str]:
    """What grows, at the end, before the word for growth, or with a baseline."""
    grows, growth = words.any_of(table("completion")["grows"]), words.any_of(table("completion")["growth"])
    return re.compile(
        rf"(?:{grows})(?:$|(?:的)?(?:{growth})(?:幅度)?$)|较上年|比上年|同比|环比|增幅|增速|降幅|涨幅|增长$"
    )
