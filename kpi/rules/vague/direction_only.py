"""VAG002."""

from kpi.rules import suggest
from kpi.rules.vague.wordings import sense_rule
from kpi.schema import Indicator, Project


@sense_rule("VAG002", "direction-only", "direction_only")
def direction_only(indicator: Indicator, _project: Project, printed: str) -> tuple[str, str]:
    """指标值只说方向（提高、改善），没有说从多少到多少。

    ## 检查什么
    指标值由“进一步、有所、不断、明显”一类程度词和“提高、提升、增强、下降”一类方向词构成，既没有基数，也没有幅度。

    ## 为什么重要
    任何细小的变化都可以说成“有所提高”，年底无法判断目标是否实现。

    ## 反例
    - 进一步提高
    - 较上年有所提升
    - 居民文明意识不断增强

    ## 正例
    - 较上年提高≥5个百分点
    - 由82%提高到90%
    - 投诉量同比下降≥10%

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化，难以量化的应当可分级、可评判。
    """
    return (
        f"指标值“{printed}”只说了方向，没有基数和幅度。",
        f"写明基数和幅度，如“{suggest.rise(indicator)}”。",
    )
