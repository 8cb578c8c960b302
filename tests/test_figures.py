"""Amounts of the narrative: the seeds in full, sentences of several styles, and what is no figure of this year."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest

import kpi
from kpi import documents
from kpi.schema import Figure
from kpi.tables.narrative import figures
from tests.material import SEEDS

SEED_FIGURES: dict[str, list[list[str | None]]] = json.loads(
    (Path(__file__).parent / "seeds" / "figures.json").read_text(encoding="utf-8")
)
YEAR = 2024


def read(text: str, *projects: str) -> tuple[Figure, ...]:
    return figures.read(documents.read(text).blocks, projects, YEAR, "青河县水务局").figures


def amounts(text: str, *projects: str) -> list[str]:
    return [f"{f.what} {f.money.magnitude}{f.money.unit}" for f in read(text, *projects)]


def squeezed(text: str | None) -> str | None:
    return text and "".join(text.split())


@pytest.mark.seeds
@pytest.mark.parametrize("name", SEED_FIGURES)
def test_every_figure_of_the_real_documents_and_no_other(name: str) -> None:
    found = kpi.extract(SEEDS / name).figures
    wanted = [[squeezed(what), project, amount, unit] for what, project, amount, unit in SEED_FIGURES[name]]
    assert [[squeezed(f.what), f.project, str(f.money.magnitude), f.money.unit] for f in found] == wanted


@pytest.mark.seeds
@pytest.mark.parametrize("name", SEED_FIGURES)
def test_location_slices_the_real_documents_to_the_amount(name: str) -> None:
    text = (SEEDS / name).read_text(encoding="utf-8-sig")
    for figure in kpi.extract(SEEDS / name).figures:
        start, end = figure.location.start, figure.location.end
        assert start is not None
        assert end is not None
        number = squeezed(text[start:end]) or ""
        assert number.startswith(str(figure.money.magnitude))
        assert number.endswith(("元", "万"))
        assert figure.location.line == text.count("\n", 0, start) + 1


STYLES = {
    "2024年，青河县水务局收入总预算1250.3万元，比上年增加120万元，增长10.6%。其中：一般公共预算拨款收入1200万元，"
    "占96%；事业收入50.3万元。支出总预算1250.3万元，其中：基本支出800.3万元，占64%；项目支出450万元，占36%。": (
        "收入总额 1250.3万元 / 一般公共预算收入 1200万元 / 事业收入 50.3万元 / "
        "支出总额 1250.3万元 / 基本支出 800.3万元 / 项目支出 450万元"
    ),
    "我局2024年“三公”经费预算数为15.6万元，其中：因公出国（境）费0万元，与上年持平；公务用车购置及运行费12万元"
    "（其中：公务用车购置费0万元，公务用车运行费12万元）；公务接待费3.6万元，比上年减少0.4万元。": (
        "三公经费 15.6万元 / 因公出国（境）费 0万元 / 公务用车购置及运行维护费 12万元 / "
        "公务用车购置费 0万元 / 公务用车运行维护费 12万元 / 公务接待费 3.6万元"
    ),
    "本年收入合计2,345.60万元。": "收入总额 2345.60万元",
    "上年项目支出90万元，今年安排项目支出84万元。": "项目支出 84万元",
    "项目支出2.8亿。": "项目支出 2.8亿元",
    "政府采购预算总额150万元，其中：货物类采购预算50万元。": "政府采购预算 150万元 / 货物类采购预算 50万元",
    "机关运行经费63.37万元，主要用于办公费12.2万元、差旅费8 万元等。": (
        "机关运行经费 63.37万元 / 办公费 12.2万元 / 差旅费 8万元"
    ),
    "青河县水务局2024年度部门预算项目绩效目标公开情况表\n2024年我局项目支出共安排505万元。": "项目支出 505万元",
    "青河县水务局2024年度项目支出绩效目标\n项目支出安排52万元。": "项目支出 52万元",
    "（一）总体绩效目标\n2024年我局预算总支出180万元，其中项目支出80万元，落实节水宣传经费20万元。": (
        "支出总额 180万元 / 项目支出 80万元"
    ),
    "2024年计划安排节水宣传经费20万元；我局安排巡护员工作经费10万元。": "节水宣传经费 20万元 / 巡护员工作经费 10万元",
    "2024年项目支出共2个，合计30万元，具体为：（1）节水宣传经费20万元；（2）巡护员补助10万元。": (
        "节水宣传经费 20万元 / 巡护员补助 10万元"
    ),
    "项目支出30万元。其中：保障泵站运转的灌溉用水项目20万元，水质监测项目10万元。": (
        "项目支出 30万元 / 灌溉用水项目 20万元 / 水质监测项目 10万元"
    ),
}


@pytest.mark.parametrize("text", STYLES)
def test_totals_and_parts_in_several_styles(text: str) -> None:
    assert amounts(text) == STYLES[text].split(" / ")


NONE = {
    "changes": "项目支出较上年减少20万元，主要是灌溉用水项目减少12万元、水质监测经费减少8万元。",
    "a list of changes": "项目支出比上年增加94万元，主要是水质监测经费10万元、灌溉用水经费84万元；网站维护经费3万元。",
    "a goal": "一、年度绩效目标\n完成预算收入12亿元，节水宣传经费9万元。",
    "another year": "2023年项目支出90万元。",
    "another year before a comma": "2023年，我局项目支出90万元，基本支出80万元。",
    "last year": "上年度基本支出80万元。",
    "stock": "截至上年末，本单位固定资产总额1200万元，其中房屋800万元，车辆60万元。",
    "a part of the money": "2024年政府性基金预算支出20万元，其中：项目支出20万元。",
    "parts of a part": "2024年一般公共预算财政拨款支出900万元，其中：基本支出600万元，项目支出300万元。",
    "under the heading of a part": "（五）国有资本经营预算支出情况\n2024年项目支出20万元。",
    "a price": "补助标准为每人每月500元，灌溉用水经费单价3万元/公里。",
    "a bound": "培训工作经费不超过5万元，办公经费约3万元。",
    "a range": "水质监测经费10-20万元。",
    "counts": "新建高标准农田5万亩，受益人口3万人。",
    "results": "全县实现财政收入3.2亿元，争取上级专项资金12亿元。",
    "indicators": "成本指标：总成本≤80万元；经济效益指标：带动增收≥300万元。",
    "nameless": "共计350万元。",
    "explanations": "八、名词解释\n1、项目支出：如某单位项目支出300万元。",
}


@pytest.mark.parametrize("name", NONE)
def test_no_figure_of_this_year(name: str) -> None:
    assert amounts(NONE[name]) == []


PROJECTS = [
    ("水质监测工作经费4万元。", ["水质监测工作经费"], "水质监测工作经费"),
    ("项目支出9万元，主要为水质监测经费4万元。", ["水质监测项目"], "水质监测项目"),
    (
        "青财农〔2024〕12号下达水毁修复资金300万元。",
        ["水毁修复补助资金（青财农〔2024〕12号）"],
        "水毁修复补助资金（青财农〔2024〕12号）",
    ),
    ("项目支出9万元，包括提前下达2024年水毁修复资金9万元。", ["水毁修复资金"], "水毁修复资金"),
    ("保障泵站正常运转的泵站运行维护经费9万元。", ["泵站运行维护费"], "泵站运行维护费"),
    ("2024年我局安排水质监测运行费4万元。", ["水质监测运行费"], "水质监测运行费"),
    ("2024年安排水质监测资金4万元、节水宣传资金3万元。", ["水质监测", "节水宣传"], "节水宣传"),
    ("水质监测项目支出预算4万元。", ["水质监测"], "水质监测"),
    ("项目支出9万元，其中残疾人辅具适配4万元。", ["残疾人基本型辅助器具适配"], "残疾人基本型辅助器具适配"),
    ("项目支出9万元，其中东部水质监测设备4万元。", ["东部水质二期监测设备"], None),
    ("节约用水宣传经费4万元。", ["节约用水宣传经费"], "节约用水宣传经费"),
    ("项目支出60万元，其中河道清淤项目（一期）20万元。", ["河道清淤项目（一期）", "河道清淤项目（二期）"], None),
    ("项目支出20万元，其中河道清淤项目20万元。", ["河道清淤项目", "河道清淤项目"], None),
    ("项目支出20万元，其中2023年水毁修复资金20万元。", ["2024年水毁修复资金"], None),
    ("项目支出20万元，其中市级农村供水管网改造补助20万元。", ["农村供水管网改造补助"], None),
    ("项目支出20万元，其中东湖小学改造工程20万元。", ["西湖小学改造工程"], None),
]


@pytest.mark.parametrize(("text", "projects", "wanted"), PROJECTS)
def test_project_is_told_by_its_name_and_never_guessed(text: str, projects: list[str], wanted: str | None) -> None:
    assert read(text, *projects)[-1].project == wanted


def test_amount_of_another_year_is_no_project_of_this_one() -> None:
    assert read("2023年节水宣传项目支出9万元。", "节水宣传项目") == ()
    assert [f.project for f in read("2023年节水宣传项目支出9万元。", "2023年节水宣传项目")] == ["2023年节水宣传项目"]


def test_project_is_told_by_the_title_of_its_table() -> None:
    text = "2024年安排节水宣传经费20万元。\n1、节水宣传经费绩效目标表\n项目名称\t全民节约用水教育活动\n"
    rows = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t活动次数\t5次\n"
    assert [f.project for f in kpi.extract(text + rows).figures] == ["全民节约用水教育活动"]


def test_projects_that_differ_in_a_bracket_are_told_apart_where_the_text_does() -> None:
    names = ["河道清淤项目（一期）", "河道清淤项目（二期）"]
    found = read("项目支出50万元，其中河道清淤项目（一期）20万元、河道清淤项目（二期）30万元。", *names)
    assert [(f.project, f.money.magnitude) for f in found[1:]] == [(names[0], Decimal(20)), (names[1], Decimal(30))]


def test_money_text_and_place() -> None:
    text = "## 支出说明\r\n\r\n  **2024年** 项目支出 434. 50 万元，其中：\u3000水质监测经费1,200元。\r\n"
    found = kpi.extract(text, fiscal_year=YEAR).figures
    assert [(f.money.magnitude, f.money.unit, f.money.base_magnitude) for f in found] == [
        (Decimal("434.50"), "万元", Decimal(4_345_000)),
        (Decimal(1200), "元", Decimal(1200)),
    ]
    assert [text[f.location.start : f.location.end] for f in found] == ["434. 50 万元", "1,200元"]
    assert [f.text for f in found] == ["2024年项目支出 434. 50 万元", "水质监测经费1,200元"]
    assert [f.location.line for f in found] == [3, 3]


def test_a_sentence_broken_by_a_page_is_one() -> None:
    text = "2024年支出预算900万元，其中基本支出500万元，包括人员经费和公用经费；项目支出\n\n400万元，均为财政拨款安排。"
    found = kpi.extract(text, fiscal_year=YEAR).figures
    assert [f"{f.what} {f.money.magnitude}" for f in found] == ["支出总额 900", "基本支出 500", "项目支出 400"]
    assert text[found[-1].location.start : found[-1].location.end] == "400万元"


def test_groups_of_three_digits_may_stand_between_full_width_commas() -> None:
    assert amounts("2024年项目支出12，345.6万元。") == ["项目支出 12345.6万元"]
    assert amounts("2024年项目支出1，234，567元。") == ["项目支出 1234567元"]


def test_a_list_goes_on_in_a_sentence_of_names_and_amounts_alone() -> None:
    parts = "车辆保险费2.8万元，办公用房租赁费12万元，设备购置费5万元。"
    assert amounts("2024年项目支出408.4万元。" + parts) == [
        "项目支出 408.4万元",
        "车辆保险费 2.8万元",
        "办公用房租赁费 12万元",
        "设备购置费 5万元",
    ]
    assert amounts(parts) == []
    assert amounts("2024年项目支出408.4万元。全年开展各类检查，发放补贴2.8万元，设备购置费5万元。") == [
        "项目支出 408.4万元"
    ]


def test_cells_of_tables_give_none() -> None:
    assert kpi.extract("项目\t金额\n项目支出\t项目支出434万元\n").figures == ()


LONG = {
    "amounts": "项目支出84万元，其中水质监测经费1万元、" * 6_000,
    "one clause": "项目支出" + "水" * 400_000 + "84万元。",
    "brackets": "项目支出（" * 60_000 + "84万元。",
    "changes": "较上年增加12万元，" * 12_000,
    "numbers": "1234567890" * 40_000 + "万元",
    "lines": "项目支出84万元，比上年增加\n" * 6_000,
}


@pytest.mark.parametrize("name", LONG)
def test_work_is_linear(name: str) -> None:
    blocks = documents.read(LONG[name]).blocks
    began = time.perf_counter()
    figures.read(blocks, [f"水质监测项目{n}" for n in range(200)], YEAR)
    assert time.perf_counter() - began < 6
