"""VAL009."""

from collections.abc import Iterator

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.value.common import printed, short
from kpi.rules.value.placeholders import in_cell, in_target, is_form_line, is_placeholder
from kpi.schema import Empty, Extraction, Indicator, Project


@project_rule("VAL009", "placeholder-left", severity="error", opinion="不够完整")
def placeholder_left(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """表样的占位内容（XX、待定、目标内容1）没有替换成实际内容。

    ## 检查什么
    指标值、指标名称、绩效目标中留有“XX”“**”“____”“……”“待定”“请填写”“目标内容1”一类的占位文字，或“#REF!”一类的公式错误。
    名称里留有表样的提示（≥**人）而指标值已经填好的，每张表只提示一次。表样中没有填写的空行不提示。

    ## 为什么重要
    占位内容说明这一处没有编完，公开后既无法考核，也影响严肃性。

    ## 反例
    - 数量指标 | 培训人数 | ≥XX人
    - 时效指标 | 完成时间 | 待定
    - 数量指标 | 新增就业人数（≥**人） | ≥50人
    - 绩效目标写着“目标内容1 保障各项工作正常开展”。

    ## 正例
    - 数量指标 | 培训人数 | ≥200人
    - 时效指标 | 完成时间 | 2025年11月30日前
    - 表样的空行“指标2：……”没有填写名称和指标值。

    ## 依据
    财预〔2015〕88号：绩效目标应当内容完整、指向明确。
    """
    if found := next(filter(None, map(in_target, _texts(project))), None):
        where = next(text for text in _texts(project) if in_target(text))
        yield Fault(
            f"绩效目标中留有占位内容“{short(found)}”。",
            "删去占位文字，写明本项目的实际内容。",
            evidence(占位内容=found, 所在文字=short(where)),
        )
    prompted = False
    for number, indicator in enumerate(project.indicators):
        fault, is_prompt = _of_row(indicator)
        if fault and not (is_prompt and prompted):
            prompted = prompted or is_prompt
            yield fault._replace(indicator=number)


def _texts(project: Project) -> tuple[str, ...]:
    return (*project.goals, project.purpose) if project.purpose else project.goals


def _of_row(indicator: Indicator) -> tuple[Fault | None, bool]:
    """What is left in one row, and whether it is only the prompt in the name of a row that is filled."""
    name, filled = indicator.name or "", not isinstance(indicator.value, Empty)
    in_value = in_cell(indicator.raw_value) if filled else None
    left_open = is_form_line(name) or (is_placeholder(name) and in_value is not None and is_form_line(in_value))
    if in_value and name and not left_open:
        return _fault(indicator, "指标值", in_value, printed(indicator), "写出确定的指标值"), False
    if in_value or not filled:
        return None, False  # a line of the form that was left as it is; or VAL001
    if name and is_placeholder(name):
        return _fault(indicator, "指标名称", name, name, "写出指标的名称"), False
    for where, text in (("指标名称", indicator.name), ("指标描述", indicator.description)):
        if text and (found := in_cell(text)):
            return _fault(indicator, where, found, text, "删去名称中的提示文字")._replace(severity="info"), True
    return None, False


def _fault(indicator: Indicator, where: str, found: str, text: str, do: str) -> Fault:
    return Fault(
        f"{where}中留有占位内容“{short(found)}”。",
        f"{do}，替换表样中的“{short(found)}”。",
        evidence(指标=short(indicator.name or "") or None, 占位内容=short(found), 所在文字=short(text)),
    )
