"""规则说明: each rule with what it costs and its manual; the findings link here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xlsxwriter.worksheet import Worksheet

from kpi import explain, rules
from kpi.rules.base import Rule
from kpi.scorecard.workbook.book import INK, LINE, PALE, Book, height, lines
from kpi.scoring import Scheme

TITLE = "规则说明"
_FIRST = 2
_HEADINGS = (("编号", 9), ("级别", 6), ("评审意见", 13), ("检查什么", 34), ("所属评分项", 20), ("说明", 90))


def places(found: Collection[str]) -> dict[str, str]:
    """Where each rule's manual stands; rules that ``found`` something come first."""
    ordered = sorted(rules.BY_CODE, key=lambda code: code not in found)  # else in the order of the catalogue
    return {code: f"'{TITLE}'!A{row + 1}" for row, code in enumerate(ordered, start=_FIRST)}


def write(book: Book, sheet: Worksheet, links: Mapping[str, str], scheme: Scheme) -> None:
    """Write the rules in the order of ``links``, each with its criterion in ``scheme``."""
    sheet.set_row(0, 22)
    book.text(sheet, 0, 0, TITLE, book.format(bold=True, font_size=14, font_color=INK))
    book.text(sheet, 0, 3, "本次发现问题的规则排在前面。", book.format(font_color="#595959"))
    heading = book.format(bold=True, bg_color=PALE, border=1, border_color=LINE, align="center", font_color=INK)
    for column, (title, width) in enumerate(_HEADINGS):
        sheet.set_column(column, column, width)
        book.text(sheet, 1, column, title, heading)
    style = book.format(border=1, border_color=LINE, text_wrap=True, valign="top")
    strong = book.format(border=1, border_color=LINE, valign="top", bold=True)
    for row, code in enumerate(links, start=_FIRST):
        rule = rules.BY_CODE[code]
        text = _plain(rule.manual)
        cells = (code, explain.SEVERITIES[rule.severity], rule.opinion, rule.title, _criterion(rule, scheme), text)
        count = max(lines(cell, width) for cell, (_, width) in zip(cells, _HEADINGS, strict=True))
        sheet.set_row(row, height(count + 1))
        for column, cell in enumerate(cells):
            book.text(sheet, row, column, cell, style if column else strong)
    sheet.freeze_panes(_FIRST, 1)
    sheet.repeat_rows(0, 1)
    sheet.autofilter(1, 0, max(_FIRST, _FIRST + len(links) - 1), len(_HEADINGS) - 1)


def _criterion(rule: Rule, scheme: Scheme) -> str:
    found = scheme.criterion_of(rule.code)
    return f"{found[0]}·{found[1].name}" if found else ""


def _plain(manual: str) -> str:
    """The manual behind its first line, its headings as 【…】."""
    lines = manual.splitlines()[1:]
    shown = (f"【{line.lstrip('# ')}】" if line.startswith("#") else line.replace("`", "") for line in lines)
    return "\n".join(line for line in shown if line.strip())
