"""STR013."""

from collections.abc import Iterator

from kpi.rules import facts
from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.money import amounts
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project

_WHAT = ("项目名称", "项目编码", "预算数")
_COLUMNS = ("project_name", "project_code", "project_budget")


@document_rule("STR013", "missing-identity", severity="warning", opinion="不够完整")
def missing_identity(extraction: Extraction) -> Iterator[Fault]:
    """表头缺少项目名称、项目编码或预算数。

    ## 检查什么
    表格完整可见、表头读到了时：没有项目名称；项目编码和预算数都没有；同一文件中其他项目印有编码或预算数、唯独本项目没有。表样本来不印编码、但印有预算数的，不提；一张表列出各项目、有项目名称一列的，没有设编码、预算列的不提。部门整体绩效目标表没有项目名称和编码，不提。

    ## 为什么重要
    不知道是哪个项目、花多少钱，绩效目标就无法与预算对应，也无法判断两者是否匹配。

    ## 反例
    - 表头只有项目名称，没有项目编码，也没有预算数。
    - 十个项目中九个印有预算数，一个空着。

    ## 正例
    - 表头印有项目名称、项目编码和预算数。
    - 表样没有编码一栏，表头印有项目名称和预算数。

    ## 依据
    财预〔2015〕88号：绩效目标与预算资金相应匹配；申报表应填写项目名称、编码和资金。
    """
    present = [_present(project) for project in extraction.projects]
    usual = tuple(sum(column) * 2 > len(present) for column in zip(*present, strict=True))
    for p, project in enumerate(extraction.projects):
        missing = _missing(present[p], usual, project.columns)
        if missing and wants_identity(project) and facts.is_whole(project, extraction):
            yield Fault(
                f"{filing.called(project)}的表头缺少{filing.listed(missing)}。",
                f"在表头补填{filing.listed(missing)}。",
                evidence(项目=project.name, 项目编码=project.code, 缺少=filing.listed(missing)),
                project=p,
            )


def _present(project: Project) -> tuple[bool, ...]:
    money = any(amounts.budgets(project)) or any(amounts.parts(project)) or project.budget is not None
    return bool(project.name), bool(project.code), money


def wants_identity(project: Project) -> bool:
    """Whether a table should say which project it is of: anything above its rows was read, as a copy may begin with the
    heading, and it is of no whole department.
    """
    above = (project.title, project.goals, project.spending_plan, project.organisation.name, any(_present(project)))
    return any(above) and not filing.is_of_department(project)


def _missing(present: tuple[bool, ...], usual: tuple[bool, ...], columns: tuple[str, ...]) -> list[str]:
    """What a head lacks: a name, what most heads of the document have, and code and budget where it has neither.

    Of a list that names its projects in a column of their own nothing is asked for that it has no column for.
    """
    wanted: tuple[bool, ...] = (True, usual[1] or not present[2], usual[2] or not present[1])
    if _COLUMNS[0] in columns:
        wanted = tuple(want and column in columns for want, column in zip(wanted, _COLUMNS, strict=True))
    return [what for what, there, want in zip(_WHAT, present, wanted, strict=True) if want and not there]
