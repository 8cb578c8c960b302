"""Marked copies: comments on the right cells, all else of the file as it was, nothing raised for what it holds."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import xlsxwriter
from docx.oxml.ns import qn
from lxml import etree

import kpi
from kpi import settings
from kpi.documents.package import strict
from kpi.schema import Extraction, Finding, Location, Problem
from kpi.scorecard import marked
from kpi.scorecard.scored import Scored
from tests import office
from tests.libreoffice import convert, needs_libreoffice
from tests.material import without
from tests.rendering import RENDERED
from tests.scored import WORDS

AUTHOR = "绩效目标机审"
XLSX, DOCX = RENDERED / "nandagang-2020.excel.xlsx", RENDERED / "nandagang-2020.word.docx"
HEAD = ["一级指标", "二级指标", "三级指标", "指标值"]
ROWS = [HEAD, ["产出指标", "数量指标", "培训人数", "≥50人"], ["效益指标", "社会效益指标", "影响力", "进一步提高"]]


def scored(source: Path | bytes, name: str = "表") -> Scored:
    read = kpi.extract(source, filename=None if isinstance(source, Path) else name)
    return Scored(str(source) if isinstance(source, Path) else name, read, kpi.review(read), source)


def placed(document: Scored, *places: Location | None) -> Scored:
    """The document with its first finding at these places, and nowhere else."""
    one = document.review.findings[0]
    findings = tuple(
        one.model_copy(update={"location": where, "project": None, "indicator": None, "message": f"第{n}处。"})
        for n, where in enumerate(places, 1)
    )
    return document._replace(review=document.review.model_copy(update={"findings": findings}))


def copy(document: Scored) -> bytes:
    data = marked.mark(document)
    assert isinstance(data, bytes), data
    return data


def read(extraction: Extraction) -> Any:
    """All that was read but which file it was."""
    return without(extraction.model_dump(mode="json"), "source")


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def comments(data: bytes) -> dict[tuple[str, str], str]:
    """The comments of an Excel file by sheet and cell."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def commented(data: bytes) -> Iterator[tuple[str, str]]:
    """The comments of a Word file, each with the text that it is about."""
    made = docx.Document(io.BytesIO(data))
    texts = {str(one.comment_id): (one.author, one.text) for one in made.comments}
    for start in made.element.iter(qn("w:commentRangeStart")):
        paragraph = start.getparent()
        number = start.get(qn("w:id"))
        assert paragraph is not None
        assert [one.get(qn("w:id")) for one in paragraph.iter(qn("w:commentRangeEnd"))].count(number) == 1
        assert [one.get(qn("w:id")) for one in paragraph.iter(qn("w:commentReference"))].count(number) == 1
        author, text = texts.pop(number or "")
        assert author in (AUTHOR, "处长")
        yield "".join(one.text or "" for one in paragraph.iter(qn("w:t"))), text
    assert not texts


def said(finding: Finding) -> str:
    return f"{finding.rule} {WORDS[finding.severity]}：{finding.message} 建议：{finding.suggestion}"


def about(document: Scored, finding: Finding) -> str:
    """The text that a finding is about: the value of its row, or the title of its project."""
    assert finding.project is not None
    project = document.extraction.projects[finding.project]
    return (project.title or "") if finding.indicator is None else project.indicators[finding.indicator].raw_value


def by_place(document: Scored) -> dict[Location, list[Finding]]:
    """The findings of a document, those at one place together, the worst first. Some have several, some are titles."""
    found: dict[Location, list[Finding]] = {}
    for finding in document.review.findings:
        assert finding.location is not None
        found.setdefault(finding.location, []).append(finding)
    assert any(len(several) > 1 for several in found.values())
    assert {finding.indicator is None for finding in document.review.findings} == {True, False}
    return {where: sorted(at, key=lambda f: list(WORDS).index(f.severity)) for where, at in found.items()}


# ------------------------------------------------------------------------------------------ what is marked


def test_each_finding_of_an_excel_file_is_on_its_cell() -> None:
    document = scored(XLSX)
    data = copy(document)
    book = openpyxl.load_workbook(io.BytesIO(data))
    wanted = by_place(document)
    assert len(comments(data)) == len(wanted)
    for where, findings in wanted.items():
        assert where.row
        assert where.column
        cell = book[where.sheet or ""].cell(where.row, where.column)
        assert {"".join(str(cell.value).split())} == {about(document, finding) for finding in findings}
        assert cell.comment is not None
        assert cell.comment.text == "\n\n".join(said(finding) for finding in findings)
        assert cell.comment.author == AUTHOR


def test_each_finding_of_a_word_file_is_on_its_cell() -> None:
    document = scored(DOCX)
    found = [("".join(text.split()), comment) for text, comment in commented(copy(document))]
    assert found == [
        (about(document, findings[0]), "\n".join(said(finding) for finding in findings))
        for findings in by_place(document).values()
    ]


@pytest.mark.parametrize("path", [XLSX, DOCX], ids=["excel", "word"])
def test_reading_the_copy_gives_the_same(path: Path) -> None:
    document = scored(path)
    assert read(kpi.extract(copy(document))) == read(document.extraction)


@pytest.mark.parametrize(
    ("path", "may_change"),
    [
        (XLSX, "[Content_Types].xml xl/worksheets/"),
        (DOCX, "[Content_Types].xml word/document.xml word/_rels/document.xml.rels"),
    ],
    ids=["excel", "word"],
)
def test_every_other_part_is_the_same_byte_for_byte(path: Path, may_change: str) -> None:
    before, after = members(path.read_bytes()), members(copy(scored(path)))
    assert list(after)[: len(before)] == list(before)
    for name, content in before.items():
        if not name.startswith(tuple(may_change.split())):
            assert after[name] == content, name


def test_a_sheet_keeps_all_but_the_link_to_its_boxes() -> None:
    before, after = members(XLSX.read_bytes()), members(copy(scored(XLSX)))
    for name in (name for name in before if name.startswith("xl/worksheets/sheet")):
        root = etree.fromstring(after[name])
        for one in root.findall("{*}legacyDrawing"):
            root.remove(one)
        assert etree.tostring(root, method="c14n") == etree.tostring(etree.fromstring(before[name]), method="c14n")


@pytest.mark.parametrize("path", [XLSX, DOCX], ids=["excel", "word"])
def test_the_same_file_gives_the_same_bytes(path: Path) -> None:
    assert copy(scored(path)) == copy(scored(path))


# ------------------------------------------------------------------------------------------ Excel


def rich() -> bytes:
    """An Excel file with all that a library that rewrites files may lose, and with comments of its own."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("目标")
        for at, row in enumerate(ROWS):
            sheet.write_row(at, 0, row)
        sheet.write_formula("F2", "=SUM(1,2)", None, 3)
        sheet.write_comment("D3", "请补充依据", {"author": "处长"})
        sheet.write_comment("A1", "表头", {"author": "处长"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=目标!$F$2:$F$3"})
        sheet.insert_chart("H2", chart)
        sheet.conditional_format("A1:D3", {"type": "duplicate", "format": book.add_format({"bold": True})})
        sheet.data_validation("E2", {"validate": "list", "source": ["甲", "乙"]})
        sheet.insert_image("H20", "点.png", {"image_data": io.BytesIO(png())})
        sheet.autofilter("A1:D3")
        book.add_worksheet("另").write("A1", "无关")
    return data.getvalue()


def png() -> bytes:
    """The smallest picture: one white point."""
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    image = zlib.compress(b"\x00\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", image) + chunk(b"IEND", b"")


def test_comments_that_are_there_stay_and_ours_goes_below() -> None:
    source = rich()
    document = scored(source)
    (vague,) = document.review.findings
    data = copy(document)
    assert comments(data) == {
        ("目标", "A1"): "表头",
        ("目标", "D3"): f"请补充依据\n{AUTHOR}：\n{said(vague)}",
    }
    changed = {name for name, content in members(source).items() if members(data)[name] != content}
    assert changed == {"xl/comments1.xml"}
    assert members(data).keys() == members(source).keys()


def test_a_new_comment_beside_others_gets_a_box_beside_theirs() -> None:
    source = rich()
    document = placed(scored(source), Location(sheet="目标", row=2, column=4), Location(sheet="目标", row=2, column=4))
    data = copy(document)
    found = comments(data)
    assert found["目标", "D2"].count("\n\n") == 1  # both in one comment
    assert len(found) == 3
    boxes = members(data)["xl/drawings/vmlDrawing1.vml"]
    root = etree.fromstring(boxes)
    shapes = root.findall("{urn:schemas-microsoft-com:vml}shape")
    assert len(shapes) == 3
    assert len({shape.get("id") for shape in shapes}) == 3
    x = "{urn:schemas-microsoft-com:office:excel}"
    assert (shapes[-1].findtext(f".//{x}Row"), shapes[-1].findtext(f".//{x}Column")) == ("1", "3")
    changed = {name for name, content in members(source).items() if members(data)[name] != content}
    assert changed == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}


@pytest.mark.parametrize(("count", "width"), [(1, 320), (7, 480), (10, 640)])
def test_a_box_is_as_large_as_what_is_said_at_its_cell(count: int, width: int) -> None:
    wide, height, lines = box_of_long_findings(count)
    assert wide == width
    in_a_line = (width - 16) // 12  # Chinese characters of 9 points are 12 pixels wide; a box has edges
    assert 15 * sum(-(-max(len(line), 1) // in_a_line) for line in lines) <= height <= 480


def test_a_box_is_no_larger_than_a_screen() -> None:
    width, height, _ = box_of_long_findings(200)
    assert (width, height) == (800, 480)


def box_of_long_findings(count: int) -> tuple[int, int, list[str]]:
    """The width and height of the box of a comment with so many findings, and the lines of its text."""
    document = placed(scored(rich()), *[Location(sheet="目标", row=2, column=4)] * count)
    long = tuple(one.model_copy(update={"message": "字" * 60}) for one in document.review.findings)
    data = copy(document._replace(review=document.review.model_copy(update={"findings": long})))
    shape = etree.fromstring(members(data)["xl/drawings/vmlDrawing1.vml"])[-1]
    found = re.search(r"width:(\d+)px;height:(\d+)px", shape.get("style") or "")
    assert found
    return int(found[1]), int(found[2]), comments(data)["目标", "D2"].split("\n")


def test_what_is_about_the_whole_document_stands_on_the_first_cell() -> None:
    document = placed(scored(rich()), None, Location(sheet="没有这张表", row=9, column=9), Location(sheet="另", row=1))
    assert comments(copy(document))["目标", "A1"].startswith(f"表头\n{AUTHOR}：")
    assert ("另", "A1") in comments(copy(document))


def test_a_covered_cell_gives_its_comment_to_the_merged_one() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("目标")
        for at, row in enumerate([*ROWS, ["效益指标", "社会效益指标", "影响面", ""]]):
            sheet.write_row(at, 0, row)
        sheet.merge_range("D3:D4", "进一步提高")
    document = placed(scored(data.getvalue()), Location(sheet="目标", row=4, column=4))
    assert list(comments(copy(document))) == [("目标", "D3")]


def test_a_thread_on_the_cell_is_left_alone() -> None:
    source = rich()
    parts = members(source)
    parts["xl/comments1.xml"] = parts["xl/comments1.xml"].replace("处长".encode(), b"tc={0A}")
    document = scored(office.zipped(parts))
    found = comments(copy(document))
    assert found["目标", "D3"] == "请补充依据"
    assert found["目标", "E3"].startswith("（D3）VAG")


def test_letters_written_as_codes_stay_as_they_are() -> None:
    document = placed(scored(XLSX), Location(sheet="表1", row=10, column=6))
    (one,) = document.review.findings
    odd = one.model_copy(update={"message": "单位“_x0041_”<&>\x01。", "suggestion": ""})
    document = document._replace(review=document.review.model_copy(update={"findings": (odd,)}))
    text = members(copy(document))["xl/comments1.xml"].decode()
    assert "_x005F_x0041_”&lt;&amp;&gt;。" in text


def test_a_workbook_without_a_relationship_part_of_its_sheet_and_with_other_names() -> None:
    sheet = "<sheetData>" + "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{"ABCD"[c]}{r}" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in enumerate(row))
        + "</row>"
        for r, row in enumerate(ROWS, 1)
    )
    source = office.excel(
        f"{sheet}</sheetData><pageMargins left='1' right='1' top='1' bottom='1' header='1' footer='1'/><extLst/>"
    )
    without_types = scored(source)
    assert isinstance(marked.mark(without_types), Problem)
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    document = scored(office.zipped({**members(source), "[Content_Types].xml": types}))
    root = etree.fromstring(members(copy(document))["xl/worksheets/sheet1.xml"])
    assert [etree.QName(child).localname for child in root][-2:] == ["legacyDrawing", "extLst"]


@pytest.mark.parametrize("path", [XLSX, DOCX], ids=["excel", "word"])
def test_the_strict_form_stays_strict(path: Path) -> None:
    parts = {name: strict(content) if name.endswith((".xml", ".rels")) else content
             for name, content in members(path.read_bytes()).items()}  # fmt: skip
    document = scored(office.zipped(parts))
    assert [said(finding) for finding in document.review.findings] == [
        said(finding) for finding in scored(path).review.findings
    ]
    data = copy(document)
    assert read(kpi.extract(data)) == read(document.extraction)
    for name, content in members(data).items():
        if name.endswith((".xml", ".rels")):
            assert b"openxmlformats.org/spreadsheetml" not in content, name
            assert b"openxmlformats.org/wordprocessingml" not in content, name
            assert b"openxmlformats.org/officeDocument/2006/relationships" not in content, name


# ------------------------------------------------------------------------------------------ Word


def target_table(*rows: list[str]) -> str:
    return office.tbl(*(office.tr(*row) for row in (rows or ROWS)))


def word_package(body: str) -> bytes:
    """A Word file that Word would open, with this body."""
    data = io.BytesIO()
    docx.Document().save(data)
    parts = members(data.getvalue())
    parts["word/document.xml"] = members(office.word(body))["word/document.xml"]
    return office.zipped(parts)


def test_comments_of_a_word_file_stay() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("目标说明")
    table = made.add_table(3, 4)
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    made.add_comment(paragraph.runs[0], text="请核对", author="处长", initials="处")
    data = io.BytesIO()
    made.save(data)
    document = scored(data.getvalue())
    (vague,) = document.review.findings
    assert list(commented(copy(document))) == [("目标说明", "请核对"), ("进一步提高", said(vague))]


def test_places_in_merged_nested_and_deleted_rows_lead_to_what_was_read() -> None:
    deleted = office.tr("删", "除", "的", "行", properties="<w:trPr><w:del/></w:trPr>")
    top, below = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        office.tr(*HEAD),
        deleted,
        office.tr(office.tc("产出指标", top), "数量指标", "人数", "≥50人"),
        office.tr(office.tc("", below), "质量指标", "水平", office.tc("进一步提高", top)),
        office.tr(office.tc("", below), "时效指标", "进度", office.tc("", below)),
    ]
    frame = office.tbl(office.tr(office.tc(f"{office.tbl(*rows)}<w:p/>")))
    inner = office.tbl(office.tr(office.tc(office.p("外") + office.tbl(office.tr("内")) + "<w:p/>"), "旁"))
    document = scored(word_package(office.p("题目") + inner + frame + "<w:p/>"))
    assert {f.location and f.location.table for f in document.review.findings} == {3}
    assert list(commented(copy(document))) == [("进一步提高", "\n".join(map(said, document.review.findings)))]
    moved = placed(
        document,
        Location(table=3, row=4, column=4),  # covered by the cell above
        Location(table=2, row=1, column=1),
        Location(table=1, row=1, column=2),
        Location(line=1),
        Location(table=3, row=2, column=1),
        Location(table=99, row=1, column=1),
        None,
    )
    found = list(commented(copy(moved)))
    assert [(text, comment[7:].count("第")) for text, comment in found] == [
        ("题目", 2), ("内", 1), ("旁", 1), ("一级指标", 1), ("产出指标", 1), ("进一步提高", 1),
    ]  # fmt: skip


def test_the_comment_comes_behind_the_properties_of_its_paragraph() -> None:
    properties = '<w:pPr><w:jc w:val="center"/></w:pPr>'
    last = office.tc(office.p("进一步提高", properties))
    body = office.tbl(*(office.tr(*row) for row in ROWS[:2]), office.tr(*ROWS[2][:3], last))
    root = etree.fromstring(members(copy(scored(word_package(body))))["word/document.xml"])
    (start,) = root.iter(qn("w:commentRangeStart"))
    previous = start.getprevious()
    assert previous is not None
    assert previous.tag == qn("w:pPr")


# ------------------------------------------------------------------------------------------ what cannot be marked


def test_other_formats_and_files_without_findings_are_left_out(tmp_path: Path) -> None:
    text = scored(RENDERED / "nandagang-2020.tab_rows.txt")
    assert text.review.findings
    why = marked.mark(text)
    assert isinstance(why, Problem)
    assert why.code == "not_markable"
    assert "txt" in why.message
    sound = scored(XLSX)
    sound = sound._replace(review=sound.review.model_copy(update={"findings": ()}))
    assert marked.mark(sound) is None
    assert marked.write([text, sound], tmp_path / "copies") == []


@pytest.mark.parametrize("path", [XLSX, DOCX], ids=["excel", "word"])
def test_a_file_that_is_no_longer_the_one_that_was_read(path: Path, tmp_path: Path) -> None:
    document = scored(path)
    for source in (b"", b"PK\x03\x04", path.read_bytes()[:-9], tmp_path / "gone.xlsx", tmp_path):
        why = marked.mark(document._replace(source=source))
        assert isinstance(why, Problem)
        assert why.code == "not_readable"


def pretend(document: Scored, data: bytes) -> Scored:
    """The findings of a document on other bytes, as if these had been read."""
    source = document.extraction.source.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})
    return document._replace(source=data, extraction=document.extraction.model_copy(update={"source": source}))


@pytest.mark.parametrize("path", [XLSX, DOCX], ids=["excel", "word"])
def test_hostile_files_give_a_problem(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = scored(path)
    parts = members(path.read_bytes())
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    for name, content in parts.items():
        if name.endswith(("sheet2.xml", "document.xml", "[Content_Types].xml", "workbook.xml")):
            for broken in (entity + content.partition(b"?>")[2], content[: len(content) // 2], b"", b"<a/>"):
                why = marked.mark(pretend(document, office.zipped({**parts, name: broken})))
                assert isinstance(why, Problem) or broken == b"<a/>", (name, broken[:40])
    for junk in (b"", b"PK\x03\x04" + b"\x00" * 50, path.read_bytes()[:3000]):
        assert isinstance(marked.mark(pretend(document, junk)), Problem)
    monkeypatch.setattr(settings, "MAX_INFLATED_BYTES", 20_000)
    why = marked.mark(document)
    assert isinstance(why, Problem)
    assert why.code == "too_large"


def test_a_drawing_that_has_no_end_is_a_problem() -> None:
    parts = members(rich())
    parts["xl/drawings/vmlDrawing1.vml"] = b"<xml>"
    why = marked.mark(placed(scored(office.zipped(parts)), Location(sheet="目标", row=2, column=4)))
    assert isinstance(why, Problem)


def test_copies_have_the_names_of_their_files_and_no_other_place(tmp_path: Path) -> None:
    data = XLSX.read_bytes()
    names = ("../../甲.xlsx", "甲.xlsx", "C:\\乙.XLSM", "丙", "con.xlsx", "丁.docx")
    documents = [scored(data, name) for name in names] + [scored(DOCX.read_bytes(), "戊.docm")]
    written = marked.write(documents, tmp_path / "copies")
    assert [path.name for path in written] == [
        "甲_审核批注.xlsx", "甲_2_审核批注.xlsx", "乙_审核批注.xlsm", "丙_审核批注.xlsx", "_con_审核批注.xlsx",
        "丁.docx_审核批注.xlsx", "戊_审核批注.docm",
    ]  # fmt: skip
    assert all(path.parent == tmp_path / "copies" for path in written)


# ------------------------------------------------------------------------------------------ in another program


@needs_libreoffice
def test_libreoffice_opens_the_copies_and_finds_the_comments(tmp_path: Path) -> None:
    rich_document = placed(scored(rich(), "丰富.xlsx"), Location(sheet="目标", row=2, column=4))
    documents = [scored(XLSX), rich_document, scored(DOCX)]
    for path in (written := marked.write(documents, tmp_path)):
        assert path.exists()
    out = tmp_path / "out"
    out.mkdir()
    convert(written[:2], "xlsx", out)
    convert(written[2:], "docx", out)
    plain, both, word = ((out / path.name).read_bytes() for path in written)
    assert {place: "".join(text.split()) for place, text in comments(plain).items()} == {
        place: "".join(text.split()) for place, text in comments(copy(documents[0])).items()
    }
    assert {cell for _, cell in comments(both)} == {"A1", "D2", "D3"}
    texts = ["".join(one.text.split()) for one in docx.Document(io.BytesIO(word)).comments]
    assert texts == ["".join("".join(map(said, at)).split()) for at in by_place(documents[2]).values()]
