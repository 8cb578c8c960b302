"""ACT005."""

from collections.abc import Iterator

from kpi.rules.actual import outcome
from kpi.rules.base import Fault, evidence, project_rule
from kpi.schema import Empty, Extraction, Project


@project_rule("ACT005", "full-marks-without-data", severity="warning", opinion="不够完整")
def full_marks_without_data(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """没有填实际完成值，却得了满分。

    ## 检查什么
    自评表中一行的得分等于分值，实际完成值却是空的，或只写“未开展调查”“暂无数据”一类的话。表中没有一行填实际完成值的，多半是没有这一栏，不报。
    “达成预期指标”是对定性指标的规范答复，不算没有数据。

    ## 为什么重要
    得分要有依据；没有实际完成值，满分从何而来？

    ## 反例
    - 分值10，得分10，实际完成值空白。

    ## 正例
    - 分值10，得分10，实际完成值“达成预期指标”。

    ## 依据
    财预〔2020〕10号：绩效自评应当依据实际完成情况评分，做到客观、真实。
    """
    if not any(outcome.is_given(row.actual) for row in project.indicators):
        return
    for at, row in enumerate(project.indicators):
        if not row.weight or row.actual is None or outcome.is_given(row.actual) or outcome.points_lost(row) != 0:
            continue
        weight, said = f"{row.weight:f}", (row.actual.raw or "").strip() if row.actual.value else ""
        said = "" if isinstance(row.actual.value, Empty) else said
        lack = f"实际完成值只写“{said}”，没有数据" if said else "没有填实际完成值"
        yield Fault(
            f"“{row.name}”得满分{weight}分，却{lack}。",
            f"补填实际完成值（目标是{row.raw_value.strip() or '__'}），没有数据的不应给满分。",
            evidence(指标=row.name, 指标值=row.raw_value.strip() or None, 实际完成值=said or "空", 得分=weight),
            indicator=at,
        )
