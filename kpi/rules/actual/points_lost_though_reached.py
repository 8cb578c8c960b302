"""ACT007."""

from decimal import Decimal

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project


@indicator_rule(
    "ACT007",
    "points-lost-though-reached",
    severity="warning",
    opinion="其他",
    certainty="likely",
    kinds=("quantity", "range", "date"),
    where=outcome.is_evaluated,
    thresholds={"far_exceeded": "1.3"},
)
def points_lost_though_reached(indicator: Indicator, _project: Project, far_exceeded: Decimal) -> Fault | None:
    """指标已经完成，却扣了分，也没有说明原因。

    ## 检查什么
    实际完成值达到了年度指标值，得分却低于分值，偏差原因栏是空的。超额三成以上、按办法扣分的不报（见 ACT003）。

    ## 为什么重要
    完成了还扣分，要么实际完成值填错，要么得分填错。

    ## 反例
    - 指标值≥95%，实际完成值98%，分值10，得分8，没有原因。

    ## 正例
    - 指标值≥95%，实际完成值98%，分值10，得分10。

    ## 依据
    财预〔2020〕10号：定量指标达到目标值的，得该指标满分。
    """
    actual = indicator.actual
    if actual is None or outcome.has_reason(indicator):
        return None
    lost = outcome.points_lost(indicator)
    if lost is None or lost <= 0 or indicator.weight is None or actual.score is None:
        return None
    found = outcome.outcome(indicator)
    if found is None or not found.reached or (found.multiple is not None and found.multiple >= far_exceeded):
        return None
    weight, score = f"{indicator.weight:f}", f"{actual.score:f}"
    wanted, reached = indicator.raw_value.strip(), (actual.raw or "").strip()
    return Fault(
        f"“{indicator.name}”目标{wanted}，实际{reached}，已经完成，却只得{score}分（分值{weight}分）。",
        f"核对实际完成值和得分：确已完成的得{weight}分，确需扣分的写明原因。",
        evidence(
            指标=indicator.name, 指标值=indicator.raw_value.strip(), 实际完成值=actual.raw, 分值=weight, 得分=score
        ),
    )
