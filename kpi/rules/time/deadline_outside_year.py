"""TIM001."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kpi.rules import suggest
from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.time import words
from kpi.schema import Certainty, Compound, DateValue, DepartmentTarget, Extraction, Indicator, Project, Value


class _Years(NamedTuple):
    """The budget year, the years that count as the project's, and whether it may go on behind them."""

    year: int
    first: int
    last: int
    goes_on: bool


@document_rule("TIM001", "deadline-outside-year", severity="error", opinion="指标与指标值不匹配")
def deadline_outside_year(extraction: Extraction) -> Iterator[Fault]:
    """完成时限不在预算年度之内。

    ## 检查什么
    指标值里写了年份的日期，整个落在预算年度（跨年项目为整个实施期）之前或之后；
    指标名称、年度目标和部门绩效目标的文字里，“某年底前”一类的时限早于预算年度。没有写年份的日期、与往年比较的年份、说明对象的日期（2024年底前入职的人员），不在此列；
    一个目标分几年写了几步、最后一步在预算年度的，开工等起步的日期早于年度而另有一行在年度内完成的，按跨年的项目看。

    ## 为什么重要
    绩效目标是预算年度要达到的目标。时限早于年度，多半是照抄了往年的表；晚于年度，当年无法考核。

    ## 反例
    - 预算年度2025年，时效指标“完成时间”的值是2024年12月31日前。
    - 时效指标 | 资金支付时间 | 2023年12月底

    ## 正例
    - 时效指标 | 资金支付时间 | 2025年12月底
    - 时效指标 | 资金支付时间 | 12月底前
    - 项目“机房租赁（2024至2027年）”，时效指标的值是2026年6月底前。

    ## 依据
    财预〔2015〕88号：绩效目标是在一定期限内达到的产出和效果，年度目标与预算年度一致。
    """
    for number, project in enumerate(extraction.projects):
        year = project.fiscal_year or extraction.fiscal_year
        if year is None:
            continue
        dated = [(at, row) for at, row in enumerate(project.indicators) if _has_date(row)]
        goals = [goal for goal in project.goals if _may_set_deadline(goal)]
        if not (dated or goals):
            continue
        years = _years(project, year)
        for at, row in dated:
            if fault := _in_row(row, years, suggest.deadline(project)):
                yield fault._replace(project=number, indicator=at)
        if fault := next((found for goal in goals if (found := _in_text(goal, years, "年度目标"))), None):
            yield fault._replace(project=number)
    if extraction.fiscal_year is not None:
        yield from _in_department(extraction.department_targets, extraction.fiscal_year)


def _has_date(row: Indicator) -> bool:
    """Whether a row may set a date, asked of every row and so asked quickly."""
    return (
        row.value.kind in ("date", "compound")
        or row.meant is not None
        or _may_set_deadline(row.name)
        or (row.description is not row.name and _may_set_deadline(row.description))
    )


def _may_set_deadline(text: str | None) -> bool:
    return text is not None and "20" in text and any(sign in text for sign in "前底末")


def _years(project: Project, year: int) -> _Years:
    names = [text for text in (project.name, project.title, project.purpose, *project.goals) if text]
    found = [span for text in names for span in words.spans(text) if span[0] <= year <= span[1]]
    for row in project.indicators:
        value = row.value
        if isinstance(value, DateValue) and value.operator == "in" and value.year_written:
            begin, end = _year(value.start), _year(value.end)
            if begin and end and begin <= year <= end:
                found.append((begin, end))
    found += _worked_through(project, year)
    goes_on = any(words.pattern("span", "goes_on").search(text) for text in names[:2])
    return _Years(year, min([year, *(a for a, _ in found)]), max([year, *(b for _, b in found)]), goes_on)


def _worked_through(project: Project, year: int) -> Iterator[tuple[int, int]]:
    """The stretches of years that steps of one work fill: of a goal that sets deadlines before the budget year and in
    it, of rows that begin before it (开工时间) where others end in it.
    """
    for goal in project.goals:
        set_years = [found for found, _ in words.deadlines(goal)] if _may_set_deadline(goal) else []
        if set_years and min(set_years) < year <= max(set_years):
            yield min(set_years), year
    begun, ended = [], False
    for row in project.indicators:
        for date in _dates(row.value, compound=False):
            if (end := _year(date.end)) is None:
                continue
            ended = ended or end >= year
            if end < year and words.pattern("dated", "begun").search(row.name or ""):
                begun.append(end)
    if begun and ended:
        yield min(begun), year


def _in_row(row: Indicator, years: _Years, instead: str) -> Fault | None:
    value = row.meant if isinstance(row.meant, DateValue) else row.value
    dates = list(_dates(value, compound=False))
    if dates and not words.pattern("dated", "compared").search(row.raw_value):
        for date in dates:
            if said := _outside(date, years, row):
                printed = row.raw_value.strip()
                return Fault(
                    f"时限“{printed}”{said}预算年度{years.year}年。",
                    f"核对后改为预算年度内的日期，如“{instead}”。",
                    evidence(指标=row.name, 指标值=printed, 预算年度=str(years.year)),
                    _certainty(said),
                )
    for text in (row.name, row.description):
        if _may_set_deadline(text) and (fault := _in_text(text or "", years, "指标")):
            return fault
    return None


_BEFORE, _AFTER = "早于", "晚于"


def _certainty(said: str) -> Certainty:
    return "certain" if said == _BEFORE else "likely"


def _dates(value: Value, *, compound: bool) -> Iterator[DateValue]:
    """The dates with a year; of a compound only deadlines, as a year may tell whose a number is (2022年：5个)."""
    if isinstance(value, Compound):
        for part in value.parts:
            yield from _dates(part, compound=True)
    elif isinstance(value, DateValue) and value.year_written and (value.operator == "<=" or not compound):
        yield value


def _outside(date: DateValue, years: _Years, row: Indicator) -> str | None:
    """``早于`` or ``晚于`` where the date lies wholly outside of the project's years."""
    begin, end = _year(date.start), _year(date.end)
    if end is not None and end < years.first and date.operator != ">=":
        return _BEFORE
    first = begin if date.operator in ("in", ">=") else end
    goes_on = years.goes_on or row.horizon == "whole_period"
    return _AFTER if first is not None and first > years.last and not goes_on else None


def _year(day: str | None) -> int | None:
    return int(day[:4]) if day and day[:4].isdigit() else None


def _in_text(text: str, years: _Years, what: str) -> Fault | None:
    for year, clause in words.deadlines(text):
        if year < years.first:
            return Fault(
                f"{what}里的时限“{clause}”早于预算年度{years.year}年。",
                f"核对后改为预算年度内的日期，如“{years.year}年12月底前”。",
                evidence(**{what: clause}, 预算年度=str(years.year)),
                text=clause,
            )
    return None


def _in_department(targets: Iterable[DepartmentTarget], year: int) -> Iterator[Fault]:
    years = _Years(year, year, year, goes_on=True)
    for target in targets:
        if _may_set_deadline(target.goal) and (fault := _in_text(target.goal or "", years, "部门绩效目标")):
            yield fault._replace(location=target.indicators[0].location if target.indicators else None)
        for row in target.indicators:
            if fault := _in_row(row, years, f"{year}年12月31日前"):
                yield fault._replace(location=row.location)
