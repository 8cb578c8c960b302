"""审核意见表 as an Excel workbook of one project: the four blocks, the findings, what a reviewer wrote."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpi.explain import CERTAINTIES, SEVERITIES
from kpi.schema import plain
from kpi.scorecard.opinions import BLANK, BlockRows, Judged, ProblemRow, blocks_of, problems_of, total
from kpi.scorecard.scored import Scored, amended
from kpi.scorecard.summary import organisation
from kpi.scorecard.views import ProjectView
from kpi.scorecard.workbook.book import LINE, PALE, Book, height, lines
from kpi.scoring import Scheme

# Names and widths.
_BLOCK_COLUMNS = (
    ("审核内容", 12), ("审核要点", 34), ("分值", 8), ("机审得分", 10), ("说明", 40), ("人工评分", 10), ("人工意见", 44),
)  # fmt: skip
_FINDING_COLUMNS = (
    ("序号", 6), ("审核内容", 12), ("指标", 30), ("指标值", 18), ("问题", 44), ("修改建议", 40), ("规则", 10),
    ("级别", 8), ("把握", 12), ("处理", 10), ("位置", 20),
)  # fmt: skip


def book(document: Scored, view: ProjectView, scheme: Scheme, judged: Judged = BLANK) -> bytes:
    """The workbook of one project; what was not ``judged`` yet is left empty."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        with Book(path) as made:
            _form(made, made.sheet("审核意见表"), document, view, blocks_of(view, scheme), judged)
            _findings(made, made.sheet("问题和建议"), problems_of(view, scheme), judged)
        return path.read_bytes()


def _form(
    made: Book, sheet: Worksheet, document: Scored, view: ProjectView, blocks: Sequence[BlockRows], judged: Judged
) -> None:
    title = made.format(bold=True, font_size=14, align="center")
    sheet.merge_range(0, 0, 0, len(_BLOCK_COLUMNS) - 1, "项目支出绩效目标审核意见表", title)
    budget, year = view.project.budget, view.project.fiscal_year
    facts = (
        ("项目名称", view.name), ("主管部门/单位", organisation(document, view.project)),
        ("项目编码", view.project.code), ("预算年度", f"{year}年" if year else ""),
        ("预算金额", f"{plain(budget.magnitude)}{budget.unit}" if budget else ""), ("来源文件", view.document),
    )  # fmt: skip
    changed = (("人工处理", said),) if (said := amended((document.amended,))) else ()
    at = _pairs(made, sheet, 1, (*facts, *changed))
    at = _head(made, sheet, at + 1, _BLOCK_COLUMNS)
    for block in blocks:
        at = _block(made, sheet, at, block, judged)
    opinion = (
        ("机审得分率", total(view.score)), ("评定等级", judged.grade), ("综合意见", judged.opinion),
        ("审核人", judged.reviewer), ("日期", f"{judged.day:%Y-%m-%d}" if judged.day else ""),
    )  # fmt: skip
    _pairs(made, sheet, at + 1, opinion)


def _pairs(made: Book, sheet: Worksheet, at: int, facts: Sequence[tuple[str, str | None]]) -> int:
    """Names and what they say, one a row; the next free row."""
    width = sum(width for _, width in _BLOCK_COLUMNS[1:])
    for name, text in facts:
        made.text(sheet, at, 0, name, _heading(made))
        sheet.merge_range(at, 1, at, len(_BLOCK_COLUMNS) - 1, "", _cell(made))
        made.text(sheet, at, 1, text, _cell(made))
        sheet.set_row(at, height(lines(text or "", width)))
        at += 1
    return at


def _head(made: Book, sheet: Worksheet, at: int, columns: Sequence[tuple[str, int]]) -> int:
    for column, (name, width) in enumerate(columns):
        made.text(sheet, at, column, name, _heading(made))
        sheet.set_column(column, column, width)
    return at + 1


def _block(made: Book, sheet: Worksheet, at: int, block: BlockRows, judged: Judged) -> int:
    for one in block.criteria:
        _row(made, sheet, at, _BLOCK_COLUMNS, (block.name, one.name, None, None, one.note, None, None))
        for column, points in ((2, one.points), (3, one.reached)):
            if points is not None:
                made.number(sheet, at, column, points, _cell(made))
        at += 1
    said = judged.opinions.get(block.name)
    _row(made, sheet, at, _BLOCK_COLUMNS, (block.name, "小计", None, None, block.said, None, said), bold=True)
    made.number(sheet, at, 2, block.points, _cell(made, bold=True))
    if block.name in judged.points:
        made.number(sheet, at, 5, judged.points[block.name], _cell(made, bold=True))
    return at + 1


def _findings(made: Book, sheet: Worksheet, problems: Sequence[ProblemRow], judged: Judged) -> None:
    at = _head(made, sheet, 0, _FINDING_COLUMNS)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    for number, one in enumerate(problems, 1):
        found = one.finding
        cells = (
            f"{number}", one.block, one.subject, one.value, found.message, found.suggestion, found.rule,
            SEVERITIES[found.severity], CERTAINTIES[found.certainty], judged.states.get(found.id, ""), one.place,
        )  # fmt: skip
        _row(made, sheet, at, _FINDING_COLUMNS, cells)
        at += 1
    if not problems:
        made.text(sheet, at, 0, "没有问题。", made.format())


def _row(
    made: Book, sheet: Worksheet, at: int, columns: Sequence[tuple[str, int]], cells: Sequence[str | None],
    *, bold: bool = False,
) -> None:  # fmt: skip
    for column, cell in enumerate(cells):
        made.text(sheet, at, column, cell, _cell(made, bold=bold))
    most = max(lines(cell or "", width) for cell, (_, width) in zip(cells, columns, strict=True))
    sheet.set_row(at, height(most))


def _heading(made: Book) -> Format:
    return made.format(bold=True, bg_color=PALE, border=1, border_color=LINE, align="center", text_wrap=True)


def _cell(made: Book, *, bold: bool = False) -> Format:
    return made.format(bold=bold, border=1, border_color=LINE, text_wrap=True)
