"""What moved between two years: each class of change, the pairing of rows and projects, and the symmetry of it all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import trend
from kpi.pipeline import extract
from kpi.schema import Extraction, RowChange, Trend
from tests.cases import extraction
from tests.rendering import LAYOUTS, load_all

BEFORE, AFTER = 2024, 2025
REVERSED = {
    "same": "same", "moved": "moved", "reworded": "reworded", "lowered": "raised", "raised": "lowered",
    "vaguer": "clearer", "clearer": "vaguer", "dropped": "new", "new": "dropped",
}  # fmt: skip


def document(year: int, rows: list[dict[str, Any]], **project: Any) -> Extraction:
    return extraction({"organisation": "某局", "year": year, "project": {"name": "培训经费", **project}, "rows": rows})


def rows(
    before: list[dict[str, Any]], after: list[dict[str, Any]], budgets: tuple[str | None, str | None] = (None, None)
) -> tuple[RowChange, ...]:
    one, other = document(BEFORE, before, budget=budgets[0]), document(AFTER, after, budget=budgets[1])
    found = trend.diff(trend.filed("去年", one), trend.filed("今年", other))
    assert len(found.projects) == 1
    return found.projects[0].rows


def row(name: str, value: str, tier2: str = "数量指标", **more: Any) -> dict[str, Any]:
    return {"tier2": tier2, "name": name, "value": value, **more}


def one(name: str, before: str, after: str, tier2: str = "数量指标", **more: Any) -> RowChange:
    (found,) = rows([row(name, before, tier2, **more)], [row(name, after, tier2, **more)])
    return found


@pytest.mark.parametrize(
    ("name", "before", "after", "tier2", "change"),
    [
        # the same, however it is written
        ("完成率", "≥90%", "不低于90%", "质量指标", "same"),
        ("培训费用", "≤0.4万元", "≤4000元", "成本指标", "same"),
        ("完成时间", "2024年12月底前", "2025年12月31日前", "时效指标", "same"),
        ("教材质量", "良 好", "良好", "质量指标", "same"),
        # better the higher it is: by the name, or by the sign
        ("学员满意度", "≥95%", "≥90%", "服务对象满意度指标", "lowered"),
        ("学员满意度", "≥90%", "≥95%", "服务对象满意度指标", "raised"),
        ("学员满意度", "95%", "90%", "服务对象满意度指标", "lowered"),
        ("学员满意度", "≥95%", "＞95%", "服务对象满意度指标", "raised"),
        ("学员满意度", "≥95%", "≤95%", "服务对象满意度指标", "lowered"),
        ("学员满意度", "90%-95%", "≥85%", "服务对象满意度指标", "lowered"),
        ("某某数", "≥12个", "≥10个", "数量指标", "lowered"),
        ("造林", "≥1万平方米", "≥0.5公顷", "数量指标", "lowered"),
        ("覆盖情况", "100%（300人）", "100%（280人）", "数量指标", "moved"),
        # better the lower it is
        ("群众投诉次数", "≤5次", "≤8次", "社会效益指标", "lowered"),
        ("群众投诉次数", "5次", "3次", "社会效益指标", "raised"),
        ("办结时限", "≤5个工作日", "≤10个工作日", "时效指标", "lowered"),
        ("单位能耗", "≤5千瓦时", "≤4千瓦时", "生态效益指标", "raised"),
        ("培训费用", "≤5万元", "≤6万元", "成本指标", "lowered"),
        ("完成时间", "2024年6月底前", "2025年9月底前", "时效指标", "lowered"),
        ("完成时间", "2024年9月", "2025年6月", "时效指标", "raised"),
        # nothing says which way is better
        ("村级组织", "12个", "10个", "数量指标", "moved"),
        ("村级组织", "≥12个", "≤12个", "数量指标", "moved"),
        ("某某数", "≥12个", "≥12次", "数量指标", "moved"),
        ("某某数", "≥12个", "2025年6月底前", "数量指标", "moved"),
        ("巡查", "每月10日前", "每年12月底前", "时效指标", "moved"),
        # words
        ("完成率", "≥90%", "按要求完成", "质量指标", "vaguer"),
        ("完成率", "≥90%", "是", "质量指标", "vaguer"),
        ("完成率", "≥90%", "已完成", "质量指标", "vaguer"),
        ("完成率", "≥90%", "", "质量指标", "vaguer"),
        ("培训期数", "12期", "约12期", "数量指标", "vaguer"),
        ("干部水平", "良好", "进一步提高", "社会效益指标", "vaguer"),
        ("干部水平", "进一步提高", "有力保障", "社会效益指标", "vaguer"),
        ("完成率", "按要求完成", "≥90%", "质量指标", "clearer"),
        ("干部水平", "有力保障", "良好", "社会效益指标", "clearer"),
        ("干部水平", "进一步提高", "有所提升", "社会效益指标", "reworded"),
        ("干部水平", "进一步提高", "已完成", "社会效益指标", "reworded"),
    ],
)
def test_each_class(name: str, before: str, after: str, tier2: str, change: str) -> None:
    assert one(name, before, after, tier2).change == change
    assert one(name, after.replace("2025", "2024"), before.replace("2024", "2025"), tier2).change == REVERSED[change]


def test_the_printed_direction_decides() -> None:
    assert one("某某数", "12个", "10个", direction="正向指标").change == "lowered"
    assert one("某某数", "12个", "10个", direction="反向指标").change == "raised"
    (found,) = rows([row("某某数", "12个", direction="正向")], [row("某某数", "10个")])
    assert found.change == "lowered"
    (found,) = rows([row("某某数", "12个", direction="正向")], [row("某某数", "10个", direction="反向")])
    assert found.change == "moved"


def test_a_fall_is_no_rise() -> None:
    assert one("投诉率", "较上年下降≥10%", "较上年下降≥5%", "社会效益指标").change == "lowered"
    assert one("投诉率", "较上年下降≥10%", "≥5%", "社会效益指标").notes == ("not_comparable",)


def test_how_far_it_moved() -> None:
    found = one("学员满意度", "≥95%", "≥90%", "服务对象满意度指标")
    assert (found.difference, found.share, found.base_unit) == (Decimal("-0.05"), Decimal("-0.0526"), "1")
    found = one("培训费用", "≤0.5万元", "≤6000元", "成本指标")
    assert (found.difference, found.share, found.base_unit) == (Decimal(1000), Decimal("0.2"), "元")
    assert found.notes == ("unit_changed",)
    late = one("完成时间", "2024年6月30日前", "2025年7月10日前", "时效指标")
    assert (late.difference, late.share, late.base_unit) == (Decimal(10), None, "日")
    assert one("村级组织", "≥12个", "≤12个").notes == ("operator_changed",)
    huge = one("受益人数", "≥1人", "≥1000000000000000000000000000000人")
    assert (huge.change, huge.share) == ("raised", Decimal(10**30 - 1))
    none = one("某某数", "≥12个", "≥12次")
    assert (none.difference, none.share, none.notes) == (None, None, ("not_comparable",))


@pytest.mark.parametrize(
    ("costs", "budgets", "change"),
    [
        (("≤5万元", "≤6万元"), ("5万元", "6万元"), "moved"),
        (("≤5万元", "≤8万元"), ("5万元", "6万元"), "lowered"),
        (("≤5万元", "≤6万元"), ("5万元", "4万元"), "lowered"),
        (("≤6万元", "≤5万元"), ("6万元", "5万元"), "moved"),
        (("≤8万元", "≤5万元"), ("6万元", "5万元"), "raised"),
    ],
)
def test_a_cost_follows_the_budget(costs: tuple[str, str], budgets: tuple[str, str], change: str) -> None:
    before, after = ([row("培训费用", cost, "成本指标")] for cost in costs)
    (found,) = rows(before, after, budgets)
    assert found.change == change
    assert found.notes == (("follows_budget",) if change == "moved" else ())


def test_rows_are_paired_by_name() -> None:
    before = [
        row("2024年培训人数（人）", "≥100"), row("场次", "≥12场"), row("场次", "≥5场"), row("教材", "1套"),
        row("旧的", "1个"),
    ]  # fmt: skip
    after = [
        row("场 次", "≥5场"), row("培训人数", "≥90人"), row("场次", "≥10场"), row("教材", "1套", "质量指标"),
        row("新的", "1个"),
    ]  # fmt: skip
    found = [(c.before and c.before.name, c.after and c.after.name, c.change, c.notes) for c in rows(before, after)]
    assert found == [
        ("2024年培训人数（人）", "培训人数", "lowered", ("renamed",)),
        ("场次", "场次", "lowered", ()),
        ("场次", "场 次", "same", ()),
        ("教材", "教材", "same", ("tier_changed",)),
        ("旧的", None, "dropped", ()),
        (None, "新的", "new", ()),
    ]


def test_the_whole_period_is_not_the_year() -> None:
    before = [row("场次", "≥36场", horizon="whole_period"), row("场次", "≥12场", horizon="annual")]
    assert [c.change for c in rows(before, [row("场次", "≥12场")])] == ["dropped", "same"]


def filed(year: int, *projects: dict[str, Any], organisation: str = "某局") -> list[trend.Filed]:
    rows = [row("场次", "≥12场")]
    case = {"organisation": organisation, "year": year, "projects": [{"rows": rows, **p} for p in projects]}
    return trend.filed(f"{year}.txt", extraction(case))


def pairs(found: Trend) -> list[tuple[str | None, str | None, str | None]]:
    names = ((p.before.name if p.before else None, p.after.name if p.after else None) for p in found.projects)
    return [(*both, p.matched_by) for both, p in zip(names, found.projects, strict=True)]


def test_projects_are_paired_by_code_then_by_name() -> None:
    before = filed(
        BEFORE, {"name": "甲", "code": "A1"}, {"name": "2024年乙项目"}, {"name": "丙", "code": "C1"}, {"name": "丁"}
    )
    after = filed(AFTER, {"name": "乙项目", "code": "B1"}, {"name": "甲甲", "code": "A1"}, {"name": "戊"})
    after += filed(AFTER, {"name": "丙", "code": "C2"}, organisation="某县某局")
    after += filed(AFTER, {"name": "丁"}, organisation="另局")
    assert pairs(trend.diff(before, after)) == [
        ("甲", "甲甲", "code"), ("2024年乙项目", "乙项目", "name"), ("丙", "丙", "name"), ("丁", None, None),
        (None, "戊", None), (None, "丁", None),
    ]  # fmt: skip


def test_a_name_that_others_have_is_paired_in_its_organisation() -> None:
    name = {"name": "公用经费"}
    before = filed(BEFORE, name) + filed(BEFORE, name, organisation="乙局")
    after = filed(AFTER, name, organisation="丙局") + filed(AFTER, name, organisation="乙局")
    found = trend.diff(before, after).projects
    whose = [(p.before and p.before.organisation, p.after and p.after.organisation) for p in found]
    assert whose == [("某局", None), ("乙局", "乙局"), (None, "丙局")]


def test_phases_are_projects_of_their_own() -> None:
    before = filed(BEFORE, {"name": "桥梁（一期）"}, {"name": "路灯（2024年）"})
    after = filed(AFTER, {"name": "桥梁（二期）"}, {"name": "路灯（2025年度）"})
    assert pairs(trend.diff(before, after)) == [
        ("桥梁（一期）", None, None), ("路灯（2024年）", "路灯（2025年度）", "name"), (None, "桥梁（二期）", None),
    ]  # fmt: skip


def test_targets_are_paired_with_targets() -> None:
    before = filed(BEFORE, {"name": "甲", "self_evaluation": True}, {"name": "甲"})
    after = filed(AFTER, {"name": "甲"}, {"name": "甲", "self_evaluation": True})
    found = trend.diff(before, after)
    assert [(p.before.project, p.after.project) for p in found.projects if p.before and p.after] == [(0, 1), (1, 0)]


def test_each_year_is_compared_with_the_next_one_of_its_organisation() -> None:
    files = [
        *filed(2025, {"name": "甲"}), *filed(2022, {"name": "甲"}), *filed(2024, {"name": "甲"}),
        *filed(2024, {"name": "甲"}, organisation="另局"),
    ]  # fmt: skip
    found = [p for t in trend.years(files) for p in t.projects]
    assert [(p.before.fiscal_year, p.after.fiscal_year) for p in found if p.before and p.after] == [
        (2022, 2024),
        (2024, 2025),
    ]


@pytest.fixture(scope="module")
def corpus() -> list[Extraction]:
    return [extract(LAYOUTS["tab_rows"](facts)) for facts in load_all()]


def test_a_document_does_not_differ_from_itself(corpus: list[Extraction]) -> None:
    compared = 0
    for read in corpus:
        projects = trend.filed("一", read)
        for project in trend.diff(projects, projects).projects:
            assert project.before == project.after
            assert all(change.change == "same" and not change.notes for change in project.rows)
            compared += len(project.rows)
    assert compared > 200


VALUES = st.sampled_from(
    [
        "≥95%", "90%", "≤5%", "12次", "≥12次", "约12次", "10-20次", "≤5万元", "4000元", "2024年6月底前", "6月底前",
        "是", "良好", "按时完成", "进一步提高", "有力保障", "已完成", "", "100%（300人）", "100%（280人）", "12次/月",
        "每月10日前", "100", "零投诉",
    ]
)  # fmt: skip
NAMES = st.sampled_from(["满意度", "投诉次数", "培训费用", "场次", "场次（场）", "2024年场次", "完成时间", "村级组织"])
TIERS = st.sampled_from(["数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标"])
ROWS = st.lists(st.builds(row, NAMES, VALUES, TIERS), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(ROWS, ROWS, st.sampled_from([None, "5万元"]), st.sampled_from([None, "6万元", "4万元"]))
def test_what_is_lowered_one_way_is_raised_the_other(
    before: list[dict[str, Any]], after: list[dict[str, Any]], budget: str | None, later: str | None
) -> None:
    one, other = document(BEFORE, before, budget=budget), document(AFTER, after, budget=later)
    forth = trend.compared(one.projects[0], other.projects[0])
    back = trend.compared(other.projects[0], one.projects[0])
    assert {seen(c) for c in forth} == {seen(c, back=True) for c in back}
    assert len(forth) == len(back)
    for side, rows in (("before", before), ("after", after)):
        numbers = [s.indicator for c in forth if (s := getattr(c, side))]
        assert sorted(numbers) == list(range(len(rows)))
    assert all(c.change == "same" for c in trend.compared(one.projects[0], one.projects[0]))


def seen(change: RowChange, *, back: bool = False) -> tuple[object, ...]:
    sides = (change.before and change.before.indicator, change.after and change.after.indicator)
    kind: str = REVERSED[change.change] if back else change.change
    difference = change.difference if change.difference is None or not back else -change.difference
    return (*(sides[::-1] if back else sides), kind, change.notes, difference)
