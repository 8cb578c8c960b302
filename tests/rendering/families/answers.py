"""What must be read from a document of a family, whatever it is rendered in: from the facts, never from a reading."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kpi import parse_value

from .facts import FamilyFacts, Fields, Indicator, Project

IN_YUAN = {"元": 1, "万元": 10_000}
_CELLS = ("operator", "value", "unit", "type", "direction")
# Fields of a value that say what it means; the others say where in its text it was found.
MEANING = ("kind", "operator", "base_magnitude", "base_unit", "per", "dimension", "start", "end", "recurs", "sense")
# Fields of a project that stand as they are printed.
_PRINTED = ("explanation", "score_rule", "basis")


def answers(facts: FamilyFacts) -> list[dict[str, Any]]:
    """The projects of a document as JSON, places and readings of values aside; numbers are decimals.

    A value is given by what it means: the whole text of operator, value and unit, read on its own.
    """
    return [_project(project, facts) for project in facts.projects]


def _project(project: Project, facts: FamilyFacts) -> dict[str, Any]:
    unit = facts.money_unit
    return {
        "title": project.title,
        "name": project.name,
        "code": None,
        "fiscal_year": facts.fiscal_year,
        "organisation": _organisation(project, facts),
        "framework": project.framework,
        "self_evaluation": facts.form.family == "E",
        "budget": _money(project.budget, unit),
        "funding": {"fiscal": _money(project.funding.fiscal, unit), "other": _money(project.funding.other, unit)},
        "whole_budget": None,
        "execution": None,
        "purpose": None,
        "spending_plan": [],
        "goals": list(project.goals),
        "indicators": list(_indicators(project, facts)),
    }


def _organisation(project: Project, facts: FamilyFacts) -> str | None:
    return project.fields.get("unit", facts.organisation.name)


def _money(text: str | None, unit: str) -> Decimal | None:
    """The amount in 元."""
    return Decimal(text) * IN_YUAN[unit] if text is not None else None


def _indicators(project: Project, facts: FamilyFacts) -> Iterator[dict[str, Any]]:
    """Where there are several blocks or places, all rows of one before those of the next."""
    horizons = ("whole_period", "annual") if facts.form.shape == "pairs" else (None,)
    for horizon in horizons:
        for at, place in enumerate(facts.form.places or (None,)):
            for indicator in project.indicators:
                if indicator.horizon == horizon:
                    texts = {**indicator.fields, "value": indicator.values[at]} if place else indicator.fields
                    yield _indicator(indicator, texts, facts.fiscal_year) | {"horizon": horizon, "place": place}


def _indicator(indicator: Indicator, texts: Fields, year: int) -> dict[str, Any]:
    raw = "".join(texts.get(field, "") for field in ("operator", "value", "unit"))
    return {
        "tier1": indicator.tier1,
        "tier2": indicator.tier2,
        "tier1_text": indicator.tier1,
        "tier2_text": indicator.tier2,
        "name": indicator.name,
        "description": None,
        "raw_value": raw,
        "cells": {field: texts.get(field) or None for field in _CELLS},
        "value": meaning(parse_value(raw, year=year, name=indicator.name).model_dump(mode="json")),
        "meant": None,
        **{field: texts.get(field) or None for field in _PRINTED},
        "weight": _number(texts.get("weight")),
        "actual": _actual(texts) if "actual" in texts else None,
    }


def _actual(texts: Fields) -> dict[str, Any]:
    return {"raw": texts["actual"], "score": _number(texts.get("score")), "reason": texts.get("reason") or None}


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def meaning(value: dict[str, Any]) -> dict[str, Any]:
    """What a value says, apart from how it is written."""
    found = {field: value[field] for field in MEANING if field in value}
    if "base_magnitude" in found:
        found["base_magnitude"] = Decimal(found["base_magnitude"])
    return found


def read(projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Projects that were read, in the form of the answers."""
    return [_read_project(project) for project in projects]


def _read_project(project: dict[str, Any]) -> dict[str, Any]:
    funding = project["funding"]
    return {
        **{key: value for key, value in project.items() if key != "location"},
        "organisation": project["organisation"]["name"],
        "budget": _base(project["budget"]),
        "funding": {"fiscal": _base(funding["fiscal"]), "other": _base(funding["other"])},
        "indicators": [_read_indicator(row) for row in project["indicators"]],
    }


def _base(money: dict[str, Any] | None) -> Decimal | None:
    return Decimal(money["base_magnitude"]) if money else None


def _read_indicator(row: dict[str, Any]) -> dict[str, Any]:
    actual = row["actual"]
    return {
        **{key: value for key, value in row.items() if key != "location"},
        "value": meaning(row["value"]),
        "weight": _number(row["weight"]),
        "actual": actual and {"raw": actual["raw"], "score": _number(actual["score"]), "reason": actual["reason"]},
    }
