"""VAG006."""

from kpi.rules import suggest
from kpi.rules.vague.wordings import sense_rule
from kpi.schema import Indicator, Project


@sense_rule("VAG006", "uncounted-coverage", "coverage")
def uncounted_coverage(_indicator: Indicator, _project: Project, printed: str) -> tuple[str, str]:
    """指标值只说全部、所有、应保尽保，没有写出人数、户数或覆盖率。

    ## 检查什么
    指标值用“所有、全部、全覆盖、应保尽保、足够覆盖”一类的话说明范围，但没有数量。

    ## 为什么重要
    对象有多少是测算预算的依据；不写数量，既看不出与资金是否匹配，也无法核对是否真的覆盖。

    ## 反例
    - 所有符合条件的人员
    - 应保尽保

    ## 正例
    - ≥320人
    - 覆盖率100%（320户）

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化，难以量化的应当可分级、可评判。
    """
    return (
        f"指标值“{printed}”说了范围，没有写明数量。",
        f"写明对象数量，如“≥{suggest.BLANK}人（户、个）”，或写成“覆盖率=100%（共{suggest.BLANK}人）”。",
    )
