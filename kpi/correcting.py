"""An extraction with cells put right by a person: typed anew, everything else as it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from kpi.schema import Actual, Cells, Extraction, Indicator, Quantity
from kpi.tables import vocabulary
from kpi.values import parse_value

Field = Literal["tier1_text", "tier2_text", "name", "raw_value", "basis", "weight", "actual", "reason"]
FIELDS: tuple[Field, ...] = get_args(Field)


class Cell(NamedTuple):
    """One cell of one indicator, with what really stands there; an empty text is an empty cell."""

    project: int
    indicator: int
    field: Field
    text: str

    @property
    def place(self) -> tuple[int, int, str]:
        """Which cell it is, whatever stands in it."""
        return self.project, self.indicator, self.field


def corrected(extraction: Extraction, cells: Iterable[Cell]) -> Extraction:
    """The extraction with these cells, the later of two for one cell; rows that do not exist are left out."""
    projects = list(extraction.projects)
    for cell in cells:
        if not 0 <= cell.project < len(projects):
            continue
        project = projects[cell.project]
        if not 0 <= cell.indicator < len(project.indicators):
            continue
        rows = list(project.indicators)
        rows[cell.indicator] = _with(rows[cell.indicator], cell, project.fiscal_year or extraction.fiscal_year)
        projects[cell.project] = project.model_copy(update={"indicators": tuple(rows)})
    return extraction.model_copy(update={"projects": tuple(projects)})


def written(indicator: Indicator, field: Field) -> str:
    """What is read in that cell now, as text."""
    match field:
        case "weight":
            return "" if indicator.weight is None else format(indicator.weight, "f")
        case "actual":
            return (indicator.actual and indicator.actual.raw) or ""
        case "reason":
            return (indicator.actual and indicator.actual.reason) or ""
        case _:
            return getattr(indicator, field) or ""


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
        case "basis":
            return indicator.model_copy(update={"basis": filled})
        case "weight":
            number = parse_value(text)
            return indicator.model_copy(update={"weight": number.magnitude if isinstance(number, Quantity) else None})
        case "actual":
            given = parse_value(text, year=year, unit=indicator.cells.unit, name=indicator.name) if text else None
            return indicator.model_copy(update={"actual": _actual(indicator, raw=filled, value=given)})
        case "reason":
            return indicator.model_copy(update={"actual": _actual(indicator, reason=filled)})


def _actual(indicator: Indicator, **told: object) -> Actual:
    return (indicator.actual or Actual()).model_copy(update=told)
