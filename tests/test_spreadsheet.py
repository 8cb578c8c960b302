"""Excel and LibreOffice sheets → tables: places of the sheet, merged cells, numbers as they are shown."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

import kpi
from kpi import documents, settings
from kpi.documents import Document, Paragraph, Table
from kpi.documents.sheets import formats, quick, xlsx
from tests.libreoffice import convert, needs_libreoffice
from tests.office import as_xlsx, excel
from tests.test_docx import RENDERED, unplaced

DAY = datetime.datetime(2025, 12, 31)
SHOWN = [
    (0.95, "0%", "95%"),
    (0.955, "0.0%", "95.5%"),
    (0.955, "0.00%", "95.50%"),
    (0.07 * 100, "General", "7"),
    (0.1 + 0.2, "General", "0.3"),
    (95, "General", "95"),
    (0.9, "General", "0.9"),
    (5, '0"万元"', "5万元"),
    (90, '"≥"0', "≥90"),
    (12, "General人", "12人"),
    (1234.5, "#,##0.00", "1,234.50"),
    (95, "0_ ", "95"),
    (-3, "0_);[Red]\\(0\\)", "-3"),
    (-3, '0;"下降"0', "下降3"),
    (3, '"增"0%;"减"0%', "增300%"),
    (-0.03, '"增"0%;"减"0%', "减3%"),
    (-3, "0;▼0", "▼3"),
    (-3, '0"人";"减少"0"人"', "减少3人"),
    (-3, '0"人";[Red]0"人"', "-3人"),
    (-3, '0"人";-0"人"', "-3人"),
    (-3, '"¥"0;"¥"(0)', "-¥3"),
    (0, '0;-0;"—"', "—"),
    (7, "000", "007"),
    (12345678, '0!.0,"万"', "1234.6万"),
    (0.5, "# ?/?", "0.5"),
    (5, "[$¥-804]#,##0.00", "¥5.00"),
    (DAY, 'yyyy"年"m"月"d"日"', "2025年12月31日"),
    (DAY, "[$-804]yyyy\\年m\\月;@", "2025年12月"),
    (DAY, "yyyy-mm-dd", "2025-12-31"),
    (DAY, "mm/dd/yy", "2025年12月31日"),
    (DAY, "yyyy/m/d", "2025/12/31"),
    (DAY, "mmm-yy", "2025年12月"),
    (DAY + datetime.timedelta(hours=9.5), "yyyy-mm-dd hh:mm", "2025-12-31 09:30"),
]  # fmt: skip


def texts(document: Document) -> list[list[list[str]]]:
    """The rows of each block; a line of text that stands alone is a row of one cell."""
    return [
        [[block.text]] if isinstance(block, Paragraph) else [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
    ]


def column(document: Document) -> list[str]:
    return [row[0] for rows in texts(document) for row in rows]


@pytest.fixture(scope="module")
def shown() -> bytes:
    """A sheet with one shown number a row."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        for row, (value, code, _) in enumerate(SHOWN):
            sheet.write(row, 0, value, book.add_format({"num_format": code}))
    return data.getvalue()


def test_numbers_are_read_as_they_are_shown(shown: bytes) -> None:
    assert column(documents.read(shown)) == [text for _, _, text in SHOWN]


def test_the_short_cut_gives_what_the_long_way_gives(shown: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [shown, as_xlsx(documents.read((RENDERED / "nanguan-2024.tab_rows.txt").read_text(encoding="utf-8")))]
    taken: list[None] = []
    fill = quick.fill
    monkeypatch.setattr(quick, "fill", lambda *given: taken.append(fill(*given)))
    short = [documents.read(file) for file in files]
    assert len(taken) >= sum(1 for document in short for _ in document.tables)

    def refused(*given: object) -> None:
        raise quick.NotUsual

    monkeypatch.setattr(quick, "fill", refused)
    monkeypatch.setattr(quick, "strings", refused)
    assert [documents.read(file) for file in files] == short


def test_places_merged_cells_and_hidden_sheets() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("表一")
        sheet.merge_range("B3:D3", "某项目绩效目标表")
        for at, text in zip(("B4", "C4", "D4"), ("产出指标", "数量指标", "=100%"), strict=True):
            sheet.write_string(at, text)
        sheet.write("D6", 5)
        book.add_worksheet("空")
        hidden = book.add_worksheet("藏")
        hidden.hide()
        hidden.write("A1", "乙")
    document = documents.read(data.getvalue())
    title, table, line = document.blocks
    assert isinstance(title, Paragraph)
    assert isinstance(table, Table)
    assert isinstance(line, Paragraph)
    assert texts(document) == [
        [["某项目绩效目标表"]],
        [["产出指标", "数量指标", "=100%"], ["", "", ""], ["", "", "5"]],
        [["乙"]],
    ]
    assert (title.location.sheet, title.location.row, title.location.column) == ("表一", 3, 2)
    assert (table.sheet, table.first_row, table.first_column) == ("表一", 3, 1)
    place = table.location(2, 2)
    assert (place.sheet, place.table, place.row, place.column) == ("表一", 1, 6, 4)
    assert (line.location.sheet, line.location.row) == ("藏", 1)


def test_what_a_merged_cell_covers_is_not_seen() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>甲{row}</t></is></c><c r="B{row}"><v>{row}</v></c></row>'
        for row in (1, 2, 3)
    )
    data = excel(f'<sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>')
    assert texts(documents.read(data)) == [[["甲1", "1"], ["", "2"], ["甲3", "3"]]]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ('<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#DIV/0!</v></c>', ["TRUE", "#DIV/0!"]),
        ('<c r="A1" t="d"><v>2025-12-31T00:00:00</v></c>', ["2025-12-31"]),
        ('<c t="str"><f>A2</f><v>甲</v></c><c><v>2</v></c>', ["甲", "2"]),
        ('<c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><f>1+1</f><v>2</v></c>', ["2"]),
        ('<c r="A1" t="s"><v>0</v></c>', ["甲乙"]),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>_x000D_乙</t></r></is></c>', ["甲乙"]),
        ('<x:c r="A1"><x:v>3</x:v></x:c>', ["3"]),
        ('<c r="A1"><v>0.94999999999999996</v></c><c r="B1"><v>1E2</v></c>', ["0.95", "100"]),
        ('<c r="A1"><v>nan</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>甲</v></c>', ["nan", "1e999", "甲"]),
        ('<c r="A1" s="1"><v>0.5</v></c><c r="B1" s="99"><v>0.5</v></c>', ["50%", "0.5"]),
    ],
)
def test_cells_of_every_kind(cells: str, read: list[str]) -> None:
    strings = "<si><r><t>甲</t></r><rPh><t>jia</t></rPh><r><t>乙</t></r></si>"
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs>'
    document = documents.read(excel(f'<sheetData><row r="1">{cells}</row></sheetData>', strings=strings, styles=styles))
    assert texts(document) == [[read]]
    assert document.problems == ()


def test_days_that_count_from_1904() -> None:
    rows = '<sheetData><row r="1"><c r="A1" s="0"><v>44560</v></c></row></sheetData>'
    styles = '<cellXfs><xf numFmtId="31"/></cellXfs>'
    data = excel(rows, styles=styles, workbook='<workbookPr date1904="1"/>')
    assert column(documents.read(data)) == ["2025年12月31日"]
    assert column(documents.read(excel(rows, styles=styles))) == ["2021年12月30日"]


def test_a_cell_far_below_is_a_table_of_its_own() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["A1000000"] = 1, 2
    data = io.BytesIO()
    book.save(data)
    document = documents.read(data.getvalue())
    assert texts(document) == [[["1"]], [["2"]]]
    assert [table.location(0).row for table in document.tables] == [1, 1_000_000]


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_CELLS"])
def test_rows_and_cells_beyond_the_limits(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for _ in range(2):
            sheet = book.add_worksheet()
            for row in range(30):
                sheet.write(row, 0, row)
    monkeypatch.setattr(settings, limit, 40)
    document = documents.read(data.getvalue())
    assert [len(table.rows) for table in document.tables] == [30, 10]
    assert [found.code for found in document.problems] == [f"too_many_{limit[4:].lower()}"]


@pytest.mark.parametrize("name", ["shanhaiguan-office-2023", "nanguan-2024"])
def test_a_real_document_reads_as_its_text(name: str) -> None:
    text = (RENDERED / f"{name}.tab_rows.txt").read_text(encoding="utf-8")
    expected = kpi.extract(text)
    read = kpi.extract(as_xlsx(documents.read(text)))
    assert [[i.name for i in project.indicators] for project in read.projects] == [
        [i.name for i in project.indicators] for project in expected.projects
    ]
    assert [p["indicators"] for p in unplaced(read)] == [p["indicators"] for p in unplaced(expected)]


@needs_libreoffice
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_programs_files_read_the_same(shown: bytes, suffix: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(shown)
    convert([tmp_path / "a.xlsx"], suffix, tmp_path)
    document = documents.read(tmp_path / f"a.{suffix}")
    found = dict(zip([(value, code) for value, code, _ in SHOWN], column(document), strict=True))
    sure = [(value, code, text) for value, code, text in SHOWN if "%" in code or "年" in text or code == "General"]
    assert [(value, code, found[value, code]) for value, code, _ in sure if "mm" not in code] == [
        one for one in sure if "mm" not in one[1]
    ]
    assert document.problems == ()


def test_a_format_is_never_in_the_way() -> None:
    for code in ("", ";;;", '"', "[", "\\", "0" * 500, "[>5]0;0", "0.0.0", "%%", "E+", "_", "*", "yyyy;;", "@;@;@;@;@"):
        for number in (0, -1.5, 45_000, 1e300, -1e-300, 3e6):
            assert isinstance(formats.shown(number, formats.format_of(code)), str)


def test_a_sheet_that_is_missing_or_broken_costs_only_itself() -> None:
    broken = excel('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"></row></sheetData>')
    document = documents.read(broken)
    assert texts(document) == [[["1"]]]
    assert [found.code for found in document.problems] == ["damaged_file"]
    assert xlsx.read(b"PK").problems[0].code == "damaged_file"


def test_a_text_that_is_missing_is_not_missed_silently() -> None:
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c>'
    document = documents.read(excel(f'<sheetData><row r="1">{cells}</row></sheetData>', strings="<si><t>甲</t></si>"))
    assert texts(document) == [[["甲"]]]
    assert [found.code for found in document.problems] == ["damaged_file"]
