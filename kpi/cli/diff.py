"""``kpi diff``: two years of the same projects → what moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from kpi import explain
from kpi.cli.common import Exit, extractions, is_unread, list_problems
from kpi.cli.terminal import console, emit, safe, shown
from kpi.inputs import same_file
from kpi.schema import Problem

if TYPE_CHECKING:
    from rich.console import Console

    from kpi.schema import ProjectChange, Trend
    from kpi.scorecard.changes import ChangeRow
    from kpi.trend import Filed


class Format(StrEnum):
    """How changes are written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


_WHAT = "文件、文件夹、zip，或以前的结果（jsonl 文件、Parquet 文件夹）"


class _Year(NamedTuple):
    """What was read of one year."""

    projects: list[Filed]
    problems: list[tuple[str, Problem]]
    unread: bool


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help=f"前一年：{_WHAT}", show_default=False)],
    after: Annotated[Path, typer.Argument(metavar="B", help="后一年：同上", show_default=False)],
    format: Annotated[Format, typer.Option("--format", help="text：给人看；json；csv、xlsx 要写 -o")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件", show_default=False)] = None,
) -> None:
    """对比两年的绩效目标：值变了、目标降低了、变得空泛了、指标删去了。"""
    _check(format, output, (before, after))
    from kpi import trend
    from kpi.scorecard import changes

    years = _read(before), _read(after)
    _warn_of_order(years)
    found = trend.diff(years[0].projects, years[1].projects)
    rows = list(changes.changed(found))
    if output is not None:
        _write(format, output, found, rows)
    elif format is Format.JSON:
        emit(found.model_dump_json())
    if output is not None or format is Format.TEXT:
        _show(console(), found, rows, output)
    list_problems([*years[0].problems, *years[1].problems])
    raise typer.Exit(Exit.UNREAD if any(year.unread for year in years) else Exit.DONE)


def _check(form: Format, output: Path | None, inputs: tuple[Path, Path]) -> None:
    for path in inputs:
        if not path.exists():
            raise typer.BadParameter(f"没有 {shown(str(path))}。", param_hint="A B")
    if output is None and form in (Format.CSV, Format.XLSX):
        raise typer.BadParameter(f"{form} 要用 -o 写明文件。", param_hint="-o")
    if output is not None and form is Format.TEXT:
        raise typer.BadParameter("写入文件时要用 --format 选 json、csv 或 xlsx。", param_hint="--format")
    if output is not None and any(same_file(path, output) for path in inputs):
        raise typer.BadParameter(f"{shown(str(output))} 是要读取的，不能作为输出。", param_hint="-o")


def _read(path: Path) -> _Year:
    """One year: results of an earlier run as they are, documents read now."""
    from kpi import trend
    from kpi.scorecard import earlier

    kept = path / earlier.RECORD
    try:
        if earlier.is_run(path) or (not kept.is_file() and earlier.parquet_files(path, "projects")):
            return _Year(earlier.projects(path), [], unread=False)
        record = kept if kept.is_file() else path
        found = list(earlier.record(record) if earlier.is_record(record) else extractions([path], None))
    except (earlier.ResultsError, OSError) as error:
        raise typer.BadParameter(f"{shown(str(path))}：{error}。", param_hint="A B") from error
    return _Year(
        [one for label, read in found for one in trend.filed(label, read)],
        [(label, problem) for label, read in found for problem in read.problems],
        any(is_unread(read) for _, read in found),
    )


def _warn_of_order(years: Sequence[_Year]) -> None:
    known = [[one.fiscal_year for one in year.projects if one.fiscal_year] for year in years]
    if all(known) and min(known[0]) > max(known[1]):
        console(stderr=True).print("[yellow]![/] A 的年度晚于 B；升降按 A 在前、B 在后来说，是否写反了？")


def _write(form: Format, output: Path, found: Trend, rows: Sequence[ChangeRow]) -> None:
    from kpi.scorecard import changes

    try:
        if form is Format.JSON:
            output.write_text(found.model_dump_json() + "\n", encoding="utf-8")
        elif form is Format.CSV:
            from kpi.scorecard.tables import write_rows

            write_rows(changes.CHANGES, rows, output)
        else:
            from kpi.scorecard.workbook import write_one

            write_one(changes.CHANGES, rows, output)
    except OSError as error:
        why = error.strerror or str(error)
        raise typer.BadParameter(f"无法写入 {shown(str(output))}：{why}", param_hint="-o") from error


_MOST_SHOWN = 500


def _show(out: Console, found: Trend, rows: Sequence[ChangeRow], output: Path | None) -> None:
    if output is not None:
        out.print(f"已写入 [bold]{safe(str(output))}[/]。", soft_wrap=True)
    else:
        for project, of_project in groupby(rows[:_MOST_SHOWN], key=lambda row: row.project):
            _project(out, project, list(of_project))
        if len(rows) > _MOST_SHOWN:
            out.print(f"只列出前 {_MOST_SHOWN} 处，共 {len(rows)} 处；用 --format xlsx -o 文件 看全部。")
    both = [project for project in found.projects if project.before and project.after]
    kinds = Counter(row.change for project in both for row in project.rows)
    said = "  ".join(f"{word} {kinds[change]}" for change, word in explain.CHANGES.items() if kinds[change])  # type: ignore[index]
    alone = Counter(project.before is None for project in found.projects if not (project.before and project.after))
    out.print(
        f"[bold]合计[/] 两年都有的项目 {len(both)} 个，只有前一年有的 {alone[False]} 个，"
        f"只有后一年有的 {alone[True]} 个。 指标：{said or '无'}",
        soft_wrap=True,
    )


def _project(out: Console, project: ProjectChange, rows: Sequence[ChangeRow]) -> None:
    """The changes of one project, as a table under its name."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from kpi.scorecard.changes import CHANGES

    one = project.after or project.before
    assert one is not None
    years = "→".join(str(side.fiscal_year or "？") for side in (project.before, project.after) if side)
    whose = f"　{safe(one.organisation)}" if one.organisation else ""
    head = f"[bold]{safe(one.name or '（未写项目名称）')}[/]{whose}　{years}"
    if project.before is None or project.after is None:
        which = "后" if project.before is None else "前"
        out.print(f"{head}　[yellow]整个项目只有{which}一年有[/]", soft_wrap=True)
        return
    out.print(head, soft_wrap=True)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    columns = [column for column in CHANGES.columns if column.key in _SHOWN]
    for column in columns:
        table.add_column(column.title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(str(column.said(row) or "—"))) for column in columns))
    out.print(table)


_SHOWN = ("change", "name", "before", "after", "said")
