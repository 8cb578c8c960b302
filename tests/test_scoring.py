"""The four blocks: what is checkable, what is lost and by which findings, and that nothing else is claimed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from typing import Any, get_args

import pytest

import kpi
from kpi import reviewing, scoring
from kpi.configuration import Config
from kpi.reviewing import scheme_of
from kpi.rules import BY_CODE, RULES
from kpi.schema import BlockScore, Extraction, OpenPoints, PointsLost, ProjectScore
from kpi.schema.reviews import Block
from tests.cases import extraction
from tests.rendering import RENDERED

DEFAULT = resources.files("kpi.scoring").joinpath("scoring.toml").read_text(encoding="utf-8")
MEASURABLE = "指标细化量化"
SOUND = [
    {"tier1": "产出指标", "tier2": "数量指标", "name": "培训人数", "value": "≥300人"},
    {"tier1": "产出指标", "tier2": "质量指标", "name": "培训合格率", "value": "≥95%"},
    {"tier1": "效益指标", "tier2": "社会效益指标", "name": "持证上岗率", "value": "≥90%"},
]
VAGUE = {"tier1": "效益指标", "tier2": "社会效益指标", "name": "业务水平", "value": "进一步提高"}
HEDGED = {"tier1": "产出指标", "tier2": "数量指标", "name": "服务人次", "value": "约40人次"}
EMPTY = {"tier1": "满意度指标", "tier2": "服务对象满意度指标", "name": "学员满意度", "value": ""}


def project(*rows: dict[str, Any], **facts: Any) -> Extraction:
    return extraction({"project": {"name": "业务培训经费", **facts}, "rows": list(rows)})


VAGUE_ONLY = Config(select=("VAG",))


def score(read: Extraction, config: Config | None = None, scheme: scoring.Scheme | None = None) -> ProjectScore:
    return kpi.review(read, config=config, scheme=scheme).scores[0]


def block(found: ProjectScore, name: Block) -> BlockScore:
    return next(block for block in found.blocks if block.block == name)


def lost(found: ProjectScore) -> dict[str, Decimal]:
    return {cost.criterion: cost.points for b in found.blocks for cost in b.lost}


def left_open(found: ProjectScore) -> dict[str, str]:
    return {left.criterion: left.why for b in found.blocks for left in b.open}


def changed(old: str, new: str) -> scoring.Scheme:
    """The default scheme with one change."""
    assert DEFAULT.count(old) == 1
    return scoring.read(DEFAULT.replace(old, new))


def test_the_default_has_the_four_blocks_of_the_review() -> None:
    points = {part.name: part.points for part in scoring.default().blocks}
    assert points == {"完整性": 20, "相关性": 30, "适当性": 30, "可行性": 20}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_belongs_to_a_criterion(rule: Any) -> None:
    assert scoring.default().criterion_of(rule.code) is not None


def test_the_longest_code_says_where_a_rule_belongs() -> None:
    named = {code: scoring.default().criterion_of(code) for code in ("VAL001", "VAL005")}
    assert [found and found[0] for found in named.values()] == ["完整性", "适当性"]


def documents() -> Iterator[Extraction]:
    for path in sorted(RENDERED.iterdir()):
        yield kpi.extract(path)


def test_points_are_all_accounted_for() -> None:
    scored = 0
    for read in documents():
        review = kpi.review(read)
        findings = {finding.id: finding for finding in review.findings}
        assert len(findings) == len(review.findings)
        for found in review.scores:
            assert [b.block for b in found.blocks] == list(get_args(Block))
            for b in found.blocks:
                assert b.reached == b.checkable - sum(cost.points for cost in b.lost) >= 0
                assert b.points == b.checkable + sum(left.points for left in b.open)
                for cost in b.lost:
                    assert cost.points > 0
                    assert cost.findings
                    for cause in cost.findings:
                        assert findings[cause].project == found.project
                        assert findings[cause].severity != "info"
                        assert findings[cause].certainty != "judge"
                        criterion = scoring.default().criterion_of(findings[cause].rule)
                        assert criterion is not None
                        assert (criterion[0], criterion[1].name) == (b.block, cost.criterion)
            scored += bool(lost(found))
    assert scored > 0


def test_a_vague_row_costs_its_share_of_the_filled_rows() -> None:
    found = score(project(*SOUND, VAGUE, EMPTY))
    assert lost(found)[MEASURABLE] == Decimal("6.50")  # 13 points, one of four filled rows, twofold
    (cost,) = (cost for cost in block(found, "相关性").lost if cost.criterion == MEASURABLE)
    assert len(cost.findings) == 1


def test_more_findings_on_a_row_cost_it_once() -> None:
    scheme = changed('rules = ["VAG"]', 'rules = ["VAG", "VAL003"]')
    config = Config(select=("VAG", "VAL003"), severity={"VAG010": "warning"})
    review = kpi.review(project(*SOUND, {**HEDGED, "value": "约1各"}), config=config, scheme=scheme)
    assert set(review.summary.by_rule) == {"VAG010", "VAL003"}
    assert lost(review.scores[0])[MEASURABLE] == Decimal("6.50")


def test_a_sound_table_loses_nothing_and_its_open_points_stay_open() -> None:
    found = score(project(*SOUND), VAGUE_ONLY)
    assert lost(found) == {}
    assert found.share_reached == 1
    assert left_open(found)["实施方案合理，条件充分"] == "人工评定"
    assert sum(b.checkable for b in found.blocks) < 100


def test_hints_cost_nothing_unless_their_severity_is_raised() -> None:
    read = project(*SOUND, HEDGED)
    assert "VAG010" in kpi.review(read).summary.by_rule
    assert lost(score(read, VAGUE_ONLY)) == {}
    assert lost(score(read, Config(select=("VAG",), severity={"VAG010": "warning"})))[MEASURABLE] == Decimal("6.50")


@pytest.mark.parametrize(("weight", "points"), [("0", None), ("0.5", Decimal("3.25")), ("1", Decimal("6.50"))])
def test_a_finding_costs_by_its_certainty(weight: str, points: Decimal | None) -> None:
    scheme = changed('certain = "1"', f'certain = "{weight}"')
    assert lost(score(project(*SOUND, VAGUE), VAGUE_ONLY, scheme)).get(MEASURABLE) == points


def test_what_a_reviewer_must_judge_costs_nothing_by_default() -> None:
    assert scoring.default().certainty == {"certain": 1, "likely": Decimal("0.5"), "judge": 0}


def test_findings_that_cost_points_each_stop_at_the_criterion() -> None:
    scheme = changed('needs = ["filled_indicators"]\nby = "filled_rows"\n\n[[block.criterion]]\nname = "指标与',
                     'by = "each"\ncost = { warning = "4" }\n\n[[block.criterion]]\nname = "指标与')  # fmt: skip
    rows = [{**VAGUE, "name": f"业务水平{n}"} for n in "甲乙丙丁"]
    assert [lost(score(project(*SOUND, *rows[:n]), VAGUE_ONLY, scheme))[MEASURABLE] for n in (1, 2, 4)] == [4, 8, 13]


@pytest.mark.parametrize("fact", scoring.needs.MISSING)
def test_a_criterion_without_its_facts_is_left_open(fact: str) -> None:
    needs = 'beside = ["STR014", "STR015"]\nneeds = '
    scheme = changed(f'{needs}["filled_indicators"]', f'{needs}["{fact}"]')
    bare = extraction({"project": {"year": None}, "rows": [], "year": None})
    found = score(bare, scheme=scheme)
    assert left_open(found)[MEASURABLE] == scoring.needs.MISSING[fact]
    whole = extraction(
        {
            "projects": [
                {
                    "name": "业务培训经费", "budget": "20万元", "fiscal": "20万元", "goals": ["培训300人"],
                    "plan": {"6月底": "50%"}, "title": "业务培训经费绩效目标表",
                    "rows": [
                        *({**row, "weight": "15"} for row in SOUND),
                        {"tier1": "产出指标", "tier2": "时效指标", "name": "完成时间", "value": "12月底前",
                         "weight": "15"},
                        {"tier1": "产出指标", "tier2": "成本指标", "name": "培训成本", "value": "≤20万元",
                         "weight": "15", "actual": "20万元"},
                        {**EMPTY, "value": "≥90%", "weight": "15"},
                    ],
                },
                {"name": "另一项目", "rows": SOUND},
            ],
            "figures": [{"what": "业务培训经费", "project": "业务培训经费", "amount": "20万元"}],
        }
    )  # fmt: skip
    assert MEASURABLE not in left_open(score(whole, scheme=scheme))


def test_rules_that_did_not_run_leave_their_criterion_open() -> None:
    read = project(*SOUND, VAGUE)
    assert left_open(score(read, Config(select=("VAG001",))))[MEASURABLE] == scoring.NOT_RUN
    assert MEASURABLE not in left_open(score(read, Config(select=("vag",))))
    assert left_open(score(read, Config(ignore=("VAG",))))[MEASURABLE] == scoring.NOT_RUN


def test_an_ignored_rule_is_no_fault() -> None:
    found = score(project(*SOUND, VAGUE), Config(ignore=("VAG002",)))
    assert MEASURABLE not in left_open(found)
    assert MEASURABLE not in lost(found)


def test_a_code_that_is_no_rule_leaves_its_criterion_open() -> None:
    assert "VAG099" not in BY_CODE
    scheme = changed('rules = ["VAG"]', 'rules = ["VAG", "VAG099"]')
    assert left_open(score(project(*SOUND), scheme=scheme))[MEASURABLE] == scoring.NOT_RUN


@pytest.mark.parametrize(
    ("share", "grade"),
    [("1", "优"), ("0.9", "优"), ("0.8999", "良"), ("0.8", "良"), ("0.6", "中"), ("0.5999", "差"), ("0", "差")],
)
def test_grades(share: str, grade: str) -> None:
    assert scoring.default().grade(Decimal(share)) == grade


def test_nothing_checkable_has_no_grade() -> None:
    found = score(extraction({"project": {}, "rows": []}))
    assert (found.share_reached, found.grade) == (None, None)
    assert scoring.default().grade(None) is None


def test_figures_beside_the_score() -> None:
    rows = [*SOUND, {"tier1": "成本指标", "tier2": "经济成本指标", "name": "培训成本", "value": "≤20万元"}]
    found = score(project(*rows, budget="20万元"))
    assert found.tiers == {
        "数量指标": 1, "质量指标": 1, "时效指标": 0, "成本指标": 1, "效益指标": 1, "满意度指标": 0,
    }  # fmt: skip
    assert found.budget == 200_000
    money = {c.name for part in scoring.default().blocks for c in part.criterion if c.money}
    assert set(found.money_checked) == money - set(left_open(found))


def test_an_old_cost_tier_counts_once() -> None:
    found = score(project({"tier1": "成本指标", "tier2": "成本指标", "name": "培训成本", "value": "≤20万元"}))
    assert found.tiers["成本指标"] == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "完整性"\npoints = "20"', 'name = "完整性"\npoints = "25"', "合计是 20，应为 25"),
        ('needs = ["plan"]', 'needs = ["plans"]', "plans"),
        ('rules = ["UNI"]', 'rules = ["VAG"]', "写了两次：VAG"),
        ('rules = ["UNI"]', 'rules = ["U"]', "“U”不是规则的编号或类别"),
        ('name = "可行性"', 'name = "可行"', "block.4.name"),
        ('name = "可行性"', 'name = "完整性"', "应当有且只有这四块"),
        ('name = "分值合计正确"\npoints = "1"', 'name = "分值合计正确"', "缺少这一项"),
        ('needs = ["plan"]', 'need = ["plan"]', "没有这一项"),
        ('name = "实施方案合理，条件充分"\npoints = "8"', 'name = "实施方案合理，条件充分"\npoints = "-8"', "points"),
        ('name = "分值合计正确"\npoints = "1"', 'name = "分值合计正确"\npoints = "1.0000001"', "最多写 6 位小数"),
        ('name = "可行性"\npoints = "20"', 'name = "可行性"\npoints = "2e6"', "不能大于 1000000"),
        ("[grades]", "[grades", "TOML"),
    ],
)
def test_a_file_that_does_not_say_how_to_score(old: str, new: str, said: str) -> None:
    assert DEFAULT.count(old) == 1
    with pytest.raises(scoring.SchemeError, match=said):
        scoring.read(DEFAULT.replace(old, new))


def test_numbers_may_stand_without_quotes_and_stay_exact() -> None:
    scheme = scoring.read(DEFAULT.replace('likely = "0.5"', "likely = 0.1").replace('points = "20"', "points = 20"))
    assert scheme.certainty["likely"] == Decimal("0.1")


def test_parts_of_a_block_are_of_the_contract() -> None:
    assert {"criterion", "points", "findings"} == set(PointsLost.model_fields)
    assert {"criterion", "points", "why"} == set(OpenPoints.model_fields)


def test_the_configuration_gives_blocks_other_points() -> None:
    read = project(*SOUND, VAGUE)
    found = score(read, Config(select=("VAG",), score={"相关性": Decimal(60), "完整性": Decimal(7)}))
    assert {b.block: b.points for b in found.blocks} == {"完整性": 7, "相关性": 60, "适当性": 30, "可行性": 20}
    assert lost(found)[MEASURABLE] == 13  # twice as much
    for b in found.blocks:
        assert b.points == b.checkable + sum(left.points for left in b.open)


def test_costs_of_single_findings_grow_with_their_block() -> None:
    scheme = changed('needs = ["filled_indicators"]\nby = "filled_rows"\n\n[[block.criterion]]\nname = "指标与',
                     'by = "each"\ncost = { warning = "2" }\n\n[[block.criterion]]\nname = "指标与')  # fmt: skip
    found = score(project(*SOUND, VAGUE), Config(select=("VAG",), score={"相关性": Decimal(60)}), scheme)
    assert lost(found)[MEASURABLE] == 4


def test_a_block_may_be_worth_nothing() -> None:
    found = score(project(*SOUND, VAGUE), Config(score={"相关性": Decimal(0)}))
    assert block(found, "相关性").checkable == 0
    assert MEASURABLE not in lost(found)


@pytest.mark.parametrize("points", ["60", "33.333333", "1", "0.5", "0.07", "0.000123", "0.000004"])
def test_points_of_any_size_are_shared_fairly(points: str) -> None:
    """Every criterion keeps its share of a block, and what is lost of it, but for the last digits."""
    given = Decimal(points)
    read, config = project(*SOUND, VAGUE), Config(select=("VAG",), score={"相关性": given})
    factor, part = given / 30, next(part for part in scheme_of(config).blocks if part.name == "相关性")
    usual = {c.name: c.points for c in next(p for p in scoring.default().blocks if p.name == "相关性").criterion}
    assert sum(criterion.points for criterion in part.criterion) == given
    for criterion in part.criterion:
        assert criterion.points >= 0
        assert exponent(criterion.points) >= -scoring.PLACES
        off = abs(criterion.points - usual[criterion.name] * factor)
        assert off <= max(usual[criterion.name] * factor / 10, Decimal("0.000006"))
    share_lost = lost(score(read, config)).get(MEASURABLE, 0) / given
    assert abs(share_lost - Decimal("6.50") / 30) <= max(Decimal("0.005"), Decimal("0.000002") / given)
    for b in score(read, config).blocks:
        assert b.reached == b.checkable - sum(cost.points for cost in b.lost) >= 0
        assert b.points == b.checkable + sum(left.points for left in b.open)


def exponent(number: Decimal) -> int:
    found = number.as_tuple().exponent
    assert isinstance(found, int)
    return found


def test_a_criterion_can_be_lost_to_its_last_digit() -> None:
    rows = [{**VAGUE, "name": f"业务水平{n}"} for n in "甲乙丙丁"]
    scheme = scoring.read(
        DEFAULT.replace('points = "13"', 'points = "12.666667"').replace(
            'name = "指标与指标值相符"\npoints = "4"', 'name = "指标与指标值相符"\npoints = "4.333333"'
        )
    )
    assert lost(score(project(*rows), VAGUE_ONLY, scheme))[MEASURABLE] == Decimal("12.666667")


def test_what_a_reviewer_dismissed_costs_no_points() -> None:
    read = project(*SOUND, VAGUE, HEDGED)
    whole = kpi.review(read)
    costly = {one for cost in block(whole.scores[0], "相关性").lost for one in cost.findings}
    assert costly
    left = reviewing.without(whole, read, costly)
    assert not costly & {finding.id for finding in left.findings}
    assert len(left.findings) == len(whole.findings) - len(costly)
    assert not block(left.scores[0], "相关性").lost
    reached, before = left.scores[0].share_reached, whole.scores[0].share_reached
    assert reached is not None
    assert before is not None
    assert reached > before
    assert left.scores[0].measurable == whole.scores[0].measurable
    assert reviewing.without(whole, read, ()) is whole
