"""Rules that compare the cells of one row: sign, value and unit in columns of their own, as split tables print them."""

from __future__ import annotations

import pytest

import kpi
from kpi.configuration import Config

HEADING = "一级指标\t二级指标\t三级指标\t计算符号\t指标值\t计量单位"


def found(name: str, *cells: str) -> set[str]:
    """The codes of VAL and UNI that speak on one row of such a table."""
    text = f"{HEADING}\n产出指标\t数量指标\t{name}\t" + "\t".join(cells) + "\n"
    extraction = kpi.extract(text, fiscal_year=2025)
    assert extraction.coverage.rows_read == 1
    return {finding.rule for finding in kpi.review(extraction, config=Config(select=("VAL", "UNI"))).findings}


@pytest.mark.parametrize(
    ("name", "cells", "rules"),
    [
        ("培训学员", ("≥", "50人", "次"), {"UNI002"}),
        ("设备购置成本", ("≤", "20万元", "元"), {"UNI002"}),
        ("产品合格率", ("≥", "95%", "个"), {"UNI002"}),
        ("办结时间", ("≤", "3个工作日", "天"), {"UNI002"}),
        ("产品合格率", ("≤", "≥95%", "%"), {"VAL010"}),
        ("产品合格率", ("≥", "95", "百分比"), {"VAL004"}),
        ("发放补贴人数", ("≥", "95", "%"), {"UNI001"}),
        ("新建公厕数量", ("≥", "", "个"), {"VAL001"}),
    ],
)
def test_cells_that_disagree(name: str, cells: tuple[str, ...], rules: set[str]) -> None:
    assert found(name, *cells) == rules


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("培训学员", ("≥", "50", "人")),
        ("培训学员", ("≥", "50名", "人")),
        ("设备购置成本", ("≤", "≤20万元", "万元")),
        ("产品合格率", ("≥", "95", "%")),
        ("绿化提升", ("＝", "500㎡", "平方米")),
        ("扶持企业", ("≥", "30家", "个")),
        ("补助标准", ("≤", "500元/人", "元")),
        ("巡查", ("≥", "12次/年", "次")),
        ("培训学员", ("＝", "50", "人")),
    ],
)
def test_cells_that_agree(name: str, cells: tuple[str, ...]) -> None:
    assert found(name, *cells) == set()
