"""VAG003."""

from kpi.rules import suggest
from kpi.rules.vague.wordings import sense_rule
from kpi.schema import Indicator, Project


@sense_rule("VAG003", "intensity-only", "intensity_only")
def intensity_only(indicator: Indicator, project: Project, printed: str) -> tuple[str, str]:
    """指标值只说好坏强弱（有力保障、效果明显），没有可衡量的结果。

    ## 检查什么
    指标值是“有力、有效、良好、正常、长期”一类评价词，或“保障、推动、运转”一类没有结果的活动。

    ## 为什么重要
    怎样算“有力”、怎样算“明显”，每个人的判断不同，评价时只能凭印象打分。

    ## 反例
    - 保障有力
    - 有效运转
    - 效果显著

    ## 正例
    - 设备完好率≥95%
    - 服务中断≤2次
    - 分档：优（满意度90%及以上）、良（80%—90%）、差（80%以下）

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化，难以量化的应当可分级、可评判。
    """
    return (
        f"指标值“{printed}”是对效果的形容，没有可衡量的结果。",
        f"{suggest.measurable(indicator, project)}。",
    )
