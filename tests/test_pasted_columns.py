"""Columns aligned by blanks: what goes on in the line below, and what begins a row there."""

from __future__ import annotations

import kpi


def read(text: str) -> list[tuple[str | None, ...]]:
    (project,) = kpi.extract(text).projects
    return [(row.place, row.tier2, row.name, row.raw_value) for row in project.indicators]


def test_words_under_a_whole_figure_are_another_row() -> None:
    text = (
        "一级指标    二级指标    三级指标          指标值              依据\n"
        "产出指标    数量指标    修建水井数量      ≥3眼               批复文件\n"
        "            质量指标    系统运行率        ≥99%               批复文件\n"
        "                        安全检查结果      经专家组评审同意    上级文件\n"
        "            时效指标    很长很长的名称    ≤2小时             上级文件\n"
        "                        还有一行\n"
    )
    assert read(text) == [
        (None, "数量指标", "修建水井数量", "≥3眼"),
        (None, "质量指标", "系统运行率", "≥99%"),
        (None, "质量指标", "安全检查结果", "经专家组评审同意"),
        (None, "时效指标", "很长很长的名称还有一行", "≤2小时"),
    ]


def test_a_short_name_does_not_go_on_in_the_row_where_the_copy_was_cut() -> None:
    text = (
        "一级指标    二级指标    三级指标                指标值      依据\n"
        "产出指标    数量指标    修建农村饮用水井数量    ≥3眼       批复文件\n"
        "            质量指标    水质合格率              ≥99%       批复文件\n"
        "                        水压合\n"
    )
    assert read(text)[:2] == [
        (None, "数量指标", "修建农村饮用水井数量", "≥3眼"),
        (None, "质量指标", "水质合格率", "≥99%"),
    ]


def test_the_places_under_a_value_are_no_wrapped_heading() -> None:
    text = (
        "一级指标    二级指标    三级指标        指标值            备注\n"
        "                                        甲山镇  乙水乡\n"
        "产出指标    数量指标    修建水井数量    3       4         按计划进行\n"
        "            质量指标    水质合\n"
    )
    assert read(text)[0] == ("甲山镇", "数量指标", "修建水井数量", "3")
    assert ("乙水乡", "数量指标", "修建水井数量", "4") in read(text)
