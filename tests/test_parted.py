"""Target tables beside one another on a sheet: several where empty columns part them, one where they share a tier."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

import kpi
from kpi.schema import Extraction, Project

HEADING = ["一级指标", "二级指标", "三级指标", "指标值"]
CANTEEN = [
    ["项目名称", "食堂改造"],
    HEADING,
    ["产出指标", "数量指标", "改造食堂数量", "≥3个"],
    ["", "成本指标", "改造成本", "≤45万元"],
    ["效益指标", "社会效益指标", "受益学生数", "≥1200人"],
]
TRAINING = [
    ["项目名称", "教师培训"],
    HEADING,
    ["产出指标", "数量指标", "培训人次", "≥300人次"],
    ["满意度指标", "服务对象满意度指标", "教师满意度", "≥90%"],
]
Block = list[list[str]]


def beside(*blocks: tuple[int, Block], title: str = "2025年项目支出绩效目标表") -> Extraction:
    """A sheet with a title over ``blocks``, each at its column."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, title)
        for left, rows in blocks:
            for at, row in enumerate(rows, 1):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(at, left + column, text)
    return kpi.extract(data.getvalue(), filename="表.xlsx")


def read(project: Project) -> list[tuple[str | None, str, int | None, int | None]]:
    """The indicators: tier, value and the place of the value."""
    return [(i.tier2, i.raw_value, i.location.row, i.location.column) for i in project.indicators]


def names(extraction: Extraction) -> list[str | None]:
    return [project.name for project in extraction.projects]


def test_tables_parted_by_empty_columns_are_projects_of_their_own() -> None:
    found = beside((0, CANTEEN), (6, TRAINING))
    assert names(found) == ["食堂改造", "教师培训"]
    assert [project.title for project in found.projects] == ["2025年项目支出绩效目标表"] * 2
    assert [read(project) for project in found.projects] == [
        [("数量指标", "≥3个", 4, 4), ("成本指标", "≤45万元", 5, 4), ("社会效益指标", "≥1200人", 6, 4)],
        [("数量指标", "≥300人次", 4, 10), ("服务对象满意度指标", "≥90%", 5, 10)],
    ]
    assert (found.coverage.target_tables, found.coverage.rows_seen, found.coverage.rows_read) == (2, 5, 5)
    assert found.problems == ()


def test_three_tables_that_begin_in_different_rows() -> None:
    lower = [[], ["单位：万元"], *[[*row[:3], *row[3:]] for row in TRAINING]]
    assert names(beside((0, CANTEEN), (5, lower), (10, CANTEEN))) == ["食堂改造", "教师培训", "食堂改造"]


def test_empty_columns_within_the_tables_part_nothing() -> None:
    wide = spread(CANTEEN, 1), spread(TRAINING, 3)
    found = beside((0, wide[0]), (8, wide[1]))
    assert names(found) == ["食堂改造", "教师培训"]
    assert [len(project.indicators) for project in found.projects] == [3, 2]
    (alone,) = beside((0, wide[1])).projects
    assert [value for _, value, _, _ in read(alone)] == ["≥300人次", "≥90%"]


def spread(rows: Sequence[Sequence[str]], behind: int) -> Block:
    """The rows with an empty column behind the first ``behind`` cells, as merged cells leave it."""
    return [[*row[:behind], "", *row[behind:]] for row in rows]


def test_a_second_block_under_the_same_tiers_belongs_to_the_table() -> None:
    rows = [
        ["项目名称", "食堂改造"],
        [*HEADING, "", *HEADING[1:]],
        ["产出指标", "数量指标", "食堂", "≥3个", "", "数量指标", "食堂", "≥1个"],
        ["效益指标", "社会效益指标", "学生", "≥900人", "", "社会效益指标", "学生", "≥300人"],
    ]
    (found,) = beside((0, rows)).projects
    assert [(i.tier1, i.raw_value) for i in found.indicators] == [
        ("产出指标", "≥3个"),
        ("效益指标", "≥900人"),
        ("产出指标", "≥1个"),
        ("效益指标", "≥300人"),
    ]


def test_whole_period_and_year_are_one_project() -> None:
    whole, year = ([*HEADING[:3], f"{period}指标值"] for period in ("实施期", "年度"))
    row = ["产出指标", "数量指标", "食堂"]
    (found,) = beside((0, [["项目名称", "食堂改造"], whole, [*row, "≥3个"]]), (5, [[], year, [*row, "≥1个"]])).projects
    assert [(i.horizon, i.raw_value) for i in found.indicators] == [("whole_period", "≥3个"), ("annual", "≥1个")]


def test_rows_that_go_on_beside_under_the_same_heading_are_one_project() -> None:
    (found,) = beside((0, CANTEEN[:4]), (6, [[], HEADING, CANTEEN[4]])).projects
    assert [value for _, value, _, _ in read(found)] == ["≥3个", "≤45万元", "≥1200人"]
