"""A long PDF with target tables on some pages, and how a general table extractor reads all of it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

FONT = "STSong-Light"
_HEADING = ("一级指标", "二级指标", "三级指标", "指标值", "分值", "指标值确定依据")
_PROSE = (
    "本部门贯彻落实上级决策部署，统筹安排年度重点工作，加强预算管理，严格控制一般性支出，切实提高财政资金使用效益。"
)


def long_pdf(pages: int, targets: Iterable[int]) -> bytes:
    """A PDF of so many pages; those whose index is in ``targets`` hold a ruled target table, the others text."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle("text", fontName=FONT, fontSize=10.5, leading=16, wordWrap="CJK")
    with_table = set(targets)
    story: list[Flowable] = []
    for page in range(pages):
        story.append(Paragraph(f"第{page + 1}部分 部门预算情况说明", style))
        if page in with_table:
            story.append(_target_table(page, style))
        else:
            story += [Paragraph(_PROSE * 3, style) for _ in range(7)]
        story.append(PageBreak())
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4).build(story)
    return buffer.getvalue()


def _target_table(page: int, style: ParagraphStyle) -> Table:
    rows: list[list[object]] = [list(_HEADING)]
    for n in range(16):
        name = Paragraph(f"第{page + 1}部分重点任务{n + 1}按照年度工作计划完成数量", style)
        rows.append(["产出指标" if n == 0 else "", "数量指标", name, f"≥{n + 1}个", "5", "工作计划"])
    borders: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("FONTNAME", (0, 0), (-1, -1), FONT),
        ("SPAN", (0, 1), (0, -1)),
    ]
    return Table(rows, colWidths=[60, 60, 160, 50, 40, 80], style=borders)


def general_tables(data: bytes) -> int:
    """How many tables ``pdfplumber.extract_tables`` finds on all pages."""
    with import_module("pdfplumber").open(io.BytesIO(data)) as document:
        return sum(len(page.extract_tables()) for page in document.pages)
