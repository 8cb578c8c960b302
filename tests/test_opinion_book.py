"""The form of review as a workbook: the four blocks, the findings, what a reviewer wrote; text stays text."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl

from kpi import scoring
from kpi.scorecard import opinion_book
from kpi.scorecard.opinions import BLANK, Judged
from kpi.scorecard.scored import Scored
from kpi.scorecard.views import projects_of
from tests import scored


def cells(document: Scored, judged: Judged = BLANK) -> dict[str, list[list[object]]]:
    """The cells of each sheet."""
    data = opinion_book.book(document, projects_of(document)[0], scoring.default(), judged)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.rows for cell in row)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.rows] for sheet in book}


def test_the_four_blocks_and_the_findings() -> None:
    document = scored.corpus()[0]
    view = projects_of(document)[0]
    sheets = cells(document)
    subtotals = {row[0]: (row[2], row[5]) for row in sheets["审核意见表"] if row[1] == "小计"}
    assert subtotals == {block.block: (block.points, None) for block in view.score.blocks}
    for block in view.score.blocks:
        reached = [row[3] for row in sheets["审核意见表"] if row[0] == block.block and row[3] is not None]
        assert sum(Decimal(str(points)) for points in reached) == block.reached
    assert {row[4] for row in sheets["问题和建议"][1:]} == {one.finding.message for one in view.findings}


def test_what_a_reviewer_wrote() -> None:
    document = scored.corpus()[0]
    found = projects_of(document)[0].findings[0].finding
    judged = Judged(
        {"完整性": Decimal("2.5")}, {"完整性": "尚可"}, "良", "=1+1", "张三", date(2025, 3, 4), {found.id: "已采纳"}
    )
    sheets = cells(document, judged)
    (subtotal,) = (row for row in sheets["审核意见表"] if row[:2] == ["完整性", "小计"])
    assert subtotal[5:7] == [2.5, "尚可"]
    said = {row[0]: row[1] for row in sheets["审核意见表"]}
    assert [said[name] for name in ("评定等级", "综合意见", "审核人", "日期")] == ["良", "=1+1", "张三", "2025-03-04"]
    assert [row[9] for row in sheets["问题和建议"][1:] if row[4] == found.message] == ["已采纳"]


def test_text_stays_text() -> None:
    document = scored.hostile()
    project = document.extraction.projects[0]
    written = {value for sheet in cells(document).values() for row in sheet for value in row}
    assert {project.name, project.code} <= written
    assert {one.raw_value for one in project.indicators if len(one.raw_value) > 2} & written
