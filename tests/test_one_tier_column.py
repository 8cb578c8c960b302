"""Tables with one column for the tiers (指标类型): its words are first tiers, second ones, or both in turn."""

from __future__ import annotations

import pytest

import kpi

# What the column prints, row by row → tier1, tier2, tier1_text and tier2_text of each.
COLUMNS = {
    "second tiers": (
        ["数量", "", "质量", "时效", "成本", "成本", "社会效益"],
        [(None, "数量指标", None, "数量")] * 2
        + [(None, "质量指标", None, "质量"), (None, "时效指标", None, "时效")]
        + [(None, "成本指标", None, "成本")] * 2
        + [(None, "社会效益指标", None, "社会效益")],
    ),
    "satisfaction is a first tier, and nothing else stands under it": (
        ["数量指标", "满意度", "", "可持续影响指标"],
        [(None, "数量指标", None, "数量指标")]
        + [("满意度指标", None, "满意度", None)] * 2
        + [(None, "可持续影响指标", None, "可持续影响指标")],
    ),
    "cost before all others is a first tier, as in the newer framework": (
        ["成本", "成本", "数量", "经济效益"],
        [("成本指标", None, "成本", None)] * 2
        + [(None, "数量指标", None, "数量"), (None, "经济效益指标", None, "经济效益")],
    ),
    "first tiers": (
        ["产出", "", "效益", "满意度"],
        [("产出指标", None, "产出", None)] * 2
        + [("效益指标", None, "效益", None), ("满意度指标", None, "满意度", None)],
    ),
    "first and second tiers": (
        ["产出指标", "数量指标", "成本指标", "生态效益指标"],
        [("产出指标", None, "产出指标", None)]
        + [("产出指标", second, "产出指标", second) for second in ("数量指标", "成本指标")]
        + [(None, "生态效益指标", None, "生态效益指标")],
    ),
}


@pytest.mark.parametrize("form", COLUMNS)
@pytest.mark.parametrize("heading", ["指标类型", "一级指标"])
def test_one_column_of_tiers(form: str, heading: str) -> None:
    printed, wanted = COLUMNS[form]
    rows = "".join(
        f"<tr><td>{tier}</td><td>事项{at}</td><td>≥{at}</td><td>件</td></tr>" for at, tier in enumerate(printed, 1)
    )
    page = f"<table><tr><th>{heading}</th><th>指标名称</th><th>指标值</th><th>度量单位</th></tr>{rows}</table>"
    (project,) = kpi.extract(page.encode(), filename="表.html").projects
    assert [(i.tier1, i.tier2, i.tier1_text, i.tier2_text) for i in project.indicators] == wanted
    assert [(i.name, i.raw_value) for i in project.indicators] == [
        (f"事项{at}", f"≥{at}件") for at in range(1, len(printed) + 1)
    ]
