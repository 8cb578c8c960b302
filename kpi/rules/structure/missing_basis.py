"""STR012."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import facts
from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.structure import filing
from kpi.schema import Extraction, Indicator, Project


@document_rule("STR012", "missing-basis", severity="info", opinion="不够完整", thresholds={"filled_share": "0.6"})
def missing_basis(extraction: Extraction, filled_share: Decimal) -> Iterator[Fault]:
    """有“指标值确定依据”一栏，却没有填。

    ## 检查什么
    表样有依据一栏：本项目六成以上的行填了依据，个别行空着，提在空着的行；同一文件中多数项目逐行填了、本项目整栏空着，提在项目上。
    填得少的（可能是备注栏）、与上一行同属一个二级指标的（可能是合并单元格）不提；指标值也空着的行由VAL001提出。

    ## 为什么重要
    没有依据，就看不出指标值是参照计划、行业、历史还是预算标准定的，也就无法判断是否合理。

    ## 反例
    - 六行指标中五行写了“年度工作计划”，质量指标一行依据空着。

    ## 正例
    - 每行都写有依据，如“省定补助标准文件”“近三年平均值”。
    - 表样没有依据一栏。

    ## 依据
    财预〔2021〕101号：指标值设定依据包括计划标准、行业标准、历史标准、预算支出标准等。
    """
    used = [sum(_is_given(row) for row in project.indicators) for project in extraction.projects]
    basis = [count >= filled_share * len(p.indicators) > 0 for count, p in zip(used, extraction.projects, strict=True)]
    others = sum(basis)
    for p, project in enumerate(extraction.projects):
        if basis[p]:
            yield from _rows(project, p)
        elif (
            not used[p]
            and others > 1
            and others * 2 > len(extraction.projects)
            and any(map(_is_filled, project.indicators))
        ):
            yield Fault(
                f"{filing.called(project)}的指标值确定依据整栏空着。",
                "逐行写明依据，如文件文号、年度工作计划、行业标准或上年实际完成值。",
                evidence(项目=project.name, 指标行数=str(len(project.indicators)), 填写依据的行数="0"),
                project=p,
            )


def _rows(project: Project, p: int) -> Iterator[Fault]:
    rows = project.indicators
    for i, row in enumerate(rows):
        if not _is_filled(row):
            continue
        merged = i > 0 and (row.tier1, row.tier2) == (rows[i - 1].tier1, rows[i - 1].tier2)
        if not merged and not _is_given(row):
            yield Fault(
                f"指标“{row.name}”没有填写指标值确定依据。" if row.name else "这一行没有填写指标值确定依据。",
                "写明依据，如文件文号、年度工作计划、行业标准或上年实际完成值。",
                evidence(指标=row.name, 指标值=row.raw_value.strip() or None, 依据=row.basis or "空"),
                project=p,
                indicator=i,
            )


def _is_filled(row: Indicator) -> bool:
    return not facts.is_empty(row.value)


def _is_given(row: Indicator) -> bool:
    return bool(row.basis) and row.basis not in filing.words("blank", "words")
