"""The command line as a whole: its commands, and the exit codes that all of them keep."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from kpi.cli import check, extract, parse, reviewer, rules, score, serve, store

app = typer.Typer(
    name="kpi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("parse")(parse.parse)
app.command("extract")(extract.extract)
app.command("check")(check.check)
app.command("score")(score.score)
app.command("rules")(rules.rules)
app.command("serve")(serve.serve)
app.add_typer(reviewer.reviewer, name="reviewer")
app.add_typer(store.store, name="store")


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
