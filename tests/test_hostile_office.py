"""Office files that were made to do harm, or were harmed: each ends soon, with a typed problem or a right reading."""

from __future__ import annotations

import io
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import olefile
import pytest

from kpi import documents, settings
from kpi.documents import Document
from kpi.inputs import expand
from tests.office import S, W, as_docx, as_xlsx, excel, p, tbl, tc, tr, word, zipped

SECONDS = 20
TEXT = "绩效目标表\n\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训场次\t≥12场\n"
DEEP = 10_000


def read(data: bytes, name: str | None = None) -> Document:
    """Read, and see that it does not take long."""
    begin = time.monotonic()
    document = documents.read(data, name)
    assert time.monotonic() - begin < SECONDS
    return document


def codes(data: bytes, name: str | None = None) -> list[str]:
    return [problem.code for problem in read(data, name).problems]


def cells(document: Document) -> list[str]:
    return [cell.text for table in document.tables for row in table.rows for cell in row if cell.text]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OUTSIDE_DTD = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


def in_word(declared: str, entity: str) -> bytes:
    document = f'{declared}<w:document xmlns:w="{W}"><w:body>{p(entity)}</w:body></w:document>'
    return zipped({"word/document.xml": document})


def in_excel(declared: str, entity: str) -> bytes:
    cell = f'<c r="A1" t="inlineStr"><is><t>{entity}</t></is></c>'
    sheet = f'{declared}<worksheet xmlns="{S}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    return replaced(excel(""), "xl/worksheets/sheet1.xml", sheet.encode())


def replaced(data: bytes, name: str, content: bytes | None) -> bytes:
    """The zip ``data`` with one member replaced or (``None``) left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members: dict[str, str | bytes] = {info.filename: archive.read(info) for info in archive.infolist()}
    members.pop(name)
    return zipped(members | ({} if content is None else {name: content}))


@pytest.mark.parametrize("make", [in_word, in_excel])
@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, OUTSIDE_DTD])
def test_entities(make: Callable[[str, str], bytes], declared: str) -> None:
    data = make(declared, "&j;" if declared is LAUGHS else "&a;" if declared is OUTSIDE else "x")
    document = read(data)
    assert [problem.code for problem in document.problems] == ["damaged_file"]
    assert "root:" not in str(document.blocks)


def test_entities_in_an_attribute() -> None:
    data = replaced(excel(""), "xl/styles.xml", f'{LAUGHS}<styleSheet xmlns="{S}" a="&j;"/>'.encode())
    assert codes(data) == ["damaged_file"]


@pytest.mark.parametrize("part", ["word/document.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_zip_bombs(part: str) -> None:
    base = word(p("甲")) if part.startswith("word") else excel("")
    bomb = replaced(base, part, b"<a>" + b" " * (300 * 2**20))
    assert len(bomb) < 2**20
    tracemalloc.start()
    assert codes(bomb) == ["too_large"]
    assert tracemalloc.get_traced_memory()[1] < 700 * 2**20
    tracemalloc.stop()


def test_a_declared_size_is_not_believed() -> None:
    data = bytearray(word(p("甲" * 1000)))
    for magic, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(magic)
        data[at + offset : at + offset + 4] = struct.pack("<I", 3)
    assert set(codes(bytes(data))) <= {"damaged_file"}


def test_a_bomb_within_a_zip_within_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_ZIP_BYTES", 100 * 2**20)
    inner = zipped({f"{n}.txt": b"\0" * (60 * 2**20) for n in range(4)})
    path = tmp_path / "外.zip"
    path.write_bytes(zipped({"内.zip": inner, "深.zip": zipped({"更深.zip": inner})}))
    found = list(expand([path]))
    assert [getattr(one.source, "code", "read") for one in found][-1] == "too_large"
    assert sum(len(one.source) for one in found if isinstance(one.source, bytes)) <= 100 * 2**20


def test_names_that_lead_out_of_the_folder() -> None:
    data = replaced(word(p("甲")), "word/document.xml", None)
    with zipfile.ZipFile(io.BytesIO(word(p("甲")))) as archive:
        part = archive.read("word/document.xml")
    with zipfile.ZipFile(out := io.BytesIO(data), "a") as archive:
        archive.writestr("../../../tmp/kpi-outside.xml", b"x")
        archive.writestr("word/document.xml", part)
    assert [block.text for block in read(out.getvalue()).paragraphs] == ["甲"]


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        ("<w:ins>", "</w:ins>"),
    ],
)
def test_ten_thousand_deep(opened: str, closed: str) -> None:
    assert codes(word(opened * DEEP + closed * DEEP)) == ["too_deep"]


@pytest.mark.parametrize("levels", [15, 30, 60, 80])
def test_tables_in_tables(levels: int) -> None:
    body = p("底")
    for level in range(levels):
        body = tbl(tr(f"<w:tc><w:tcPr/>{p(f'层{level}')}{body}</w:tc>", "旁"))
    document = read(word(body))
    assert cells(document).count("旁") == min(levels, settings.MAX_NESTING)
    assert [problem.code for problem in document.problems] == (["too_deep"] if levels > settings.MAX_NESTING else [])


@pytest.mark.parametrize("span", ["1000000000", "-5", "1e9", "９", "", "99999999999999999999"])
def test_absurd_spans(span: str) -> None:
    properties = f'<w:gridSpan w:val="{span}"/>'
    row = f'<w:trPr><w:gridBefore w:val="{span}"/><w:gridAfter w:val="{span}"/></w:trPr>'
    document = read(word(tbl(tr(tc("甲", properties), tc("乙", properties)), tr("丙", properties=row)) * 20))
    assert "甲" in cells(document)
    assert sum(len(row) for table in document.tables for row in table.rows) < 200_000


def test_a_million_rows_in_word() -> None:
    document = read(word(tbl("<w:tr><w:tc><w:p/></w:tc></w:tr>" * 1_000_000)))
    assert [problem.code for problem in document.problems] == ["too_many_rows"]


ONE = '<c r="A1"><v>1</v></c>'


def rows(first: str, *others: tuple[str, str]) -> str:
    """The data of a sheet: a first row and others, each with its number and the place of its one cell."""
    more = "".join(f'<row r="{row}"><c r="{place}"><v>2</v></c></row>' for row, place in others)
    return f'<sheetData><row r="1">{first}</row>{more}</sheetData>'


HUGE = {
    "dimension": '<dimension ref="A1:XFD1048576"/>' + rows(ONE),
    "corner": rows(ONE, ("1048576", "XFD1048576")),
    "far right": rows(ONE + '<c r="XFD1"><v>2</v></c>'),
    "no such place": rows(ONE, ("999999999", "ZZZZZZ999999999999")),
    "wrong row": rows(ONE, ("2", "A99999")),
    "merges": rows(ONE) + "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 20_000 + "</mergeCells>",
    "empty rows": rows(ONE).replace("</sheetData>", '<row r="2"/>' * 1_000_000 + "</sheetData>"),
}


@pytest.mark.parametrize("sheet", HUGE.values(), ids=HUGE)
def test_sheets_that_claim_to_be_huge(sheet: str) -> None:
    tracemalloc.start()
    document = read(excel(sheet))
    assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    tracemalloc.stop()
    assert cells(document)[0] == "1"
    assert not documents.unread(document.problems)


def test_shared_strings_that_say_they_are_many() -> None:
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>'
    data = excel(f"<sheetData>{row}</sheetData>", strings="<si><t>甲</t></si>")
    part = f'<sst xmlns="{S}" count="4294967295" uniqueCount="4294967295"><si><t>甲</t></si></sst>'
    assert cells(read(replaced(data, "xl/sharedStrings.xml", part.encode()))) == ["甲", "1"]


def samples() -> Iterator[tuple[str, bytes]]:
    document = documents.read(TEXT)
    yield "docx", as_docx(document)
    yield "xlsx", as_xlsx(document)


@pytest.mark.parametrize(("name", "data"), list(samples()))
def test_truncated_at_many_points(name: str, data: bytes) -> None:
    for end in range(0, len(data), max(1, len(data) // 60)):
        assert codes(data[:end])[0] in ("damaged_file", "empty_document", "not_text")


@pytest.mark.parametrize(("name", "data"), list(samples()))
def test_bits_flipped(name: str, data: bytes) -> None:
    choose = random.Random(name)
    for _ in range(150):
        harmed = bytearray(data)
        for _ in range(choose.randint(1, 8)):
            harmed[choose.randrange(len(harmed))] ^= 1 << choose.randrange(8)
        document = read(bytes(harmed))
        assert document.problems or "≥12场" in cells(document)


@pytest.mark.parametrize(("name", "data"), list(samples()))
def test_parts_that_are_missing_or_nonsense(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    for part in names:
        for content in (None, b"", b"<a", b"<a/>", b"\xff\xfe<\x00", "<甲 乙='丙'/>".encode()):
            document = read(replaced(data, part, content))
            assert document.problems or "指标值" in cells(document), (part, content)


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "http://127.0.0.1:9/a.xml", "/dev/zero", "", "xl/workbook.xml"]
)
def test_relationships_that_lead_elsewhere(target: str) -> None:
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        f'Target="{target}"/></Relationships>'
    )
    data = excel('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    document = read(replaced(data, "xl/_rels/workbook.xml.rels", links.encode()))
    assert [problem.code for problem in document.problems] in (["damaged_file"], ["empty_document"], [])


def test_macros_are_left_alone() -> None:
    data = excel('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    with zipfile.ZipFile(out := io.BytesIO(data), "a") as archive:
        archive.writestr("xl/vbaProject.bin", olefile.MAGIC + b"\0" * 2000)
    assert cells(read(out.getvalue(), "宏.xlsm")) == ["1"]
    with zipfile.ZipFile(out := io.BytesIO(word(tbl(tr("1")))), "a") as archive:
        archive.writestr("word/vbaProject.bin", olefile.MAGIC + b"\0" * 2000)
    assert cells(read(out.getvalue(), "宏.docm")) == ["1"]


def test_encrypted_members() -> None:
    data = bytearray(word(p("甲")))
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(magic) + offset] |= 1
    assert codes(bytes(data)) == ["encrypted"]


def test_names_that_lie() -> None:
    docx, xlsx = (data for _, data in samples())
    assert "≥12场" in cells(read(docx, "目标.xls"))
    assert "≥12场" in cells(read(xlsx, "目标.doc"))
    assert "≥12场" in cells(read(TEXT.encode(), "目标.xlsx"))
    assert codes(zipped({"a.txt": "b"}), "目标.docx") == ["unsupported_format"]
    assert codes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "目标.docx") == ["unsupported_format"]
    assert codes(olefile.MAGIC + b"\0" * 1000, "目标.xls") == ["damaged_file"]


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_ZIP_MEMBERS", 100)
    data = zipped({"word/document.xml": "<a/>"} | {f"{n}": "" for n in range(200)})
    assert codes(data) == ["too_many_files"]


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "READ_SECONDS", 0.05)
    document = read(word(p("先") + tbl(tr("甲", "乙") * 50_000)))
    assert [problem.code for problem in document.problems] == ["out_of_time"]
    assert [block.text for block in document.paragraphs] == ["先"]
