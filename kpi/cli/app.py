"""The command line as a whole: its commands, and the exit codes that all of them keep.

A command's module is loaded when the command is run; ``kpi --help`` loads none of them.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

# The commands in the order of their use; each is the function, or the group, of its name in the module of its name.
COMMANDS = {
    "parse": "解析指标值，说明读成了什么。",
    "extract": "从文档中提取项目和绩效指标。",
    "check": "检查绩效目标，列出问题、依据和修改建议。",
    "score": "给绩效目标评分：按四块列出可机审的得分和每一处扣分，汇总成表格和报告。",
    "diff": "对比两年的绩效目标：值变了、目标降低了、变得空泛了、指标删去了。",
    "copies": "在整批项目中找成套照搬的指标和重复申报的项目。",
    "rules": "列出全部规则，或显示一条规则的说明。",
    "serve": "启动审核服务：网页和 HTTP 接口。",
    "reviewer": "审核人和密钥：add 建立，remove 停用，list 列出。",
    "store": "服务的数据：backup 备份，export 导出审核意见，import 导入审核意见。",
}


class _Later(TyperCommand):
    """A command of which only the name and what it does are known until it is run."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return _loaded(self.name or "").make_context(info_name, args, parent, **extra)


def _loaded(name: str) -> Any:
    given = getattr(import_module(f"kpi.cli.{name}"), name)
    if isinstance(given, typer.Typer):
        given.info.help = COMMANDS[name]
        return get_command(given)
    one = typer.Typer(add_completion=False, pretty_exceptions_enable=False, context_settings=_SETTINGS)
    one.command(name, help=COMMANDS[name])(given)
    return get_command(one)


class _Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        return _Later(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None


_SETTINGS = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    name="kpi",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"kpi {version('kpi')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")] = False,
) -> None:
    """读懂绩效目标表：提取项目和指标，解析指标值，找出空泛、矛盾、错填的目标。"""


def main() -> None:
    """Entry point of the ``kpi`` script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a GBK console lacks some signs; it must not stop the run
    app()
