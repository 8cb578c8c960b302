"""``kpi store``: what the service keeps, copied away; what reviewers said, carried to another place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kpi.cli.service import Data, of

store = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="服务的数据：backup 备份，export 导出审核意见，import 导入审核意见。",
)

NewFile = Annotated[Path, typer.Argument(help="要写的文件，不能已经存在", show_default=False)]
OldFile = Annotated[Path, typer.Argument(help="导出的文件", exists=True, dir_okay=False, show_default=False)]


@contextmanager
def _refusing() -> Iterator[None]:
    """What the service refuses is a fault of the file that was named."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(f"{error}。", param_hint="FILE") from error


@store.command("backup")
def backup(file: NewFile, data: Data = None) -> None:
    """备份整个数据库（SQLite）；服务运行时也可以备份。PostgreSQL 请用 pg_dump。"""
    with _refusing():
        of(data).backup(file)
    typer.echo(f"已备份到 {file}（{file.stat().st_size:,} 字节）。")
    typer.echo("恢复时停止服务，用它替换数据文件夹中的 kpi.db，并删除 kpi.db-wal 和 kpi.db-shm。")


@store.command("export")
def export(file: NewFile, data: Data = None) -> None:
    """导出采纳、不采纳、建议、备注、更正和审核意见表（JSON Lines，每行一条）。"""
    with _refusing():
        count = of(data).export(file)
    typer.echo(f"已导出 {count} 条到 {file}")


@store.command("import")
def import_(file: OldFile, data: Data = None) -> None:
    """导入导出的审核意见；已有的不重复，可以反复导入。"""
    with _refusing():
        moved = of(data).import_(file)
    typer.echo(f"新增：意见 {moved.decisions} 条，更正 {moved.corrections} 处，审核意见表 {moved.sheets} 份")
    if moved.waiting:
        typer.echo(f"{moved.waiting} 条所属的文档不在这里；上传同一文档后再导入一次即可。")
    if moved.unfitting:
        typer.echo(f"{moved.unfitting} 条与这里读出的内容对不上，没有导入。")
