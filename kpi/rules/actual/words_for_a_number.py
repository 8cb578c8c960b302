"""ACT002."""

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import DateValue, Indicator, Project, Qualitative, Quantity, Range, YesNo

_FULL = 1  # 全覆盖 says 100 % as well as the figure does


@indicator_rule(
    "ACT002",
    "words-for-a-number",
    severity="warning",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range", "date"),
    where=outcome.is_evaluated,
)
def words_for_a_number(indicator: Indicator, _project: Project) -> Fault | None:
    """指标值是数字，实际完成值却只写了“已完成”一类的话。

    ## 检查什么
    年度指标值是数量、比率、金额或日期，实际完成值是“已完成”“达标”“是”“达成预期指标”等文字，没有数字。

    ## 为什么重要
    目标是12次，实际写“已完成”，是12次还是20次？没有数字就无法核对得分。

    ## 反例
    - 指标值≥12次，实际完成值“已完成”。

    ## 正例
    - 指标值≥12次，实际完成值13次。

    ## 依据
    财预〔2020〕10号：绩效自评应当如实填写实际完成值，定量指标填写数值。
    """
    actual = indicator.actual
    if actual is None or not isinstance(actual.value, Qualitative | YesNo):
        return None
    wanted = outcome.target(indicator)
    if not isinstance(wanted, Quantity | Range | DateValue) or any(sign.isdigit() for sign in actual.value.raw):
        return None
    is_full = isinstance(wanted, Quantity) and wanted.dimension == "ratio" and wanted.base_magnitude == _FULL
    if is_full and isinstance(actual.value, Qualitative) and actual.value.sense == "coverage":
        return None
    asked = "日期" if isinstance(wanted, DateValue) else "数字"
    unit = wanted.unit if isinstance(wanted, Quantity | Range) else None
    instead = "实际完成的日期，如“__年__月__日”" if unit is None and asked == "日期" else f"实际数，如“__{unit or ''}”"
    return Fault(
        f"“{indicator.name}”的目标是{asked}（{indicator.raw_value.strip()}），实际完成值只写“{actual.value.raw.strip()}”。",
        f"填写{instead}。",
        evidence(指标=indicator.name, 指标值=indicator.raw_value.strip(), 实际完成值=actual.raw),
    )
