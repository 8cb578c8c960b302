"""ACT004."""

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.schema import Indicator, Project


@indicator_rule("ACT004", "score-above-weight", severity="error", opinion="其他", where=outcome.is_evaluated)
def score_above_weight(indicator: Indicator, _project: Project) -> Fault | None:
    """得分超过了分值。

    ## 检查什么
    自评表中一行的得分大于这一行的分值（权重）。

    ## 为什么重要
    得分以分值为上限，超过了总分就不对，多半是填错了行。

    ## 反例
    - 分值8，得分10。

    ## 正例
    - 分值8，得分8。

    ## 依据
    财预〔2020〕10号：完成指标值的，记该指标所赋全部分值；得分以分值为上限。
    """
    if indicator.actual is None:
        return None
    lost = outcome.points_lost(indicator)
    if lost is None or lost >= 0 or indicator.weight is None or indicator.actual.score is None:
        return None
    weight, score = f"{indicator.weight:f}", f"{indicator.actual.score:f}"
    return Fault(
        f"“{indicator.name}”得{score}分，超过了分值{weight}分。",
        f"核对得分和分值是否填错行；得分最高填{weight}分。",
        evidence(指标=indicator.name, 分值=weight, 得分=score),
    )
