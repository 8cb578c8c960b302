"""What field codes and bookmarks over a table call it: kept where that is not the printed title, and seen by REL009."""

from __future__ import annotations

import pytest

import kpi
from kpi.documents.cleaning import hidden_names
from kpi.schema import Extraction
from tests.rendering import LAYOUTS, SLUGS, load
from tests.rendering.formats import FORMATS

TABLE = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t开展活动次数\t≥2次\n"


@pytest.fixture(scope="module", params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def hidden(extraction: Extraction) -> list[tuple[str, ...]]:
    return [project.hidden_titles for project in extraction.projects]


def test_text_and_word_tell_field_codes_that_differ_from_the_title(slug: str) -> None:
    facts = load(slug)
    wanted = [(p.field_code,) if p.field_code != p.title else () for p in facts.projects]
    assert hidden(kpi.extract(LAYOUTS["cell_lines"](facts))) == wanted
    word = kpi.extract(FORMATS["word"](facts))
    assert hidden(word) == wanted
    found = [finding.project for finding in kpi.review(word).findings if finding.rule == "REL009"]
    assert found == [number for number, names in enumerate(wanted) if names]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("1、甲绩效目标表 TC 2、乙绩效目标表 \\f C \\l 1", ("2、乙绩效目标表",)),
        ('1、甲绩效目标表TC "2、乙绩效目标表" \\f C \\l "1"', ("2、乙绩效目标表",)),
        ("[bookmark: 车辆保险费]1、甲", ("车辆保险费",)),
        ("[bookmark: _Toc123][bookmark: OLE_LINK1][bookmark: _GoBack]1、甲", ()),
        ("TC 一 \\f C TC 二 \\f C", ("一", "二")),
        ("甲绩效目标表", ()),
        ("ETC 通行费 \\f", ()),
        ("TC \\f C", ()),
    ],
)
def test_names_in_field_codes_and_bookmarks(source: str, names: tuple[str, ...]) -> None:
    assert hidden_names(source) == names


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("1、甲项目绩效目标表 TC 1、甲项目绩效目标表 \\f C \\l 1\n", ()),
        ("1、甲项目绩效目标表 TC 7、甲项目绩效目标表 \\f C \\l 1\n", ()),
        ("1、甲项目绩效目标表 TC 1、乙项目绩效目标表 \\f C \\l 1\n", ("1、乙项目绩效目标表",)),
        ("二、分项绩效目标 TC 分项绩效目标 \\f B \\l 1\n1、甲项目绩效目标表\n", ()),
        ("1、乙项目绩效目标表 TC 1、丙项目绩效目标表 \\f C\n说明文字。\n2、甲项目绩效目标表\n", ()),
        ("[bookmark: 乙项目绩效目标表]单位：万元\n1、甲项目绩效目标表\n", ("乙项目绩效目标表",)),
        ("TC 1、乙项目绩效目标表 \\f C \\l 1\n2、甲项目绩效目标表\n", ("1、乙项目绩效目标表",)),
        ("2、甲项目绩效目标表\nTC 1、乙项目 \\f C \\l 1\n", ("1、乙项目",)),
        ("TC 2、甲项目绩效目标表 \\f C \\l 1\n2、甲项目绩效目标表\n", ()),
    ],
)
def test_names_belong_to_the_table_below(above: str, names: tuple[str, ...]) -> None:
    assert hidden(kpi.extract(f"{above}{TABLE}")) == [names]


def test_names_are_not_carried_to_the_next_table() -> None:
    first = f"1、甲项目绩效目标表 TC 1、乙项目绩效目标表 \\f C\n{TABLE}\n"
    assert hidden(kpi.extract(f"{first}2、丁项目绩效目标表\n{TABLE}")) == [("1、乙项目绩效目标表",), ()]
