"""Formulas whose result a spreadsheet does not keep: they are empty, and a problem counts them."""

from __future__ import annotations

import io

import openpyxl
import pytest

from kpi import documents
from kpi.documents.sheets import quick
from tests.office import excel, zipped

UNSOLVED = '<c r="C2"><f>1+1</f></c><c r="D2" s="0"><f>1+2</f><v></v></c><c r="E2" t="n"><f t="shared" si="0"/><v/></c>'
SOLVED = '<c r="C3"><f>1+1</f><v>2</v></c><c r="D3" t="str"><f>""</f><v></v></c><c r="E3" s="0"/>'


def formulas(data: bytes) -> list[tuple[str, str | None, int | None, int | None]]:
    """The message, sheet, row and column of the problems."""
    problems = documents.read(data).problems
    assert all(problem.code == "formula_without_result" for problem in problems)
    return [(p.message, p.location.sheet, p.location.row, p.location.column) for p in problems if p.location]


def sheet(*rows: str) -> bytes:
    cells = "".join(f'<row r="{at}"><c r="A{at}"><v>7</v></c>{row}</row>' for at, row in enumerate(rows, 2))
    return excel(f"<sheetData>{cells}</sheetData>")


@pytest.mark.parametrize("short_cut", [True, False])
def test_formulas_without_a_result_are_counted(short_cut: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise quick.NotUsual

    if not short_cut:
        monkeypatch.setattr(quick, "fill", refused)
    ((message, *place),) = formulas(sheet(UNSOLVED, SOLVED))
    assert "有 3 个单元格只有公式" in message
    assert place == ["表", 2, 3]
    assert formulas(sheet("", SOLVED)) == []


def test_a_workbook_has_one_problem_for_all_its_formulas() -> None:
    book = openpyxl.Workbook()
    for name in ("甲", "乙"):
        page = book.create_sheet(name)
        page["A1"], page["B2"] = "指标值", '="≤"&45&"万元"'
    data = io.BytesIO()
    book.save(data)
    ((message, *place),) = formulas(data.getvalue())
    assert "有 2 个单元格" in message
    assert place == ["甲", 2, 2]


def test_formulas_in_sheets_of_libreoffice() -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cells = (
        '<table:table-cell><text:p>指标值</text:p></table:table-cell><table:table-cell table:formula="of:=1+1"/>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
        '</table:table-cell><table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string"/>'
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表"><table:table-row>{cells}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    ((message, *place),) = formulas(zipped({"mimetype": kind, "content.xml": content}))
    assert "有 1 个单元格" in message
    assert place == ["表", 1, 2]
