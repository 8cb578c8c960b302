"""PDF → blocks, on files as office programs and report generators make them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from kpi import documents
from kpi.documents import Document, Table
from kpi.documents.pdf.chars import folded
from tests import forms
from tests.libreoffice import convert

FONT = "STSong-Light"
ROWS = [
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "培训教师人数", "≥120人"),
    ("", "质量指标", "培训合格率", "≥95%"),
    ("效益指标", "社会效益指标", "教学水平", "有所提升"),
]
XS = (60, 150, 260, 420, 530)


def pdf(*pages: Callable[[Canvas], None], rotation: int = 0) -> bytes:
    """A file of pages, each drawn by a function."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in pages:
        canvas.setFont(FONT, 10)
        page(canvas)
        if rotation:
            canvas.setPageRotation(rotation)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw(canvas: Canvas, *, top: float = 700, lines: bool = True, rows: Sequence[tuple[str, ...]] = ROWS) -> None:
    """A table of rows of 30 points; its first column's cells are merged over the two rows of 产出指标."""
    for n, row in enumerate(rows):
        for x, text in zip(XS, row, strict=False):
            canvas.drawString(x + 4, top - 30 * n - 20, text)
    if lines:
        for n in range(len(rows) + 1):
            canvas.line(XS[1] if rows is ROWS and n == 2 else XS[0], top - 30 * n, XS[-1], top - 30 * n)
        for x in XS:
            canvas.line(x, top, x, top - 30 * len(rows))


def grids(document: Document) -> list[list[tuple[str, ...]]]:
    return [[tuple(cell.text for cell in row) for row in table.rows] for table in document.tables]


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


# ------------------------------------------------------------------------------------------ as office programs print


OFFICE = [
    (name, kind, landscape, repeat)
    for name in forms.FORMS
    for kind, landscape, repeat in (("docx", False, False), ("docx", True, True), ("xlsx", True, False))
]


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, forms.Form]]:
    """Forms over one to four pages, printed by LibreOffice in one call."""
    folder = tmp_path_factory.mktemp("printed")
    made: dict[str, tuple[Path, forms.Form]] = {}
    for n, (name, kind, landscape, repeat) in enumerate(OFFICE):
        form = forms.FORMS[name](random.Random(n), 2 if kind == "xlsx" else 3)
        path = folder / f"{name}-{kind}-{landscape}.{kind}"
        if kind == "docx":
            forms.as_docx(path, [form], landscape=landscape, repeat=repeat)
        else:
            forms.as_xlsx(path, [form], landscape=landscape)
        made[path.stem] = path, form
    convert([path for path, _ in made.values()], "pdf", folder)
    return {stem: (path.with_suffix(".pdf"), form) for stem, (path, form) in made.items()}


@pytest.mark.parametrize("case", [f"{name}-{kind}-{landscape}" for name, kind, landscape, _ in OFFICE])
def test_forms_as_office_programs_print_them(printed: dict[str, tuple[Path, forms.Form]], case: str) -> None:
    path, form = printed[case]
    document = documents.read(path)
    want = forms.expected(form)
    assert document.problems == ()
    rows: list[list[str]] = []
    for number, table in enumerate(document.tables):
        for row in ([cell.text for cell in row] for row in table.rows):
            if not (number and row in want[: form.heading + 1] and row in rows):  # a heading that the page repeats
                rows.append(row)
    assert rows == want
    assert form.title in texts(document) or form.title in [cell for row in rows for cell in row] or "xlsx" in case
    pages = [table.page for table in document.tables]
    assert pages == list(range(1, len(pages) + 1))
    assert not any("某县财政局预算公开" in text for text in texts(document)) or len(pages) == 1


# ------------------------------------------------------------------------------------------ drawn tables


def test_merged_cells_are_empty_but_the_first() -> None:
    document = documents.read(pdf(draw))
    assert grids(document) == [ROWS]
    table = next(document.tables)
    assert table.page == 1
    assert table.location(2, 3).model_dump(exclude_none=True) == {"page": 1, "table": 1, "row": 3, "column": 4}


def test_lines_as_narrow_areas_double_lines_and_no_outer_lines() -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas, lines=False)
        for n in range(len(ROWS) + 1):
            canvas.rect(XS[1] if n == 2 else XS[0], 700 - 30 * n, XS[-1] - (XS[1] if n == 2 else XS[0]), 0.5, 0, 1)
            canvas.rect(XS[1], 700 - 30 * n + 2, XS[-1] - XS[1], 0.5, 0, 1)
        for x in XS[1:-1]:  # open on both sides
            canvas.line(x, 700, x, 700 - 30 * len(ROWS))

    assert grids(documents.read(pdf(page))) == [ROWS]


def test_a_cell_of_several_lines_is_one_text() -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas, rows=[("一级", "二级", "三级", "目标值"), ("", "", "", ""), ("产出", "数量", "次数", "≥3次")])
        canvas.drawString(264, 700 - 42, "按照年度计划组织培训教")
        canvas.drawString(264, 700 - 56, "师人数（人）")

    assert grids(documents.read(pdf(page)))[0][1] == ("", "", "按照年度计划组织培训教师人数（人）", "")


def test_bold_faked_by_drawing_twice_is_read_once() -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas)
        canvas.translate(0.3, 0)
        draw(canvas, lines=False)

    assert grids(documents.read(pdf(page))) == [ROWS]


def test_a_slanted_watermark_is_left_out() -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas)
        canvas.saveState()
        canvas.translate(150, 560)
        canvas.rotate(30)
        canvas.drawString(0, 0, "内部资料请勿外传")
        canvas.restoreState()

    document = documents.read(pdf(page))
    assert grids(document) == [ROWS]
    assert texts(document) == []


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_text_drawn_turned_is_read_upright(turns: int) -> None:
    def page(canvas: Canvas) -> None:
        width, height = A4
        canvas.translate(width / 2, height / 2)
        canvas.rotate(90 * turns)
        canvas.translate(-width / 2, -height / 2)
        draw(canvas, top=600)

    assert grids(documents.read(pdf(page))) == [ROWS]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_turned_by_its_entry_is_read(rotation: int) -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas, top=500)

    document = documents.read(pdf(page, rotation=rotation))
    assert grids(document) == [ROWS]


# ------------------------------------------------------------------------------------------ paragraphs


def test_lines_of_a_paragraph_are_joined_and_page_numbers_dropped() -> None:
    long = "本单位贯彻落实上级部署，统筹安排年度重点工作，严格控制一般性支出，提高资金使用效率。"

    def page(number: int) -> Callable[[Canvas], None]:
        def drawn(canvas: Canvas) -> None:
            canvas.drawString(60, 815, "某县财政局部门预算公开")
            canvas.drawString(80, 740, long)
            canvas.drawString(60, 722, long[:-1] + "，按照")
            canvas.drawString(60, 704, f"第{number}段到此结束。")
            canvas.drawString(60, 680, "填报单位：某局")
            canvas.drawString(400, 680, "单位：万元")
            canvas.drawString(280, 30, f"- {number} -")

        return drawn

    document = documents.read(pdf(page(1), page(2), page(3)))
    expected = [f"{long}{long[:-1]}，按照第{{}}段到此结束。", "填报单位：某局", "单位：万元"]
    assert texts(document) == [line.format(number) for number in (1, 2, 3) for line in expected]
    assert [paragraph.location.page for paragraph in document.paragraphs] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_text_stands_between_tables_in_reading_order() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(200, 750, "项目支出绩效目标表")
        draw(canvas)
        canvas.drawString(60, 540, "二、绩效目标补充说明")
        draw(canvas, top=500)

    blocks = documents.read(pdf(page)).blocks
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Table", "Paragraph", "Table"]
    assert [block.number for block in blocks if isinstance(block, Table)] == [1, 2]


@pytest.mark.parametrize(
    ("compatible", "ordinary"),
    [("⼀", "一"), ("⻓", "长"), ("⽬", "目"), ("金", "金"), ("（", "（"), ("％", "％"), ("③", "③")],
)
def test_compatibility_ideographs_read_as_ordinary_ones(compatible: str, ordinary: str) -> None:
    assert folded(compatible) == ordinary
