"""ACT003."""

from decimal import Decimal

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project, Quantity

_COUNT = 5  # of fewer things one more or less is chance
_HUNDREDFOLD = 100


@indicator_rule(
    "ACT003",
    "far-exceeded",
    severity="warning",
    opinion="其他",
    certainty="likely",
    kinds=("quantity",),
    where=outcome.is_evaluated,
    thresholds={"at_least": "1.3"},
)
def far_exceeded(indicator: Indicator, _project: Project, at_least: Decimal) -> Fault | None:
    """实际完成值远超指标值，目标定得偏低。

    ## 检查什么
    指标值带≥、＞或＝，实际完成值达到指标值的130%以上；计数的目标在5以上才看。成本、投诉、时限等越少越好的不看。

    ## 为什么重要
    超额三成以上通常说明目标没有依据；各地自评办法对此要求说明原因或者扣分。

    ## 反例
    - 指标值≥100人次，实际完成值260人次。

    ## 正例
    - 指标值≥100人次，实际完成值112人次。

    ## 依据
    财预〔2020〕10号：完成值高于指标值较多的，要分析原因。30%是多地自评办法采用的界限，可以调整。
    """
    wanted = outcome.target(indicator)
    if indicator.actual is None or not isinstance(wanted, Quantity) or wanted.operator not in (">=", ">", "="):
        return None
    if wanted.dimension in ("count", "number") and wanted.base_magnitude < _COUNT:
        return None
    found = outcome.outcome(indicator)
    if found is None or found.multiple is None or found.multiple < at_least:
        return None
    share = f"{int(found.multiple * 100)}%" if found.multiple < _HUNDREDFOLD else "百倍以上"
    wanted_text, actual_text = indicator.raw_value.strip(), (indicator.actual.raw or "").strip()
    return Fault(
        f"“{indicator.name}”目标{wanted_text}，实际{actual_text}，完成{share}，目标偏低。",
        "在偏差原因栏说明超额的原因；下年度按近年实际水平调高指标值。",
        evidence(指标=indicator.name, 指标值=wanted_text, 实际完成值=actual_text, 完成比例=share),
    )
