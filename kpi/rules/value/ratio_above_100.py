"""VAL005."""

from decimal import Decimal

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import asked, numbers, printed, top
from kpi.schema import Indicator, Project

_WHOLE = Decimal(1)


@indicator_rule(
    "VAL005",
    "ratio-above-100",
    severity="warning",
    opinion="指标与指标值不匹配",
    kinds=("quantity", "range", "compound"),
)
def ratio_above_100(indicator: Indicator, _project: Project) -> Fault | None:
    """比率超过了100%，而它是部分占全体的比率。

    ## 检查什么
    满意度、合格率、覆盖率、准确率、达标率一类部分占全体的比率，指标值却大于100%。
    增长率、计划完成率、预算执行率、产销率等可以超过100%，不提示。

    ## 为什么重要
    部分不会多于全体，这样的值要么写错，要么名称不对，目标无法实现。

    ## 反例
    - 质量指标 | 验收合格率 | ≥120%
    - 服务对象满意度指标 | 群众满意度 | 195%

    ## 正例
    - 质量指标 | 验收合格率 | 100%
    - 经济效益指标 | 产值增长率 | ≥120%
    - 数量指标 | 任务完成率 | ≥110%

    ## 依据
    财预〔2015〕88号：绩效目标应当合理可行、相应匹配。
    """
    if indicator.meant is not None or not asked(indicator).bounded:
        return None
    for number in numbers(indicator.value):
        if number.dimension == "ratio" and top(number) > _WHOLE and not number.change and not number.baseline:
            return Fault(
                f"“{asked(indicator).head}”是部分占全体的比率，不会超过100%，而指标值是“{printed(indicator)}”。",
                "核对数值，改为不超过100%的值；确可超过100%的，改用“完成率”“增长率”一类的名称。",
                evidence(指标=indicator.name, 指标值=printed(indicator), 上限="100%"),
            )
    return None
