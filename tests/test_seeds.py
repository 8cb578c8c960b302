"""The five real documents: every project, every row, cell for cell against `tests/seeds/expected.json`.

Of sentences the file keeps only the first 16 digits of the SHA-256 of their UTF-8 text.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import kpi
from kpi.documents.cleaning import clean
from kpi.schema import Extraction, Indicator, Money, Project, Review
from tests.material import SEEDS

pytestmark = pytest.mark.seeds

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "seeds" / "expected.json").read_text(encoding="utf-8"))
IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
CANONICAL = {"效果指标": "效益指标"}
PROJECTS, ROWS, UNMEASURABLE = 44, 256, 66


@dataclass(frozen=True)
class Seed:
    """One document: its text, what is expected, what was read, and the review."""

    text: str
    expected: dict[str, Any]
    extraction: Extraction
    review: Review

    @property
    def pairs(self) -> list[tuple[dict[str, Any], Project]]:
        """Expected and read projects side by side."""
        return list(zip(self.expected["projects"], self.extraction.projects, strict=True))

    @property
    def rows(self) -> list[tuple[dict[str, Any], Indicator]]:
        """Expected and read rows side by side."""
        return [
            row
            for expected, project in self.pairs
            for row in zip(expected["indicators"], project.indicators, strict=True)
        ]


@pytest.fixture(scope="module")
def seeds() -> dict[str, Seed]:
    """All documents, read once."""
    read: dict[str, Seed] = {}
    for name, expected in EXPECTED.items():
        extraction = kpi.extract(SEEDS / name)
        text = (SEEDS / name).read_text(encoding="utf-8-sig")
        read[name] = Seed(text, expected, extraction, kpi.review(extraction))
    return read


@pytest.fixture(params=EXPECTED)
def seed(request: pytest.FixtureRequest, seeds: dict[str, Seed]) -> Seed:
    return seeds[request.param]


def digest(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()[:16]


def money(text: str | None, unit: str) -> dict[str, Any] | None:
    if text is None:
        return None
    magnitude = Decimal(text.replace(" ", ""))
    return {"magnitude": magnitude, "unit": unit, "base_magnitude": magnitude * IN_YUAN[unit]}


def read_money(amount: Money | None) -> dict[str, Any] | None:
    return amount.model_dump() if amount else None


def test_every_document_has_its_expectation() -> None:
    assert sorted(path.name for path in SEEDS.glob("*.txt")) == sorted(EXPECTED)


def test_head_of_the_document(seed: Seed) -> None:
    extraction = seed.extraction
    assert extraction.organisation.model_dump() == seed.expected["organisation"]
    assert extraction.fiscal_year == seed.expected["fiscal_year"]
    assert extraction.money_unit == seed.expected["money_unit"]
    assert extraction.problems == ()


def test_projects_in_order_and_nothing_more(seed: Seed) -> None:
    assert [p.title for p in seed.extraction.projects] == [p["title"] for p in seed.expected["projects"]]
    assert [len(p.indicators) for p in seed.extraction.projects] == [
        len(p["indicators"]) for p in seed.expected["projects"]
    ]


def test_head_of_every_project(seed: Seed) -> None:
    unit = seed.expected["money_unit"]
    for expected, project in seed.pairs:
        assert project.name == expected["name"]
        assert project.code == expected["code"]
        assert project.fiscal_year == seed.expected["fiscal_year"]
        assert project.organisation.model_dump() == seed.expected["organisation"]
        assert read_money(project.budget) == money(expected["budget"], unit)
        assert read_money(project.funding.fiscal) == money(expected["funding"]["fiscal"], unit)
        assert read_money(project.funding.other) == money(expected["funding"]["other"], unit)
        assert digest(project.purpose) == expected["purpose"]
        assert [digest(goal) for goal in project.goals] == expected["goals"]


def test_spending_plan_of_every_project(seed: Seed) -> None:
    unit = seed.expected["money_unit"]
    for expected, project in seed.pairs:
        assert [[point.period, point.raw] for point in project.spending_plan] == expected["plan"]
        plan = [raw.replace(" ", "") for _, raw in expected["plan"]]
        # A plan is in money where its last figure is the budget or one is above 100, else in percent.
        in_money = not any("%" in raw for raw in plan) and (
            any(Decimal(raw) > 100 for raw in plan) or bool(plan and plan[-1] != "100.00")
        )
        for raw, point in zip(plan, project.spending_plan, strict=True):
            assert read_money(point.amount) == (money(raw, unit) if in_money else None)
            assert point.share == (None if in_money else Decimal(raw.rstrip("%")) / 100)


def test_every_cell_of_every_row(seed: Seed) -> None:
    read = [
        {
            "tier1": row.tier1_text,
            "tier2": row.tier2_text,
            "name": row.name,
            "value": row.raw_value,
            "description": digest(row.description),
            "basis": digest(row.basis),
        }
        for project in seed.extraction.projects
        for row in project.indicators
    ]
    assert read == [row for project in seed.expected["projects"] for row in project["indicators"]]


def test_tiers_are_canonical(seed: Seed) -> None:
    for expected, row in seed.rows:
        assert row.tier1 == CANONICAL.get(expected["tier1"], expected["tier1"])
        assert row.tier2 == expected["tier2"]


def test_all_rows_are_read(seeds: dict[str, Seed]) -> None:
    coverage = [seed.extraction.coverage for seed in seeds.values()]
    assert sum(c.target_tables for c in coverage) == PROJECTS
    assert [c.rows_read for c in coverage] == [c.rows_seen for c in coverage]
    assert sum(c.rows_read for c in coverage) == ROWS


def test_vague_findings_stand_on_rows_without_a_measurable_value_and_on_no_other(seeds: dict[str, Seed]) -> None:
    without_a_figure = {
        (name, p, i)
        for name, seed in seeds.items()
        for p, project in enumerate(seed.expected["projects"])
        for i, row in enumerate(project["indicators"])
        if not re.search(r"\d", row["value"])
    }
    assert len(without_a_figure) == UNMEASURABLE
    vague = [
        (name, finding.project, finding.indicator)
        for name, seed in seeds.items()
        for finding in seed.review.findings
        if finding.rule.startswith("VAG") and finding.rule != "VAG010"
    ]
    assert set(vague) == without_a_figure
    assert len(vague) == UNMEASURABLE, "one finding a row"


def test_unit_typo_is_found_on_its_rows_and_on_no_other(seeds: dict[str, Seed]) -> None:
    found = [
        seed.extraction.projects[finding.project].indicators[finding.indicator].raw_value
        for seed in seeds.values()
        for finding in seed.review.findings
        if finding.rule == "VAL003" and finding.project is not None and finding.indicator is not None
    ]
    printed = [expected["value"] for seed in seeds.values() for expected, _ in seed.rows if expected["value"] == "1各"]
    assert printed
    assert found == printed


def test_location_slices_the_source_to_the_value_cell(seed: Seed) -> None:
    for _, row in seed.rows:
        start, end = row.location.start, row.location.end
        assert start is not None
        assert end is not None
        assert clean(seed.text[start:end]) == row.cells.value
        assert row.location.line is not None
        assert seed.text.count("\n", 0, start) + 1 == row.location.line
