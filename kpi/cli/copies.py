"""``kpi copies``: the tables of a batch → copied indicator sets and near-duplicate projects."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi.cli.common import Exit
from kpi.cli.terminal import console, safe, shown

if TYPE_CHECKING:
    from rich.console import Console

    from kpi.copies import Copies

_FORMATS = (".xlsx", ".csv", ".json")
_MOST_SHOWN = 20
SHARE = 0.8


def copies(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="kpi score 的输出文件夹", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入文件：.xlsx、.csv 或 .json", show_default=False)
    ] = None,
    share: Annotated[float, typer.Option(min=0.5, max=1.0, help="相同的行占多少才算雷同")] = SHARE,
    every: Annotated[bool, typer.Option("--all", help="同类项目共用的指标也列出（不算问题）")] = False,
) -> None:
    """在整批项目中找成套照搬的指标和重复申报的项目。"""
    if output is not None and output.suffix.lower() not in _FORMATS:
        raise typer.BadParameter(f"文件名要以 {'、'.join(_FORMATS)} 结尾。", param_hint="-o")
    found = _found(folder, share, every)
    if output is not None:
        _write(output, found)
    _show(console(), found, output)
    raise typer.Exit(Exit.DONE)


def _found(folder: Path, share: float, every: bool) -> Copies:
    from kpi.scorecard import earlier

    try:
        files = [earlier.parquet_files(folder, name) for name in ("projects", "indicators")]
    except earlier.ResultsError as error:
        raise typer.BadParameter(f"{shown(str(folder))}：{error}。", param_hint="DIR") from error
    if not all(files):
        raise typer.BadParameter(
            f"{shown(str(folder))} 里没有 projects、indicators 两张表；先用 kpi score 评分。",
            param_hint="DIR",
        )
    from polars.exceptions import ColumnNotFoundError, PolarsError

    from kpi.scorecard import copies as table

    try:
        return table.of_tables(files[0], files[1], share=share, shared=every)
    except ColumnNotFoundError as error:
        raise typer.BadParameter(
            f"{shown(str(folder))} 的表由旧版本写出，请用本版重新评分。", param_hint="DIR"
        ) from error
    except (PolarsError, OSError) as error:
        raise typer.BadParameter(
            f"{shown(str(folder))} 的表读不出来，可能已损坏：{shown(str(error))}", param_hint="DIR"
        ) from error


def _write(output: Path, found: Copies) -> None:
    from kpi.scorecard.copies import COPIES, rows

    try:
        match output.suffix.lower():
            case ".json":
                output.write_text(found.model_dump_json() + "\n", encoding="utf-8")
            case ".csv":
                from kpi.scorecard.tables import write_rows

                write_rows(COPIES, list(rows(found)), output)
            case _:
                from kpi.scorecard.workbook import write_one

                write_one(COPIES, list(rows(found)), output)
    except OSError as error:
        why = error.strerror or str(error)
        raise typer.BadParameter(f"无法写入 {shown(str(output))}：{why}", param_hint="-o") from error


def _show(out: Console, found: Copies, output: Path | None) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from kpi.scorecard.copies import KINDS

    if output is None and found.families:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("组", justify="right")
        table.add_column("类别", no_wrap=True)
        for heading in ("项目数", "单位数", "相同行数"):
            table.add_column(heading, justify="right")
        table.add_column("问题", overflow="fold")
        for number, family in enumerate(found.families[:_MOST_SHOWN], start=1):
            counts = (len(family.members), family.organisations, len(family.rows))
            table.add_row(str(number), KINDS[family.kind], *map(str, counts), Text(shown(family.message)))
        out.print(table)
    kinds = Counter(family.kind for family in found.families)
    said = "，".join(f"{word} {kinds[kind]} 组" for kind, word in KINDS.items() if kinds[kind])  # type: ignore[index]
    out.print(
        f"[bold]合计[/] {found.projects} 个项目，比较了 {found.compared} 个（三行以上）；{said or '没有雷同的项目'}。"
        f" 指标相同的人员、公用经费等项目 {found.standing} 个，不算。",
        soft_wrap=True,
    )
    if output is not None:
        out.print(f"已写入 [bold]{safe(str(output))}[/]。", soft_wrap=True)
    elif len(found.families) > _MOST_SHOWN:
        out.print(f"只列出前 {_MOST_SHOWN} 组；用 -o 文件.xlsx 看全部。")
