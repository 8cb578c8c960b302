"""A document reads the same however it was pasted: layout, repeated headings, encoding, line ends."""

from __future__ import annotations

import codecs
from decimal import Decimal
from typing import Any

import pytest

import kpi
from kpi.schema import Extraction, Money, Project
from tests.material import plain, without
from tests.rendering import LAYOUTS, SLUGS, Facts, load
from tests.rendering import Project as ProjectFacts

CANONICAL = {"效果指标": "效益指标"}
IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
# Documents whose plans are filled with percentages; the plans of the others hold amounts.
PLANS_IN_PERCENT = {"xiguan-2020", "nandagang-2020"}
ENCODINGS = {
    "utf-8": (b"", "utf-8"),
    "utf-8-sig": (codecs.BOM_UTF8, "utf-8"),
    "utf-16-le": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16-be": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "gb18030": (b"", "gb18030"),
}


@pytest.fixture(scope="module", params=SLUGS)
def facts(request: pytest.FixtureRequest) -> Facts:
    return load(request.param)


@pytest.fixture(scope="module", params=[True, False], ids=["heading-repeated", "heading-once"])
def repeat_heading(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def texts(facts: Facts, repeat_heading: bool) -> dict[str, str]:
    return {name: layout(facts, repeat_heading=repeat_heading) for name, layout in LAYOUTS.items()}


@pytest.fixture(scope="module")
def extractions(texts: dict[str, str]) -> dict[str, Extraction]:
    return {name: kpi.extract(text) for name, text in texts.items()}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def content(extraction: Extraction) -> Any:
    """The projects without their places, and without what field codes say, which only one layout holds."""
    return without(plain(extraction)["projects"], "location", "hidden_titles")


def money(text: str | None, unit: str) -> Money | None:
    if text is None:
        return None
    magnitude = Decimal(text.replace(" ", ""))
    return Money(magnitude=magnitude, unit=unit, base_magnitude=magnitude * IN_YUAN[unit])


def cells(project: Project) -> list[dict[str, Any]]:
    return [
        {
            "tier1": row.tier1,
            "tier2": row.tier2,
            "tier1_text": row.tier1_text,
            "tier2_text": row.tier2_text,
            "name": row.name,
            "description": row.description,
            "value": row.raw_value,
            "basis": row.basis,
        }
        for row in project.indicators
    ]


def cells_of_facts(project: ProjectFacts) -> list[dict[str, Any]]:
    return [
        {
            "tier1": CANONICAL.get(row.tier1, row.tier1),
            "tier2": row.tier2,
            "tier1_text": row.tier1,
            "tier2_text": row.tier2,
            "name": row.name,
            "description": row.description,
            "value": row.value,
            "basis": row.basis,
        }
        for row in project.indicators
    ]


def test_head_of_the_document(facts: Facts, extractions: dict[str, Extraction], layout: str) -> None:
    extraction = extractions[layout]
    assert extraction.problems == ()
    assert extraction.organisation.name == facts.organisation.name
    assert extraction.organisation.code == facts.organisation.code
    assert extraction.fiscal_year == facts.fiscal_year
    assert extraction.money_unit == facts.money_unit


def test_every_cell_of_every_row(facts: Facts, extractions: dict[str, Extraction], layout: str) -> None:
    extraction = extractions[layout]
    assert [cells(p) for p in extraction.projects] == [cells_of_facts(p) for p in facts.projects]
    rows = sum(len(p.indicators) for p in facts.projects)
    assert (extraction.coverage.rows_seen, extraction.coverage.rows_read) == (rows, rows)
    assert extraction.coverage.target_tables == len(facts.projects)


def test_head_of_every_project(facts: Facts, extractions: dict[str, Extraction], layout: str) -> None:
    unit = facts.money_unit
    for wanted, project in zip(facts.projects, extractions[layout].projects, strict=True):
        assert project.title == wanted.title
        assert project.name == wanted.name
        assert project.code == wanted.code
        assert project.purpose == wanted.purpose
        assert project.goals == wanted.goals
        assert project.budget == money(wanted.budget, unit)
        assert project.funding.fiscal == money(wanted.funding.fiscal, unit)
        assert project.funding.other == money(wanted.funding.other, unit)
        assert project.fiscal_year == facts.fiscal_year
        assert project.organisation.name == facts.organisation.name
        assert not project.self_evaluation


def test_spending_plans(facts: Facts, extractions: dict[str, Extraction], layout: str) -> None:
    for wanted, project in zip(facts.projects, extractions[layout].projects, strict=True):
        assert [(point.period, point.raw) for point in project.spending_plan] == list(wanted.plan)
        for point in project.spending_plan:
            assert point.heading_unit == "%"
            if facts.slug in PLANS_IN_PERCENT:
                assert (point.amount, point.share) == (None, Decimal(point.raw.rstrip("%")) / 100)
            else:
                assert (point.amount, point.share) == (money(point.raw, facts.money_unit), None)


def test_layouts_agree_but_for_places(extractions: dict[str, Extraction]) -> None:
    first, *others = (content(extraction) for extraction in extractions.values())
    assert others
    assert all(other == first for other in others)


def test_other_tables_do_not_leak_in(facts: Facts, extractions: dict[str, Extraction], layout: str) -> None:
    around = facts.around
    foreign = {line[0] for line in (*around.procurement, *around.assets, *around.accounts)}
    foreign |= {around.procurement_note, around.assets_note, "采购物品名称", "政府采购项目来源", "项   目"}
    own = str(facts.projects)
    read = plain(extractions[layout])["projects"]
    leaked = [text for text in foreign if text.strip() and text not in own and text in str(read)]
    assert leaked == []


def test_encodings(texts: dict[str, str], extractions: dict[str, Extraction], layout: str) -> None:
    wanted = without(plain(extractions[layout]), "source")
    for mark, encoding in ENCODINGS.values():
        got = kpi.extract(mark + texts[layout].encode(encoding))
        assert without(plain(got), "source") == wanted, encoding


@pytest.mark.parametrize("newline", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_line_ends(texts: dict[str, str], extractions: dict[str, Extraction], layout: str, newline: str) -> None:
    as_text = kpi.extract(texts[layout].replace("\n", newline))
    as_bytes = kpi.extract(texts[layout].replace("\n", newline).encode("gb18030"))
    assert content(as_text) == content(as_bytes) == content(extractions[layout])


def test_places_slice_the_text_to_the_value(texts: dict[str, str], extractions: dict[str, Extraction]) -> None:
    for name, extraction in extractions.items():
        for project in extraction.projects:
            for row in project.indicators:
                assert texts[name][row.location.start : row.location.end].strip() == row.raw_value


def test_reading_again_gives_the_same_bytes(texts: dict[str, str], extractions: dict[str, Extraction]) -> None:
    for name, extraction in extractions.items():
        assert kpi.extract(texts[name]).model_dump_json() == extraction.model_dump_json()
