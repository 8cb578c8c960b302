"""``kpi parse``: values, typed."""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.cli.terminal import console, emit, shown
from kpi.schema import Value
from kpi.values import parse_value


def parse(
    values: Annotated[list[str], typer.Argument(help="指标值，如 “≥90%”", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="每行输出一个 JSON")] = False,
    year: Annotated[int | None, typer.Option("--year", min=1990, max=2100, help="没写年份的日期属于哪一年")] = None,
    unit: Annotated[str | None, typer.Option(help="单位列中的单位")] = None,
    name: Annotated[str | None, typer.Option(help="指标名称")] = None,
) -> None:
    """Say what each value was read as."""
    parsed = [parse_value(text, year=year, unit=unit, name=name) for text in values]
    if json:
        for value in parsed:
            emit(value.model_dump_json())
        return
    _show(parsed)


def _show(parsed: list[Value]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from kpi import explain

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("指标值", "类型", "读作", "折合", "说明"):
        table.add_column(heading, overflow="fold")
    for value in parsed:
        kind = Text(explain.KINDS[value.kind], style="yellow" if value.kind in ("qualitative", "yes_no") else "green")
        notes = "；".join(explain.NOTES[note] for note in value.notes)
        table.add_row(
            Text(shown(value.raw)),
            kind,
            Text(shown(explain.explain(value))),
            Text(shown(explain.in_base_units(value))),
            Text(notes),
        )
    console().print(table)
