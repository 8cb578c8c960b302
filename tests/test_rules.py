"""Every rule speaks where `corpus/rules/<CODE>.yaml` says so, is silent where it says so, and has its manual page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

import pytest

import kpi
from kpi.configuration import Config
from kpi.rules import BY_CODE, RULES, RULESET_VERSION, SUPPRESSES
from kpi.rules.base import Rule
from kpi.schema import Finding, Opinion, Review
from tests.cases import extraction
from tests.material import RULES as CASES
from tests.material import read_yaml
from tests.rendering import LAYOUTS, SLUGS, Facts, load

HEADING = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
FIELDS = ("tier1", "tier2", "name", "description", "value", "basis")
AT_LEAST = 3
SECTIONS = ("检查什么", "为什么重要", "反例", "正例", "依据")
FILES = sorted(CASES.glob("*.yaml"))


class Case(NamedTuple):
    """One indicator or one document, and whether the rule speaks on it."""

    code: str
    content: dict[str, Any]
    speaks: bool

    @property
    def is_document(self) -> bool:
        return bool({"rows", "projects"} & set(self.content))


def cases() -> Iterator[Case]:
    for path in FILES:
        content = read_yaml(path)
        for case in content["fails"]:
            yield Case(content["rule"], case, speaks=True)
        for case in content["passes"]:
            yield Case(content["rule"], case, speaks=False)


def review(indicator: dict[str, Any], config: Config | None = None) -> Review:
    """The review of a document whose only row is `indicator`."""
    row = "\t".join(indicator.get(field) or "" for field in FIELDS)
    document = "\n".join(["1、某项目绩效目标表", "", "\t".join(HEADING), row])
    extraction = kpi.extract(document, fiscal_year=indicator.get("year", 2025))
    assert extraction.coverage.rows_read == 1
    return kpi.review(extraction, config=config)


def _id(case: Case) -> str:
    sign = "fails" if case.speaks else "passes"
    said = str(case.content) if case.is_document else f"{case.content['name']}-{case.content['value']}"
    return f"{case.code}-{sign}-{said[:60]}"


@pytest.mark.parametrize("case", [case for case in cases() if not case.is_document], ids=_id)
def test_rule_speaks_where_the_corpus_says(case: Case) -> None:
    findings = review(case.content).findings
    own = [finding for finding in findings if finding.rule == case.code]
    assert len(own) == int(case.speaks), [(finding.rule, finding.message) for finding in findings]
    for finding in own:
        check_finding(finding, BY_CODE[case.code])
        assert (finding.project, finding.indicator) == (0, 0)
        assert finding.location is not None
        assert finding.location.line == 4


@pytest.mark.parametrize("case", [case for case in cases() if case.is_document], ids=_id)
def test_rule_speaks_on_documents_as_the_corpus_says(case: Case) -> None:
    findings = kpi.review(extraction(case.content)).findings
    own = [finding for finding in findings if finding.rule == case.code]
    assert bool(own) == case.speaks, [(finding.rule, finding.message) for finding in findings]
    for finding in own:
        check_finding(finding, BY_CODE[case.code])
    if at := case.content.get("at"):
        assert sorted(map(str, at)) == sorted(str([finding.project, finding.indicator]) for finding in own)


def check_finding(finding: Finding, rule: Rule) -> None:
    assert finding.severity in (rule.severity, "info")  # a case may be lighter than its rule
    assert finding.opinion == rule.opinion
    assert finding.evidence
    assert all(fact.what and fact.text for fact in finding.evidence)
    for sentence in (finding.message, finding.suggestion):
        assert sentence.endswith("。")
        assert "None" not in sentence
        assert "\n" not in sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_has_its_cases(rule: Rule) -> None:
    content = read_yaml(CASES / f"{rule.code}.yaml")
    assert content["rule"] == rule.code
    assert set(content) == {"rule", "fails", "passes"}
    assert len(content["fails"]) >= AT_LEAST
    assert len(content["passes"]) >= AT_LEAST
    for case in cases():
        if case.code == rule.code and not case.is_document:
            assert {"tier1", "tier2", "name", "value"} <= set(case.content) <= {*FIELDS, "year"}


def test_no_cases_without_a_rule() -> None:
    assert [path.name for path in FILES if path.stem not in BY_CODE] == []


def test_codes_and_names_are_unique() -> None:
    for names in ([rule.code for rule in RULES], [rule.name for rule in RULES], [rule.title for rule in RULES]):
        assert [name for name, times in Counter(names).items() if times > 1] == []
    assert list(BY_CODE) == [rule.code for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_manual_page(rule: Rule) -> None:
    lines = rule.manual.splitlines()
    assert rule.title.endswith("。")
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == list(SECTIONS)
    assert all(section(rule, heading) for heading in SECTIONS)
    assert rule.opinion in get_args(Opinion)


def section(rule: Rule, heading: str) -> list[str]:
    """The filled lines of one section of the manual."""
    _, _, rest = rule.manual.partition(f"## {heading}\n")
    return [line for line in rest.partition("\n## ")[0].splitlines() if line.strip()]


def examples(rule: Rule, heading: str) -> Iterator[dict[str, Any]]:
    """The examples of a section, written `value`, `name | value` or `tier2 | name | value`.

    What needs more than a row is told in a sentence, ending in a full stop; the cases of the corpus show it.
    """
    for line in section(rule, heading):
        assert line.startswith("- "), line
        if line.endswith("。"):
            continue
        *before, value = line.removeprefix("- ").split(" | ")
        tier2, name = ["数量指标", "某项工作", *before][-2:] if len(before) < 2 else before
        yield {"tier1": "产出指标", "tier2": tier2, "name": name, "value": value}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_examples_of_the_manual_are_true(rule: Rule) -> None:
    def spoken(indicator: dict[str, Any]) -> bool:
        return rule.code in {finding.rule for finding in review(indicator).findings}

    assert [example for example in examples(rule, "反例") if not spoken(example)] == []
    assert [example for example in examples(rule, "正例") if spoken(example)] == []


def test_suppressions_name_rules() -> None:
    assert SUPPRESSES.keys() <= BY_CODE.keys()
    for code, silenced in SUPPRESSES.items():
        assert silenced <= BY_CODE.keys()
        assert code not in silenced


WORDINGS = Config(select=("VAG",))


def test_a_suppressed_rule_is_silent_only_beside_the_one_that_speaks() -> None:
    indicator = {"tier1": "效益指标", "tier2": "社会效益指标", "name": "社会影响", "value": "解决住房困难"}
    assert [finding.rule for finding in review(indicator, WORDINGS).findings] == ["VAG008"]
    indicator["description"] = "解决住房困难情况"
    assert [finding.rule for finding in review(indicator, WORDINGS).findings] == ["VAG007"]


def test_the_row_that_a_system_fills_in_is_never_reported() -> None:
    row = {"tier1": "产出指标", "tier2": "成本指标", "name": "项目或定额成本控制率", "value": "100%"}
    others = [{**row, "name": f"采购批次{n}", "value": "≥2批次", "basis": "年度工作计划"} for n in range(5)]

    def reported(value: str) -> set[int | None]:
        given = [{**row, "value": value}, {**row, "value": value}, *others]
        return {finding.indicator for finding in kpi.review(extraction({"rows": given})).findings}

    assert {0, 1} <= reported("≥95%")
    assert not {0, 1} & reported("100%")


# ------------------------------------------------------------------------------------------- whole documents


@pytest.fixture(scope="module", params=SLUGS)
def facts(request: pytest.FixtureRequest) -> Facts:
    return load(request.param)


@pytest.fixture(scope="module")
def reviews(facts: Facts) -> dict[str, Review]:
    """The review of one document in every layout, with and without repeated headings, and moved down some lines."""
    texts = {
        f"{name}-{repeat}": layout(facts, repeat_heading=repeat)
        for name, layout in LAYOUTS.items()
        for repeat in (True, False)
    }
    texts["moved"] = "目录\n\n" * 20 + texts["tab_rows-True"]
    return {name: kpi.review(kpi.extract(text)) for name, text in texts.items()}


def test_ids_are_unique(reviews: dict[str, Review]) -> None:
    for reviewed in reviews.values():
        ids = [finding.id for finding in reviewed.findings]
        assert len(set(ids)) == len(ids)


def test_ids_are_the_same_in_every_layout_and_on_every_page(reviews: dict[str, Review]) -> None:
    """REL009 looks at field codes, which only one layout prints."""
    first, *others = (
        [finding.id for finding in reviewed.findings if finding.rule != "REL009"] for reviewed in reviews.values()
    )
    for other in others:
        assert other == first


def test_findings_are_well_formed_and_in_order(reviews: dict[str, Review]) -> None:
    for reviewed in reviews.values():
        assert reviewed.ruleset_version == RULESET_VERSION
        for finding in reviewed.findings:
            check_finding(finding, BY_CODE[finding.rule])
        places = [(finding.project, finding.indicator, finding.rule) for finding in reviewed.findings]
        assert places == sorted(places, key=lambda place: tuple(-1 if part is None else part for part in place[:2]))


def test_figures_of_a_review_add_up(facts: Facts, reviews: dict[str, Review]) -> None:
    for reviewed in reviews.values():
        summary, scores = reviewed.summary, reviewed.scores
        assert summary.projects == len(scores) == len(facts.projects)
        assert summary.indicators == sum(score.indicators for score in scores)
        assert [score.indicators for score in scores] == [len(project.indicators) for project in facts.projects]
        assert sum(summary.by_rule.values()) == len(reviewed.findings)
        counts = summary.findings
        assert counts.error + counts.warning + counts.info == len(reviewed.findings)
        for score in scores:
            assert 0 <= score.measurable <= score.filled <= score.indicators
            assert score.vague <= score.filled


def test_selecting_a_rule_changes_no_finding_of_it(facts: Facts) -> None:
    extraction = kpi.extract(LAYOUTS["tab_rows"](facts))
    whole = kpi.review(extraction).findings
    for rule in RULES:
        alone = kpi.review(extraction, config=Config(select=(rule.code,))).findings
        kept = [finding for finding in whole if finding.rule == rule.code]
        assert [finding for finding in alone if finding in kept] == kept
    nothing = kpi.review(extraction, config=Config(ignore=tuple({rule.code[:3] for rule in RULES})))
    assert nothing.findings == ()


def test_a_rule_that_is_ignored_silences_nothing() -> None:
    heading = "一级指标\t二级指标\t三级指标\t指标描述\t指标值\n"
    extraction = kpi.extract(heading + "效益指标\t社会效益指标\t社会影响\t解决住房困难情况\t解决住房困难\n")
    assert [f.rule for f in kpi.review(extraction, config=WORDINGS).findings] == ["VAG007"]
    without = kpi.review(extraction, config=Config(select=("VAG",), ignore=("vag007",)))
    assert [f.rule for f in without.findings] == ["VAG008"]
    assert without.summary.vague == 1
