"""What a title says: a project's name, an organisation, or nothing but the kind of table and the year."""

from __future__ import annotations

import pytest

import kpi
from kpi.schema import Project

ROWS = "\n\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t5个\n"


def project(title: str) -> Project:
    (found,) = kpi.extract(title + ROWS).projects
    assert found.title == title
    return found


@pytest.mark.parametrize(
    "title",
    [
        "2025年项目支出绩效目标表",
        "2024年度项目支出绩效目标表",
        "2023-2025年项目支出绩效目标表",
        "2023年至2025年项目支出绩效目标表",
        "二〇二五年项目支出绩效目标表",
        "（2024年度）项目支出绩效目标表",
        "附件2 2025年项目支出绩效目标表",
        "附件2-1：项目支出绩效目标表",
        "表2-3 项目绩效目标表",
        "本级项目支出绩效目标表",
        "2025年市级部门预算项目支出绩效目标申报表",
        "2025年区本级财政专项资金绩效目标表",
        "项目（政策）绩效目标表",
        "中央对地方专项转移支付绩效目标表",
    ],
)
def test_titles_that_name_no_project(title: str) -> None:
    assert (project(title).name, project(title).organisation.name) == (None, None)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("1、车辆保险费绩效目标表", "车辆保险费"),
        ("2025年食堂改造项目支出绩效目标表", "2025年食堂改造"),
        ("附件3-2：食堂改造绩效目标表", "食堂改造"),
        ("2025年体育馆项目支出绩效目标表", "2025年体育馆"),
        ("2025年预算绩效管理绩效目标表", "2025年预算绩效管理"),
    ],
)
def test_titles_that_name_a_project(title: str, name: str) -> None:
    assert project(title).name == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("某县城管局2025年项目支出绩效目标表", "某县城管局"),
        ("某县城管局2025年度部门整体支出绩效目标表", "某县城管局"),
        ("附件2：某县城管局项目支出绩效目标表", "某县城管局"),
        ("2025年某县城管局项目支出绩效目标表", "某县城管局"),
        ("某县第一中学2024年度项目绩效自评表", "某县第一中学"),
    ],
)
def test_titles_that_name_an_organisation(title: str, name: str) -> None:
    assert (project(title).name, project(title).organisation.name) == (None, name)
