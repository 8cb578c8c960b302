"""Word files → blocks: what stands in a cell, what spans, what is seen and what only stands in the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

import kpi
from kpi import documents
from kpi.documents import Table
from kpi.documents.kinds import Kind
from tests.office import R, as_docx, p, tbl, tc, tr, word, zipped

RENDERED = Path(__file__).parent.parent / "corpus" / "documents" / "rendered"


def read(body: str, **parts: str) -> list[Any]:
    """Paragraphs as text, tables as rows of texts."""
    document = documents.read(word(body, **parts))
    assert document.problems == ()
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Table) else block.text
        for block in document.blocks
    ]


def cell(content: str) -> str:
    """The text of a cell that holds ``content``."""
    ((row,),) = read(tbl(tr(tc(f"<w:p>{content}</w:p>"))))
    text: str = row[0]
    return text


def run(content: str, properties: str = "") -> str:
    return f"<w:r>{properties}{content}</w:r>"


def t(text: str) -> str:
    return run(f'<w:t xml:space="preserve">{text}</w:t>')


def test_spans_become_a_grid() -> None:
    body = tbl(
        tr(tc("标题", '<w:gridSpan w:val="3"/>')),
        tr("产出指标", tc("数量指标", '<w:vMerge w:val="restart"/>'), "甲"),
        tr("效益指标", tc("", "<w:vMerge/>"), "乙"),
        tr(tc("丙", '<w:gridSpan w:val="2"/>'), "丁"),
    )
    assert read(body) == [[["标题", "", ""], ["产出指标", "数量指标", "甲"], ["效益指标", "", "乙"], ["丙", "", "丁"]]]


def test_a_cell_that_continues_no_merge_keeps_its_text() -> None:
    assert read(tbl(tr(tc("甲", "<w:vMerge/>"), "乙"), tr("丙", "丁"))) == [[["甲", "乙"], ["丙", "丁"]]]


def test_rows_that_begin_or_end_inside_the_table() -> None:
    inset = '<w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>'
    assert read(tbl(tr("a", "b", "c"), tr("x", properties=inset))) == [[["a", "b", "c"], ["", "x", ""]]]


def test_paragraphs_breaks_and_tabs_in_a_cell() -> None:
    broken = f"<w:p>{t('5')}{run('<w:br/>')}{t('人')}{run('<w:tab/>')}{t('次')}</w:p>"
    assert read(tbl(tr(tc(p("培训") + p("人数")), tc(broken)))) == [[["培训人数", "5 人次"]]]


def test_tab_stops_are_no_text() -> None:
    stops = "<w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>"
    assert cell(stops + t("a") + t("b")) == "ab"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (t("≥90") + f"<w:del>{run('<w:delText>5</w:delText>')}</w:del><w:ins>{t('%')}</w:ins>", "≥90%"),
        (f"<w:moveFrom>{t('旧')}</w:moveFrom><w:moveTo>{t('新')}</w:moveTo>", "新"),
        (t("甲") + run("<w:t>暗</w:t>", "<w:rPr><w:vanish/></w:rPr>"), "甲"),
        (t("甲") + run("<w:t>明</w:t>", '<w:rPr><w:vanish w:val="0"/></w:rPr>'), "甲明"),
        (run('<w:sym w:font="Symbol" w:char="F0B3"/>') + t("90%"), "≥90%"),
        (run('<w:sym w:font="Wingdings" w:char="F0FE"/>') + t("是"), "☑是"),
        (t("\uf0a3") + t("5天"), "≤5天"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{t('控件')}</w:sdtContent></w:sdt>", "控件"),
        (f"<w:smartTag>{t('标')}</w:smartTag><w:hyperlink>{t('接')}</w:hyperlink>", "标接"),
        ("<m:oMath><m:r><m:t>x≥5</m:t></m:r></m:oMath>", "x≥5"),
        (f"<w:ruby><w:rt>{t('yin')}</w:rt><w:rubyBase>{t('音')}</w:rubyBase></w:ruby>", "音"),
        (f'<w:fldSimple w:instr="REF 甲">{t("乙")}</w:fldSimple>', "乙"),
    ],
)
def test_what_is_seen(content: str, seen: str) -> None:
    assert cell(content) == seen
    assert read(f"<w:p>{content}</w:p>") == [seen]


def test_alternative_contents_are_read_once() -> None:
    box = "<w:txbxContent>" + p("框内") + "</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert read(f"<w:p>{t('框外')}{run(both)}</w:p>") == ["框外", "框内"]
    assert cell(t("框外") + run(both)) == "框外框内"


def test_field_codes_and_bookmarks_stay_in_the_source() -> None:
    field = (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run(r'<w:instrText>TC "1、另一项目" \f C \l 1</w:instrText>')
        + run('<w:fldChar w:fldCharType="end"/>')
    )
    (paragraph,) = documents.read(
        word(f'<w:p><w:bookmarkStart w:id="1" w:name="_Toc1"/>{t("1、本项目")}{field}</w:p>')
    ).paragraphs
    assert paragraph.text == "1、本项目"
    assert paragraph.source == r'[bookmark: _Toc1]1、本项目TC "1、另一项目" \f C \l 1'


def test_content_controls_around_rows_cells_and_blocks() -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    assert read(control(tbl(control(tr("a", control(tc("b")))), tr("c", "d")))) == [[["a", "b"], ["c", "d"]]]


def test_a_deleted_row_is_gone() -> None:
    assert read(tbl(tr("a"), tr("b", properties="<w:trPr><w:del/></w:trPr>"))) == [[["a"]]]


def test_a_table_in_a_cell_comes_after_its_table() -> None:
    document = documents.read(word(tbl(tr("a", tc(p("b") + tbl(tr("c", "d")) + p(""))), tr("e", "f"))))
    assert [(n.number, [[c.text for c in row] for row in n.rows]) for n in document.tables] == [
        (1, [["a", "b"], ["e", "f"]]),
        (2, [["c", "d"]]),
    ]


def test_a_frame_around_tables_is_no_table() -> None:
    assert read(tbl(tr("上"), tr(tc(p("标题") + tbl(tr("a", "b")))), tr("下"))) == ["上", "标题", [["a", "b"]], "下"]
    assert read(tbl(tr(tc(p("标题") + tbl(tr("a", "b")) + p("注"))))) == ["标题", [["a", "b"]], "注"]


def level(at: int, kind: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def listed(number: int, abstract: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{more}</w:num>'


LEVELS = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCounting", "（%1）", '<w:suff w:val="nothing"/>')
    + level(1, "decimal", "%2．")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "bullet", "l")
    + "</w:abstractNum>"
    + listed(1, 0)
    + listed(2, 1)
    + listed(3, 0, '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride>')
)


def numbered(text: str, level: int, number: int = 1) -> str:
    place = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return p(text, place)


def test_automatic_numbers_are_restored() -> None:
    body = numbered("甲", 0) + numbered("子", 1) + numbered("丑", 1) + numbered("乙", 0) + numbered("寅", 1)
    assert read(body, numbering=LEVELS) == ["（一）甲", "1．子", "2．丑", "（二）乙", "1．寅"]
    assert read(numbered("子", 1) + numbered("丑", 1, 3), numbering=LEVELS) == ["1．子", "1．丑"]
    assert read(numbered("点", 0, 2) + numbered("无", 7) + numbered("无", 0, 9), numbering=LEVELS) == ["点", "无", "无"]


def test_numbers_by_style_and_in_cells() -> None:
    styles = (
        '<w:style w:styleId="a3"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    styled = p("目标", '<w:pPr><w:pStyle w:val="a3"/></w:pPr>')
    assert read(tbl(tr(tc(styled), tc(styled))), numbering=LEVELS, styles=styles) == [[["1．目标", "2．目标"]]]


def test_the_strict_form_is_the_same() -> None:
    usual = word(tbl(tr("a", tc("b", '<w:gridSpan w:val="2"/>')), tr("c", "d", "e")))
    strict = documents.read(usual).blocks
    with zipfile.ZipFile(io.BytesIO(usual)) as archive:
        part = archive.read("word/document.xml")
    names = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert documents.read(zipped({"word/document.xml": part.replace(*names)})).blocks == strict


def test_the_main_part_may_have_any_name() -> None:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{R}/officeDocument" Target="word/document2.xml"/></Relationships>'
    )
    types = f'<Types><Override ContentType="{Kind.DOCX.value}.main+xml"/></Types>'
    with zipfile.ZipFile(io.BytesIO(word(p("正文")))) as archive:
        part = archive.read("word/document.xml")
    made = zipped({"[Content_Types].xml": types, "_rels/.rels": relation, "word/document2.xml": part})
    assert [block.text for block in documents.read(made).paragraphs] == ["正文"]


@pytest.mark.parametrize("name", ["shanhaiguan-office-2023", "nanguan-2024", "xigang-2025"])
def test_a_real_document_reads_as_its_text(name: str) -> None:
    text = (RENDERED / f"{name}.tab_rows.txt").read_text(encoding="utf-8")
    expected = kpi.extract(text)
    read = kpi.extract(as_docx(documents.read(text)))
    assert expected.projects
    assert unplaced(read) == unplaced(expected)
    assert read.coverage == expected.coverage


def unplaced(extraction: kpi.schema.Extraction) -> Any:
    """The projects without their places."""

    def stripped(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: stripped(inner) for key, inner in value.items() if key != "location"}
        return [stripped(inner) for inner in value] if isinstance(value, list) else value

    return stripped(extraction.model_dump(mode="json")["projects"])


PAGE = (
    "<p>2025年项目支出绩效目标表</p><table><tr><td>项目名称<td>巡查<td><td></tr><tr><td>一级指标<td>二级指标<td>三级指标"
    "<td>指标值</tr><tr><td>产出指标<td>数量指标<td>巡查次数<td>≥24次</tr></table>"
)
ARCHIVE = f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<html>{PAGE}"


def with_chunk(content: str | bytes | None) -> bytes:
    """A Word file of a paragraph and a page that Word is to take in; ``None`` leaves the page out."""
    members: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(word(p("附件") + f'<w:altChunk xmlns:r="{R}" r:id="rId7"/>'))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId7" Type="{R}/aFChunk" Target="/word/afchunk.mht"/></Relationships>'
    )
    return zipped(members if content is None else {**members, "word/afchunk.mht": content})


@pytest.mark.parametrize("content", [f"<html><meta charset=utf-8>{PAGE}</html>", ARCHIVE])
def test_a_page_within_the_file(content: str) -> None:
    found = kpi.extract(with_chunk(content))
    (project,) = found.projects
    assert (project.title, project.name, project.location.line) == ("2025年项目支出绩效目标表", "巡查", 2)
    ((name, value, table),) = [(i.name, i.raw_value, i.location.table) for i in project.indicators]
    assert (name, value, table) == ("巡查次数", "≥24次", 1)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("content", "code"), [(None, "damaged_file"), (b"%PDF-1.7\n", "unsupported_format"), ("<html></html>", None)]
)
def test_what_is_no_page_within_the_file(content: str | bytes | None, code: str | None) -> None:
    document = documents.read(with_chunk(content))
    assert [paragraph.text for paragraph in document.paragraphs] == ["附件"]
    assert [problem.code for problem in document.problems] == ([code] if code else [])
