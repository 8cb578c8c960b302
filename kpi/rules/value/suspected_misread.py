"""VAL007."""

from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.value.common import printed, short
from kpi.schema import DateValue, Indicator, Project

_WHY = {
    "sign_read_as_digit": "开头的“2”疑为符号“≥”的误读",
    "day_number": "疑为电子表格中日期的序号",
    "percent_sign_lost": "同表其他比率都带“%”，此处疑漏了“%”",
}


def _is_doubted(indicator: Indicator) -> bool:
    return indicator.meant is not None


@indicator_rule(
    "VAL007", "suspected-misread", severity="warning", certainty="likely", opinion="其他", where=_is_doubted
)
def suspected_misread(indicator: Indicator, _project: Project) -> Fault | None:
    """指标值疑因转换、识别或漏写而失真。

    ## 检查什么
    有同表的其他行或其他栏作证，数值看来不是原意：如“292%”本是“≥92%”，“44561”本是日期，同表比率都带“%”而此处只写“95”。
    没有旁证的不提示。

    ## 为什么重要
    失真的数值会原样公开，并带入汇总和评价。

    ## 反例
    - 同表有“＞92%”，而满意度一行写着“292%”。
    - 时效指标“完成时间”写着“44561”，是电子表格里2021年12月31日的序号。
    - 同表其他比率都带“%”，而合格率一行写着“95”。

    ## 正例
    - 服务对象满意度指标 | 群众满意度 | ≥92%
    - 时效指标 | 完成时间 | 2021年12月31日

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确；公开内容应当与批复一致。
    """
    meant = indicator.meant
    if meant is None:
        return None
    shown, likely = printed(indicator), short(meant.raw)
    why = next((_WHY[note] for note in meant.notes if note in _WHY), "与同表其他行不一致")
    return Fault(
        f"指标值“{shown}”{why}，原意可能是“{likely}”。",
        f"核对原表，改为“{likely}前”。" if isinstance(meant, DateValue) else f"核对原表，改为“{likely}”。",
        evidence(指标=indicator.name, 指标值=shown, 可能的原意=likely),
    )
