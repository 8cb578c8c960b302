"""VAL001."""

from typing import get_args

from kpi.rules import suggest
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import printed
from kpi.rules.value.placeholders import is_placeholder
from kpi.schema import Empty, Indicator, Project, Qualitative, Tier1, Tier2
from kpi.values import units, vocabulary

_SIGNS = "≥≤≧≦＞＜><=＝~≈ 　"
_NOTHING = 12  # a cell with a sign and a unit alone is no longer
_UNIT = 2  # 万元, 人次: a longer word that is a unit too may be meant as a word
_NO_HARM = ("无", "没有")


@indicator_rule(
    "VAL001",
    "empty-value",
    severity="error",
    opinion="不够细化量化",
    kinds=("empty", "qualitative"),
)
def empty_value(indicator: Indicator, project: Project) -> Fault | None:
    """指标有名称，指标值却是空的。

    ## 检查什么
    指标值一栏没有填写，或只有“/”“—”“无”“不适用”，或只印了符号和单位而没有数（≥%）。
    表样中未填名称的空行、写明“不涉及”的空指标，以及“安全事故：无”这样以“无”表示零的，不提示。

    ## 为什么重要
    没有指标值就没有目标，无法监控，也无法评价。

    ## 反例
    - 数量指标 | 购置设备数量 | /
    - 质量指标 | 验收合格率 | ≥%
    - 社会效益指标 | 带动就业人数 | 无

    ## 正例
    - 数量指标 | 购置设备数量 | ≥20台
    - 质量指标 | 安全生产事故 | 无
    - 生态效益指标 | 不涉及 | 不涉及

    ## 依据
    财预〔2015〕88号：绩效目标应当包括绩效指标及其指标值，并细化量化。
    """
    if not _is_missing(indicator) or not _is_asked(indicator):
        return None
    shown = printed(indicator)
    said = f"只写了“{shown}”，没有实际内容" if shown else "没有填写"
    return Fault(
        f"指标“{indicator.name}”的指标值{said}。",
        f"{suggest.measurable(indicator, project)}；确不涉及的，删去这一指标。",
        evidence(指标=indicator.name, 指标值=shown or "（空）"),
    )


def _is_missing(indicator: Indicator) -> bool:
    value = indicator.value
    if isinstance(value, Empty):
        return not (value.raw.strip(_SIGNS) in _NO_HARM and _is_harm(indicator.name or ""))
    if not isinstance(value, Qualitative) or len(value.raw) > _NOTHING:
        return False
    left = value.raw.strip(_SIGNS)
    signed = left != value.raw.strip()
    return not left or ((signed or len(left) <= _UNIT) and units.whole(left) is not None)


def _is_asked(indicator: Indicator) -> bool:
    """Whether the row names something to be reached; the lines that a form leaves empty do not."""
    name = (indicator.name or "").strip()
    if not name or name in vocabulary.load("phrases.toml")["empty"]["values"] or is_placeholder(name):
        return False
    if not isinstance(indicator.value, Empty):
        return True
    tiers = {indicator.tier1_text, indicator.tier2_text, *get_args(Tier1), *get_args(Tier2)}
    return name not in tiers and f"{name}指标" not in tiers


def _is_harm(name: str) -> bool:
    """Whether nothing of it is what one wants: 安全事故, 群众投诉."""
    return any(noun in name for noun in vocabulary.load("phrases.toml")["zero"]["nouns"])
