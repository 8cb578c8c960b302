"""Cells put right by a person: every column a reader can misread, and the head; the rules see what stands there now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import kpi
from kpi.correcting import HEAD, HEAD_FIELDS, ROW_FIELDS, Cell, corrected, fields_of, is_readable, written
from kpi.schema import DateValue, Extraction, Quantity
from tests.rendering import RENDERED

SPLIT = (
    "预算年度：2024\n\n1、培训经费绩效目标表\n单位：万元\n项目名称\t培训经费\t项目编码\tA01\n"
    "预算规模及资金用途\t预算数\t26\t其中：财政资金\t26\t其他资金\t\n"
    "一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t权重\n"
    "产出指标\t数量指标\t培训人数\t≥\t300\t名\t40\n"
    "\t时效指标\t完成时间\t≤\t6月底\t\t20\n"
    "\t成本指标\t培训总成本\t≤\t30\t万元\t10\n"
    "效益指标\t社会效益指标\t服务能力\t定性\t进一步提高\t\t20\n"
)


@pytest.fixture(scope="module")
def split() -> Extraction:
    return kpi.extract(SPLIT)


def put(extraction: Extraction, row: int, **texts: str) -> Extraction:
    return corrected(extraction, [Cell(0, row, field, text) for field, text in texts.items()])  # type: ignore[arg-type]


def rules(extraction: Extraction, row: int | None) -> set[str]:
    return {finding.rule for finding in kpi.review(extraction).findings if finding.indicator == row}


def test_the_cells_of_a_split_value_are_joined_anew(split: Extraction) -> None:
    assert fields_of(split.projects[0], 0) == (
        "tier1_text", "tier2_text", "name", "operator", "value", "unit", "weight",
    )  # fmt: skip
    row = put(split, 0, value="200", unit="%").projects[0].indicators[0]
    assert (row.raw_value, row.cells.operator, row.value.kind) == ("≥200%", "≥", "quantity")
    assert "UNI001" in rules(put(split, 0, unit="%"), 0) - rules(split, 0)
    row = put(split, 0, operator="≤", value="≤5").projects[0].indicators[0]  # a sign in both is not written twice
    assert row.raw_value == "≤5名"
    emptied = put(split, 0, operator="", value="", unit="").projects[0].indicators[0]
    assert (emptied.raw_value, emptied.value.kind) == ("", "empty")


def test_a_whole_value_is_for_tables_that_do_not_split_it() -> None:
    whole = kpi.extract(RENDERED / "nandagang-2020.tab_rows.txt")
    fields = fields_of(whole.projects[0], 0)
    assert "raw_value" in fields
    assert "description" in fields
    assert not {"operator", "value", "unit", "actual", "score"} & set(fields)
    row = put(whole, 0, description="说明").projects[0].indicators[0]
    assert row.description == "说明"


def test_a_self_evaluation_has_its_points_as_well() -> None:
    done = kpi.extract(RENDERED / "e-self-evaluation.tab_rows.txt")
    assert {"actual", "score", "reason", "weight"} <= set(fields_of(done.projects[0], 0))
    given = done.projects[0].indicators[0]
    assert given.weight is not None
    over = put(done, 0, score=f"{given.weight + 5}")
    assert "ACT004" in rules(over, 0) - rules(done, 0)
    actual = put(over, 0, score="").projects[0].indicators[0].actual
    assert actual is not None
    assert actual.score is None


def test_the_head_is_put_right_and_its_rules_run_again(split: Extraction) -> None:
    assert fields_of(split.projects[0], HEAD) == HEAD_FIELDS
    assert [written(split, Cell(0, HEAD, field, "")) for field in HEAD_FIELDS] == [
        "A01",
        "2024",
        "26万元",
        "26万元",
        "",
    ]
    assert "FIN001" in rules(split, 2)
    more = put(split, HEAD, budget="36", fiscal_funding="26万元", other_funding="10万元", code="A02")
    project = more.projects[0]
    assert project.budget is not None
    assert (project.budget.base_magnitude, project.code) == (Decimal(360_000), "A02")  # in the table's unit
    assert project.funding.other is not None
    assert not {"FIN001", "FIN006"} & {finding.rule for finding in kpi.review(more).findings}
    assert "FIN006" in rules(put(split, HEAD, other_funding="10万元"), None)
    assert put(split, HEAD, budget="").projects[0].budget is None


def test_another_year_is_the_year_of_its_dates(split: Extraction) -> None:
    project = put(split, HEAD, fiscal_year="2025年").projects[0]
    assert project.fiscal_year == 2025
    value = project.indicators[1].value
    assert isinstance(value, DateValue)
    assert value.end == "2025-06-30"
    assert project.indicators[0] == split.projects[0].indicators[0]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("budget", ["26", "0.4万元", "1,200元", ""], ["很多", "26人", "%"]),
        ("weight", ["40", "40分", ""], ["高"]),
        ("fiscal_year", ["2024", " 2024年", ""], ["24", "3024", "二四"]),
        ("name", ["随便", ""], []),
    ],
)
def test_what_can_stand_in_a_cell(split: Extraction, field: Any, good: list[str], bad: list[str]) -> None:
    row = 0 if field in ROW_FIELDS else HEAD
    assert all(is_readable(split, Cell(0, row, field, text)) for text in good)
    assert not any(is_readable(split, Cell(0, row, field, text)) for text in bad)


@pytest.mark.parametrize(
    "cell",
    [
        Cell(9, 0, "name", "x"),
        Cell(0, 99, "name", "x"),
        Cell(0, HEAD, "name", "x"),
        Cell(0, 0, "budget", "1元"),
        Cell(0, -2, "name", "x"),
    ],
)
def test_what_is_not_there_changes_nothing(split: Extraction, cell: Cell) -> None:
    assert written(split, cell) is None
    assert corrected(split, [cell]) == split


def test_every_cell_takes_any_text(split: Extraction) -> None:
    for row, fields in ((0, ROW_FIELDS), (HEAD, HEAD_FIELDS)):
        for field in fields:
            for text in ("", " ", "≥90%", "\x00", "９" * 3000, "2024年13月"):
                again = corrected(split, [Cell(0, row, field, text)])
                kpi.review(again)
                assert isinstance(again.projects[0].indicators[0].value, Quantity) or row == 0
