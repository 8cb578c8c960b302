"""Rows that stand outside of the tiers: the first column holds their name."""

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


_HEADING = f"{_TIERS}→年度指标值→实际完成值→分值→得分\n"
_ROAD = "产出指标→数量指标→里程→5公里→5公里→10→10\n"
_EXECUTION = "预算执行率→→→100%→98%→10→9.8\n"


@pytest.mark.parametrize("rows", [_EXECUTION + _ROAD, _ROAD + _EXECUTION])
def test_a_row_outside_of_the_tiers(rows: str) -> None:
    found = {row["name"]: row for row in _rows(_HEADING + rows)}
    wanted = {
        "tier1": None, "tier1_text": None, "tier2_text": None, "raw_value": "100%", "weight": "10",
        "actual": {"raw": "98%", "score": "9.8"},
    }  # fmt: skip
    assert list(differences([wanted], [found["预算执行率"]])) == []
    assert list(differences([{"tier1": "产出指标", "tier2": "数量指标"}], [found["里程"]])) == []


def test_a_row_outside_of_the_tiers_with_a_column_of_operators() -> None:
    text = f"{_TIERS}→计算符号→指标值→计量单位\n产出指标→数量指标→里程→=→5→公里\n预算执行率→→→≥→95→%\n"
    assert list(differences([{"name": "里程"}, {"name": "预算执行率", "tier1_text": None}], _rows(text))) == []


def test_a_tier_of_no_known_wording_keeps_its_rows() -> None:
    text = f"{_TIERS}→指标值\n特色指标→亮点指标→里程→5公里\n→→面积→3亩\n"
    wanted = [{"tier1_text": "特色指标", "name": "里程"}, {"tier1_text": "特色指标", "tier2_text": "亮点指标"}]
    assert list(differences(wanted, _rows(text))) == []
