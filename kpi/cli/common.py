"""What the commands share: exit codes, consoles, reading inputs one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import regex
import typer

from kpi import documents
from kpi.inputs import expand, unopened
from kpi.pipeline import extract
from kpi.schema import Extraction, Problem

if TYPE_CHECKING:
    from rich.console import Console

    from kpi.configuration import Config


class Exit(IntEnum):
    """The exit codes; of several that apply the highest wins."""

    DONE = 0
    FOUND_ERROR = 1
    BAD_USAGE = 2
    UNREAD = 3


_PIPE_WIDTH = 120
Paths = Annotated[list[Path], typer.Argument(help="文件、文件夹或 zip 压缩包", show_default=False)]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="配置文件；不写则用当前文件夹或上级文件夹的 kpi.toml", show_default=False),
]
Year = Annotated[int | None, typer.Option("--year", min=1990, max=2100, help="预算年度；不写则按文件所写")]


def console(stderr: bool = False) -> Console:
    """A console for a person; plain text where the output is no terminal."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, width=_PIPE_WIDTH)


_CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """``text`` fit for a terminal: what moves the cursor or turns the reading direction made visible."""
    return _CONTROL.sub("\ufffd", text)


def safe(text: str) -> str:
    """``text`` fit for a terminal and for rich's markup."""
    from rich.markup import escape

    return escape(shown(text))


def emit(line: str) -> None:
    """Write one line of JSON to the standard output, in UTF-8 whatever the console speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


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
