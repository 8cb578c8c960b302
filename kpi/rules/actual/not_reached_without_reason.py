"""ACT001."""

from collections.abc import Iterator

from kpi.rules.actual import outcome
from kpi.rules.actual.wordings import words
from kpi.rules.base import Fault, evidence, project_rule
from kpi.schema import Extraction, Indicator, Project, Qualitative, YesNo


def _is_missed(row: Indicator) -> bool:
    value = row.actual.value if row.actual else None
    if row.actual and isinstance(value, Qualitative | YesNo):
        denied = isinstance(value, YesNo) and value.answer is False and value.raw.strip() in words("denied")
        return denied or any(outcome.says(row.actual, kind) for kind in ("not_reached", "no_data"))
    found = outcome.outcome(row)
    return found is not None and not found.reached


@project_rule("ACT001", "not-reached-without-reason", severity="warning", opinion="不够完整")
def not_reached_without_reason(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """指标没有完成，自评表没有写偏差原因和改进措施。

    ## 检查什么
    实际完成值没有达到年度指标值，或写着未完成、部分达成，而偏差原因栏是空的（或只写“无”）。
    只在表中有偏差原因栏，或这一行扣了分时才报。

    ## 为什么重要
    自评的用处在于说清为什么没做到、下一步怎么改；只有数字没有原因，结果无法应用。

    ## 反例
    - 指标值≥95%，实际完成值83.5%，扣了分，偏差原因栏空白。

    ## 正例
    - 指标值≥95%，实际完成值83.5%，原因写“部分设备四季度到货，已调整下年采购计划”。

    ## 依据
    财预〔2020〕10号：未完成绩效目标的，应当说明原因并提出改进措施。
    """
    if not project.self_evaluation and not any(row.actual for row in project.indicators):
        return
    column = outcome.has_reasons(project)
    for at, row in enumerate(project.indicators):
        if row.actual is None or outcome.has_reason(row):
            continue
        lost = outcome.points_lost(row)
        if not (column or (lost is not None and lost > 0)) or not _is_missed(row):
            continue
        yield Fault(
            f"“{row.name}”目标{row.raw_value.strip()}，实际{(row.actual.raw or '').strip()}，没有完成，也没有写原因。",
            "在偏差原因栏写明没有完成的原因和改进措施，如“因__，未完成__；拟于__月底前__”。",
            evidence(
                指标=row.name,
                指标值=row.raw_value.strip() or None,
                实际完成值=row.actual.raw,
                偏差原因=row.actual.reason or "空",
            ),
            indicator=at,
        )
