"""What the commands share: exit codes, reading inputs one by one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi import documents
from kpi.cli.terminal import console, safe
from kpi.inputs import expand, unopened
from kpi.pipeline import extract
from kpi.schema import Extraction, Problem

if TYPE_CHECKING:
    from kpi.configuration import Config


class Exit(IntEnum):
    """The exit codes; of several that apply the highest wins."""

    DONE = 0
    FOUND_ERROR = 1
    BAD_USAGE = 2
    UNREAD = 3


Paths = Annotated[list[Path], typer.Argument(help="文件、文件夹或 zip 压缩包", show_default=False)]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="配置文件；不写则用当前文件夹或上级文件夹的 kpi.toml", show_default=False),
]
Year = Annotated[int | None, typer.Option("--year", min=1990, max=2100, help="预算年度；不写则按文件所写")]


def extractions(paths: list[Path], year: int | None, leave_out: Path | None = None) -> Iterator[tuple[str, Extraction]]:
    """Every document behind ``paths``, read; what cannot be read comes as an extraction with its problem."""
    for label, name, source in expand(paths, leave_out):
        if isinstance(source, Problem):
            yield label, unopened(label, source)
        else:
            yield label, extract(source, filename=name, fiscal_year=year)


def configured(file: Path | None, select: list[str] | None = None, ignore: list[str] | None = None) -> Config:
    """The configuration of a command: a file, with the rules that its options choose instead."""
    from kpi.configuration import Config, ConfigError, load, nearest

    found = file or nearest(Path.cwd())
    try:
        config = load(found) if found else Config()
    except ConfigError as error:
        raise typer.BadParameter(f"{error}。", param_hint="--config") from error
    chosen = {"select": _codes(select, "--select"), "ignore": _codes(ignore, "--ignore")}
    given = {name: codes for name, codes in chosen.items() if codes}
    # What the command line says holds for every organisation.
    overrides = tuple(each.model_copy(update=dict.fromkeys(given, ())) for each in config.organisation)
    return config.model_copy(update={**given, "organisation": overrides})


def _codes(given: list[str] | None, option: str) -> tuple[str, ...]:
    """The codes of an option, comma-separated or repeated; each must name at least one rule."""
    from kpi.rules import BY_CODE

    codes = tuple(code.strip().upper() for text in given or [] for code in text.split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in BY_CODE):
            raise typer.BadParameter(f"没有编号以“{code}”开头的规则；用 kpi rules 查看全部规则。", param_hint=option)
    return codes


def is_unread(extraction: Extraction) -> bool:
    """Whether the document could not be read at all."""
    return documents.unread(extraction.problems)


def list_problems(problems: list[tuple[str, Problem]]) -> None:
    """Write what could not be read, or only in part, to the error stream."""
    if not problems:
        return
    err = console(stderr=True)
    for label, problem in problems:
        err.print(f"[yellow]![/] {safe(label)}：{safe(problem.message)}[dim]（{problem.code}）[/]", soft_wrap=True)
