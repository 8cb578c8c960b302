"""Damage of copies and exports: the literal reading stays, what was meant stands beside it, and only with a witness."""

from __future__ import annotations

from typing import Any

import pytest

import kpi
from tests.material import plain

HEADING = "（2024年度）\n一级指标\t二级指标\t三级指标\t指标值\n"
SIGNED = "产出指标\t质量指标\t合格率\t＞92%\n"
PERCENT = "产出指标\t质量指标\t合格率\t95%\n"


def last(rows: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(kpi.extract(HEADING + rows))["projects"][-1]["indicators"][-1]
    return found


@pytest.mark.parametrize(
    ("rows", "literal", "meant", "note"),
    [
        (SIGNED + "满意度指标\t服务对象满意度指标\t群众满意度\t292%", "292", (">=", "92"), "sign_read_as_digit"),
        (SIGNED + "满意度指标\t服务对象满意度指标\t群众满意度\t295.5％", "295.5", (">=", "95.5"), "sign_read_as_digit"),
        (SIGNED + "产出指标\t质量指标\t合格率\t2100%", "2100", (">=", "100"), "sign_read_as_digit"),
        (SIGNED + "满意度指标\t服务对象满意度指标\t群众满意度\t≥292%", "292", (">=", "92"), "sign_read_as_digit"),
        (PERCENT + "产出指标\t质量指标\t合格率（不低于98%）\t198%", "198", (">=", "98"), "sign_read_as_digit"),
        (PERCENT + "产出指标\t质量指标\t参训率\t0.95", "0.95", ("=", "95"), "percent_sign_lost"),
        (PERCENT + "产出指标\t质量指标\t参训率\t≥98.5", "98.5", (">=", "98.5"), "percent_sign_lost"),
        (PERCENT + "产出指标\t质量指标\t参训率\t1", "1", ("=", "100"), "percent_sign_lost"),
    ],
)
def test_a_ratio(rows: str, literal: str, meant: tuple[str, str], note: str) -> None:
    row = last(rows)
    assert row["value"]["magnitude"] == literal
    assert "suspected_misread" in row["value"]["notes"]
    assert (row["meant"]["operator"], row["meant"]["magnitude"], row["meant"]["unit"]) == (*meant, "%")
    assert note in row["meant"]["notes"]


def test_the_goals_and_the_actual_bear_witness() -> None:
    goal = "一、某项目绩效目标表\n绩效目标\t系统年可用率99%以上。\n一级指标\t二级指标\t三级指标\t指标值\n"
    found = plain(kpi.extract(goal + "产出指标\t质量指标\t系统可用率\t≥199%\n"))["projects"][0]["indicators"][0]
    assert found["meant"]["magnitude"] == "99"
    heading = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n"
    actual = heading + "产出指标\t质量指标\t设备在线率\t195%\t96.5%\t10\t10\n"
    found = plain(kpi.extract(actual))["projects"][0]["indicators"][0]
    assert found["meant"]["magnitude"] == "95"


@pytest.mark.parametrize("raw", ["45657", "45,657"])
def test_a_day_number(raw: str) -> None:
    row = last(f"产出指标\t时效指标\t竣工\t{raw}")
    assert row["value"]["magnitude"] == "45657"
    assert (row["meant"]["kind"], row["meant"]["end"]) == ("date", "2024-12-31")
    assert row["meant"]["notes"] == ["day_number"]


@pytest.mark.parametrize(
    "rows",
    [
        PERCENT + "满意度指标\t服务对象满意度指标\t群众满意度\t292%",  # no sign anywhere in the table
        SIGNED + "效益指标\t经济效益指标\t产值增长\t增长292%",
        SIGNED + "效益指标\t经济效益指标\t产值\t242%",
        SIGNED + "经济效益\t经济效益指标\t收入增长率\t≥292%",  # growth may be as high as that
        SIGNED + "产出指标\t质量指标\t合格率\t≥195%",  # only a 2 is usual; nothing tells of 95%
        "产出指标\t质量指标\t在线率\t≥292%",  # its own sign is no witness
        "产出指标\t数量指标\t受益人数\t45657",  # no time is asked for
        "产出指标\t时效指标\t竣工\t45657人",
        "产出指标\t时效指标\t竣工\t36600",  # a day of the year 2000
        "产出指标\t质量指标\t参训率\t95",  # no rate of the table carries its sign
        PERCENT + "产出指标\t数量指标\t参训班\t95",
        PERCENT + "产出指标\t质量指标\t参训率\t120",
    ],
)
def test_without_a_witness_nothing_is_meant(rows: str) -> None:
    row = last(rows)
    assert row["meant"] is None
    assert "suspected_misread" not in row["value"]["notes"]
