"""One target table → its projects: one, or on a sheet for all projects as many as its columns name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from kpi.documents import problem
from kpi.schema import Indicator, Organisation, Problem, Project
from kpi.tables import head, identity, money, plan, rows, titles
from kpi.tables.columns import Columns
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.find import Placed, TargetTable


class Around(NamedTuple):
    """What the document says for all its projects; a table's own caption beats it, and ``given_year`` beats both."""

    organisation: Organisation
    fiscal_year: int | None
    money_unit: str | None
    given_year: int | None = None


class Found(NamedTuple):
    """The projects of one target table, the rows that looked like indicators, and what could not be read."""

    projects: tuple[Project, ...]
    rows_seen: int
    problems: tuple[Problem, ...]


def read(target: TargetTable, around: Around, deadline: Deadline = UNLIMITED) -> Found:
    """Read one target table; what its head does not print is null."""
    top = head.read(target)
    title = target.title.text if target.title else None
    around = Around(
        _organisation(target, top) or around.organisation,
        around.given_year or identity.year_in(top.texts.get("year"), title, *target.captions) or around.fiscal_year,
        next(
            (u for text in (*reversed(top.loose), *reversed(target.captions)) if (u := money.unit_of(text))),
            around.money_unit,
        ),
    )
    target = target.for_year(around.fiscal_year)
    goals = head.goals(top)
    said = (*goals, top.texts.get("purpose") or "")
    found, seen = rows.read(target, around.fiscal_year, deadline, said)
    projects = tuple(_projects(target, top, found, goals, around))
    unread = next((left for placed, columns in target.rows if (left := _left_over(columns, placed))), ())
    table, at = target.heading
    problems = (problem("columns_not_read", "、".join(unread), table.location(at)),) if unread else ()
    return Found(projects, seen, problems)


def _left_over(columns: Columns, placed: Placed) -> tuple[str, ...]:
    """The headings of the values that are not read, else the values of a row that stand beside the one read."""
    table, at = placed
    unread = dict.fromkeys(text for block in columns.blocks for text in block.unread)
    return tuple(unread) or columns.left_over(table.rows[at])


def _projects(
    target: TargetTable, top: head.Head, found: list[rows.Read], goals: tuple[str, ...], around: Around
) -> Iterator[Project]:
    if not any(read.project.name or read.project.code for read in found):
        yield _project(target, top, [read.indicator for read in found], goals, around)
        return
    printed: dict[tuple[str | None, str | None], list[rows.Read]] = {}
    for read in found:
        printed.setdefault(read.project[:2], []).append(read)
    for (name, code), reads in printed.items():
        columns = reads[-1].project
        budget = money.amount(columns.budget, top.unit or around.money_unit) if columns.budget else None
        project = _project(target, top, [read.indicator for read in reads], goals, around)
        yield project.model_copy(
            update={
                "name": name,
                "code": code,
                "budget": budget or project.budget,
                "goals": head.split_goals(columns.goals) if columns.goals else project.goals,
                "location": reads[0].indicator.location,
                "hidden_titles": (),  # they are of the sheet, not of one of its projects
            }
        )


def _project(
    target: TargetTable, top: head.Head, indicators: list[Indicator], goals: tuple[str, ...], around: Around
) -> Project:
    title = target.title.text if target.title else None
    table, at = (target.head or [target.heading])[0]
    return Project(
        title=title,
        name=top.texts.get("name") or _name_in(title),
        code=top.texts.get("code"),
        organisation=around.organisation,
        fiscal_year=around.fiscal_year,
        framework=framework(indicators),
        self_evaluation=any(i.actual is not None for i in indicators),
        budget=head.budget(top, around.money_unit),
        funding=head.funding(top, around.money_unit),
        purpose=top.texts.get("purpose"),
        spending_plan=plan.spending_plan(top, around.money_unit),
        goals=goals,
        indicators=tuple(indicators),
        location=target.title.location if target.title else table.location(at),
        whole_budget=head.whole_budget(top, around.money_unit),
        execution=head.execution(top, around.money_unit),
        columns=_fields(target),
        hidden_titles=tuple(name for name in target.hidden_titles if titles.core(name) != titles.core(title or "")),
    )


def _fields(target: TargetTable) -> tuple[str, ...]:
    """What the heading rows of the table have columns for."""
    printed = {id(block): block.fields for _, columns in target.rows for block in columns.blocks}
    return tuple(dict.fromkeys(name for fields in printed.values() for name in sorted(fields, key=lambda n: fields[n])))


def _name_in(title: str | None) -> str | None:
    """The project's name in the title, unless the title names the organisation alone."""
    return None if title and identity.titled_organisation(title) else titles.name_in(title)


def _organisation(target: TargetTable, top: head.Head) -> Organisation | None:
    """The organisation of the table itself: a coded caption, else 实施单位, else 主管部门."""
    for text in (*top.loose, *reversed(target.captions)):
        if found := identity.coded_organisation(text):
            return found
    named = [
        identity.coded_organisation(name) or Organisation(name=name)
        for label in ("unit", "department")
        if (name := top.texts.get(label))
    ]
    if named:  # 实施单位 often repeats the name of 主管部门 without its code
        return next((each for each in named if each.code and each.name == named[0].name), named[0])
    return identity.titled_organisation(target.title.text) if target.title else None


def framework(indicators: list[Indicator]) -> Literal["old", "new"] | None:
    """Which framework the tiers belong to: 成本 is a first tier in the new one (财预〔2021〕101号), 可持续影响 and
    a cost under 产出 exist only in the old one; null where the rows do not tell.
    """
    firsts = {i.tier1 for i in indicators}
    seconds = {i.tier2 for i in indicators}
    if "成本指标" in firsts or seconds & {"经济成本指标", "社会成本指标", "生态环境成本指标"}:
        return "new"
    if seconds & {"成本指标", "可持续影响指标"}:
        return "old"
    return None
