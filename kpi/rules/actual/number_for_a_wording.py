"""ACT008."""

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, Qualitative, Quantity


@indicator_rule(
    "ACT008",
    "number-for-a-wording",
    severity="info",
    opinion="指标与指标值不匹配",
    kinds=("qualitative",),
    where=outcome.is_evaluated,
)
def number_for_a_wording(indicator: Indicator, _project: Project) -> Fault | None:
    """指标值是文字，实际完成值却填了数字。

    ## 检查什么
    年度指标值是“有所提升”“效果明显”一类的文字，实际完成值是一个数，两者对不上。
    指标值说的是范围（应保尽保、全覆盖）或写明标准的，用比率作答可以对上，不报。

    ## 为什么重要
    “效果明显”答以100%，这个数从何而来无从核对；能用数字作答的，目标本来就该写成数字。

    ## 反例
    - 指标值“效果明显”，实际完成值100%。

    ## 正例
    - 指标值“效果明显”，实际完成值“达成预期指标”。

    ## 依据
    财预〔2020〕10号：定性指标按达成预期指标、部分达成、未达成等分档填写。
    """
    actual, wanted = indicator.actual, indicator.value
    if actual is None or not isinstance(actual.value, Quantity) or not isinstance(wanted, Qualitative):
        return None
    if wanted.sense in ("coverage", "standard"):
        return None
    return Fault(
        f"“{indicator.name}”的目标是文字（{wanted.raw.strip()}），实际完成值却填“{(actual.raw or '').strip()}”。",
        "目标能用数字衡量的，下年度把指标值写成数字；否则按“达成预期指标、部分达成、未达成”填写。",
        evidence(指标=indicator.name, 指标值=wanted.raw.strip(), 实际完成值=actual.raw),
    )
