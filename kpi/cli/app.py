"""The command line as a whole: its commands, and the exit codes that all of them keep."""

from __future__ import annotations

import typer

from kpi.cli import check, extract, parse, rules, serve

app = typer.Typer(
    name="kpi",
    help="读懂绩效目标表：提取项目和指标，解析指标值，找出空泛、矛盾、错填的目标。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("parse")(parse.parse)
app.command("extract")(extract.extract)
app.command("check")(check.check)
app.command("rules")(rules.rules)
app.command("serve")(serve.serve)


def main() -> None:
    """Entry point of the ``kpi`` script."""
    app()
