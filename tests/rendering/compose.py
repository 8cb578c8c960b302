"""From facts to the blocks of a document: the target tables, and the matter around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .blocks import (
    Block,
    Caption,
    Cell,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Section,
    Table,
    TableTitle,
    TargetTable,
    row,
)
from .facts import Facts, Form, Indicator, Project


def compose(facts: Facts, *, repeat_heading: bool, merge_second: bool = False, paged: bool = False) -> Iterator[Block]:
    """The blocks of a document in their order.

    Args:
        facts: The document.
        repeat_heading: Print the indicator headings again where a table goes on on the next page.
        merge_second: Merge equal second tiers too, not only first ones.
        paged: Every target table goes on on a new page after half of its indicators.
    """
    around = facts.around
    yield Heading(facts.title)
    yield from map(Paragraph, around.opening)
    yield Section(around.sections.overview)
    yield Caption(around.caption)
    yield Table(_accounts(facts))
    yield Section(around.sections.narrative)
    yield from map(Paragraph, around.narrative)
    yield Section(around.sections.targets)
    for project in facts.projects:
        yield TableTitle(project.title, project.field_code)
        yield Caption(facts.form.under_title)
        rows = tuple(
            _indicator_rows(project, facts.form, repeat_heading=repeat_heading and not paged, merge_second=merge_second)
        )
        head = tuple(_head(project, facts.form))
        if paged:
            half = 1 + len(project.indicators) // 2
            yield TargetTable(head, rows[:half])
            yield PageBreak()
            yield TargetTable((), (*(rows[:1] if repeat_heading else ()), *_torn(rows[half:])))
        else:
            yield TargetTable(head, rows)
    yield from _after(facts)


def _after(facts: Facts) -> Iterator[Block]:
    around = facts.around
    yield Section(around.sections.procurement)
    yield Paragraph("部门政府采购预算")
    yield Caption((around.caption[0], around.caption[-1]))
    yield Table(_procurement(facts))
    yield Paragraph(around.procurement_note)
    yield Section(around.sections.assets)
    yield Paragraph(around.assets_note)
    yield Paragraph("部门固定资产占用情况表")
    yield Caption((around.caption[0], f"截止时间：{around.assets_date}"))
    heading = row("项   目", "数量", f"价值（金额单位：{facts.money_unit}）")
    yield Table((heading, *(row(*line) for line in around.assets)))
    yield Section(around.sections.closing)
    yield from map(Paragraph, around.closing)


def _accounts(facts: Facts) -> tuple[Row, ...]:
    lines = enumerate(facts.around.accounts, start=1)
    return (
        (Cell("序号"), Cell("收入", span=2), Cell("支出", span=2)),
        row("", "项  目", "预算数", "项  目", "预算数"),
        row("栏次", "1", "2", "3", "4"),
        *(row(str(number), *line) for number, line in lines),
    )


def _procurement(facts: Facts) -> tuple[Row, ...]:
    plain = row("采购物品名称", "政府采购目录序号", "计量  单位", "数量", "单价")
    return (
        (
            Cell("政府采购项目来源", span=2),
            *plain,
            Cell("政府采购金额（当年部门预算安排资金）", span=3),
            Cell(f"{facts.fiscal_year}年预留中小微企业份额"),
        ),
        row("项目名称", "预算资金", *[""] * len(plain), "合计", "一般公共预算拨款", "基金预算拨款", ""),
        *(row(*line) for line in facts.around.procurement),
    )


def _head(project: Project, form: Form) -> Iterator[Row]:
    """The rows over the indicators, on a grid of seven columns."""
    if form.code_label and form.name_label:
        yield (
            Cell(form.code_label),
            Cell(project.code or "", span=2),
            Cell(form.name_label),
            Cell(project.name, span=3),
        )
    if form.budget_label and form.fiscal_label:
        yield row(
            form.budget_label,
            "预算数",
            project.budget or "",
            form.fiscal_label,
            project.funding.fiscal or "",
            "其他资金",
            project.funding.other or "",
        )
        yield Cell(above=True), Cell(project.purpose or "", span=6, breakable=True)
    if project.plan_label:
        plan = dict(project.plan)
        yield _points(Cell(project.plan_label), form.periods)
        yield _points(Cell(above=True), tuple(plan.get(period, "") for period in form.periods))
    numbered = (form.goal_number.format(n) + goal for n, goal in enumerate(project.goals, start=1))
    yield Cell("绩效目标"), Cell("\n".join(numbered), span=6)


def _points(label: Cell, texts: tuple[str, ...]) -> Row:
    first, second, third, last = texts
    return label, Cell(first, span=2), Cell(second), Cell(third), Cell(last, span=2)


def _indicator_rows(project: Project, form: Form, *, repeat_heading: bool, merge_second: bool) -> Iterator[Row]:
    spare = -1 if project.spare_column == "last" else form.columns.index("绩效指标描述")
    heading = _spread(row(*form.columns), spare)
    yield heading
    above: Indicator | None = None
    for number, indicator in enumerate(project.indicators):
        cells = _spread(_indicator(indicator, above, merge_second=merge_second), spare)
        above = indicator
        if repeat_heading and number and number == project.continued_after:
            yield heading
            (cells,) = _torn((cells,))
        yield cells


def _indicator(indicator: Indicator, above: Indicator | None, *, merge_second: bool) -> Row:
    same_first = above is not None and above.tier1 == indicator.tier1
    same_second = same_first and above is not None and above.tier2 == indicator.tier2
    return (
        Cell(above=True) if same_first else Cell(indicator.tier1),
        Cell(above=True) if merge_second and same_second else Cell(indicator.tier2),
        Cell(indicator.name),
        Cell(indicator.description, breakable=True),
        Cell(indicator.value),
        Cell(indicator.basis, breakable=True),
    )


def _torn(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows at the top of a page: what is merged with the page before is a cell of its own, and empty."""
    first, *others = rows
    return tuple(replace(cell, above=False) for cell in first), *others


def _spread(cells: Row, spare: int) -> Row:
    """The row with the spare grid column under the cell at `spare`."""
    wide = list(cells)
    wide[spare] = replace(cells[spare], span=2)
    return tuple(wide)
