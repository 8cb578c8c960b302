"""From facts to the blocks of a document, in the form of the family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from ..blocks import Block, Caption, Cell, Heading, Paragraph, Row, TableTitle, TargetTable, row
from .facts import FamilyFacts, Fields, Form, HeadCell, Indicator, Project

INDENT = "　"
# Columns merged downwards while the texts of all of them up to this one stay the same.
_MERGED = ("project", "budget", "goals", "tier1", "tier2", "whole_period.tier2")


def compose(facts: FamilyFacts) -> Iterator[Block]:
    """The blocks of a document in their order."""
    yield Heading(facts.title)
    if facts.form.shape == "sheet":
        yield TableTitle(facts.projects[0].title, facts.projects[0].title)
        yield Caption(facts.form.under_title)
        yield _target((), facts.form, [line for project in facts.projects for line in _lines(project, facts.form)])
        return
    for project in facts.projects:
        yield TableTitle(project.title, project.title)
        if facts.form.shape == "prose":
            yield from map(Paragraph, _prose(project, facts.form))
            continue
        yield Caption(facts.form.under_title)
        yield _target(tuple(_head(project, facts.form)), facts.form, list(_lines(project, facts.form)))


def _target(head: tuple[Row, ...], form: Form, lines: Sequence[Fields]) -> TargetTable:
    rows = (*_headings(form), *_body(form, lines))
    tiers = sum(column.field in _MERGED for column in form.columns)
    if form.side is None:
        return TargetTable(head, rows, tiers)
    sides = (Cell(form.side), *[Cell(above=True)] * (len(rows) - 1))
    return TargetTable(head, tuple((side, *cells) for side, cells in zip(sides, rows, strict=True)), tiers + 1)


# ------------------------------------------------------------------------------------------------ over the indicators


def goals_text(project: Project, form: Form) -> str:
    """The goals as one cell prints them, each with its number unless it is the only one."""
    if len(project.goals) == 1:
        return project.goals[0]
    return "\n".join(form.goal_number.format(n) + goal for n, goal in enumerate(project.goals, start=1))


def _head(project: Project, form: Form) -> Iterator[Row]:
    fields = {
        **project.fields,
        "name": project.name,
        "budget": project.budget or "",
        "fiscal": project.funding.fiscal or "",
        "other": project.funding.other or "",
        "goals": goals_text(project, form),
    }
    for cells in form.head:
        yield tuple(_head_cell(cell, fields) for cell in cells)


def _head_cell(cell: HeadCell, fields: Fields) -> Cell:
    return Cell(span=cell.span, above=True) if cell.text == "^" else Cell(cell.text.format(**fields), cell.span)


def _headings(form: Form) -> Iterator[Row]:
    """The heading row, or two where a heading is merged over several columns."""
    if not any(column.above for column in form.columns):
        yield row(*(column.heading for column in form.columns))
        return
    upper: list[Cell] = []
    for heading, columns in groupby(form.columns, key=lambda column: column.above or column.heading):
        upper.append(Cell(heading, span=len(list(columns))))
    yield tuple(upper)
    yield tuple(Cell(column.heading) if column.above else Cell(above=True) for column in form.columns)


# ------------------------------------------------------------------------------------------------ the indicators


def _lines(project: Project, form: Form) -> Iterator[Fields]:
    """The rows of a project, each as the texts of its fields."""
    if form.shape == "pairs":
        yield from _pairs(project)
    elif form.shape == "tree":
        yield from _tree(project)
    else:
        for indicator in project.indicators:
            yield {
                "project": project.name,
                "budget": project.budget or "",
                "goals": goals_text(project, form),
                "tier1": indicator.tier1 + form.tier_weights.get(indicator.tier1, ""),
                "tier2": indicator.tier2,
                "name": indicator.name,
                **dict(zip(form.places, indicator.values, strict=True)),
                **indicator.fields,
            }


def _pairs(project: Project) -> Iterator[Fields]:
    for tier1 in dict.fromkeys(indicator.tier1 for indicator in project.indicators):
        sides: dict[str, list[Indicator]] = {"whole_period": [], "annual": []}
        for indicator in project.indicators:
            if indicator.tier1 == tier1 and indicator.horizon:
                sides[indicator.horizon].append(indicator)
        for pair in zip_longest(*sides.values()):
            line = {"tier1": tier1}
            for side, indicator in zip(sides, pair, strict=True):
                if indicator is not None:
                    texts = {"tier2": indicator.tier2, "name": indicator.name, **indicator.fields}
                    line.update({f"{side}.{field}": text for field, text in texts.items()})
            yield line


def _tree(project: Project) -> Iterator[Fields]:
    above: Indicator | None = None
    for indicator in project.indicators:
        if above is None or above.tier1 != indicator.tier1:
            yield {"name": indicator.tier1}
        if above is None or above.tier2 != indicator.tier2:
            yield {"name": INDENT + indicator.tier2}
        yield {"name": INDENT * 2 + indicator.name, **indicator.fields}
        above = indicator


def _body(form: Form, lines: Sequence[Fields]) -> Iterator[Row]:
    merged = [column.field for column in form.columns if column.field in _MERGED]
    above: Fields = {}
    for line in lines:
        cells = [Cell(line.get(column.field, "")) for column in form.columns]
        for at, column in enumerate(form.columns):
            if column.field not in merged or not above:
                continue
            fields = merged[: merged.index(column.field) + 1]
            if all(line.get(field) and line.get(field) == above.get(field) for field in fields):
                cells[at] = replace(cells[at], text="", above=True)
        yield tuple(cells)
        above = line


# ------------------------------------------------------------------------------------------------ prose


def _prose(project: Project, form: Form) -> Iterator[str]:
    yield f"项目名称：{project.name}"
    yield f"预算金额：{project.budget}万元"
    yield f"绩效目标：{goals_text(project, form)}"
    for (tier1, tier2), group in groupby(project.indicators, key=lambda row: (row.tier1, row.tier2)):
        tiers = "-".join(filter(None, (tier1, tier2)))
        yield f"【{tiers}】"
        for number, indicator in enumerate(group, start=1):
            yield f"指标{number}：{indicator.name}（{indicator.fields['value']}）"
