"""``kpi extract``: documents → JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpi.cli.common import Exit, Paths, Year, console, emit, extractions, is_unread, list_problems, safe, shown
from kpi.schema import Extraction, Problem


def extract(
    paths: Paths,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入文件（JSON Lines）；不写则输出到屏幕")
    ] = None,
    year: Year = None,
) -> None:
    """读取文档，每个文档输出一行 JSON。"""
    problems: list[tuple[str, Problem]] = []
    unread = False
    read: list[tuple[str, Extraction]] = []
    try:
        stream = output.open("w", encoding="utf-8", newline="\n") if output else None
    except OSError as error:
        raise typer.BadParameter(f"无法写入 {output}：{error.strerror}", param_hint="-o") from error
    try:
        for label, extraction in extractions(paths, year):
            line = extraction.model_dump_json()
            if stream:
                stream.write(line + "\n")
            else:
                emit(line)
            problems += [(label, problem) for problem in extraction.problems]
            unread = unread or is_unread(extraction)
            read.append((label, extraction))
    finally:
        if stream:
            stream.close()
    if output:
        _summarise(read, output)
    list_problems(problems)
    raise typer.Exit(Exit.UNREAD if unread else Exit.DONE)


def _summarise(read: list[tuple[str, Extraction]], output: Path) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, side in (("文件", "left"), ("单位", "left"), ("年度", "right"), ("项目", "right"), ("指标", "right")):
        table.add_column(heading, justify=side, overflow="fold")  # type: ignore[arg-type]
    table.add_column("目标表", justify="right")
    table.add_column("读取行/候选行", justify="right")
    for label, extraction in read:
        coverage = extraction.coverage
        table.add_row(
            Text(shown(Path(label).name)),
            Text(shown(extraction.organisation.name or "—")),
            str(extraction.fiscal_year or "—"),
            str(len(extraction.projects)),
            str(sum(len(project.indicators) for project in extraction.projects)),
            f"{coverage.target_tables}/{coverage.tables_seen}",
            f"{coverage.rows_read}/{coverage.rows_seen}",
        )
    out = console()
    out.print(table)
    out.print(f"已写入 [bold]{safe(str(output))}[/]（{len(read)} 个文档）")
