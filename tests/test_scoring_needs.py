"""A criterion is open where its rules return at once for lack of facts, and never open where they spoke."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

import kpi
from kpi import scoring
from kpi.rules import BY_CODE
from kpi.schema import Extraction
from tests.cases import extraction
from tests.findings import documents
from tests.rendering import RENDERED

HEADCOUNT = {"tier1": "产出指标", "tier2": "数量指标", "name": "培训人数", "value": "≥300人"}
PASSED = {"tier1": "产出指标", "tier2": "质量指标", "name": "培训合格率", "value": "≥95%"}
CONTENT = {"tier1": "满意度指标", "tier2": "服务对象满意度指标", "name": "学员满意度", "value": "≥90%"}
VAGUE = {"tier1": "效益指标", "tier2": "社会效益指标", "name": "业务水平", "value": "进一步提高"}
FINISHED = {"tier1": "产出指标", "tier2": "时效指标", "name": "完成时间", "value": "2025年12月底前"}
RATE = {"tier1": "产出指标", "tier2": "成本指标", "name": "人均培训费标准", "value": "≤400元/人·天"}
COST = {"tier1": "产出指标", "tier2": "成本指标", "name": "培训总成本", "value": "≤12万元"}
ROWS = [HEADCOUNT, PASSED, CONTENT]

WEIGHTS = "分值合计正确"
COSTS = "成本不超过预算"
TIMES = "完成时间合理，在项目期限内"
FUNDING = "资金来源合计与预算一致"
PLAN = "资金支出计划与预算、进度一致"
FIGURES = "金额与正文、汇总数一致"
IDENTITY = "基本信息齐全"
TIERS = "指标体系完整"
FILING = "指标归类正确"
TWICE = "指标不重复、名称清楚"
FITS = "指标与指标值相符"
DIRECTION = "指标方向和水平恰当"
RESULTS = "以产出和效果为指标，不以投入为指标"
OWN = "指标为本项目所设，不照抄其他项目"
LEFT = "没有其他项目或模板的残留内容"
GOALS = "指标与年度目标一致"
EVALUATION = "自评结果与目标相符"


def weighed(*weights: str | None) -> list[dict[str, Any]]:
    return [{**HEADCOUNT, "name": f"培训{n}班人数", "weight": weight} for n, weight in enumerate(weights)]


def bare(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: text for key, text in row.items() if not key.startswith("tier")} for row in rows]


def case(*rows: dict[str, Any], year: int | None = 2025, **facts: Any) -> dict[str, Any]:
    return {"year": year, "project": {"name": "业务培训经费", "year": year, **facts}, "rows": list(rows)}


def two(*rows: dict[str, Any], name: str | None = "业务培训经费", other: str = "车辆保险费") -> dict[str, Any]:
    return {"projects": [{"name": name, "rows": list(rows)}, {"name": other, "rows": ROWS}]}


def told(*rows: dict[str, Any], **facts: Any) -> dict[str, Any]:
    figure = {"what": "业务培训经费", "project": "业务培训经费", "amount": "12万元"}
    return {**case(*rows, **facts), "figures": [figure]}


PASTED = {"media_type": "text/plain"}
FACTS = [
    # criterion, a case in which its rules have nothing to go by, one in which they have
    pytest.param(WEIGHTS, case(*weighed("20", None)), case(*weighed("20", "70")), id="a row without weight"),
    pytest.param(WEIGHTS, case(*weighed("20", "30")) | PASTED, case(*weighed("20", "30")), id="a fragment"),
    pytest.param(COSTS, case(RATE, budget="12万元"), case(RATE, COST, budget="12万元"), id="prices only"),
    pytest.param(
        COSTS,
        case({**COST, "name": "培训补贴标准", "value": "1600元"}, budget="12万元"),
        case({**COST, "name": "培训补贴总额", "value": "1600元"}, budget="12万元"),
        id="standards only",
    ),
    pytest.param(
        COSTS, case(COST), case(execution={"full_year": "12万元", "executed": "11万元"}), id="execution beside no cost"
    ),
    pytest.param(TIMES, case(FINISHED, year=None), case(FINISHED), id="no year"),
    pytest.param(TIMES, case({**FINISHED, "value": "按时完成"}), case({**FINISHED, "value": "及时率100%"}), id="words"),
    pytest.param(
        FUNDING,
        case(budget="12万元", fiscal="11万元"),
        case(budget="12万元", fiscal="11万元", other="1万元"),
        id="one source",
    ),
    pytest.param(FUNDING, case(fiscal="11万元", other="1万元"), case(budget="12万元", fiscal="12万元"), id="no total"),
    pytest.param(PLAN, case(plan={"6月底": "5万元"}), case(plan={"6月底": "5万元", "12月底": "9万元"}), id="one point"),
    pytest.param(PLAN, case(plan={"12月底": "5万元"}), case(plan={"12月底": "5万元"}, budget="12万元"), id="no budget"),
    pytest.param(FIGURES, told(HEADCOUNT), told(HEADCOUNT, budget="12万元"), id="no money in the table"),
    pytest.param(IDENTITY, case(*ROWS, name="部门整体支出"), case(*ROWS), id="a department"),
    pytest.param(TIERS, case(*ROWS, *bare(VAGUE)), case(*ROWS, VAGUE), id="a row of no tier"),
    pytest.param(FILING, case(*bare(*ROWS)), case(*ROWS), id="no tiers"),
    pytest.param(TWICE, case(HEADCOUNT, {**PASSED, "value": ""}), case(HEADCOUNT, PASSED), id="one filled"),
    pytest.param(FITS, case(VAGUE), case(VAGUE, PASSED), id="no numbers to fit"),
    pytest.param(DIRECTION, case(VAGUE), case(VAGUE, PASSED), id="no numbers to point"),
    pytest.param(RESULTS, case(CONTENT), case(CONTENT, HEADCOUNT), id="no results"),
    pytest.param(OWN, two(HEADCOUNT, PASSED), two(*ROWS), id="too few rows"),
    pytest.param(OWN, two(*ROWS, other="业务培训经费"), two(*ROWS), id="one project printed twice"),
    pytest.param(OWN, two(*ROWS, name=None), two(*ROWS), id="no name"),
    pytest.param(
        LEFT, case(*ROWS, title="项目绩效目标表"), case(*ROWS, title="业务培训经费绩效目标表"), id="a bare title"
    ),
    pytest.param(
        GOALS, case(*ROWS, goals=["提高业务水平"]), case(*ROWS, goals=["培训人数300人"]), id="a goal without number"
    ),
    pytest.param(
        GOALS, case(*ROWS, goals=["维修泵站3座"]), case(*ROWS, goals=["培训人数300人"]), id="of something else"
    ),
    pytest.param(EVALUATION, case({**PASSED, "actual": ""}), case({**PASSED, "actual": "96%"}), id="no actual value"),
]


def left_open(read: Extraction) -> dict[str, str]:
    return {left.criterion: left.why for block in kpi.review(read).scores[0].blocks for left in block.open}


@pytest.mark.parametrize(("criterion", "without", "with_facts"), FACTS)
def test_a_criterion_is_checked_only_where_its_rules_could_speak(
    criterion: str, without: dict[str, Any], with_facts: dict[str, Any]
) -> None:
    assert left_open(extraction({"rows": [], **without})).get(criterion) in scoring.needs.MISSING.values()
    assert criterion not in left_open(extraction({"rows": [], **with_facts}))


def test_no_criterion_is_open_whose_rules_found_something() -> None:
    """Else the points that a finding costs would be lost nowhere."""
    costly = {code: found[1].name for code in BY_CODE if (found := scoring.default().criterion_of(code))}
    spoken = 0
    for read in chain(documents().values(), map(kpi.extract, sorted(RENDERED.iterdir()))):
        review = kpi.review(read)
        for finding in review.findings:
            if finding.project is None or finding.severity == "info" or finding.certainty == "judge":
                continue
            left = {o.criterion: o.why for block in review.scores[finding.project].blocks for o in block.open}
            assert left.get(costly[finding.rule], "人工评定") == "人工评定", (finding.rule, finding.message, left)
            spoken += 1
    assert spoken > 250
