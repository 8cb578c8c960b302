"""Targets written as sentences: the usual forms, where each stands, and what is no target."""

from __future__ import annotations

import time

import pytest

import kpi
from kpi import documents
from kpi.schema import Extraction
from kpi.tables.narrative import prose

CHUCHAN, XIAOYI = "产出指标", "效益指标"


def rows(extraction: Extraction) -> list[str]:
    """Each indicator as: first tier, second tier, name, value."""
    return [
        " | ".join((i.tier1_text or "", i.tier2_text or "", i.name or "", i.raw_value))
        for project in extraction.projects
        for i in project.indicators
    ]


BRACKETED = """项目名称：政务云扩容项目
预算金额：120万元
绩效目标：完成机房扩容。保障系统平稳运行。
【产出指标-数量指标】
指标1：机柜数量（≥77台）
指标2：线路条数（≥3条）
【产出指标-质量指标】 指标1：验收合格率（≥98%）
【效益指标-社会效益指标】指标1：系统可用率（≥99.9%）
"""
NUMBERED = """2、职业技能培训项目绩效目标表
一、产出指标
（一）数量指标
1.培训场次：≥12场；
2.培训人数：≥300人。
（二）质量指标
1.结业合格率≥95%
（三）成本指标
1.人均培训成本控制在800元以内
二、效益指标
（一）社会效益指标
1.带动就业人数不少于50人
三、满意度指标
1.学员满意度≥90%
"""
SENTENCES = """（一）农村道路养护项目
产出指标：数量指标：养护里程≥120公里，养护桥梁5座；质量指标：合格率≥95%；时效指标：2025年12月底前完成养护任务。
效益指标：社会效益指标：受益村数达到30个以上；满意度指标：群众满意度不低于90%。
（二）农村危桥改造项目
数量指标：改造危桥5座；质量指标：验收合格率100%。
"""
ONE_LINE = "一、产出指标 （一）数量指标 1.培训场次：≥12场；2.培训人数：≥300人（二）质量指标 1.合格率：≥95%"
FORMS = {
    BRACKETED: [
        "产出指标 | 数量指标 | 机柜数量 | ≥77台",
        "产出指标 | 数量指标 | 线路条数 | ≥3条",
        "产出指标 | 质量指标 | 验收合格率 | ≥98%",
        "效益指标 | 社会效益指标 | 系统可用率 | ≥99.9%",
    ],
    NUMBERED: [
        "产出指标 | 数量指标 | 培训场次 | ≥12场",
        "产出指标 | 数量指标 | 培训人数 | ≥300人",
        "产出指标 | 质量指标 | 结业合格率 | ≥95%",
        "产出指标 | 成本指标 | 人均培训成本 | 控制在800元以内",
        "效益指标 | 社会效益指标 | 带动就业人数 | 不少于50人",
        "满意度指标 |  | 学员满意度 | ≥90%",
    ],
    SENTENCES: [
        "产出指标 | 数量指标 | 养护里程 | ≥120公里",
        "产出指标 | 数量指标 | 养护桥梁 | 5座",
        "产出指标 | 质量指标 | 合格率 | ≥95%",
        "产出指标 | 时效指标 | 完成养护任务 | 2025年12月底前",
        "效益指标 | 社会效益指标 | 受益村数 | 达到30个以上",
        "满意度指标 |  | 群众满意度 | 不低于90%",
        " | 数量指标 | 改造危桥 | 5座",
        " | 质量指标 | 验收合格率 | 100%",
    ],
    ONE_LINE: [
        "产出指标 | 数量指标 | 培训场次 | ≥12场",
        "产出指标 | 数量指标 | 培训人数 | ≥300人",
        "产出指标 | 质量指标 | 合格率 | ≥95%",
    ],
    "数量指标：开通业务月份≥1个月": [" | 数量指标 | 开通业务月份 | ≥1个月"],
    "- **产出指标**\n  - 数量指标：安装路灯≥260盏\n  - 质量指标：一次验收合格率≥98%\n": [
        "产出指标 | 数量指标 | 安装路灯 | ≥260盏",
        "产出指标 | 质量指标 | 一次验收合格率 | ≥98%",
    ],
    "［产出指标—时效指标］\n—拨付时间：2025年6月底前\n": ["产出指标 | 时效指标 | 拨付时间 | 2025年6月底前"],
    "数量指标：人口增长率：-5%": [" | 数量指标 | 人口增长率 | -5%"],
    "绩效指标：开展党建学习次数≥12次/年": [" |  | 开展党建学习次数 | ≥12次/年"],
    "数量指标为巡河24次；质量指标为水质达标率95%以上。": [
        " | 数量指标 | 巡河 | 24次",
        " | 质量指标 | 水质达标率 | 95%以上",
    ],
}


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert rows(kpi.extract(text)) == FORMS[text]


def test_head_above_the_indicators() -> None:
    (project,) = kpi.extract(BRACKETED).projects
    assert (project.name, project.goals) == ("政务云扩容项目", ("完成机房扩容。保障系统平稳运行。",))
    assert project.budget is not None
    assert (str(project.budget.magnitude), project.budget.unit) == ("120", "万元")


def test_projects_are_told_by_title_or_heading() -> None:
    assert [p.name for p in kpi.extract(SENTENCES).projects] == ["农村道路养护项目", "农村危桥改造项目"]
    (titled,) = kpi.extract(NUMBERED).projects
    assert (titled.name, titled.title) == ("职业技能培训项目", "2、职业技能培训项目绩效目标表")


@pytest.mark.parametrize("text", FORMS)
def test_place_slices_the_text_to_the_value(text: str) -> None:
    padded = "某县2025年项目绩效目标说明。\r\n\r\n  " + text.replace("\n", "\r\n").replace("：", "： ")
    for project in kpi.extract(padded).projects:
        for row in project.indicators:
            assert padded[row.location.start : row.location.end] == row.raw_value
            assert row.location.line == padded.count("\n", 0, row.location.start) + 1


CELL = """项目名称\t图书采购项目
预算金额\t20万元
绩效指标\t数量指标：采购图书≥5000册；质量指标：验收合格率=100%；满意度指标：读者满意度≥90%
备注\t无
"""
COLUMN = """项目名称\t图书采购项目
一级指标\t二级指标\t指标内容及指标值
产出指标\t数量指标\t1.采购图书≥5000册；2.办证人数≥300人
\t质量指标\t验收合格率=100%
满意度指标\t服务对象满意度\t读者满意度≥90%
"""


def test_a_cell_that_holds_all_indicators() -> None:
    extraction = kpi.extract(CELL)
    assert rows(extraction) == [
        " | 数量指标 | 采购图书 | ≥5000册",
        " | 质量指标 | 验收合格率 | =100%",
        "满意度指标 |  | 读者满意度 | ≥90%",
    ]
    (project,) = extraction.projects
    assert project.name == "图书采购项目"
    assert [(i.location.table, i.location.row, i.location.column) for i in project.indicators] == [(1, 3, 2)] * 3


def test_a_column_of_names_with_their_values() -> None:
    extraction = kpi.extract(COLUMN)
    assert rows(extraction) == [
        "产出指标 | 数量指标 | 采购图书 | ≥5000册",
        "产出指标 | 数量指标 | 办证人数 | ≥300人",
        "产出指标 | 质量指标 | 验收合格率 | =100%",
        "满意度指标 | 服务对象满意度 | 读者满意度 | ≥90%",
    ]
    places = [(i.location.row, i.location.column) for i in extraction.projects[0].indicators]
    assert places == [(3, 3), (3, 3), (4, 3), (5, 3)]


def test_a_table_that_goes_on_without_its_heading_is_left_alone() -> None:
    page = "效益指标\t社会效益指标\t村医在岗率\t≥98%\t20\n\t可持续影响指标\t村医队伍稳定性\t稳定\t10\n"
    blocks = documents.read(page).blocks
    assert prose.recovered(blocks) == blocks


NOT_TARGETS = {
    "a report": "（一）数量指标完成情况：全年培训12场，得分10分。",
    "a report under headings": "一、产出指标完成情况\n数量指标：完成5个，完成率100%。\n质量指标：合格率100%。\n"
    "二、效益指标完成情况\n社会效益指标：带动就业20人。",
    "a report and its parts": "（一）绩效目标完成情况分析\n1.产出指标\n数量指标：全年举办培训12期，完成率120%。",
    "a sentence": "各单位要围绕产出指标、效益指标和满意度指标，科学设置绩效目标。",
    "an explanation": "数量指标是反映预期提供的公共产品和服务数量的指标。",
    "a list of tiers": "产出指标：数量指标、质量指标、时效指标、成本指标；",
    "names alone": "数量指标：培训场次\n质量指标：培训合格率",
    "duties": "（一）负责辖区12个村的道路养护。\n（二）负责河道巡查24次。",
}


def test_a_report_ends_at_the_next_heading_of_its_rank() -> None:
    text = "一、绩效目标完成情况\n数量指标：培训12场。\n二、甲项目绩效目标\n数量指标：培训≥15场。"
    (project,) = kpi.extract(text).projects
    assert [indicator.raw_value for indicator in project.indicators] == ["≥15场"]


@pytest.mark.parametrize("name", NOT_TARGETS)
def test_no_target(name: str) -> None:
    assert kpi.extract(NOT_TARGETS[name]).projects == ()


def test_an_ordinary_table_stays_as_it_is() -> None:
    text = "项目名称\t甲\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训场次\t≥12场\n"
    blocks = documents.read(text).blocks
    assert prose.recovered(blocks) == blocks


LONG = {
    "items": "数量指标：" + "培训12场，" * 3_000,
    "marks": "数量指标：培训≥12场；" * 1_700,
    "numbers": "数量指标：" + "1." * 9_000,
    "brackets": "数量指标：" + "（" * 18_000,
    "lines": "数量指标：\n" + "1.培训12场\n" * 4_000,
    "one cell": "绩效指标\t" + "数量指标：培训≥12场；" * 4_000,
    "words": "产出指标-" * 3_500,
}


@pytest.mark.parametrize("name", LONG)
def test_work_is_linear(name: str) -> None:
    blocks = documents.read(LONG[name]).blocks
    began = time.perf_counter()
    prose.recovered(blocks)
    assert time.perf_counter() - began < 5
