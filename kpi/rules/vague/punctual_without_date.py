"""VAG005."""

from kpi.rules import suggest
from kpi.rules.vague.wordings import sense_rule
from kpi.schema import Indicator, Project


@sense_rule("VAG005", "punctual-without-date", "punctual")
def punctual_without_date(_indicator: Indicator, project: Project, printed: str) -> tuple[str, str]:
    """指标值只说按时、及时，没有日期或期限。

    ## 检查什么
    指标值是“按时完成”“及时缴纳”“如期公开”一类的话，没有日期、期限，也没有及时率。

    ## 为什么重要
    没有截止时间，就没有“按时”可言，时效指标无法考核。

    ## 反例
    - 按时完成
    - 及时发放

    ## 正例
    - 2025年12月31日前
    - 每月10日前
    - 收到申请后15个工作日内
    - 发放及时率≥95%

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化，难以量化的应当可分级、可评判。
    """
    return (
        f"指标值“{printed}”没有写明截止时间。",
        f"写明日期，如“{suggest.deadline(project)}”，或写成及时率“≥{suggest.BLANK}%”。",
    )
