"""总览: the figures of the batch, each beside its chart, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, get_args

from xlsxwriter.worksheet import Worksheet

from kpi import explain, rules
from kpi.schema import Severity
from kpi.scorecard import results, summary
from kpi.scorecard.results import Results
from kpi.scorecard.summary import OrganisationTotal, Total
from kpi.scorecard.workbook import charts
from kpi.scorecard.workbook.book import INK, LINE, PALE, RED, Book, height, lines

COLUMNS = 6  # of the tables; the charts stand to their right
_WIDTHS = (28, 11, 19, 11, 11, 11, 1, 12, 12, 12, 12, 12)
_TALL = 14  # rows that a chart needs
_SCALE = 75  # per cent; the columns fill the width of A4, whichever font stands in for ours
_PAGE = 41  # rows that a printed page takes
_WORST_PROJECTS, ORGANISATIONS, _PROBLEMS = 12, 30, 1_000
MOST_ORGANISATIONS = 100_000
NO_NAME = "（未写项目名称）"
_METHOD = (
    "机审得分率＝得分÷可机审分值。四块 20、30、30、20 分及各项扣分办法是默认设置，可以自行配置；"
    "待人工评定的分值由审核人员填写，本表不作推定。"
)
Cell = str | int | Decimal | None


class Section(NamedTuple):
    """A small table: its heading row, its rows (name first), and how its numbers are shown."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    numbers: tuple[str, ...]


def write(
    book: Book, sheet: Worksheet, batch: Results, organisations: Sequence[OrganisationTotal], notes: Sequence[str]
) -> None:
    """Write the overview; ``notes`` are sentences on what the other sheets leave out."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    total = batch.total
    page = 0
    top = _head(book, sheet, batch, organisations, notes)
    row = _table(book, sheet, top, _figures(total, batch.unread)) + 1
    breaks = []
    for number, (section, draw) in enumerate(_sections(batch, organisations)):
        if number and row + max(_TALL, len(section.rows) + 2) > page + _PAGE:
            breaks.append(row)
            page = top = row
        first = row + 2
        row = _table(book, sheet, row, section)
        chart = draw(book, sheet.name, first, len(section.rows))
        sheet.insert_chart(top, COLUMNS + 1, chart, {"x_offset": 4, "y_offset": 2, "object_position": 1})
        top = row = max(row, top + _TALL) + 1
    row = _problems(book, sheet, row, batch)
    sheet.set_print_scale(_SCALE)  # Excel overlooks page breaks where a sheet is fitted to the page
    sheet.set_h_pagebreaks(breaks)
    sheet.center_horizontally()
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)


def _head(
    book: Book, sheet: Worksheet, batch: Results, organisations: Sequence[OrganisationTotal], notes: Sequence[str]
) -> int:
    last = len(_WIDTHS) - 1
    names = [one.name for one in organisations]
    years = results.distinct(batch, "fiscal_year")
    whose = names[0] if len(names) == 1 and names[0] != summary.NO_ORGANISATION else f"{len(names)} 个单位"
    year = f"{years[0]} 年度" if len(years) == 1 else f"{years[0]}—{years[-1]} 年度" if years else "年度未写明"
    sheet.set_row(0, 34)
    sheet.merge_range(0, 0, 0, last, "", book.format(bold=True, font_size=18, font_color=INK, align="center"))
    book.text(sheet, 0, 0, "绩效目标机审总览", book.format(bold=True, font_size=18, font_color=INK, align="center"))
    quiet = book.format(align="center", font_color="#595959")
    sheet.merge_range(1, 0, 1, last, "", quiet)
    book.text(sheet, 1, 0, f"{whose}　{year}　规则集 {rules.RULESET_VERSION}", quiet)
    sheet.merge_range(2, 0, 2, last, "", quiet)
    book.text(sheet, 2, 0, _METHOD, quiet)
    for number, note in enumerate(notes, start=3):
        book.text(sheet, number, 0, note, book.format(font_color=RED))
    return 4 + len(notes)


def _sections(batch: Results, organisations: Sequence[OrganisationTotal]) -> list[tuple[Section, charts.Draw]]:
    """The tables that have a chart; that of the first stands beside the main figures."""
    total = batch.total
    found: list[tuple[Section, charts.Draw]] = [
        (_values(total), charts.values),
        (_blocks(total), charts.blocks),
        (_families(total), charts.families),
        (_grades(total), charts.grades),
        (_tiers(total), charts.tiers),
    ]
    if total.projects > 1:
        found.append((_lowest(batch), charts.ranking))
    if len(organisations) > 1:
        found.append((_organisations(organisations), charts.ranking))
    return [(section, draw) for section, draw in found if section.rows]


def _figures(total: Total, unread: int) -> Section:
    money = summary.in_ten_thousands
    counts = " / ".join(str(total.findings[severity]) for severity in get_args(Severity))
    rows: list[tuple[Cell, ...]] = [
        ("文档", total.documents, "其中未能读取", unread),
        ("项目", total.projects, "其中写有预算", total.budgets),
        ("指标", total.indicators, "其中填有指标值", total.filled),
        ("量化率", explain.percent(total.share_quantified), "空泛率", explain.percent(total.share_vague)),
        ("机审得分率", explain.percent(total.share_reached), "可机审分值占比", explain.percent(total.share_checkable)),
        ("预算合计（万元）", money(total.budget), "核对过金额的（万元）", money(total.money_checked)),
        ("错误 / 警告 / 提示", counts, "机审不评的分值占比", explain.percent(_open_share(total))),
    ]
    return Section("主要数字", (), rows, ("", "0", "", "0"))


def _open_share(total: Total) -> Decimal | None:
    checkable = total.share_checkable
    return None if checkable is None else 1 - checkable


def _blocks(total: Total) -> Section:
    """Means per project, so that a block's points are those of the review."""
    count = max(1, total.projects)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (b.block, b.points / count, b.reached / count, (b.checkable - b.reached) / count,
         (b.points - b.checkable) / count, b.share_reached)
        for b in total.blocks
    )  # fmt: skip
    headings = ("四块（各项目平均）", "满分", "机审得分", "机审扣分", "待人工评定", "机审得分率")
    return Section("四块得分", headings, rows, ("", "0.0", "0.00", "0.00", "0.00", "0.0%"))


def _values(total: Total) -> Section:
    other = total.filled - total.measurable - total.vague
    empty = total.indicators - total.filled
    counts = (("可衡量", total.measurable), ("空泛", total.vague), ("其他文字、等级", other), ("未填写", empty))
    rows = tuple((name, count, summary.share(Decimal(count), Decimal(total.indicators))) for name, count in counts)
    return Section("指标值情况", ("指标值", "条数", "占比"), rows if total.indicators else (), ("", "0", "0.0%"))


def _families(total: Total) -> Section:
    counts: Counter[tuple[str, str]] = Counter()
    for code, by_severity in total.by_rule.items():
        for severity, number in by_severity.items():
            counts[explain.FAMILIES.get(code[:3], code[:3]), severity] += number
    names = dict.fromkeys(name for name, _ in counts)
    ranked = sorted(names, key=lambda n: -sum(counts[n, severity] for severity in explain.SEVERITIES))
    severities = get_args(Severity)
    rows: list[tuple[Cell, ...]] = [(name, *(counts[name, severity] for severity in severities)) for name in ranked]
    return Section("问题按类别", ("类别", *explain.SEVERITIES.values()), rows, ("", "0", "0", "0"))


def _grades(total: Total) -> Section:
    order = [*("优", "良", "中", "差"), *sorted(set(total.grades) - {"优", "良", "中", "差"})]
    rows = tuple((name, total.grades.get(name, 0)) for name in order)
    return Section("机审等级分布（按机审得分率）", ("等级", "项目数"), rows if total.projects else (), ("", "0"))


def _tiers(total: Total) -> Section:
    rows = tuple(
        (kind, count, summary.share(Decimal(count), Decimal(total.projects))) for kind, count in total.tiers.items()
    )
    return Section("层级覆盖", ("设有这类指标的项目", "项目数", "占比"), rows, ("", "0", "0.0%"))


def _lowest(batch: Results) -> Section:
    rows = tuple(
        (p["project"] or NO_NAME, p["share_reached"], p["grade"], p["errors"], p["warnings"], p["share_quantified"])
        for p in results.lowest(batch, _WORST_PROJECTS)
    )
    headings = ("机审得分率最低的项目", "机审得分率", "机审等级", "错误", "警告", "量化率")
    return Section("得分率排序", headings, rows, ("", "0.0%", "", "0", "0", "0.0%"))


def _organisations(organisations: Sequence[OrganisationTotal]) -> Section:
    title = "单位" if len(organisations) <= ORGANISATIONS else f"单位（得分率最低的 {ORGANISATIONS} 个）"
    rows = tuple(
        (o.name, o.share_reached, o.projects, o.findings["error"], o.findings["warning"], o.share_quantified)
        for o in _ranked(organisations)[:ORGANISATIONS]
    )
    headings = (title, "机审得分率", "项目", "错误", "警告", "量化率")
    return Section("单位排序", headings, rows, ("", "0.0%", "0", "0", "0", "0.0%"))


def _ranked(organisations: Sequence[OrganisationTotal]) -> list[OrganisationTotal]:
    """The lowest share of points reached first."""
    return sorted(organisations, key=lambda o: (o.share_reached is None, o.share_reached or Decimal(0)))


_HEADINGS_OF_ALL = (
    ("单位", 40, ""), ("机审得分率", 12, "0.0%"), ("量化率", 10, "0.0%"), ("文档", 8, "0"), ("项目", 8, "0"),
    ("指标", 8, "0"), ("错误", 8, "0"), ("警告", 8, "0"), ("提示", 8, "0"),
)  # fmt: skip


def write_organisations(book: Book, sheet: Worksheet, organisations: Sequence[OrganisationTotal]) -> None:
    """Write every organisation on a sheet of its own, the lowest share of points reached first."""
    for column, (title, width, _) in enumerate(_HEADINGS_OF_ALL):
        sheet.set_column(column, column, width)
        heading = book.format(bold=True, bg_color=PALE, border=1, border_color=LINE, align="center", font_color=INK)
        book.text(sheet, 0, column, title, heading)
    for at, one in enumerate(_ranked(organisations)[:MOST_ORGANISATIONS], start=1):
        counts = one.documents, one.projects, one.indicators, *one.findings.values()
        cells = (one.name, one.share_reached, one.share_quantified, *counts)
        for column, (cell, (_, _, number)) in enumerate(zip(cells, _HEADINGS_OF_ALL, strict=True)):
            style = book.format(border=1, border_color=LINE, num_format=number)
            if isinstance(cell, Decimal | int):
                book.number(sheet, at, column, cell, style)
            else:
                book.text(sheet, at, column, cell, style)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, min(len(organisations), MOST_ORGANISATIONS), len(_HEADINGS_OF_ALL) - 1)


def _table(book: Book, sheet: Worksheet, row: int, section: Section) -> int:
    """Write a section; the row behind it."""
    sheet.set_row(row, 20)
    book.text(sheet, row, 0, section.title, book.format(bold=True, font_size=12, font_color=INK))
    heading = book.format(
        bold=True, bg_color=PALE, border=1, border_color=LINE, align="center", text_wrap=True, font_color=INK
    )
    first = row + 2 if section.headings else row + 1
    for column, text in enumerate(section.headings):
        book.text(sheet, row + 1, column, text, heading)
    for at, cells in enumerate(section.rows, start=first):
        sheet.set_row(at, max(15.0, height(lines(str(cells[0]), _WIDTHS[0]))))
        for column, (cell, number) in enumerate(zip(cells, section.numbers, strict=True)):
            if isinstance(cell, Decimal | int):
                style = book.format(border=1, border_color=LINE, num_format=number or "0", align="right")
                book.number(sheet, at, column, cell, style)
            else:
                align = "right" if number else "left" if column == 0 or not section.headings else "center"
                style = book.format(border=1, border_color=LINE, align=align, shrink=column > 0, text_wrap=column == 0)
                book.text(sheet, at, column, cell, style)
    return first + len(section.rows)


def _problems(book: Book, sheet: Worksheet, row: int, batch: Results) -> int:
    """The problems, those of unread documents first."""
    total = sum(1 for _ in results.troubles(batch))
    book.text(sheet, row, 0, "读取问题", book.format(bold=True, font_size=12, font_color=INK))
    row += 1
    if not total:
        book.text(sheet, row, 0, "全部文档都已读取，没有遗漏。", book.format())
        return row
    style = book.format(border=1, border_color=LINE, text_wrap=True, valign="top")
    last = len(_WIDTHS) - 1
    for one in islice(results.troubles(batch), _PROBLEMS):
        book.text(sheet, row, 0, one.document, style)
        sheet.merge_range(row, 1, row, last, "", style)
        book.text(sheet, row, 1, one.said, style)
        sheet.set_row(row, height(max(lines(one.document, _WIDTHS[0]), lines(one.said, sum(_WIDTHS[1:])))))
        row += 1
    if total > _PROBLEMS:
        book.text(sheet, row, 0, f"其余 {total - _PROBLEMS} 条略。", book.format(font_color=RED))
    return row
