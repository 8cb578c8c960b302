"""One target table → one :class:`Project`."""

from __future__ import annotations

from typing import Literal, NamedTuple

import regex

from kpi.schema import Indicator, Organisation, Project
from kpi.tables import head, identity, money, rows
from kpi.tables.find import TargetTable


class Around(NamedTuple):
    """What the document says for all its projects; a table's own caption beats it."""

    organisation: Organisation
    fiscal_year: int | None
    money_unit: str | None


class ReadProject(NamedTuple):
    """A project, and how many of its rows looked like indicators."""

    project: Project
    rows_seen: int


_NUMBER = regex.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[.、．]|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_KIND = regex.compile(r"(?:项目)?(?:支出)?绩效(?:目标|自评|评价)[^。，；：\s]{0,10}表(?:\([^()]*\)|（[^（）]*）)?$")


def project(target: TargetTable, around: Around) -> ReadProject:
    """Read one target table; what its head does not print is null."""
    top = head.read(target.head)
    captions = [*reversed(top.loose), *reversed(target.caption)]
    unit = next((u for text in captions if (u := money.unit_of(text))), around.money_unit)
    own = next((o for text in top.loose if (o := identity.coded_organisation(text))), None)
    read = rows.read(target, around.fiscal_year)
    title = target.title.text if target.title else None
    table, at = (target.head or [target.heading])[0]
    found = Project(
        title=title,
        name=top.texts.get("name") or name_in(title),
        code=top.texts.get("code"),
        organisation=own or _named(top) or around.organisation,
        fiscal_year=around.fiscal_year,
        framework=framework(read.indicators),
        self_evaluation=any(i.actual is not None for i in read.indicators),
        budget=head.budget(top, unit),
        funding=head.funding(top, unit),
        purpose=top.texts.get("purpose"),
        spending_plan=head.spending_plan(top, unit),
        goals=head.split_goals(top.texts.get("goals", "")),
        indicators=tuple(read.indicators),
        location=target.title.location if target.title else table.location(at),
    )
    return ReadProject(found, read.seen)


def _named(top: head.Head) -> Organisation | None:
    name = top.texts.get("organisation")
    return (identity.coded_organisation(name) or Organisation(name=name)) if name else None


def name_in(title: str | None) -> str | None:
    """The project's name in a title: ``1、车辆保险费绩效目标表`` → ``车辆保险费``."""
    if title is None:
        return None
    return _KIND.sub("", _NUMBER.sub("", title)).strip() or None


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
