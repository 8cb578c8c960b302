"""FIN008."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import costs
from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.money import amounts
from kpi.rules.once import once
from kpi.schema import Extraction, Figure, Project


@document_rule(
    "FIN008",
    "figure-contradicts-text",
    severity="warning",
    opinion="其他",
    certainty="likely",
    thresholds={"tolerance": amounts.TOLERANCE},
)
def figure_contradicts_text(extraction: Extraction, *, tolerance: Decimal) -> Iterator[Fault]:
    """绩效目标表里的金额与说明文字里同一项目的金额不一致。

    ## 检查什么
    说明文字点名写了某个项目的金额，而这个项目表头的预算（没有印预算的，看总成本指标）与之相差0.5%以上。
    按项目名称（或绩效目标表标题）对应，不按先后次序；自评表只在整份文件都是自评时才比，并与执行数比；说明文字几处写到、有一处相符的，不提示；四舍五入之内的，不提示。

    ## 为什么重要
    同一个项目在同一份文件里有两个数，至少一个是错的，公开后容易引起质疑。

    ## 反例
    - 说明文字写“行政后勤经费50万元”，该项目成本指标为≤60万元。

    ## 正例
    - 说明文字写“行政后勤经费50万元”，该项目预算为50万元。
    - 说明文字写“社区经费合计130万元”，由两个项目组成。

    ## 依据
    预算法：预算公开应当真实、完整；财预〔2015〕88号：绩效目标应当与预算相匹配。
    """
    told: dict[str, list[Figure]] = defaultdict(list)
    for figure in extraction.figures:
        if figure.project is not None:
            told[figure.project].append(figure)
    if not told:
        return
    named: dict[str, list[int]] = defaultdict(list)
    for number, project in enumerate(extraction.projects):
        if project.name is not None and project.name in told and may_be_told(project, extraction):
            named[project.name].append(number)
    for name, numbers in named.items():
        tables = [found for number in numbers for found in _in_table(extraction.projects[number])]
        figures = told[name]
        if any(_same(figure, yuan, tolerance) for figure in figures for _, yuan in tables):
            continue
        label, yuan = tables[0]
        said, shown = amounts.shown(figures[0].money), amounts.in_words(yuan)
        yield Fault(
            f"说明文字里“{figures[0].what}”是{said}，绩效目标表的{label}是{shown}。",
            "核对后使绩效目标表与说明文字一致。",
            evidence(说明文字=figures[0].text, 绩效目标表=f"{label}{shown}"),
            project=numbers[0],
        )


def may_be_told(project: Project, extraction: Extraction) -> bool:
    """Whether a table has money that the text may tell of as well."""
    return _is_meant(project, extraction) and any(True for _ in _in_table(project))


def _is_meant(project: Project, extraction: Extraction) -> bool:
    """Whether the text speaks of the table's year: an evaluation among a budget's targets is of a year before."""
    if not project.self_evaluation:
        return True
    own = project.fiscal_year in (None, extraction.fiscal_year)
    return own and all(other.self_evaluation for other in extraction.projects)


@once
def _in_table(project: Project) -> list[tuple[str, Decimal]]:
    """What the table gives as the project's money: the figures of its head, else its whole cost."""
    head = [("项目预算", money.base_magnitude) for money in amounts.budgets(project)]
    if head:
        run = project.execution
        spent = [("全年执行数", run.executed.base_magnitude)] if run and run.executed else []
        return head + spent + [("资金来源", money.base_magnitude) for money in amounts.parts(project)]
    rows = (row for row in project.indicators if costs.is_whole_cost(row, project))
    found = (amount for row in rows if (amount := costs.whole_amount(row)) is not None)
    return [("总成本", costs.most(amount)) for amount in found]


def _same(figure: Figure, yuan: Decimal, tolerance: Decimal) -> bool:
    money = figure.money
    if amounts.near(money.base_magnitude, yuan, tolerance):
        return True
    return abs(money.base_magnitude - yuan) <= amounts.last_digit(money) / 2
