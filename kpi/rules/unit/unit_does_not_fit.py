"""UNI001."""

import re

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.names import NameFacts, about
from kpi.rules.unit.common import says_ratio, table
from kpi.rules.value.common import numbers, printed
from kpi.schema import Compound, DateValue, Indicator, Project, Quantity, Range, Value


@indicator_rule(
    "UNI001",
    "unit-does-not-fit",
    severity="error",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range", "compound", "date"),
)
def unit_does_not_fit(indicator: Indicator, _project: Project) -> Fault | None:
    """指标值的单位与指标名称要衡量的东西不符。

    ## 检查什么
    名称末尾的词决定了应当用什么计量：人数、户数、次数用个数，面积、里程用面积、长度，金额、费用用元，“率”“满意度”用比率，时间用日期或时长。
    指标值是另一种量（补贴人数≥95%，覆盖率30人，及时率≤7个工作日），或者数的是另一种东西（人数42个，户数用“人”），即提示。
    名称看不出、而指标描述说明是比率的，以描述为准。

    ## 为什么重要
    名称与值对不上，要么名称写错，要么值写错，这个指标无法核对。

    ## 反例
    - 社会效益指标 | 发放补贴人数 | ≥95%
    - 数量指标 | 基本药物制度覆盖率 | 37个
    - 数量指标 | 保障村干部人数 | 42个
    - 时效指标 | 检测及时率 | ≤7个工作日

    ## 正例
    - 社会效益指标 | 发放补贴人数 | ≥95人
    - 数量指标 | 基本药物制度覆盖率 | 100%（37个）
    - 时效指标 | 检测时间 | ≤7个工作日
    - 数量指标 | 垃圾清运数量 | ≥500吨

    ## 依据
    财预〔2015〕88号：指标与指标值应当相应匹配。
    """
    wanted = about(indicator.name)
    if wanted.head is None or not _wants_any(wanted):
        return None
    value = indicator.value
    if indicator.meant is not None or "not_understood" in value.notes or _is_act(wanted):
        return None
    misfit = _misfit(wanted, value)
    if misfit is None or _fits_a_half(indicator.name or "", value):
        return None
    got, kind = misfit
    if kind and got == "ratio" and indicator.description and says_ratio(indicator.description):
        return None
    if not kind and not wanted.units and got in (indicator.description or ""):
        return None  # the description says that these are counted
    shown = printed(indicator)
    wants = f"应当用{'、'.join(sorted(wanted.units)[:3])}计" if not kind and wanted.units else _wants(wanted)
    is_what = f"是{table('dimensions').get(got, got)}" if kind else f"数的是“{got}”"
    return Fault(
        f"“{wanted.head}”{wants}，指标值“{shown}”却{is_what}。",
        _do(wanted, kind),
        evidence(指标=indicator.name, 指标值=shown, 名称末尾=wanted.head),
        "certain" if kind else "likely",
    )


def _is_act(wanted: NameFacts) -> bool:
    """支付公用经费 | 33人: what is paid, and not how much."""
    fee = table("fee")
    return wanted.plain.endswith(tuple(fee["nouns"])) and wanted.plain.startswith(tuple(fee["acts"]))


def _fits_a_half(name: str, value: Value) -> bool:
    """Whether the value fits one of two measures that a name puts together (培训期数及人次 | 12期): UNI004 speaks."""
    halves = [about(half) for half in re.split(table("two")["joints"], name[:_MOST_CHARS]) if half]
    if len(halves) <= 1:
        return False
    return any(half.head is not None and _wants_any(half) and _misfit(half, value) is None for half in halves[:-1])


_MOST_CHARS = 200


def _wants_any(wanted: NameFacts) -> bool:
    return bool(wanted.dimension or wanted.never or wanted.not_units)


def _misfit(wanted: NameFacts, value: Value) -> tuple[str, bool] | None:
    """The dimension (true) or the unit (false) that does not fit; of a compound only where no part fits."""
    if isinstance(value, DateValue):
        return ("date", True) if _other(wanted, "date") else None
    if not isinstance(value, Compound):
        return _of_number(wanted, value) if isinstance(value, Quantity | Range) else None
    found = [_of_number(wanted, number) for number in numbers(value)]
    return found[0] if found and all(found) and not any(isinstance(p, DateValue) for p in value.parts) else None


def _of_number(wanted: NameFacts, value: Quantity | Range) -> tuple[str, bool] | None:
    if value.unit is None or value.dimension == "number" or value.base_unit in wanted.units:
        return None
    if isinstance(value, Quantity) and not value.magnitude:
        return None  # 差错率 0次: nothing is nothing
    ratio = value.dimension == "ratio"
    if ratio and (value.change or value.baseline):
        return None  # 较上年提高5%: anything may grow by a share
    if wanted.dimension in ("ratio", "date") and value.per:
        return None  # 5人/10万人; 开展时间 | 每月1次
    if _other(wanted, value.dimension):
        return value.dimension, True
    counts = wanted.dimension == "count" and wanted.units and value.dimension == "count"
    unit = value.base_unit or ""
    return (unit, False) if counts or unit in wanted.not_units else None


def _other(wanted: NameFacts, dimension: str) -> bool:
    if wanted.dimension:
        return dimension not in (wanted.dimension, *wanted.also)
    return dimension in wanted.never


def _wants(wanted: NameFacts) -> str:
    if wanted.dimension is None:
        return "应当是数量"
    return f"应当是{table('dimensions').get(wanted.dimension, wanted.dimension)}"


def _do(wanted: NameFacts, kind: bool) -> str:
    unit = next((u for u in ("人", "户", "次") if u in wanted.units), None)
    match wanted.dimension:
        case "ratio":
            return f"写成比率，如“≥__%”；衡量的若不是比率，把名称中的“{wanted.head}”改为相应的“数量”“时间”等。"
        case "money":
            return "写成金额，如“≤__万元”；衡量的若不是金额，改用与指标值相符的名称。"
        case "date" | "duration":
            return "写成日期或期限，如“__月__日前”“≤__天”；衡量的若不是时间，改用与指标值相符的名称。"
        case "count" if unit:
            change = f"把单位改为“{unit}”" if not kind else f"写成数量，如“≥__{unit}”"
            return f"{change}；衡量的若不是{wanted.head}，改用与指标值相符的名称。"
        case _:
            return f"写成与“{wanted.head}”相符的数量和单位；衡量的若是别的，改用与指标值相符的名称。"
