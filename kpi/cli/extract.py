"""``kpi extract``: documents → JSON Lines."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple, TextIO

import typer

from kpi.cli.common import Exit, Paths, Year, extractions, is_unread, list_problems
from kpi.cli.terminal import console, emit, safe, shown
from kpi.inputs import same_file
from kpi.schema import Coverage, Extraction, Problem


class _Figures(NamedTuple):
    """What the summary shows of one document; the documents themselves are not kept."""

    file: str
    organisation: str
    year: str
    projects: int
    indicators: int
    coverage: Coverage


def extract(
    paths: Paths,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入文件（JSON Lines）；不写则输出到屏幕")
    ] = None,
    year: Year = None,
) -> None:
    """Write one line of JSON a document."""
    problems: list[tuple[str, Problem]] = []
    unread = False
    read: list[_Figures] = []
    with _lines_into(output, paths) as stream:
        for label, extraction in extractions(paths, year, leave_out=output):
            line = extraction.model_dump_json()
            if stream:
                stream.write(line + "\n")
                read.append(_figures(label, extraction))
            else:
                emit(line)
            problems += [(label, problem) for problem in extraction.problems]
            unread = unread or is_unread(extraction)
    if output:
        _summarise(read, output)
    list_problems(problems)
    raise typer.Exit(Exit.UNREAD if unread else Exit.DONE)


@contextmanager
def _lines_into(output: Path | None, paths: list[Path]) -> Iterator[TextIO | None]:
    """The stream to write to: a file beside ``output`` that takes its name when all is written, and not before.

    A device or a pipe (``/dev/null``) is written to directly.
    """
    if output is None:
        yield None
        return
    if any(same_file(path, output) for path in paths):
        raise typer.BadParameter(f"{shown(str(output))} 是要读取的文件，不能作为输出。", param_hint="-o")
    try:
        target = output.resolve()  # where the output is a link, the file behind it is written anew
        existing = target.exists()
        direct = existing and not target.is_file()
        if existing and not os.access(target, os.W_OK):
            raise PermissionError(0, "没有写入权限")
        place = target if direct else target.with_name(f".kpi-{uuid.uuid4().hex}.tmp")
        stream = place.open("w" if direct else "x", encoding="utf-8", newline="\n")
    except (OSError, RuntimeError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise typer.BadParameter(f"无法写入 {shown(str(output))}：{why}", param_hint="-o") from error
    try:
        with stream:
            yield stream
        if not direct:
            if existing:
                shutil.copymode(target, place)
            place.replace(target)
    finally:
        if not direct:
            place.unlink(missing_ok=True)


def _figures(label: str, extraction: Extraction) -> _Figures:
    return _Figures(
        file=Path(extraction.source.name or label).name,
        organisation=extraction.organisation.name or "—",
        year=str(extraction.fiscal_year or "—"),
        projects=len(extraction.projects),
        indicators=sum(len(project.indicators) for project in extraction.projects),
        coverage=extraction.coverage,
    )


def _summarise(read: list[_Figures], output: Path) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, side in (("文件", "left"), ("单位", "left"), ("年度", "right"), ("项目", "right"), ("指标", "right")):
        table.add_column(heading, justify=side, overflow="fold")  # type: ignore[arg-type]
    table.add_column("目标表", justify="right")
    table.add_column("读取行/候选行", justify="right")
    for document in read:
        coverage = document.coverage
        table.add_row(
            Text(shown(document.file)),
            Text(shown(document.organisation)),
            document.year,
            str(document.projects),
            str(document.indicators),
            f"{coverage.target_tables}/{coverage.tables_seen}",
            f"{coverage.rows_read}/{coverage.rows_seen}",
        )
    out = console()
    out.print(table)
    out.print(f"已写入 [bold]{safe(str(output))}[/]（{len(read)} 个文档）")
