"""An extraction with cells put right by a person: typed anew, everything else as it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

import regex

from kpi.schema import Actual, Cells, Compound, DateValue, Extraction, Indicator, Money, Project, Quantity, plain
from kpi.tables import vocabulary
from kpi.tables.indicators import joined
from kpi.tables.money import amount
from kpi.values import parse_value

RowField = Literal[
    "tier1_text", "tier2_text", "name", "description", "raw_value", "operator", "value", "unit", "basis", "weight",
    "actual", "score", "reason",
]  # fmt: skip
HeadField = Literal["code", "fiscal_year", "budget", "fiscal_funding", "other_funding"]
Field = RowField | HeadField
ROW_FIELDS: tuple[RowField, ...] = get_args(RowField)
HEAD_FIELDS: tuple[HeadField, ...] = get_args(HeadField)
# What stands in the place of an indicator's number for a cell of the table's head.
HEAD = -1
_PARTS: tuple[RowField, ...] = ("operator", "value", "unit")
_YEAR = regex.compile(r"\s*(?P<year>(?:19|20)\d\d)\s*年?\s*")


class Cell(NamedTuple):
    """One cell of an indicator, or of the head (``HEAD``), with what really stands there; empty is an empty cell."""

    project: int
    indicator: int
    field: Field
    text: str

    @property
    def place(self) -> tuple[int, int, str]:
        """Which cell it is, whatever stands in it."""
        return self.project, self.indicator, self.field


def corrected(extraction: Extraction, cells: Iterable[Cell]) -> Extraction:
    """The extraction with these cells, the later of two for one cell; those that do not exist are left out."""
    projects = list(extraction.projects)
    for cell in cells:
        if written(extraction, cell) is None:
            continue
        project = projects[cell.project]
        year = project.fiscal_year or extraction.fiscal_year
        if cell.indicator == HEAD:
            projects[cell.project] = _headed(project, cell, extraction.money_unit)
        else:
            rows = list(project.indicators)
            rows[cell.indicator] = _with(rows[cell.indicator], cell, year)
            projects[cell.project] = project.model_copy(update={"indicators": tuple(rows)})
    return extraction.model_copy(update={"projects": tuple(projects)})


def fields_of(project: Project, indicator: int) -> tuple[Field, ...]:
    """The cells that its table has: of the head, or of a row."""
    if indicator == HEAD:
        return HEAD_FIELDS
    asked = {"description", "weight", "basis"} & set(project.columns)
    asked |= {"actual", "score", "reason"} if project.self_evaluation else set()
    cells = project.indicators[indicator].cells
    asked |= (
        set(_PARTS) if cells.operator or cells.unit or {"operator", "unit"} & set(project.columns) else {"raw_value"}
    )
    return tuple(field for field in ROW_FIELDS if field in asked or field in ("tier1_text", "tier2_text", "name"))


def is_readable(extraction: Extraction, cell: Cell) -> bool:
    """Whether the text is one for that cell: an amount, a number, a year where one stands there; or nothing."""
    text = cell.text.strip()
    match cell.field:
        case "budget" | "fiscal_funding" | "other_funding":
            return not text or amount(text, extraction.money_unit) is not None
        case "weight" | "score":
            return not text or isinstance(parse_value(text), Quantity)
        case "fiscal_year":
            return not text or _YEAR.fullmatch(text) is not None
        case _:
            return True


def written(extraction: Extraction, cell: Cell) -> str | None:
    """What is read in that cell now, as text; null where there is no such cell."""
    if not 0 <= cell.project < len(extraction.projects):
        return None
    project = extraction.projects[cell.project]
    if cell.indicator == HEAD:
        return _of_head(project, extraction.fiscal_year, cell.field)
    if not 0 <= cell.indicator < len(project.indicators) or cell.field not in ROW_FIELDS:
        return None
    return _of_row(project.indicators[cell.indicator], cell.field)


def _of_head(project: Project, year: int | None, field: Field) -> str | None:
    match field:
        case "code":
            return project.code or ""
        case "fiscal_year":
            return f"{project.fiscal_year or year or ''}"
        case "budget":
            return _printed(project.budget)
        case "fiscal_funding":
            return _printed(project.funding.fiscal)
        case "other_funding":
            return _printed(project.funding.other)
        case _:
            return None


def _printed(money: Money | None) -> str:
    return "" if money is None else f"{plain(money.magnitude)}{money.unit}"


def _of_row(indicator: Indicator, field: Field) -> str:
    actual = indicator.actual or Actual()
    match field:
        case "weight":
            return "" if indicator.weight is None else format(indicator.weight, "f")
        case "actual":
            return actual.raw or ""
        case "score":
            return "" if actual.score is None else format(actual.score, "f")
        case "reason":
            return actual.reason or ""
        case "operator" | "value" | "unit":
            return getattr(indicator.cells, field) or ""
        case _:
            return getattr(indicator, field) or ""


def _headed(project: Project, cell: Cell, unit: str | None) -> Project:
    text = cell.text.strip()
    match cell.field:
        case "budget":
            return project.model_copy(update={"budget": amount(text, unit)})
        case "fiscal_funding" | "other_funding":
            funding = project.funding.model_copy(update={cell.field.removesuffix("_funding"): amount(text, unit)})
            return project.model_copy(update={"funding": funding})
        case "fiscal_year":
            year = int(found["year"]) if (found := _YEAR.fullmatch(text)) else None
            rows = tuple(_dated(row, year) for row in project.indicators)
            return project.model_copy(update={"fiscal_year": year, "indicators": rows})
        case _:
            return project.model_copy(update={"code": text or None})


def _dated(indicator: Indicator, year: int | None) -> Indicator:
    """The row with its dates read in another year."""
    value, actual = indicator.value, indicator.actual
    if isinstance(value, DateValue | Compound):
        value = parse_value(indicator.raw_value, year=year, unit=indicator.cells.unit, name=indicator.name)
    if actual is not None and isinstance(actual.value, DateValue | Compound):
        dated = parse_value(actual.raw or "", year=year, unit=indicator.cells.unit, name=indicator.name)
        actual = actual.model_copy(update={"value": dated})
    return indicator.model_copy(update={"value": value, "actual": actual})


def _with(indicator: Indicator, cell: Cell, year: int | None) -> Indicator:
    text = cell.text.strip()
    filled = text or None
    match cell.field:
        case "tier1_text":
            return indicator.model_copy(update={"tier1_text": filled, "tier1": vocabulary.tier1(filled)})
        case "tier2_text":
            return indicator.model_copy(update={"tier2_text": filled, "tier2": vocabulary.tier2(filled)})
        case "name":  # a name may say the unit, and whether the value only repeats it
            value = parse_value(indicator.raw_value, year=year, unit=indicator.cells.unit, name=filled)
            return indicator.model_copy(update={"name": filled, "value": value})
        case "raw_value":  # the whole value is written anew, whatever cells it was joined from
            cells = Cells(value=filled, type=indicator.cells.type, direction=indicator.cells.direction)
            value = parse_value(text, year=year, name=indicator.name)
            return indicator.model_copy(update={"raw_value": text, "cells": cells, "value": value, "meant": None})
        case "operator" | "value" | "unit":
            return _rejoined(indicator, indicator.cells.model_copy(update={cell.field: filled}), year)
        case "weight":
            return indicator.model_copy(update={"weight": _number(text)})
        case "actual":
            given = parse_value(text, year=year, unit=indicator.cells.unit, name=indicator.name) if text else None
            return indicator.model_copy(update={"actual": _actual(indicator, raw=filled, value=given)})
        case "score":
            return indicator.model_copy(update={"actual": _actual(indicator, score=_number(text))})
        case "reason":
            return indicator.model_copy(update={"actual": _actual(indicator, reason=filled)})
        case _:
            return indicator.model_copy(update={cell.field: filled})


def _rejoined(indicator: Indicator, cells: Cells, year: int | None) -> Indicator:
    """The row with its value joined anew from its cells."""
    raw, value = joined(cells, lambda text: parse_value(text, year=year, unit=cells.unit, name=indicator.name))
    return indicator.model_copy(update={"cells": cells, "raw_value": raw, "value": value, "meant": None})


def _number(text: str) -> object:
    value = parse_value(text)
    return value.magnitude if isinstance(value, Quantity) else None


def _actual(indicator: Indicator, **told: object) -> Actual:
    return (indicator.actual or Actual()).model_copy(update=told)
