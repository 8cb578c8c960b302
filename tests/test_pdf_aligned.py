"""Tables of PDFs that no lines draw, or only level ones, and tables over page breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from kpi import documents
from kpi.documents import Document
from tests.test_pdf import XS, codes, draw, grids, pdf, texts

HEADING = ("一级指标", "二级指标", "三级指标", "指标值")
TIERS = [
    ("产出指标", "数量指标"),
    ("", "质量指标"),
    ("", "时效指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度"),
]
VALUES = ("≥120人", "≥95%", "2024年12月底前", "有所提升", "")
ROWS = [
    HEADING,
    *((*tier, f"指标内容{n}完成情况", value) for n, (tier, value) in enumerate(zip(TIERS, VALUES, strict=True))),
]


def aligned(
    rows: Sequence[Sequence[str]], pitch: float, *, top: float = 700, rules: bool = False
) -> Callable[[Canvas], None]:
    """Rows of cells whose lines are 14 points apart, with ``pitch`` points from one row to the next."""

    def page(canvas: Canvas) -> None:
        y = top
        for row in rows:
            if rules:
                canvas.line(XS[0], y + 14, XS[-1], y + 14)
            for x, text in zip(XS, row, strict=False):
                for n, line in enumerate(text.split("\n")):
                    canvas.drawString(x + 4, y - 14 * n, line)
            y -= pitch + 14 * max(text.count("\n") for text in row)
        if rules:
            canvas.line(XS[0], y + 14, XS[-1], y + 14)

    return page


WRAPPED = [
    HEADING,
    ("产出指标", "数量指标", "按照年度工作计划完成\n培训教师的人数", "≥120人"),
    ("", "质量指标", "培训合格率", "≥95%"),
    ("效益指标", "社会效益指\n标", "通过培训使全区各校教\n师的教学水平和服务学\n生的能力", "有所提升"),
    ("满意度指标", "服务对象", "参加培训的教师满意度", "≥90%"),
]  # fmt: skip


def unwrapped(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(text.replace("\n", "") for text in row) for row in rows]


@pytest.mark.parametrize("pitch", [15, 18, 24, 36])
def test_rows_at_equal_distances(pitch: float) -> None:
    assert grids(documents.read(pdf(aligned(ROWS, pitch)))) == [ROWS]


@pytest.mark.parametrize("rules", [False, True])
@pytest.mark.parametrize("pitch", [20, 26])
def test_wrapped_cells_are_joined_to_their_rows(pitch: float, rules: bool) -> None:
    assert grids(documents.read(pdf(aligned(WRAPPED, pitch, rules=rules)))) == [unwrapped(WRAPPED)]


# ------------------------------------------------------------------------------------------ cells over several rows

# Tiers, each with how many rows it covers, and the cells of the rows: texts of one to three lines.
COVERING = [
    (("产出指标", 4), ("数量指标", 1), "培训教师的人数", "≥120人"),
    (None, ("质量指标", 2), "按照年度工作计划完成\n培训后考试合格的教师\n占参加人数的比例", "≥95%"),
    (None, None, "培训教材印刷合格率", "≥98%"),
    (None, ("时效指标", 1), "培训完成时间", "2024年12月底前"),
    (("效益指标", 2), ("社会效益指标", 2), "通过培训使全区各校教\n师的教学水平得到提高", "有所提升"),
    (None, None, "受益学生人数", "≥3000人"),
    (("满意度指标", 1), ("服务对象满意度指标", 1), "参加培训的教师满意度", "≥90%"),
]


def covering(canvas: Canvas, *, pad: float) -> None:
    """The table above without lines; every cell stands in the middle of the rows it covers, centred."""
    heights = [18.0, *(12 * (1 + row[2].count("\n")) + pad for row in COVERING)]
    tops = [720 - sum(heights[:at]) for at in range(len(heights) + 1)]
    middles = [90, 180, 300, 430]

    def centred(column: int, first: int, rows: int, text: str) -> None:
        lines = text.split("\n")
        y = (tops[first] + tops[first + rows]) / 2 + 6 * (len(lines) - 2)
        for n, line in enumerate(lines):
            canvas.drawCentredString(middles[column], y - 12 * n + 2, line)

    for column, text in enumerate(HEADING):
        centred(column, 0, 1, text)
    for row, (*tiers, name, value) in enumerate(COVERING, 1):
        for column, tier in enumerate(tiers):
            if tier:
                centred(column, row, tier[1], tier[0])
        centred(2, row, 1, name)
        centred(3, row, 1, value)


@pytest.mark.parametrize("pad", [3, 8, 20])
def test_a_cell_in_the_middle_of_rows_belongs_to_the_first(pad: float) -> None:
    rows = [(*(tier[0] if tier else "" for tier in row[:2]), row[2], row[3]) for row in COVERING]
    document = documents.read(pdf(lambda canvas: covering(canvas, pad=pad)))
    assert grids(document) == [[HEADING, *unwrapped(rows)]]


def test_the_head_of_a_form_may_have_cells_over_several_columns() -> None:
    def page(canvas: Canvas) -> None:
        for x, text in zip((XS[0], XS[1], XS[2]), ("项目名称", "教师培训经费", "项目编码 1310"), strict=True):
            canvas.drawString(x + 4, 760, text)
        canvas.drawString(XS[0] + 4, 740, "绩效目标")
        canvas.drawString(XS[1] + 4, 740, "1.组织全区各校教师参加年度业务培训，完成全部课程；")
        canvas.drawString(XS[1] + 4, 727, "2.提高教学水平。")
        aligned(ROWS, 20)(canvas)

    [table] = grids(documents.read(pdf(page)))
    goals = "1.组织全区各校教师参加年度业务培训，完成全部课程； 2.提高教学水平。"
    assert table[0][:2] == ("项目名称", "教师培训经费")
    assert table[1] == ("绩效目标", goals, "", "")
    assert table[2:] == ROWS


def test_paragraphs_around_an_aligned_table_stay_paragraphs() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(200, 760, "项目支出绩效目标表")
        aligned(ROWS, 20)(canvas)
        canvas.drawString(60, 500, "说明：本表由项目单位填写，经主管部门审核后报送财政部门。")

    document = documents.read(pdf(page))
    assert grids(document) == [ROWS]
    assert texts(document) == ["项目支出绩效目标表", "说明：本表由项目单位填写，经主管部门审核后报送财政部门。"]


def test_prose_is_no_table() -> None:
    def page(canvas: Canvas) -> None:
        for n in range(12):
            canvas.drawString(80, 700 - 18 * n, f"{n}. 绩效目标完成情况良好，各项指标均达到预期，详见附件{n}。")
        canvas.drawString(80, 440, "填表人：张三        审核人：李四        日期：2024年1月")

    document = documents.read(pdf(page))
    assert grids(document) == []
    assert texts(document)[-3:] == ["填表人：张三", "审核人：李四", "日期：2024年1月"]


# ------------------------------------------------------------------------------------------ page breaks


def rows_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for table in document.tables for row in table.rows]


def test_each_page_gives_its_own_table() -> None:
    rows = [HEADING, *((f"产出{n}", "数量", f"名{n}", "≥1") for n in range(3))]
    later = [(f"产出{n}", "数量", f"名{n}", "≥1") for n in range(3, 6)]
    first = lambda canvas: draw(canvas, top=240, rows=rows)  # noqa: E731
    document = documents.read(pdf(first, lambda canvas: draw(canvas, top=780, rows=later)))
    assert [table.page for table in document.tables] == [1, 2]
    assert grids(document) == [rows, later]


def test_a_row_that_a_page_break_cuts_is_put_together() -> None:
    whole = "按照年度工作计划组织开展培训"  # fills the cell
    rows = [HEADING, ("产出", "数量", "次数", "≥3次"), ("", "质量", whole, "≥95%")]
    later = [("", "", "教师的合格率", ""), ("效益", "社会效益", "水平", "提升")]
    document = documents.read(
        pdf(lambda canvas: draw(canvas, top=240, rows=rows), lambda canvas: draw(canvas, top=780, rows=later))
    )
    assert rows_of(document) == [
        list(HEADING),
        ["产出", "数量", "次数", "≥3次"],
        ["", "质量", f"{whole}教师的合格率", "≥95%"],
        list(later[1]),
    ]
    second = list(document.tables)[1]
    assert second.location(0).row == 2  # the rest of the cut row stands before it


@pytest.mark.parametrize("last", ["完成次数", "组织培训完成后开展评估总结。"])
def test_a_row_with_empty_cells_behind_a_page_break_stays_a_row(last: str) -> None:
    rows = [HEADING, ("产出", "数量", "次数", "≥3次"), ("", "质量", last, "≥95%")]
    later = [("", "", "教师的合格率", ""), ("效益", "社会效益", "水平", "提升")]
    document = documents.read(
        pdf(lambda canvas: draw(canvas, top=240, rows=rows), lambda canvas: draw(canvas, top=780, rows=later))
    )
    assert len(rows_of(document)) == 5


def test_pages_without_text_are_named() -> None:
    def scan(canvas: Canvas) -> None:
        for n in range(60):
            canvas.line(50, 700 - 5 * n, 300 + n, 702 - 5 * n)

    document = documents.read(pdf(draw, scan, scan, draw))
    assert codes(document) == ["pages_without_text"]
    assert "第 2—3 页" in document.problems[0].message
    assert [table.page for table in document.tables] == [1, 4]
