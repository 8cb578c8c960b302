"""Tables whose rows offer several values: a column a year, a column a period, two values under one heading."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import kpi
from tests.material import differences, plain


class Form(NamedTuple):
    """A table (→ stands for a tab), its fiscal year, what its rows hold, and the columns that are told as not read."""

    text: str
    year: int | None
    rows: list[dict[str, Any]]
    unread: str | None = None


_TIERS = "一级指标→二级指标→三级指标"
_ROAD = "产出指标→数量指标→里程"

FORMS = {
    "equal headings, the fiscal year among them": Form(
        f"{_TIERS}→2023年指标值→2024年指标值→2025年指标值\n{_ROAD}→5公里→9公里→11公里\n",
        2024,
        [{"raw_value": "9公里", "horizon": None}],
        "2023年指标值、2025年指标值",
    ),
    "equal headings, none of them the fiscal year": Form(
        f"{_TIERS}→2022年指标值→2023年指标值\n{_ROAD}→5公里→9公里\n", 2025, [{"raw_value": "9公里"}], "2022年指标值"
    ),
    "equal headings that say 年度, no fiscal year": Form(
        f"{_TIERS}→2023年度指标值→2024年度指标值\n{_ROAD}→5公里→9公里\n",
        None,
        [{"raw_value": "9公里"}],
        "2023年度指标值",
    ),
    "a heading without a year beside one of another year": Form(
        f"{_TIERS}→指标值→2023年指标值\n{_ROAD}→5公里→9公里\n", 2025, [{"raw_value": "5公里"}], "2023年指标值"
    ),
    "the whole period and several years": Form(
        f"{_TIERS}→实施期指标值→2024年度指标值→2025年度指标值\n{_ROAD}→30公里→5公里→9公里\n",
        2025,
        [{"raw_value": "30公里", "horizon": "whole_period"}, {"raw_value": "9公里", "horizon": "annual"}],
        "2024年度指标值",
    ),
    "years for headings": Form(
        f"{_TIERS}→2025年→2026年→2027年\n{_ROAD}→8公里→9公里→10公里\n→质量指标→合格率→≥90%→≥91%→≥92%\n",
        2026,
        [{"name": "里程", "raw_value": "9公里", "actual": None}, {"raw_value": "≥91%", "basis": None}],
        "2025年、2027年",
    ),
    "years for headings, no fiscal year": Form(
        f"{_TIERS}→2025年→2026年\n{_ROAD}→8公里→9公里\n", None, [{"raw_value": "9公里"}], "2025年"
    ),
    "periods for headings": Form(
        f"{_TIERS}→上半年→全年\n{_ROAD}→4公里→8公里\n", None, [{"raw_value": "8公里"}], "上半年"
    ),
    "periods under the value": Form(
        f"{_TIERS}→指标值→→备注\n→→→上半年→全年→\n{_ROAD}→5公里→10公里→甲\n",
        None,
        [{"raw_value": "10公里", "basis": "甲"}],
        "上半年",
    ),
    "periods under the value, in a copy that lost the blanks of merged headings": Form(
        f"{_TIERS}→指标值→备注\n→→→上半年→全年→\n{_ROAD}→5公里→10公里→甲\n",
        None,
        [{"raw_value": "10公里", "basis": "甲"}],
        "上半年",
    ),
    "quarters under the value": Form(
        f"{_TIERS}→指标值→→→→分值\n→→→一季度→二季度→三季度→四季度→\n{_ROAD}→1公里→2公里→3公里→4公里→10\n",
        None,
        [{"raw_value": "1公里", "weight": "10"}],
        "二季度、三季度、四季度",
    ),
    "years under the value": Form(
        f"{_TIERS}→指标值→\n→→→2024年→2025年\n{_ROAD}→5公里→10公里\n", 2024, [{"raw_value": "5公里"}], "2025年"
    ),
    "versions under the value": Form(
        f"{_TIERS}→指标值→→备注\n→→→原值→调整后→\n{_ROAD}→5公里→10公里→甲\n", None, [{"raw_value": "10公里"}], "原值"
    ),
    "periods under the value and under what was reached": Form(
        f"{_TIERS}→指标值→→实际完成值→→分值\n→→→上半年→全年→上半年→全年→\n{_ROAD}→5公里→10公里→6公里→11公里→10\n",
        None,
        [{"raw_value": "10公里", "actual": {"raw": "11公里"}, "weight": "10"}],
        "上半年",
    ),
    "labels of no known wording under the value": Form(
        f"{_TIERS}→指标值→→备注\n→→→甲方案→乙方案→\n{_ROAD}→≥5公里→≥10公里→甲\n",
        None,
        [{"raw_value": "≥5公里", "basis": "甲"}],
        "≥10公里",
    ),
    "parts of one value under labels of no known wording": Form(
        f"{_TIERS}→指标值→→→备注\n→→→比较→多少→什么→\n{_ROAD}→≥→5→公里→甲\n", None, [{"raw_value": "≥5公里"}]
    ),
    "two values under one heading": Form(
        f"{_TIERS}→指标值→→备注\n{_ROAD}→5公里→10公里→甲\n", None, [{"raw_value": "5公里", "basis": "甲"}], "10公里"
    ),
    "one value torn apart under its heading": Form(
        f"{_TIERS}→指标值→→→备注\n{_ROAD}→10→-→20公里→甲\n→时效指标→完工→2025年→12月31日前→→乙\n",
        2025,
        [{"raw_value": "10-20公里"}, {"raw_value": "2025年12月31日前", "value": {"kind": "date"}}],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_which_value_is_read(name: str) -> None:
    form = FORMS[name]
    extraction = kpi.extract(form.text.replace("→", "\t"), fiscal_year=form.year)
    rows = [row for project in plain(extraction)["projects"] for row in project["indicators"]]
    assert list(differences(form.rows, rows)) == []
    assert len(rows) == len(form.rows)
    told = [problem.message for problem in extraction.problems if problem.code == "columns_not_read"]
    assert len(told) == len(extraction.problems) == (form.unread is not None)
    assert all(f"“{form.unread}”" in message for message in told)


def test_headings_of_years_are_no_fiscal_year() -> None:
    text = f"{_TIERS}→指标值→\n→→→2024年→2025年\n{_ROAD}→5公里→10公里\n".replace("→", "\t")
    assert kpi.extract(text).fiscal_year is None


_PASTED = [
    "equal headings, the fiscal year among them",
    "equal headings, none of them the fiscal year",
    "years for headings",
    "years for headings, no fiscal year",
    "periods for headings",
    "periods under the value",
    "quarters under the value",
    "years under the value",
]


@pytest.mark.parametrize("name", _PASTED)
def test_which_value_is_read_where_rows_are_no_cells(name: str) -> None:
    form = FORMS[name]
    extraction = kpi.extract(form.text.replace("→", "|"), fiscal_year=form.year)
    rows = [row for project in plain(extraction)["projects"] for row in project["indicators"]]
    assert list(differences(form.rows, rows)) == []
    assert len(rows) == len(form.rows)
    assert [problem.code for problem in extraction.problems] == ["columns_not_read"]


_UNKNOWN = f"{_TIERS}→甲栏→乙栏→丙栏\n{_ROAD}→8公里→9公里→10公里\n→质量指标→合格率→≥90%→≥91%→≥92%\n"


@pytest.mark.parametrize("separator", ["\t", "|", "\n"])
def test_under_unknown_headings_nothing_is_guessed(separator: str) -> None:
    extraction = kpi.extract(_UNKNOWN.replace("→", separator))
    assert extraction.projects == ()
    assert [problem.code for problem in extraction.problems] == ["no_target_table"]


def test_under_unknown_headings_of_a_web_page_nothing_is_guessed() -> None:
    rows = "".join(
        "<tr>" + "".join(f"<td>{text}</td>" for text in line.split("→")) + "</tr>" for line in _UNKNOWN.splitlines()
    )
    extraction = kpi.extract(f"<html><body><table>{rows}</table></body></html>".encode(), filename="a.html")
    assert extraction.projects == ()
    assert [problem.code for problem in extraction.problems] == ["no_target_table"]
