"""Tables with blocks side by side that were pasted as text: year and whole period, one column a place."""

from __future__ import annotations

import pytest

import kpi
from tests.pasted_forms import FORMS, Table

PERIODS: Table = [
    ("一级指标", "实施期目标（三年）", "", "", "年度目标", "", ""),
    ("", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "建设泵站座数", "≥6座", "数量指标", "建设泵站座数", "≥2座"),
    ("", "", "清理沟渠长度", "30公里", "", "清理沟渠长度", "10公里"),
    ("", "质量指标", "工程验收合格率", "100%", "质量指标", "工程验收合格率", "100%"),
    ("", "时效指标", "工程完工时间", "2026年底", "时效指标", "工程完工时间", "2024年底"),
    ("效益指标", "社会效益指标", "灌溉条件", "明显改善", "社会效益指标", "灌溉条件", "有所改善"),
    ("满意度指标", "服务对象满意度指标", "农户满意度", "≥95%", "服务对象满意度指标", "农户满意度", "≥90%"),
]
PLACES: Table = [
    ("一级指标", "二级指标", "三级指标", "指标值", "", "", "备注"),
    ("", "", "", "甲山镇", "乙水乡", "丙河街道", ""),
    ("产出指标", "数量指标", "修建水井数量", "3眼", "4眼", "5眼", "按计划"),
    ("", "", "铺设管道长度", "1.5千米", "2千米", "3千米", "按计划"),
    ("", "质量指标", "水质合格率", "100%", "100%", "100%", "按计划"),
    ("效益指标", "社会效益指标", "受益人口数量", "≥300人", "≥500人", "≥450人", "按计划"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "≥90%", "≥85%", "按计划"),
]


def said_of_periods() -> list[tuple[str | None, ...]]:
    found: list[tuple[str | None, ...]] = []
    for block, horizon in ((1, "whole_period"), (4, "annual")):
        first = second = ""
        for row in PERIODS[2:]:
            first, second = row[0] or first, row[block] or second
            found.append((horizon, first, second, row[block + 1], row[block + 2]))
    return found


def said_of_places() -> list[tuple[str | None, ...]]:
    found: list[tuple[str | None, ...]] = []
    for at in (3, 4, 5):
        first = second = ""
        for row in PLACES[2:]:
            first, second = row[0] or first, row[1] or second
            found.append((PLACES[1][at], first, second, row[2], row[at]))
    return found


@pytest.mark.parametrize("form", FORMS)
def test_year_beside_whole_period(form: str) -> None:
    (project,) = kpi.extract(FORMS[form](PERIODS)).projects
    read = [(i.horizon, i.tier1, i.tier2_text, i.name, i.raw_value) for i in project.indicators]
    assert read == said_of_periods()


@pytest.mark.parametrize("form", FORMS)
def test_one_column_a_place(form: str) -> None:
    (project,) = kpi.extract(FORMS[form](PLACES)).projects
    read = [(i.place, i.tier1, i.tier2_text, i.name, i.raw_value) for i in project.indicators]
    assert read == said_of_places()
