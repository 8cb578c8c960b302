"""Heads of the forms of several provinces: funding rows, codes of organisations, units of money."""

from __future__ import annotations

from decimal import Decimal

import pytest

import kpi
from kpi.schema import Money, Project

ROW = "\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t5个\n"
SELF_EVALUATION = (
    "项目支出绩效自评表\n（2022年度）\n项目名称\t\t村级补助\t\t\t\t\t\n"
    "主管部门及代码\t\t[219001]某区棠镇人民政府\t\t\t实施单位\t某区棠镇人民政府\t\n"
    "项目资金（万元）\t\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\n"
    "\t\t年度资金总额\t202.6\t132.912\t132.9\t10\t99.99%\n\t\t其中：当年财政拨款\t200\t132.912\t132.9\t-\t99.99%\n"
    "\t\t其他资金\t2.6\t\t\t-\t\n年度总体目标\t\t预期目标\t\t\t实际完成情况\t\t\n\t\t保障42人报酬。\t\t\t已保障。\t\t"
)


def project(head: str) -> Project:
    return kpi.extract(head + ROW).projects[0]


def yuan(magnitude: str, unit: str, base: str) -> Money:
    return Money(magnitude=Decimal(magnitude), unit=unit, base_magnitude=Decimal(base))


def test_a_self_evaluation() -> None:
    found = project(SELF_EVALUATION)
    assert (found.organisation.name, found.organisation.code) == ("某区棠镇人民政府", "219001")
    assert (found.name, found.fiscal_year, found.goals) == ("村级补助", 2022, ("保障42人报酬。",))
    assert found.budget == yuan("202.6", "万元", "2026000")
    assert found.funding.fiscal == yuan("200", "万元", "2000000")
    assert found.funding.other == yuan("2.6", "万元", "26000")


@pytest.mark.parametrize(
    ("head", "budget", "unit"),
    [
        ("项目名称\t甲\n项目资金\t250万", yuan("250", "万元", "2500000"), "万元"),
        ("项目名称\t甲\n项目资金（万元）\t250", yuan("250", "万元", "2500000"), "万元"),
        ("项目名称\t甲\n项目资金（元）\t1681680", yuan("1681680", "元", "1681680"), "元"),
        ("单位：万元\n项目名称\t甲\n年度资金总额\t2.38", yuan("2.38", "万元", "23800"), "万元"),
        ("项目名称\t甲\n年度资金总额\t2.38", None, None),
    ],
)
def test_the_unit_of_a_budget(head: str, budget: Money | None, unit: str | None) -> None:
    extraction = kpi.extract(head + ROW)
    assert (extraction.projects[0].budget, extraction.money_unit) == (budget, unit)


def test_a_plan_whose_label_stands_in_both_rows() -> None:
    found = project("单位：万元\n资金支出计划（%）\t3月底\t6月底\n资金支出计划（%）\t25\t100")
    assert [(point.period, point.share) for point in found.spending_plan] == [("3月底", Decimal("0.25")), ("6月底", 1)]


def test_the_label_of_the_indicators_is_no_goal() -> None:
    for label in ("绩效指标\t\t", "\t年度绩效指标：\t"):
        assert project(f"项目名称\t甲\n年度目标\t全年巡查24次\n{label}").goals == ("全年巡查24次",)
    assert project("预算规模及资金用途\t预算数\t5万元\n\t用于巡查\t\n绩效指标\t\t").purpose == "用于巡查"
