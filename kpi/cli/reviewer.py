"""``kpi reviewer``: who may use the service; a key is shown once, when it is made."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

reviewer = typer.Typer(
    no_args_is_help=True, add_completion=False, help="审核人和密钥：add 建立，remove 停用，list 列出。"
)

Name = Annotated[str, typer.Argument(help="审核人姓名", show_default=False)]
Data = Annotated[Path | None, typer.Option(help="数据文件夹；默认 ~/.kpi，或 KPI_DATA", show_default=False)]


def _service(data: Path | None) -> Any:
    """The module of the service that works on its store, named by a string so that ``kpi`` never imports ``api``."""
    if data is not None:
        os.environ["KPI_DATA"] = str(data)
    return import_module("api.command")


@reviewer.command("add")
def add(name: Name, data: Data = None) -> None:
    """建立审核人，显示密钥（只显示这一次）。"""
    try:
        key = _service(data).add_reviewer(name)
    except ValueError as error:
        raise typer.BadParameter(f"{error}。", param_hint="NAME") from error
    typer.echo(key)
    typer.echo("请妥善保存：密钥只显示这一次。网页登录和接口调用（Authorization: Bearer）都用它。", err=True)


@reviewer.command("remove")
def remove(name: Name, data: Data = None) -> None:
    """停用审核人的密钥；已有的意见保留。"""
    if not _service(data).disable_reviewer(name):
        raise typer.BadParameter(f"没有审核人“{name}”。", param_hint="NAME")
    typer.echo(f"已停用：{name}")


@reviewer.command("list")
def list_(data: Data = None) -> None:
    """列出持有密钥的审核人。"""
    for name in _service(data).reviewer_names():
        typer.echo(name)
