"""The unit that the heading of the value names, for numbers without one of their own."""

from __future__ import annotations

from typing import Any

import pytest

import kpi
from tests.material import differences, plain

_TIERS = "一级指标→二级指标→三级指标"


def _rows(text: str) -> list[dict[str, Any]]:
    extraction = kpi.extract(text.replace("→", "\t"))
    assert extraction.problems == ()
    return [row for project in plain(extraction)["projects"] for row in project["indicators"]]


_IN_WAN = {"unit": "万元", "magnitude": "95", "base_magnitude": "950000", "notes": ["unit_inherited"]}
UNITS = {
    "of a share": ("指标值（%）→分值", "合格率→95→10", {"unit": "%", "base_magnitude": "0.95"}),
    "of money": ("目标值（万元）", "总成本→≤95", _IN_WAN | {"operator": "<="}),
    "with the year before it": ("2025年度指标值（万元）", "总成本→95", _IN_WAN),
    "of a range": ("指标值（万元）", "总成本→90-95", {"kind": "range", "unit": "万元"}),
    "beaten by the value's own": ("指标值（万元）", "总成本→3个", {"unit": "个", "notes": []}),
    "beaten by the name's": ("指标值（万元）", "水池（个）→3", {"unit": "个", "notes": ["unit_inherited"]}),
    "beaten by a column of units": ("指标值（万元）→计量单位", "水池→3→个", {"unit": "个"}),
    "left out where a column of units is empty": ("指标值（万元）→计量单位", "水池→3→", {"unit": None}),
    "no unit": ("指标值（包含文字描述）", "水池→3", {"unit": None, "notes": []}),
}


@pytest.mark.parametrize("name", UNITS)
def test_unit_in_the_heading_of_the_value(name: str) -> None:
    heading, row, value = UNITS[name]
    (found,) = _rows(f"{_TIERS}→{heading}\n产出指标→数量指标→{row}\n")
    assert list(differences([{"value": value}], [found])) == []
    assert found["raw_value"] == "".join(row.split("→")[1:3] if "计量单位" in heading else row.split("→")[1])


def test_unit_in_a_heading_that_is_split() -> None:
    (first, second) = _rows(f"{_TIERS}→指标值（万元）→\n→→→东坪村→西坪村\n产出指标→成本指标→总成本→95→80\n")
    assert (first["value"]["unit"], second["value"]["unit"]) == ("万元", "万元")
