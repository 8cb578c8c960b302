"""The department's own targets in prose, and grading ladders in sentences and columns."""

from __future__ import annotations

import time

import pytest

import kpi
from kpi import documents
from kpi.schema import DepartmentTarget
from kpi.tables.narrative import department, ladders
from tests.material import SEEDS

TEXT = """青河县水务局2025年部门预算公开
五、部门整体绩效目标
（一）总体绩效目标
保障全县供水安全。
1、完成河道治理任务。
2、做好防汛工作，
确保安全度汛。
（二）分项绩效目标
1、供水管理
主要职责是负责全县供水。
职责目标：1、保障供水。2、加强巡查。
绩效目标：确保供水水质达标。
绩效指标：1、水质达标率≥98%。2、管网巡查次数≥24次/年。3、用户投诉处理率。
绩效标准：达到供水目标95%的为优；85%-95%为良；75%-85%为中；75%以下为差。
2、河道管理
绩效目标：河道清洁畅通。绩效指标：数量指标：清淤长度≥12公里；质量指标：验收合格率100%
绩效标准：90分以上为“优秀”等次，80-90分为“良好”等次，60-80分为“合格”等次，60分以下为“不合格”等次。
3、党建工作
职责目标：落实全面从严治党责任。
（三）工作保障措施
一是完善制度，6月底前修订12项。
六、政府采购预算情况
2025年安排政府采购预算20万元。
"""


def targets(text: str) -> tuple[DepartmentTarget, ...]:
    return kpi.extract(text).department_targets


def test_sections_and_goals() -> None:
    assert [(t.section, t.goal) for t in targets(TEXT)] == [
        ("总体绩效目标", "保障全县供水安全。"),
        ("总体绩效目标", "完成河道治理任务。"),
        ("总体绩效目标", "做好防汛工作，确保安全度汛。"),
        ("分项绩效目标 / 供水管理", "确保供水水质达标。"),
        ("分项绩效目标 / 河道管理", "河道清洁畅通。"),
        ("分项绩效目标 / 党建工作", "落实全面从严治党责任。"),
    ]


def test_indicators_are_typed_and_at_their_place() -> None:
    found = [i for target in targets(TEXT) for i in target.indicators]
    assert [(i.tier2, i.name, i.raw_value) for i in found] == [
        (None, "水质达标率", "≥98%"),
        (None, "管网巡查次数", "≥24次/年"),
        (None, "用户投诉处理率", ""),
        ("数量指标", "清淤长度", "≥12公里"),
        ("质量指标", "验收合格率", "100%"),
    ]
    assert [i.value.kind for i in found] == ["quantity", "quantity", "empty", "quantity", "quantity"]
    for row in found:
        assert TEXT[row.location.start : row.location.end] == (row.raw_value or row.name)


def test_ladders_belong_to_their_target() -> None:
    ladder = {t.section: [(g.grade, g.raw, g.value.kind) for g in t.grading] for t in targets(TEXT)}
    assert ladder["分项绩效目标 / 供水管理"] == [
        ("优", "95%", "quantity"),
        ("良", "85%-95%", "range"),
        ("中", "75%-85%", "range"),
        ("差", "75%以下", "quantity"),
    ]
    assert [step[:2] for step in ladder["分项绩效目标 / 河道管理"]] == [
        ("优秀", "90分以上"),
        ("良好", "80-90分"),
        ("合格", "60-80分"),
        ("不合格", "60分以下"),
    ]
    assert ladder["分项绩效目标 / 党建工作"] == []


def test_the_department_is_no_project_and_measures_are_no_targets() -> None:
    extraction = kpi.extract(TEXT)
    assert extraction.projects == ()
    assert [f.what for f in extraction.figures] == ["政府采购预算"]


LADDERS = {
    "活动完成率大于90%的为优；80%-90%为良；70%-80%为中；70%以下为差。": "优 大于90%/良 80%-90%/中 70%-80%/差 70%以下",
    "完成率达100%的为优，达90%的为良，达80%的为中，达70%的为差": "优 达100%/良 达90%/中 达80%/差 达70%",
    "优：≥95%；良：85%-95%；中：70%-85%；差：<70%": "优 ≥95%/良 85%-95%/中 70%-85%/差 <70%",
    "办结率95%以上为优；办结率85%-95%良；办结率70%-85%中；办结率70%以下为差": (
        "优 95%以上/良 85%-95%/中 70%-85%/差 70%以下"
    ),
    "好评占多数": "",
    "优先安排困难群众；改善中小学办学条件；缩小地区差距。": "",
    "90%为优；80%为良": "",
}


@pytest.mark.parametrize("text", LADDERS)
def test_ladder_sentences(text: str) -> None:
    assert "/".join(f"{g.grade} {g.raw}" for g in ladders.steps(text)) == LADDERS[text]


COLUMNS = """职责活动\t绩效目标\t绩效指标\t评价标准\t\t\t
\t\t\t优\t良\t中\t差
农村公路养护\t保障道路畅通\t养护里程完成率\t≥95%\t90%-95%\t80%-90%\t<80%
\t\t群众满意度\t≥90%\t≥85%\t≥80%\t<80%
桥梁检测\t保障桥梁安全\t检测座数\t30座\t25座\t20座\t<20座
"""


def test_columns_of_grades() -> None:
    found = targets(COLUMNS)
    assert [(t.section, t.goal, [i.name for i in t.indicators]) for t in found] == [
        ("农村公路养护", "保障道路畅通", ["养护里程完成率"]),
        ("农村公路养护", "保障道路畅通", ["群众满意度"]),
        ("桥梁检测", "保障桥梁安全", ["检测座数"]),
    ]
    assert [(g.grade, g.raw) for g in found[2].grading] == [
        ("优", "30座"),
        ("良", "25座"),
        ("中", "20座"),
        ("差", "<20座"),
    ]
    assert found[0].indicators[0].location.row == 3


def test_a_ladder_outside_the_sections_takes_the_lines_above_it() -> None:
    (target,) = targets(
        "绩效目标：做好信访工作。\n绩效指标：办结率≥95%\n绩效标准：90%以上为优；80%以上为良；80%以下为差。"
    )
    assert (target.goal, target.indicators[0].raw_value, len(target.grading)) == ("做好信访工作。", "≥95%", 3)


def test_a_projects_goal_is_not_the_departments() -> None:
    extraction = kpi.extract("项目名称：河道清淤项目\n总体绩效目标：河道畅通。\n数量指标：清淤≥3公里")
    assert extraction.department_targets == ()
    assert [p.goals for p in extraction.projects] == [("河道畅通。",)]


@pytest.mark.parametrize(
    "text", ["一、总体绩效目标.....3\n二、分项绩效目标.....5\n", "我局高度重视总体绩效目标的编制工作。"]
)
def test_contents_and_sentences_open_no_section(text: str) -> None:
    assert targets(text + "\n做好各项工作。\n") == ()


COUNTS = {"000": (1, 12, 0), "001": (1, 12, 12), "002": (4, 9, 0), "003": (8, 7, 7), "004": (7, 5, 0)}


@pytest.mark.seeds
@pytest.mark.parametrize("prefix", COUNTS)
def test_the_real_documents(prefix: str) -> None:
    found = kpi.extract(next(SEEDS.glob(f"{prefix}_*.txt"))).department_targets
    whole = [t for t in found if t.section == "总体绩效目标"]
    parts = [t for t in found if (t.section or "").startswith("分项绩效目标 / ")]
    graded = [t for t in found if len(t.grading) == 4]
    assert (len(whole), len(parts), len(graded)) == COUNTS[prefix]
    assert len(found) == len(whole) + len(parts)
    assert all(t.goal for t in found)


LONG = {
    "labels": "一、分项绩效目标\n绩效目标：甲。" + "绩效指标：甲率。" * 5_000,
    "ladder": "一、分项绩效目标\n绩效标准：" + "90%的为优，" * 9_000,
    "goals": "一、总体绩效目标\n" + "做好工作\n" * 9_000,
    "duties": "一、分项绩效目标\n" + "1、甲工作\n绩效目标：乙\n" * 4_000,
}


@pytest.mark.parametrize("name", LONG)
def test_work_is_linear(name: str) -> None:
    blocks = documents.read(LONG[name]).blocks
    kpi.parse_value("完成")  # the dictionary is loaded once
    began = time.perf_counter()
    department.read(blocks, 2025)
    assert time.perf_counter() - began < 5
