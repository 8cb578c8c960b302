"""Whole documents of ten table families in the three text layouts, composed for the tests, and what must be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import kpi
from tests.material import CORPUS, plain

DOCUMENTS = [json.loads(line) for line in (CORPUS / "documents" / "composed.jsonl").read_text("utf-8").splitlines()]


def number(text: str | None) -> Decimal | None:
    return Decimal(text.removesuffix("元")) if text is not None else None


def indicator_fields(row: dict[str, Any]) -> list[Any]:
    actual = (row["actual"] or {}).get("raw")
    return [row["tier1"], row["tier2"], row["name"], row["raw_value"], number(row["weight"]), actual]


def project_fields(project: dict[str, Any]) -> dict[str, Any]:
    """A project in the form of the expectations; amounts in 元."""
    return {
        **{key: project[key] for key in ("name", "code", "framework", "fiscal_year", "purpose", "goals")},
        "budget": number((project["budget"] or {}).get("base_magnitude")),
        "fiscal": number((project["funding"]["fiscal"] or {}).get("base_magnitude")),
        "plan": [
            [point["period"], number(point["share"] or (point["amount"] or {}).get("base_magnitude"))]
            for point in project["spending_plan"]
        ],
        "indicators": [indicator_fields(row) for row in project["indicators"]],
    }  # fmt: skip


def expected(fields: dict[str, Any]) -> dict[str, Any]:
    """The expectations with their figures as numbers; a field that is not named is not looked at."""
    wanted = dict(fields)
    for key in ("budget", "fiscal"):
        if key in wanted:
            wanted[key] = number(wanted[key])
    if "plan" in wanted:
        wanted["plan"] = [[period, number(figure)] for period, figure in wanted["plan"]]
    wanted["indicators"] = [[*row[:4], number(row[4]), row[5]] for row in wanted["indicators"]]
    return {key: value for key, value in wanted.items() if key != "title"}


def differences(wanted: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        if got[key] != value:
            yield f"{key}: {got[key]!r}, expected {value!r}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: f"{document['id']}-{document['layout']}")
def test_composed_document(document: dict[str, Any]) -> None:
    extraction = plain(kpi.extract(document["text"]))
    expect = document["expect"]
    if "organisation" in expect:
        assert extraction["organisation"]["name"] == expect["organisation"]
    if "fiscal_year" in expect:
        assert extraction["fiscal_year"] == expect["fiscal_year"]
    projects = [project_fields(project) for project in extraction["projects"]]
    assert len(projects) == len(expect["projects"])
    for got, wanted in zip(projects, map(expected, expect["projects"]), strict=True):
        assert list(differences(wanted, got)) == []
    assert extraction["coverage"]["rows_seen"] == extraction["coverage"]["rows_read"]
