"""``kpi reviewer``: who may use the service; a key is shown once, when it is made."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli.service import Data, of

reviewer = typer.Typer(
    no_args_is_help=True, add_completion=False, help="审核人和密钥：add 建立，remove 停用，list 列出。"
)

Name = Annotated[str, typer.Argument(help="审核人姓名", show_default=False)]


@reviewer.command("add")
def add(name: Name, data: Data = None) -> None:
    """建立审核人，显示密钥（只显示这一次）。"""
    try:
        key = of(data).add_reviewer(name)
    except ValueError as error:
        raise typer.BadParameter(f"{error}。", param_hint="NAME") from error
    typer.echo(key)
    typer.echo("请妥善保存：密钥只显示这一次。网页登录和接口调用（Authorization: Bearer）都用它。", err=True)


@reviewer.command("remove")
def remove(name: Name, data: Data = None) -> None:
    """停用审核人的密钥；已有的意见保留。"""
    if not of(data).disable_reviewer(name):
        raise typer.BadParameter(f"没有审核人“{name}”。", param_hint="NAME")
    typer.echo(f"已停用：{name}")


@reviewer.command("list")
def list_(data: Data = None) -> None:
    """列出持有密钥的审核人。"""
    for name in of(data).reviewer_names():
        typer.echo(name)
