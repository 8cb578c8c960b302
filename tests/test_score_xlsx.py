"""The workbook, read back by openpyxl and opened by LibreOffice."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kpi import explain
from kpi.rules import RULES
from kpi.schema import Organisation
from kpi.scorecard import columns, summary, workbook
from kpi.scorecard.scored import Scored
from kpi.scorecard.workbook.book import MOST_CHARS, fit
from tests import scored
from tests.libreoffice import convert, needs_libreoffice

SHEETS = ["总览", "项目评分", "指标明细", "问题清单", "规则说明"]
HEADING, FIRST = 2, 3  # rows, counted from 1
A4 = "9"


def written(documents: Sequence[Scored], folder: Path, **options: Any) -> Path:
    path = folder / "scorecard.xlsx"
    workbook.write(documents, path, **options)
    return path


def opened(documents: Sequence[Scored], folder: Path, **options: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written(documents, folder, **options))


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    titles = [str(cell.value) for cell in sheet[HEADING]]
    return [dict(zip(titles, cells, strict=True)) for cells in sheet.iter_rows(min_row=FIRST, values_only=True)]


def texts(sheet: Worksheet) -> set[str]:
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)}


def test_the_sheets_and_how_they_print(tmp_path: Path) -> None:
    book = opened(scored.corpus(), tmp_path)
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == A4
        assert sheet.oddFooter is not None
        assert "&P" in (sheet.oddFooter.right.text or "")
    for name in SHEETS[1:]:
        sheet = book[name]
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None
        assert sheet.auto_filter.ref.startswith("A2:")
    assert [len(book[name].conditional_formatting) for name in ("项目评分", "问题清单")] == [6, 1]


def test_every_row_is_there_with_its_types(tmp_path: Path) -> None:
    documents = scored.corpus()
    book = opened(documents, tmp_path)
    for table in columns.TABLES:
        expected = list(table.rows(documents))
        found = rows(book[table.title])
        assert len(found) == len(expected) > 0
        for row, cells in zip(expected, found, strict=True):
            for column in table.columns:
                cell, shown = column.said(row), cells[column.title]
                if isinstance(cell, Decimal | int):
                    assert isinstance(shown, int | float)
                    assert Decimal(str(shown)) == cell
                elif isinstance(cell, tuple):
                    assert (shown or "") == "、".join(cell)
                else:
                    assert (shown or "") == fit(cell or "")


def test_numbers_keep_all_their_digits_as_text(tmp_path: Path) -> None:
    value = "≥12345678901234567.123456789元"
    row = {"tier1": "产出指标", "tier2": "数量指标", "name": "产值", "value": value}
    (cells,) = rows(opened([scored.project([row])], tmp_path)["指标明细"])
    assert cells["精确数值"] == "12345678901234567.123456789"
    assert cells["数值"] == pytest.approx(12345678901234567.123456789)


def test_a_number_beyond_a_cell_is_text(tmp_path: Path) -> None:
    digits = "9" * 400
    row = {"tier1": "产出指标", "tier2": "数量指标", "name": "产值", "value": "≥1元", "weight": digits}
    (cells,) = rows(opened([scored.project([row])], tmp_path)["指标明细"])
    assert cells["分值"] == digits


def test_text_stays_text_and_looks_unchanged(tmp_path: Path) -> None:
    book = opened([scored.hostile()], tmp_path)
    found = rows(book["指标明细"])
    assert [cells["指标值"] for cells in found] == [fit(text) for text in scored.HOSTILE]
    assert [cells["指标名称"] for cells in found] == [fit(text) for text in scored.HOSTILE]
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None or cell.hyperlink.location
    assert "=1+1.txt" in texts(book["总览"])
    with zipfile.ZipFile(tmp_path / "scorecard.xlsx") as archive:
        assert not [n for n in archive.namelist() if n.startswith("xl/worksheets/") and b"<f>" in archive.read(n)]


@pytest.mark.parametrize("large", [False, True])
def test_what_no_cell_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    monkeypatch.setattr(workbook, "_MANY_INDICATORS", 0 if large else 10**6)
    long = "长" * 40_000
    row = {"tier1": "产出指标", "tier2": "数量指标", "name": "a\x00b\x1bc\ud800d\u202ee\ufffff", "value": long}
    document = scored.project([row])
    (cells,) = rows(opened([document], tmp_path)["指标明细"])
    assert cells["指标名称"] == "abcdef"
    assert len(cells["指标值"]) == MOST_CHARS
    assert cells["指标值"].startswith("长长")
    assert "文字过长" in cells["指标值"][-20:]


def test_a_cut_does_not_halve_a_character() -> None:
    shown = fit("a" + "😀" * 20_000)
    assert len(shown.encode("utf-16-le")) // 2 <= MOST_CHARS
    assert "\ufffd" not in shown


def test_findings_lead_to_their_rule_and_rules_say_what_they_check(tmp_path: Path) -> None:
    documents = scored.corpus()
    book = opened(documents, tmp_path)
    manual = book["规则说明"]
    assert {manual.cell(row, 1).value for row in range(FIRST, manual.max_row + 1)} == {rule.code for rule in RULES}
    sheet = book["问题清单"]
    column = next(cell.column for cell in sheet[HEADING] if cell.value == "规则")
    for row in range(FIRST, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        assert cell.hyperlink is not None
        assert cell.hyperlink.location is not None
        target = manual[cell.hyperlink.location.rpartition("!")[2]]
        assert target.value == cell.value
    by_code = {manual.cell(r, 1).value: manual.cell(r, 6).value for r in range(FIRST, manual.max_row + 1)}
    assert all("【检查什么】" in str(by_code[rule.code]) for rule in RULES)


def test_the_overview_has_the_figures_and_the_charts(tmp_path: Path) -> None:
    documents = scored.corpus()
    total = summary.batch(documents)
    path = written(documents, tmp_path)
    sheet = openpyxl.load_workbook(path)["总览"]
    beside = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert beside["文档"] == len(documents)
    assert beside["项目"] == total.projects
    assert beside["指标"] == total.indicators
    assert beside["错误 / 警告 / 提示"] == " / ".join(str(n) for n in total.findings.values())
    assert beside["可衡量"] == total.measurable
    assert beside["空.txt"] == documents[-1].extraction.problems[0].message
    with zipfile.ZipFile(path) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        shown = "".join(archive.read(name).decode() for name in charts)
    for title in ("指标值情况", "问题按类别", "机审等级分布", "各块分值", "机审得分率", "设有各类指标"):
        assert title in shown
    assert len(charts) == 7


def test_more_rows_than_a_sheet_holds(tmp_path: Path) -> None:
    documents = scored.corpus()
    most = 8
    book = opened(documents, tmp_path, most_rows=most)
    all_findings = [f for document in documents for f in document.review.findings]
    for name in ("指标明细", "问题清单"):
        sheet = book[name]
        assert sheet.max_row == most
        assert any("只列出问题最重的 6 行" in text for text in texts(sheet))
        assert any(text.startswith(f"{name}共") for text in texts(book["总览"]))
    kept = [row["级别"] for row in rows(book["问题清单"])]
    order = list(explain.SEVERITIES.values())
    worst = sorted(order.index(explain.SEVERITIES[f.severity]) for f in all_findings)[: len(kept)]
    assert sorted(order.index(word) for word in kept) == worst
    assert all(row["问题"] for row in rows(book["指标明细"]))


def test_nothing_to_show(tmp_path: Path) -> None:
    book = opened([], tmp_path)
    assert book.sheetnames == SHEETS
    assert "全部文档都已读取，没有遗漏。" in texts(book["总览"])


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(scored.corpus(), tmp_path).read_bytes()
    time.sleep(2.1)  # the clock of a zip counts in twos
    assert written(scored.corpus(), tmp_path).read_bytes() == first


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        written(scored.corpus(), tmp_path / "nowhere")


@needs_libreoffice
def test_libreoffice_opens_it_and_reads_the_same(tmp_path: Path) -> None:
    path = written([*scored.corpus(), scored.hostile()], tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    convert([path], "pdf", out)
    convert([path], "xlsx", out)
    assert (out / "scorecard.pdf").read_bytes().startswith(b"%PDF")
    ours, theirs = openpyxl.load_workbook(path), openpyxl.load_workbook(out / "scorecard.xlsx")
    assert theirs.sheetnames == SHEETS
    for table in columns.TABLES:
        assert [list(row.values()) for row in rows(theirs[table.title])] == [
            [value.rstrip("\n") if isinstance(value, str) else value for value in row.values()]
            for row in rows(ours[table.title])
        ]


def test_many_organisations_have_a_sheet_of_their_own(tmp_path: Path) -> None:
    document = scored.corpus()[0]
    many = [
        Scored(
            f"{n}.txt",
            document.extraction.model_copy(
                update={
                    "projects": tuple(
                        p.model_copy(update={"organisation": Organisation(name=f"第{n}局")})
                        for p in document.extraction.projects
                    )
                }
            ),
            document.review,
            b"",
        )
        for n in range(31)
    ]
    assert "单位汇总" not in opened(many[:30], tmp_path).sheetnames
    sheet = opened(many, tmp_path)["单位汇总"]
    names = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert sorted(map(str, names)) == sorted(f"第{n}局" for n in range(31))


def test_of_very_many_rows_the_worst_are_kept(tmp_path: Path) -> None:
    documents = scored.corpus()
    total = sum(len(document.review.findings) for document in documents)
    book = opened(documents, tmp_path, most_rows=total + 1, worst_rows=12)
    kept = rows(book["问题清单"])
    assert len(kept) == 10
    every = [finding.severity for document in documents for finding in document.review.findings]
    worst = sorted(every, key=["error", "warning", "info"].index)[:10]
    assert sorted(str(row["级别"]) for row in kept) == sorted(scored.WORDS[severity] for severity in worst)
    assert any(f"问题清单共 {total} 行" in text and "shards/findings" in text for text in texts(book["总览"]))
