"""The report in HTML: what it says, that nothing in a document can act in it, that every link leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from kpi.documents import problem
from kpi.explain import place
from kpi.rules import BY_CODE
from kpi.schema import Evidence, Organisation, Review
from kpi.scorecard import html
from kpi.scorecard.manual import sections
from kpi.scorecard.scored import Scored
from tests import scored

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}&amp;"


def page(*documents: Scored) -> tuple[str, HtmlElement]:
    source = "".join(html.pieces(documents))
    return source, lxml_html.document_fromstring(source)


@pytest.fixture(scope="module")
def corpus() -> tuple[str, HtmlElement]:
    return page(*scored.corpus())


def attacked() -> Scored:
    """A document in which every text that the report prints is an attack."""
    document = scored.corpus()[0]
    read, reviewed = document.extraction, document.review
    projects = tuple(
        project.model_copy(
            update={
                "name": f"{n}{ATTACK}", "code": ATTACK, "title": ATTACK, "goals": (ATTACK, ATTACK),
                "organisation": Organisation(name=ATTACK), "self_evaluation": True,
                "indicators": tuple(
                    one.model_copy(
                        update={"tier1_text": ATTACK, "tier2_text": ATTACK, "name": ATTACK, "raw_value": ATTACK}
                    )
                    for one in project.indicators
                ),
            }
        )
        for n, project in enumerate(read.projects)
    )  # fmt: skip
    findings = tuple(
        one.model_copy(
            update={
                "message": ATTACK, "suggestion": ATTACK, "evidence": (Evidence(what=ATTACK, text=ATTACK),),
                "id": ATTACK.replace(" ", ""),
            }
        )
        for one in reviewed.findings[:1]
    )  # fmt: skip
    wide = findings[0].model_copy(update={"project": None, "indicator": None, "id": "wide"})
    told = problem("columns_not_read", ATTACK)
    return Scored(
        ATTACK,
        read.model_copy(update={"projects": projects, "problems": (told,)}),
        reviewed.model_copy(update={"findings": (*findings, wide), "ruleset_version": ATTACK}),
        b"",
    )


def test_the_text_of_documents_is_only_text() -> None:
    source, root = page(attacked())
    assert len(root.findall(".//script")) == 1
    assert not root.findall(".//img")
    assert root.text_content().count("{{7*7}}") > 20
    for element in root.iter():
        for name in element.attrib:
            assert not name.startswith("on"), name
            assert name != "style"
    # as it stands in the file, too: no attack without its brackets escaped
    assert "<script>alert" not in source
    assert "<img" not in source


def test_each_kind_of_text_is_shown_as_it_is() -> None:
    _, root = page(attacked())
    for path in (
        "//summary/span[@class='name']", "//dl[@class='head']//dd", "//td[@data-label='指标值']",
        "//td[@data-label='三级指标']", "//p[@class='suggestion']", "//dl/div/dt", "//ul[@class='documents']//strong",
        "//p[@class='problem']", "//h3", "//header/p",
    ):  # fmt: skip
        assert any(ATTACK in one.text_content() for one in root.xpath(path)), path


def test_invisible_characters_do_not_reach_the_page() -> None:
    document = scored.corpus()[0]
    project = document.extraction.projects[0].model_copy(update={"name": "甲\u202e乙\x00\x1b丙\ud800"})
    read = document.extraction.model_copy(update={"projects": (project,)})
    source, root = page(scored.scored(read))
    assert "甲乙丙" in [one.text_content() for one in root.xpath("//summary/span[@class='name']")]
    source.encode("utf-8")


def test_nothing_is_loaded_and_only_our_script_may_run(corpus: tuple[str, HtmlElement]) -> None:
    source, root = corpus
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert said["default-src"] == said["base-uri"] == said["form-action"] == "'none'"
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert said[directive] == f"'sha256-{digest}'"
    assert not root.xpath("//@src | //link | //base | //iframe | //object | //*[local-name()='use']")
    assert not re.search(r"url\(|@import|https?://", source)


def test_every_link_leads_somewhere(corpus: tuple[str, HtmlElement]) -> None:
    for root in (corpus[1], page(attacked())[1]):
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
        targets = root.xpath("//a/@href")
        assert targets
        assert {target[:1] for target in targets} == {"#"}
        assert {target[1:] for target in targets} <= set(ids)


def test_every_finding_stands_in_its_row_with_all_that_is_said_of_it(corpus: tuple[str, HtmlElement]) -> None:
    _, root = corpus
    number = 0
    for document in scored.corpus():
        for at, _ in enumerate(document.extraction.projects):
            number += 1
            (shown,) = root.xpath(f"//*[@id='p{number}']")
            findings = [f for f in document.review.findings if f.project == at]
            assert len(shown.find_class("finding")) == len(findings)
            for finding in findings:
                (block,) = root.xpath(f"//*[@id='p{number}-{finding.id}']")
                if finding.indicator is None:
                    assert block.getparent() is shown
                    assert block.xpath("preceding-sibling::h4[1]/text()") == ["整个项目的问题"]
                    assert not block.xpath("preceding-sibling::table[contains(@class, 'rows')]")
                else:
                    row = block.getparent().getparent()
                    assert row.get("class") == "said"
                    value = document.extraction.projects[at].indicators[finding.indicator].raw_value
                    assert value in row.getprevious().text_content()
                text = block.text_content()
                facts = [e.text for e in finding.evidence]
                for part in (finding.message, finding.suggestion, finding.opinion, place(finding.location), *facts):
                    assert part in text, part
            for beside in {block.getparent() for block in shown.find_class("finding")}:
                classes = beside.xpath("div[starts-with(@class, 'finding ')]/@class")
                weights = [list(scored.WORDS).index(one.split()[1]) for one in classes]
                assert weights == sorted(weights)  # the worst first
    assert number == sum(len(d.extraction.projects) for d in scored.corpus())
    assert any(f.indicator is None for document in scored.corpus() for f in document.review.findings)


def test_findings_on_a_whole_document_stand_with_their_file() -> None:
    document = scored.corpus()[0]
    findings = tuple(f.model_copy(update={"project": None, "indicator": None}) for f in document.review.findings[:2])
    _, root = page(document._replace(review=document.review.model_copy(update={"findings": findings})))
    listed = root.xpath("//section[@id='documents']//li//*[@class='finding warning' or @class='finding info']")
    assert [one.get("id") for one in listed] == [f"d1-{finding.id}" for finding in findings]


def test_the_manual_of_each_rule_is_there_whole(corpus: tuple[str, HtmlElement]) -> None:
    _, root = corpus
    fired = {finding.rule for document in scored.corpus() for finding in document.review.findings}
    assert fired
    for code in fired:
        text = "".join(root.get_element_by_id(f"rule-{code}").text_content().split())
        for line in BY_CODE[code].manual.splitlines():
            assert "".join(line.lstrip("#- ").split()) in text


def test_lines_of_a_manual_are_put_together() -> None:
    first, second = sections("标题。\n\n## 检查什么\n第一行\n第二行。\n- 甲\n  续\n- 乙\n\n另一段。\n")
    assert [piece.text for piece in first.pieces] == ["标题。"]
    assert second.heading == "检查什么"
    assert [(piece.text, piece.items) for piece in second.pieces] == [
        ("第一行第二行。", ()), ("", ("甲续", "乙")), ("另一段。", ()),
    ]  # fmt: skip


def test_points_lost_lead_to_their_findings(corpus: tuple[str, HtmlElement]) -> None:
    _, root = corpus
    lost = [
        one
        for document in scored.corpus()
        for score in document.review.scores
        for block in score.blocks
        for cost in block.lost
        for one in cost.findings
    ]
    links = root.xpath("//td[@data-label='扣分']//a/@href")
    assert sorted(link.partition("-")[2] for link in links) == sorted(lost)
    assert lost


def test_unread_files_are_listed(corpus: tuple[str, HtmlElement]) -> None:
    text = corpus[1].get_element_by_id("documents").text_content()
    assert "空.txt" in text
    assert "empty_document" in text


def test_figures_are_those_of_the_reviews(corpus: tuple[str, HtmlElement]) -> None:
    _, root = corpus
    figures = {one.findtext("dt"): one.findtext("dd") for one in root.xpath("//dl[@class='figures']/div")}
    summaries = [document.review.summary for document in scored.corpus()]
    assert figures["文件"] == str(len(summaries))
    assert figures["项目"] == str(sum(s.projects for s in summaries))
    assert figures["指标"] == str(sum(s.indicators for s in summaries))
    assert figures["警告"] == str(sum(s.findings.warning for s in summaries))
    share = sum(s.measurable for s in summaries) / sum(s.filled for s in summaries)
    assert figures["量化率"] == f"{share:.1%}"


def test_bars_are_as_long_as_their_counts(corpus: tuple[str, HtmlElement]) -> None:
    _, root = corpus
    for figure in root.findall(".//figure"):
        bars = [
            (sum(float(width) for width in row.xpath(".//rect/@width")), int(row.xpath("string(td[@class='n'])")))
            for row in figure.xpath(".//tr")
        ]
        most = max(count for _, count in bars)
        assert most > 0
        for width, count in bars:
            assert width == pytest.approx(100 * count / most, abs=0.05)


def test_a_large_batch_shows_the_worst_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "FULL_PROJECTS", 3)
    documents = scored.corpus()
    _, root = page(*documents)
    with_findings = sum(bool(s.findings.warning + s.findings.error) for d in documents for s in d.review.scores)
    assert len(root.xpath("//table[contains(@class, 'rows')]")) == with_findings
    assert f"{with_findings} 个项目列出指标明细" in root.text_content()
    assert len(root.find_class("project")) == sum(len(d.extraction.projects) for d in documents)

    monkeypatch.setattr(html, "MAX_ROWS", 20)
    monkeypatch.setattr(html, "MAX_LISTED", 4)
    _, root = page(*documents)
    assert 1 <= len(root.xpath("//table[contains(@class, 'rows')]")) < with_findings
    assert len(root.find_class("project")) == 4
    assert "没有列出的项目只计入单位合计" in root.text_content()


def test_a_long_text_is_cut_where_all_can_see_it() -> None:
    rows = [{"tier1": "产出指标", "tier2": "数量指标", "name": "某事", "value": "好" * 50_000}]
    source, root = page(scored.project(rows))
    assert len(source) < 100_000
    assert "（文字过长，此处略）" in root.text_content()


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    html.write(scored.corpus(), tmp_path / "a.html")
    html.write(scored.corpus(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert b"\r" not in (tmp_path / "a.html").read_bytes()


def test_an_empty_batch_is_a_page_too() -> None:
    _, root = page()
    assert "没有读到绩效目标表" in root.text_content()
    assert not root.findall(".//figure")


def test_a_rule_that_is_not_in_the_catalogue_is_named() -> None:
    document = scored.corpus()[0]
    strange = document.review.findings[0].model_copy(update={"rule": "ZZZ999"})
    reviewed: Review = document.review.model_copy(update={"findings": (strange,)})
    _, root = page(document._replace(review=reviewed))
    assert "不在当前的规则目录中" in root.get_element_by_id("rule-ZZZ999").text_content()
    assert any("ZZZ" in one.text_content() for one in root.findall(".//figure"))
