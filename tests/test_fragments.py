"""Fragments of documents, each with one difficulty of the field, and what must be read from them."""

from __future__ import annotations

from typing import Any

import pytest

import kpi
from kpi.schema import Project
from tests.material import CORPUS, plain, read_yaml

FRAGMENTS: list[dict[str, Any]] = read_yaml(CORPUS / "documents" / "fragments.yaml")


def read(project: Project) -> dict[str, Any]:
    """A project in the short form of the fragments; what is null or empty is left out."""
    data = plain(project)
    found = {key: data[key] for key in ("title", "name", "code", "fiscal_year", "framework", "purpose")}
    found["organisation"] = data["organisation"]["name"]
    found["budget"] = (data["budget"] or {}).get("base_magnitude")
    found["fiscal"] = (data["funding"]["fiscal"] or {}).get("base_magnitude")
    found["goals"] = data["goals"]
    found["plan"] = [
        [point["period"], point["share"] or (point["amount"] or {}).get("base_magnitude")]
        for point in data["spending_plan"]
    ]
    found["indicators"] = [
        [row["tier1"], row["tier2"], row["name"], row["raw_value"], *([row["weight"]] if row["weight"] else [])]
        for row in data["indicators"]
    ]
    return {key: value for key, value in found.items() if value not in (None, [])}


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment["about"])
def test_fragment(fragment: dict[str, Any]) -> None:
    extraction = kpi.extract(fragment["text"].replace("→", "\t"))
    assert list(map(read, extraction.projects)) == fragment["projects"]
    assert [problem.code for problem in extraction.problems] == fragment["problems"]
    assert [extraction.coverage.rows_seen, extraction.coverage.rows_read] == fragment["rows"]
