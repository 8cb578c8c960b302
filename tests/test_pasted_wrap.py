"""Cells broken at the width of their columns, where nothing but the break separates pieces and cells."""

from __future__ import annotations

import pytest

import kpi
from tests.pasted_forms import Table

WIDTH = 7
TABLE: Table = [
    ("一级指标", "二级指标", "三级指标", "指标值", "分值"),
    ("产出指标", "数量指标", "修建农村饮用水深井的数量", "≥3眼", "10"),
    ("", "", "铺设村组之间输水管道长度", "12千米", "10"),
    ("", "", "配备水泵", "4台", "5"),
    ("", "质量指标", "水井及管道（含阀门）验收合格率", "100%", "15"),
    ("", "时效指标", "全部工程完工并投入使用时间", "2026年10月底前", "10"),
    ("效益指标", "社会效益指标", "项目区村民饮水安全的保障程度", "明显提高", "20"),
    ("", "可持续影响指标", "管护制度", "健全", "20"),
    ("满意度指标", "服务对象满意度指标", "受益村民对供水情况的满意度", "≥90%", "10"),
]
JOINS = {"lines": "\n", "blank lines": "\n\n", "blanks": " "}


def pieces(cell: str) -> list[str]:
    return [cell[at : at + WIDTH] for at in range(0, len(cell), WIDTH)]


@pytest.mark.parametrize("join", JOINS)
def test_pieces_that_fill_their_column_go_on(join: str) -> None:
    text = JOINS[join].join(piece for row in TABLE for cell in row if cell for piece in pieces(cell))
    (project,) = kpi.extract(text).projects
    read = [(row.name, row.raw_value.replace(" ", ""), str(row.weight)) for row in project.indicators]
    assert read == [row[2:] for row in TABLE[1:]]


@pytest.mark.parametrize(
    ("before", "behind"),
    [("修建（含改", "造）水井"), ("道路和", "桥梁数量"), ("道路", "、桥梁数量"), ("新建的", "桥梁数量")],
)
def test_a_stump_and_what_cannot_begin_a_cell(before: str, behind: str) -> None:
    text = (
        f"一级指标\n二级指标\n三级指标\n指标值\n产出指标\n数量指标\n修井\n≥3眼\n{before}\n{behind}\n5座\n修路\n2千米\n"
    )
    (project,) = kpi.extract(text).projects
    assert [row.name for row in project.indicators] == ["修井", before + behind, "修路"]


@pytest.mark.parametrize("value", ["≤30元/平\n方米", "≥115元/人\n·月", "有效控\n制", "①修路2条，\n②修桥1座"])
def test_a_value_broken_where_no_cell_can_begin(value: str) -> None:
    text = f"一级指标\n二级指标\n三级指标\n指标值\n产出指标\n数量指标\n修井\n≥3眼\n建设成本\n{value}\n修路\n2千米\n"
    (project,) = kpi.extract(text).projects
    read = [(row.name, row.raw_value.replace(" ", "")) for row in project.indicators]
    assert read == [("修井", "≥3眼"), ("建设成本", value.replace("\n", "")), ("修路", "2千米")]
