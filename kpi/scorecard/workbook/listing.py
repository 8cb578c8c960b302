"""A table of the scorecard as a sheet: heading, filter, frozen panes, colours, print layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpi.scorecard import results
from kpi.scorecard.columns import Cell, Column, Kind, Table
from kpi.scorecard.results import Results
from kpi.scorecard.workbook.book import AMBER, BLUE, INK, LINE, PALE, RED, Book, height, lines

_NOTE, _HEADING, FIRST = 0, 1, 2
_NUMBERS: dict[Kind, str] = {
    "integer": "0",
    "number": "General",
    "money": "#,##0.00",
    "points": "0.00####",
    "share": "0.0%",
}
# How many of the first columns stay in sight when a sheet is scrolled sideways.
_FROZEN = {"projects": 1, "indicators": 5, "findings": 3, "changes": 4, "copies": 4}
_TITLE_WIDTH = 16
_SEVERITY_COLOURS = (("错误", "#F8CBAD", RED), ("警告", "#FFE699", "#614700"), ("提示", "#DDEBF7", "#1F4E78"))


def write(
    book: Book,
    sheet: Worksheet,
    table: Table,
    batch: Results,
    total: int,
    most: tuple[int, int],
    links: Mapping[str, str],
) -> str | None:
    """Write a table of ``total`` rows; a sentence where not all are written. ``links`` leads from a rule to its manual.

    ``most`` is how many rows the sheet takes, and how many it gets where that is not enough; headings are counted.
    """
    kept = total if total <= most[0] - FIRST else most[1] - FIRST
    cut = (
        f"{table.title}共 {total} 行，一张表放不下，只列出问题最重的 {kept} 行；"
        f"全部数据在 Parquet 文件（shards/{table.name}）。"
        if kept < total
        else None
    )
    rows = results.cells(batch, table) if cut is None else results.worst(batch, table, kept)
    _fill(book, sheet, table, rows, links, cut)
    return cut


def write_rows(
    book: Book, sheet: Worksheet, table: Table, rows: Sequence[Any], most: tuple[int, int], links: Mapping[str, str]
) -> str | None:
    """The same of rows that are known."""
    kept = len(rows) if len(rows) <= most[0] - FIRST else most[1] - FIRST
    chosen = sorted(sorted(range(len(rows)), key=lambda n: (-table.worst(rows[n]), n))[:kept])
    cut = f"{table.title}共 {len(rows)} 行，一张表放不下，只列出最要紧的 {kept} 行。" if kept < len(rows) else None
    cells = ([column.of(rows[n]) for column in table.columns] for n in chosen)
    _fill(book, sheet, table, cells, links, cut)
    return cut


def _fill(
    book: Book,
    sheet: Worksheet,
    table: Table,
    rows: Iterable[Sequence[Cell]],
    links: Mapping[str, str],
    cut: str | None,
) -> None:
    _frame(book, sheet, table, cut)
    styles = [_style(book, column) for column in table.columns]
    at = FIRST - 1
    for at, row in enumerate(rows, start=FIRST):
        cells = [_shown(field.say(cell)) for field, cell in zip(table.columns, row, strict=True)]
        sheet.set_row(at, _height(table, cells))
        for column, (field, cell, style) in enumerate(zip(table.columns, cells, styles, strict=True)):
            if isinstance(cell, Decimal | int):
                book.number(sheet, at, column, cell, style)
            elif field.key == "rule" and cell is not None and cell in links:
                book.link(sheet, at, column, links[cell], cell, style)
            else:
                book.text(sheet, at, column, cell, style)
    last = max(FIRST, at)
    sheet.autofilter(_HEADING, 0, last, len(table.columns) - 1)
    printed = sum(not column.aside for column in table.columns)
    sheet.print_area(0, 0, last, printed - 1)
    _colours(book, sheet, table, last)


def _frame(book: Book, sheet: Worksheet, table: Table, cut: str | None) -> None:
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
    sheet.set_row(_NOTE, 22)
    book.text(sheet, _NOTE, 0, table.title, book.format(bold=True, font_size=14, font_color=INK))
    behind = next(n for n in range(1, len(table.columns)) if sum(c.width for c in table.columns[:n]) >= _TITLE_WIDTH)
    book.text(sheet, _NOTE, behind, cut or table.note, book.format(font_color=RED if cut else "#595959"))
    sheet.set_row(_HEADING, 30)
    heading = book.format(
        bold=True, bg_color=PALE, border=1, border_color=LINE, text_wrap=True, align="center", font_color=INK
    )
    for number, column in enumerate(table.columns):
        book.text(sheet, _HEADING, number, column.title, heading)
    sheet.freeze_panes(FIRST, _FROZEN[table.name])
    sheet.repeat_rows(_NOTE, _HEADING)


def _style(book: Book, column: Column) -> Format:
    number = _NUMBERS.get(column.kind)
    if number:
        return book.format(border=1, border_color=LINE, num_format=number, align="right", valign="top")
    if column.key == "rule":
        return book.format(border=1, border_color=LINE, valign="top", font_color="#0563C1", underline=1)
    return book.format(border=1, border_color=LINE, text_wrap=not column.aside, valign="top")


def _shown(cell: Cell) -> str | Decimal | int | None:
    return "、".join(cell) if isinstance(cell, tuple) else cell


def _height(table: Table, cells: Sequence[object]) -> float:
    printed = ((field, cell) for field, cell in zip(table.columns, cells, strict=True) if not field.aside)
    return height(max((lines(cell, field.width) for field, cell in printed if isinstance(cell, str)), default=1))


def _colours(book: Book, sheet: Worksheet, table: Table, last: int) -> None:
    """Severities and grades in colour; counts of errors and warnings where there are any; shares as bars."""
    for at, column in enumerate(table.columns):
        area = (FIRST, at, last, at)
        if column.key == "severity":
            for word, ground, ink in _SEVERITY_COLOURS:
                form = book.format(bg_color=ground, font_color=ink)
                sheet.conditional_format(
                    *area, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form}
                )
        elif column.key == "share_reached":
            scale = {"min_color": "#F8696B", "mid_color": "#FFEB84", "max_color": "#63BE7B"}
            ends = {"min_type": "num", "min_value": 0.5, "mid_type": "num", "mid_value": 0.8}
            sheet.conditional_format(
                *area, {"type": "3_color_scale", **scale, **ends, "max_type": "num", "max_value": 1}
            )
        elif column.key in ("share_quantified", "share_vague"):
            bar = BLUE if column.key == "share_quantified" else AMBER
            ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            sheet.conditional_format(*area, {"type": "data_bar", "bar_color": bar, "bar_solid": True, **ends})
        elif column.key in ("errors", "warnings", "infos"):
            _, ground, ink = _SEVERITY_COLOURS[("errors", "warnings", "infos").index(column.key)]
            form = book.format(bg_color=ground, font_color=ink)
            sheet.conditional_format(*area, {"type": "cell", "criteria": ">", "value": 0, "format": form})
        elif column.key == "rules":
            form = book.format(font_color=RED)
            sheet.conditional_format(*area, {"type": "no_blanks", "format": form})
