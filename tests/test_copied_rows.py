"""REL004 and REL005 where very many projects stand in one document."""

from __future__ import annotations

import sys
from types import FrameType

from kpi.rules.base import Rule
from kpi.rules.relevance.copied_indicator_set import copied_indicator_set
from kpi.rules.relevance.near_duplicate_project import near_duplicate_project
from kpi.schema import Extraction
from tests.cases import extraction

ROWS = [
    {"tier1": "产出指标", "tier2": "时效指标", "name": "完成率", "value": "≥95%"},
    {"tier1": "产出指标", "tier2": "质量指标", "name": "优良率", "value": "≥95%"},
    {"tier1": "效益指标", "tier2": "可持续影响指标", "name": "长期使用性", "value": "≥95%"},
]
FEW, MANY = 500, 2_000
NAMES = ("车辆保险费", "疫苗采购经费", "农村公路养护")


def document(count: int) -> Extraction:
    """As many projects, all with the same rows; those of one subject stand together."""
    share = -(-count // len(NAMES))
    return extraction({"projects": [{"name": f"{NAMES[n // share]}{n}", "rows": ROWS} for n in range(count)]})


def found(rule: Rule, read: Extraction) -> set[int | None]:
    return {placed.project for placed in rule.run(read)}


def test_every_project_is_found() -> None:
    assert found(copied_indicator_set, document(FEW)) == set(range(FEW))
    alike = extraction({"projects": [{"name": f"农村公路养护{n}", "rows": ROWS} for n in range(FEW)]})
    assert found(copied_indicator_set, alike) == set()
    assert found(near_duplicate_project, alike) == set(range(FEW))


def test_work_grows_with_the_projects_and_no_faster() -> None:
    calls(document(len(NAMES)))  # words are loaded once
    few, many = (calls(document(count)) for count in (FEW, MANY))
    assert few > 10 * FEW  # the calls of each project were counted
    assert many < 1.2 * (MANY / FEW) * few


def calls(read: Extraction) -> int:
    """How many functions, those of the interpreter included, are called: a measure that other programs cannot move."""
    count = 0

    def counted(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        found(copied_indicator_set, read)
    finally:
        sys.setprofile(before)
    return count
