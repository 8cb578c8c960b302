"""``kpi rules``: the catalogue, or the manual page of one rule."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli.terminal import console, emit
from kpi.explain import SEVERITIES
from kpi.rules import BY_CODE, RULES
from kpi.rules.base import Rule


def rules(
    code: Annotated[str | None, typer.Argument(help="规则编号，如 VAG001", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """List the rules, or print the manual page of one."""
    if code and code.upper() not in BY_CODE:
        raise typer.BadParameter(f"没有规则“{code}”；不带编号运行可查看全部规则。", param_hint="CODE")
    chosen = [BY_CODE[code.upper()]] if code else list(RULES)
    if json:
        import json as json_module

        emit(json_module.dumps([described(rule) for rule in chosen], ensure_ascii=False, indent=2))
    elif code:
        from rich.markdown import Markdown

        rule = chosen[0]
        console().print(Markdown(f"# {rule.code} {rule.name}\n\n{rule.manual}"))
    else:
        _table(chosen)


def described(rule: Rule) -> dict[str, str]:
    """A rule as the API and ``--json`` give it."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "certainty": rule.certainty,
        "opinion": rule.opinion,
        "title": rule.title,
        "manual": rule.manual,
    }


def _table(chosen: list[Rule]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("编号", "级别", "评审意见", "检查什么"):
        table.add_column(heading, overflow="fold")
    for rule in chosen:
        table.add_row(rule.code, SEVERITIES[rule.severity], rule.opinion, rule.title)
    console().print(table)
