"""The forms of review, read back by python-docx and opened by LibreOffice."""

from __future__ import annotations

import io
from pathlib import Path
from typing import get_args

import docx
import pypdfium2
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tc
from docx.table import Table

from kpi import scoring
from kpi.explain import place
from kpi.schema import Extraction, Opinion, PointsLost
from kpi.scorecard import opinions
from kpi.scorecard.names import file_name
from kpi.scorecard.scored import Scored
from kpi.scorecard.views import projects_of
from tests import scored
from tests.libreoffice import convert, needs_libreoffice

FACTS, BLOCKS, FINDINGS, OPINIONS, SIGNED = range(5)  # the tables of a form that lists findings


def formed(document: Scored, number: int = 0, scheme: scoring.Scheme | None = None) -> Document:
    data = opinions.form(document, projects_of(document)[number], scheme or scoring.default())
    return docx.Document(io.BytesIO(data))


def texts(table: Table) -> list[list[str]]:
    """The texts of a table as its cells stand in the file, ticks included."""
    return [[text_of(cell) for cell in row.tc_lst] for row in table._tbl.tr_lst]


def text_of(cell: CT_Tc) -> str:
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p")))


@pytest.fixture(scope="module")
def document() -> Scored:
    return scored.corpus()[0]


def test_facts_of_the_project(document: Scored) -> None:
    project = document.extraction.projects[0]
    form = formed(document)
    assert form.paragraphs[0].text == "项目支出绩效目标审核意见表"
    facts = [text for row in texts(form.tables[FACTS]) for text in row]
    assert facts[facts.index("项目名称") + 1] == project.name
    assert facts[facts.index("项目编码") + 1] == project.code
    assert facts[facts.index("主管部门/单位") + 1] == document.extraction.organisation.name
    assert facts[facts.index("预算年度") + 1] == "2020年"
    assert project.budget is not None
    assert facts[facts.index("预算金额") + 1] == f"{project.budget.magnitude}{project.budget.unit}"


def test_the_four_blocks_with_what_the_machine_reached(document: Scored) -> None:
    rows = texts(formed(document).tables[BLOCKS])
    score = document.review.scores[0]
    names = [row[0].partition("\n")[0] for row in rows if "\n" in row[0]]
    assert names == [block.block for block in score.blocks] == ["完整性", "相关性", "适当性", "可行性"]
    by_name = {row[1]: row for row in rows}
    for block in score.blocks:
        for one in block.open:
            assert by_name[one.criterion][2:] == [str(one.points), "—", one.why, ""]
        for cost in block.lost:
            assert f"扣{cost.points}分" in by_name[cost.criterion][4]
    reached = [float(row[3]) for row in rows[1:] if len(row) == 6 and row[3] != "—"]
    assert sum(reached) == pytest.approx(sum(float(block.reached) for block in score.blocks))
    sums = [row for row in rows if len(row) == 3]
    assert len(sums) == 4
    assert [row[1].partition("：")[0] for row in sums] == names  # they may stand on another page than their block
    assert all(row[2].count("☐") == 4 for row in sums)  # for the reviewer


def test_each_finding_with_its_suggestion_under_its_block(document: Scored) -> None:
    scheme = scoring.default()
    order: list[str] = [block.name for block in scheme.blocks]
    for number, project in enumerate(document.extraction.projects):
        findings = [f for f in document.review.findings if f.project == number]
        blocks = document.review.scores[number].blocks
        rows = texts(formed(document, number).tables[FINDINGS])[1:]
        assert [row[0] for row in rows] == [str(n) for n in range(1, len(findings) + 1)]
        shown = [order.index(row[1]) for row in rows]
        assert shown == sorted(shown)
        wanted = []
        for f in findings:
            row = None if f.indicator is None else project.indicators[f.indicator]
            about = f"{row.tier2_text or row.tier1_text}：{row.name}\n{row.raw_value}" if row else "（整个项目）"
            sure = "，".join(filter(None, (scored.WORDS[f.severity], scored.SURE[f.certainty])))
            block = opinions.block_of(f, blocks, scheme)
            wanted.append([block, f"{about}\n{place(f.location)}", f"{f.message}\n{f.rule} {sure}", f.suggestion])
        assert sorted(row[1:] for row in rows) == sorted(wanted)
    assert {finding.indicator is None for finding in document.review.findings} == {True, False}


def test_a_finding_stands_where_it_cost_points(document: Scored) -> None:
    finding = document.review.findings[0]
    blocks = document.review.scores[0].blocks
    scheme = scoring.default()
    assert opinions.block_of(finding, blocks, scheme) == "相关性"
    elsewhere = tuple(
        block.model_copy(
            update={
                "lost": (PointsLost(criterion="某", points=blocks[0].points, findings=(finding.id,)),)
                if block.block == "可行性"
                else ()
            }
        )
        for block in blocks
    )
    assert opinions.block_of(finding, elsewhere, scheme) == "可行性"
    assert opinions.block_of(finding.model_copy(update={"rule": "ZZZ001", "id": "-"}), blocks, scheme) == "其他"


def test_all_opinions_are_offered_and_those_found_are_ticked(document: Scored) -> None:
    offered = [text for row in texts(formed(document).tables[OPINIONS]) for text in row if text]
    assert [text[2:].partition("（")[0] for text in offered] == list(get_args(Opinion))
    found = {f.opinion for f in document.review.findings if f.project == 0}
    assert {text[2:].partition("（")[0] for text in offered if text.startswith("☑")} == found


def test_what_only_a_reviewer_can_say_is_left_open(document: Scored) -> None:
    rows = {row[0]: row[1:] for row in texts(formed(document).tables[SIGNED])}
    assert rows["综合意见"] == [""]
    assert rows["评定等级"][0].count("☐") == 4
    assert rows["审核人（签字）"][0] == ""
    share = document.review.scores[0].share_reached
    assert share is not None
    assert f"{share:.1%}" in rows["机审得分率"][0]


def test_a_project_without_findings() -> None:
    rows = [{"tier1": "产出指标", "tier2": "数量指标", "name": "培训人数", "value": "≥50人"}]
    clean = scored.project(rows)
    clean = clean._replace(review=clean.review.model_copy(update={"findings": ()}))
    form = formed(clean)
    assert "机审没有发现问题。" in [p.text for p in form.paragraphs]
    assert len(form.tables) == 4


def test_a_project_that_was_not_scored(document: Scored) -> None:
    score = document.review.scores[0].model_copy(update={"blocks": (), "share_reached": None, "grade": None})
    bare = document._replace(review=document.review.model_copy(update={"scores": (score,)}))
    rows = texts(formed(bare).tables[BLOCKS])
    assert {row[3] for row in rows[1:] if len(row) == 6} == {"—"}


def test_a_score_by_another_scheme_is_shown_as_it_is(document: Scored) -> None:
    score = document.review.scores[0]
    open_points = score.blocks[0].open[0].model_copy(update={"criterion": "本地要点"})
    block = score.blocks[0].model_copy(update={"open": (open_points,)})
    other = score.model_copy(update={"blocks": (block, *score.blocks[1:])})
    changed = document._replace(review=document.review.model_copy(update={"scores": (other,)}))
    rows = texts(formed(changed).tables[BLOCKS])
    assert rows[1][1] == "本地要点"


def test_heads_repeat_fonts_are_chinese_paper_is_a4(document: Scored) -> None:
    form = formed(document)
    for table in (form.tables[BLOCKS], form.tables[FINDINGS]):
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    fonts = {one.get(qn("w:eastAsia")) for one in form.styles.element.iter(qn("w:rFonts"))}
    assert fonts == {"宋体", "黑体"}
    width, height = form.sections[0].page_width, form.sections[0].page_height
    assert width is not None
    assert height is not None
    assert (round(width.mm), round(height.mm)) == (210, 297)


def test_what_a_document_says_cannot_break_the_form() -> None:
    form = formed(scored.hostile())
    values = {text for row in texts(form.tables[FINDINGS]) for text in row}
    assert any("<b>&\"'" in value for value in values)
    assert any("a b" in value for value in values)  # one line
    odd = scored.corpus()[0].extraction
    name = "甲\x00]]>&lt;<w:p/>\u202e乙\ud800"
    changed = odd.model_copy(update={"projects": (odd.projects[0].model_copy(update={"name": name}),)})
    assert "甲]]>&lt;<w:p/>乙" in texts(formed(scored.scored(changed)).tables[FACTS])[0]


def test_a_long_list_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch, document: Scored) -> None:
    monkeypatch.setattr(opinions, "MAX_FINDINGS", 1)
    form = formed(document)
    assert len(form.tables[FINDINGS].rows) == 2
    left = sum(f.project == 0 for f in document.review.findings) - 1
    assert left
    assert any(p.text.startswith(f"另有 {left} 处问题未列出") for p in form.paragraphs)


def named(read: Extraction, *names: str | None) -> Scored:
    projects = tuple(read.projects[0].model_copy(update={"name": name, "code": None, "title": None}) for name in names)
    return scored.scored(read.model_copy(update={"projects": projects}))


def test_one_file_a_project_with_names_safe_everywhere(tmp_path: Path, document: Scored) -> None:
    names = ("../../etc/passwd", "C:\\a\\b", "CON", "甲" * 300, "同名", "同名", None, "\x00\u202e", "a:b*c?", ". .")
    written = opinions.write([named(document.extraction, *names)], tmp_path / "forms")
    assert len(written) == len(names)
    assert {path.parent for path in written} == {tmp_path / "forms"}
    assert sorted(p.name for p in (tmp_path / "forms").iterdir()) == sorted(p.name for p in written)
    for path in written:
        assert len(path.name.encode()) <= 255
        assert not set(path.name) & set('<>:"/\\|?*\x00\u202e')
        docx.Document(str(path))
    assert not list(tmp_path.parent.glob("*passwd*"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("车辆保险费", "车辆保险费.docx"), ("a/b", "a_b.docx"), ("nul", "_nul.docx"), ("COM1.x", "_COM1.x.docx"),
        ("", "未命名.docx"), ("...", "未命名.docx"), ("console", "console.docx"),
    ],
)  # fmt: skip
def test_names(text: str, name: str) -> None:
    assert file_name(text, ".docx", set()) == name


def test_names_that_are_taken_get_a_number() -> None:
    taken: set[str] = set()
    assert [file_name(text, ".x", taken) for text in ("甲", "甲", "A", "a")] == ["甲.x", "甲_2.x", "A.x", "a_2.x"]


def test_the_same_project_gives_the_same_bytes(document: Scored) -> None:
    view = projects_of(document)[0]
    assert opinions.form(document, view, scoring.default()) == opinions.form(document, view, scoring.default())


@needs_libreoffice
def test_libreoffice_prints_the_form(tmp_path: Path, document: Scored) -> None:
    (tmp_path / "表.docx").write_bytes(opinions.form(document, projects_of(document)[0], scoring.default()))
    convert([tmp_path / "表.docx"], "pdf", tmp_path)
    pdf = pypdfium2.PdfDocument(tmp_path / "表.pdf")
    text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    for part in ("审核意见表", "完整性", "可行性", "综合评定", document.review.findings[0].rule):
        assert part in text
    assert {tuple(round(side) for side in page.get_size()) for page in pdf} == {(595, 842)}
