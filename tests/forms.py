"""Forms with spanned cells, made up at random from words of the field, and written as Word, Excel, HTML and PDF files.

A form is rows of :class:`Span`; what a reader must make of it is ``expected(form)``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import docx
import xlsxwriter
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

from kpi.documents.cleaning import clean
from kpi.documents.grid import Spanned, grid
from kpi.documents.model import Cell


class Span(NamedTuple):
    """A cell and what it covers."""

    text: str
    rows: int = 1
    columns: int = 1


class Form(NamedTuple):
    """A form: its title, its rows, the relative widths of its columns, and how many rows repeat on each page."""

    title: str
    rows: list[list[Span]]
    widths: list[float]
    heading: int  # index of the heading row


THINGS = [
    "社区服务活动", "设备购置", "道路养护", "教师培训", "图书采购", "困难群众救助",
    "河道清淤", "信息系统运维", "疫苗接种", "绿化管护",
]  # fmt: skip
ENDS = ["完成数量", "覆盖人数", "验收合格率", "及时率", "达标情况", "成本控制数", "服务对象满意度"]
VALUES = [
    "≥12次", "≥95%", "100%", "2024年12月底前", "≤35.5万元", "有所提升", "3000人次", "≥3家", "显著改善", "按计划完成",
]  # fmt: skip
LONG = [
    "按照年度工作计划和上级文件要求组织实施，",
    "切实改善基层公共服务条件，",
    "保障各项重点任务按时保质完成，",
    "进一步提高群众获得感和满意度，",
]
TIERS = [
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("社会效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
]


def _name(r: random.Random) -> str:
    return r.choice(["", "", "".join(r.sample(LONG, 2))]) + r.choice(THINGS) + r.choice(ENDS)


def _tiers(r: random.Random, per_tier: int, rest: int, *, merged: bool = True) -> list[list[Span]]:
    """Indicator rows: two merged tiers, then ``rest`` columns made by the caller's texts."""
    rows: list[list[Span]] = []
    for first, seconds in TIERS:
        counts = [r.randint(1, per_tier) for _ in seconds]
        for n, (second, count) in enumerate(zip(seconds, counts, strict=True)):
            for m in range(count):
                row: list[Span] = []
                if not merged or (n == 0 and m == 0):
                    row.append(Span(first, sum(counts) if merged else 1))
                if not merged or m == 0:
                    row.append(Span(second, count if merged else 1))
                texts = [
                    _name(r),
                    r.choice(VALUES),
                    str(r.randint(5, 20)),
                    r.choice(["", "工作计划", "历史标准、行业标准"]),
                ]
                texts += [r.choice(VALUES), str(r.randint(1, 10)), r.choice(["", "", "".join(r.sample(LONG, 3))])]
                rows.append([*row, *map(Span, texts[:rest])])
    return rows


def hebei(r: random.Random, per_tier: int = 2) -> Form:
    """Head over six columns, three merged tiers."""
    thing = r.choice(THINGS)
    goals = "\n".join(f"{n}.{''.join(r.sample(LONG, 3))}完成{thing}{n}项。" for n in range(1, 4))
    rows = [
        [Span("项目编码"), Span(f"1310{r.randint(1000, 9999)}"), Span("项目名称"), Span(f"{thing}专项经费", 1, 3)],
        [Span("预算规模及资金用途", 2), Span("预算数"), Span("35.50"), Span("其中：财政资金"), Span("35.50"), Span("")],
        [Span("".join(LONG) + f"用于{thing}。", 1, 5)],
        [Span("绩效目标"), Span(goals, 1, 5)],
        [Span("一级指标"), Span("二级指标"), Span("三级指标"), Span("指标值"), Span("分值"), Span("指标值确定依据")],
    ]
    return Form("项目支出绩效目标表", [*rows, *_tiers(r, per_tier, 4)], [2, 2.4, 4, 2.2, 1.3, 2.6], 4)


def self_evaluation(r: random.Random, per_tier: int = 2) -> Form:
    """A wide form of nine columns with a heading of two tiers."""
    heading = [
        [Span("一级指标", 2), Span("二级指标", 2), Span("三级指标", 2), Span("年度指标", 1, 3), Span("自评", 1, 3)],
        [Span("指标值"), Span("分值"), Span("依据"), Span("实际完成值"), Span("得分"), Span("偏差原因分析及改进措施")],
    ]
    top = [[Span("项目名称", 1, 2), Span(r.choice(THINGS), 1, 3), Span("主管部门", 1, 2), Span("某县某局", 1, 2)]]
    return Form("项目支出绩效自评表", [*top, *heading, *_tiers(r, per_tier, 7)], [2, 2.2, 4, 2, 1.2, 2, 2, 1.2, 4], 2)


def plain(r: random.Random, per_tier: int = 2) -> Form:
    """Five columns, nothing merged."""
    heading = [Span(text) for text in ("一级指标", "二级指标", "三级指标", "指标值", "分值")]
    return Form("绩效目标申报表", [heading, *_tiers(r, per_tier, 3, merged=False)], [2, 2.6, 5, 2.4, 1.4], 0)


FORMS = {"hebei": hebei, "self_evaluation": self_evaluation, "plain": plain}


def expected(form: Form) -> list[list[str]]:
    """The rectangular grid of a form, its texts cleaned."""
    spanned = [[Spanned(Cell(clean(s.text)), s.rows, s.columns) for s in row] for row in form.rows]
    made = [[cell.text for cell in row] for row in grid(spanned).rows]
    width = len(form.widths)
    return [row + [""] * (width - len(row)) for row in made]


def placed(form: Form) -> list[tuple[int, int, Span]]:
    """Row and column where each cell of a form begins."""
    taken: set[tuple[int, int]] = set()
    found = []
    for row, spans in enumerate(form.rows):
        column = 0
        for span in spans:
            while (row, column) in taken:
                column += 1
            found.append((row, column, span))
            taken |= {(row + y, column + x) for y in range(span.rows) for x in range(span.columns)}
    return found


def as_docx(
    path: Path, forms: Sequence[Form], *, landscape: bool = False, repeat: bool = False, size: float = 10.5
) -> None:
    """Each form on a page of its own, with borders; ``repeat`` repeats its heading on every page."""
    document: Any = docx.Document()
    document.styles["Normal"].font.size = Pt(size)
    section = document.sections[0]
    wide, high = (Cm(29.7), Cm(21)) if landscape else (Cm(21), Cm(29.7))
    section.page_width, section.page_height = wide, high
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.header.paragraphs[0].text = "某县财政局预算公开"
    for n, form in enumerate(forms):
        if n:
            document.add_page_break()
        document.add_heading(form.title, 1)
        document.add_paragraph("填报单位：某县某局        金额单位：万元")
        table = document.add_table(len(form.rows), len(form.widths), style="Table Grid")
        unit = (wide - section.left_margin - section.right_margin) / sum(form.widths)
        for at, share in enumerate(form.widths):
            for cell in table.columns[at].cells:
                cell.width = int(unit * share)
        for row, column, span in placed(form):
            cell = table.cell(row, column)
            if span.rows > 1 or span.columns > 1:
                cell = cell.merge(table.cell(row + span.rows - 1, column + span.columns - 1))
            cell.text = span.text
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        if repeat:
            for row in range(form.heading + 1):
                mark = OxmlElement("w:tblHeader")
                table.rows[row]._tr.get_or_add_trPr().append(mark)
        document.add_paragraph("填表人：张三")
    document.save(str(path))


def as_xlsx(path: Path, forms: Sequence[Form], *, landscape: bool = False) -> None:
    """Each form on a sheet of its own, with borders, as wide as a page."""
    book = xlsxwriter.Workbook(str(path))
    style = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "align": "center", "font_size": 10})
    for form in forms:
        sheet = book.add_worksheet()
        sheet.fit_to_pages(1, 0)
        if landscape:
            sheet.set_landscape()
        sheet.merge_range(0, 0, 0, len(form.widths) - 1, form.title)
        for at, share in enumerate(form.widths):
            sheet.set_column(at, at, share * 6)
        heights = [0] * len(form.rows)
        for row, column, span in placed(form):
            room = sum(form.widths[column : column + span.columns]) * 6
            lines = sum(-(-len(part) * 2.2 // room) for part in span.text.split("\n"))
            if span.rows == 1:
                heights[row] = max(heights[row], int(lines))
            last = (row + span.rows, column + span.columns - 1)
            if span.rows > 1 or span.columns > 1:
                sheet.merge_range(row + 1, column, *last, span.text, style)
            else:
                sheet.write_string(row + 1, column, span.text, style)
        for row, lines in enumerate(heights):
            sheet.set_row(row + 1, 16 * max(lines, 1))
    book.close()


def as_html(forms: Sequence[Form], *, border: str = "1px solid black", padding: str = "4px 8px") -> str:
    """A page that a browser or an office program prints."""
    parts = [f"<style>table{{border-collapse:collapse}}td{{border:{border};padding:{padding}}}</style>"]
    for form in forms:
        parts.append(f"<h2>{form.title}</h2><table>")
        for row in form.rows:
            cells = "".join(
                f"<td rowspan={s.rows} colspan={s.columns}>{s.text.replace(chr(10), '<br>')}</td>" for s in row
            )
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table>")
    return "<!DOCTYPE html><html><meta charset=utf-8><body>" + "".join(parts) + "</body></html>"
