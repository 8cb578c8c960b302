"""Heads of the forms of several provinces: funding rows, codes of organisations, units of money."""

from __future__ import annotations

from decimal import Decimal

import pytest

import kpi
from kpi.schema import Execution, FundingPart, Money, Project

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
    assert found.execution == Execution(
        initial=yuan("202.6", "万元", "2026000"),
        full_year=yuan("132.912", "万元", "1329120"),
        executed=yuan("132.9", "万元", "1329000"),
        rate=Decimal("0.9999"),
    )


def test_execution_with_its_labels_beside_the_figures() -> None:
    found = project("单位：万元\n项目名称\t甲\n预算数\t100\t执行数\t\t120\t执行率\t120%")
    assert found.budget == yuan("100", "万元", "1000000")
    assert found.execution == Execution(executed=yuan("120", "万元", "1200000"), rate=Decimal("1.2"))


def test_sources_of_money_without_a_label_of_their_own() -> None:
    found = project("单位：万元\n项目资金\t年度资金总额\t100\n\t其中：财政拨款\t80\n\t上年结转资金\t15\n\t其他资金\t5")
    assert found.funding.further == (FundingPart(label="上年结转资金", money=yuan("15", "万元", "150000")),)
    assert (found.execution, found.whole_budget) == (None, None)


def test_the_budget_of_the_whole_period() -> None:
    found = project("单位：万元\n项目资金\t实施期资金总额\t300\t年度资金总额\t100")
    assert (found.budget, found.whole_budget) == (yuan("100", "万元", "1000000"), yuan("300", "万元", "3000000"))


@pytest.mark.parametrize(
    ("plan", "unit"),
    [
        ("资金支出计划（%）\t3月底\t6月底\n\t25\t100", "%"),
        ("资金支出计划\t3月底\t6月底\n（％）\t25\t100", "%"),
        ("资金支出计划\t3月底（%）\t6月底（%）\n\t25\t100", "%"),
        ("资金支出计划（万元）\t3月底\t6月底\n\t25\t100", "万元"),
        ("资金支出计划\t3月底\t6月底\n\t25\t100", None),
    ],
)
def test_the_unit_that_a_plan_is_headed_with(plan: str, unit: str | None) -> None:
    assert {point.heading_unit for point in project(f"单位：万元\n{plan}").spending_plan} == {unit}


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
