"""STR007."""

from kpi.rules import facts, names
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.direction import polarity
from kpi.rules.structure import filing
from kpi.schema import Certainty, DateValue, Indicator, Project, Quantity, Range, Value

_OUTPUTS = ("数量指标", "质量指标", "时效指标", "成本指标")
_SATISFACTION = "服务对象满意度指标"


@indicator_rule("STR007", "wrong-second-tier", severity="warning", opinion="二级指标类型错误")
def wrong_second_tier(indicator: Indicator, _project: Project) -> Fault | None:
    """指标放错了二级指标。

    ## 检查什么
    产出的二级指标中，名称的中心词明确属于另一类：次数、人数、面积列在质量指标下，合格率列在数量指标下，及时率、完成时间列在质量或数量指标下，成本列在数量指标下；名称没有中心词、值却是次数的，列在质量指标下也算。
    各处的满意度，应列在满意度指标下。获奖、达标、差错、事故一类的计数可以说明质量，不提；限定上限的次数不提；中心词两可的不提。

    ## 为什么重要
    二级指标决定考核的角度和权重。放错了位置，真正该有的那一面就空着。

    ## 反例
    - 质量指标 | 重点区域整治次数 | ≥20次
    - 数量指标 | 工程验收合格率 | 100%
    - 质量指标 | 参训学员满意度 | ≥90%
    - 数量指标 | 补助发放及时率 | ≥95%

    ## 正例
    - 数量指标 | 重点区域整治次数 | ≥20次
    - 质量指标 | 工程验收合格率 | 100%
    - 质量指标 | 安全责任事故次数 | 0次
    - 质量指标 | 获得省级以上奖项数量 | ≥2项

    ## 依据
    财预〔2015〕88号、财预〔2021〕101号：数量、质量、时效、成本、满意度指标的含义。
    """
    tier = indicator.tier2
    if tier is None or not indicator.name:
        return None
    wanted, certainty = _wanted(indicator)
    if wanted is None or wanted == tier:
        return None
    printed, filed = indicator.raw_value.strip(), indicator.tier2_text or tier
    head = names.about(indicator.name).head if certainty == "certain" else None
    deciding = f"名称问的是“{head}”" if head else f"值“{printed}”是次数或个数"
    instead = f"；{tier}另设能说明{tier.removesuffix('指标')}的指标" if tier in _OUTPUTS else ""
    return Fault(
        f"指标“{indicator.name}”{deciding}，属于{wanted}，却列在{filed}下。",
        f"移到{wanted}下{instead}。",
        evidence(指标=indicator.name, 指标值=printed or None, 所列二级指标=filed, 应列二级指标=wanted),
        certainty,
    )


def _wanted(indicator: Indicator) -> tuple[str | None, Certainty]:
    """The second tier where the indicator belongs for certain, null where nothing is; and how sure that is."""
    if facts.is_satisfaction(indicator):
        filed = "满意度指标" in (indicator.tier1, indicator.tier2) or indicator.tier2 == _SATISFACTION
        return (None if filed else _SATISFACTION), "certain"
    if indicator.tier2 not in _OUTPUTS or indicator.tier1 not in (None, filing.OUTPUT):
        return None, "certain"
    about, value = names.about(indicator.name), indicator.value
    match about.second_tier:
        case "数量指标":
            fits = _is_count(indicator, about.head)
        case "质量指标":
            fits = _measures(value, "ratio")
        case "时效指标":
            fits = _is_day(value, about.head) if about.dimension == "date" else _measures(value, "ratio")
        case "成本指标":
            fits = _measures(value, "money") and getattr(value, "operator", "=") not in (">=", ">")
        case _:
            acts = about.head is None and indicator.tier2 == "质量指标" and _measures(value, "count")
            return ("数量指标" if acts and _is_count(indicator, None) else None), "likely"
    return (about.second_tier if fits else None), "certain"


def _is_day(value: Value, head: str | None) -> bool:
    """Whether a value says by when; 服务时间 全年 says how long."""
    return isinstance(value, DateValue) and (value.operator != "in" or head != "时间")


def _measures(value: Value, dimension: str) -> bool:
    return isinstance(value, Quantity | Range) and value.dimension == dimension


def _is_count(indicator: Indicator, head: str | None) -> bool:
    """Whether the value counts what is done, and no fault or prize, which speak of quality.

    Under 时效 a count per time or of times may be meant as a rhythm. Where the name has no noun (``head``), the unit
    must tell what is counted.
    """
    value = indicator.value
    if not isinstance(value, Quantity | Range) or value.dimension not in ("count", "area", "length", "number"):
        return False
    if isinstance(value, Quantity) and (value.operator in ("<=", "<") or not value.magnitude):
        return False
    if indicator.tier2 == "时效指标" and (value.per or head in filing.words("frequency", "nouns")):
        return False
    if head is None and value.unit not in filing.words("counted", "units"):
        return False
    return not _tells_quality(indicator.name or "", head)


def _tells_quality(name: str, head: str | None) -> bool:
    """Whether a count under a name speaks of quality: prizes, what passed a test, what went wrong."""
    if filing.holds(name, "achievement", "words") or polarity.of(name) == "harm":
        return True
    if filing.holds(name, "achievement", "tests"):
        return head not in filing.words("frequency", "of_acts")
    return filing.holds(name, "achievement", "harms") and not filing.holds(name, "achievement", "handled")
