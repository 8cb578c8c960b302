"""``kpi score``: documents → the scorecard, in as many formats as asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from kpi import explain
from kpi.cli.common import ConfigFile, Exit, Paths, Year, configured, list_problems
from kpi.cli.terminal import console, safe, shown
from kpi.inputs import count, same_file

if TYPE_CHECKING:
    from kpi import batch
    from kpi.schema import Problem
    from kpi.scorecard.scored import Scored

RECORD = "documents.jsonl"


class Output(NamedTuple):
    """One format: the function that writes it, where (``/`` at its end: a folder; empty: beside), what it is."""

    writer: str
    place: str
    what: str


class Written(NamedTuple):
    """The files of one format, documents that have none and why, and files of an earlier run that were kept."""

    files: list[Path]
    left_out: list[tuple[str, Problem]]
    kept: list[Path]


OUTPUTS = {
    "xlsx": Output("workbook:write", "scorecard.xlsx", "Excel 工作簿：总览、项目评分、指标明细、问题清单、规则说明"),
    "html": Output("html:write", "scorecard.html", "网页报告"),
    "csv": Output("tables:write_csv", "", "三张表：项目、指标、问题"),
    "parquet": Output("tables:write_parquet", "", "三张表，供程序使用"),
    "docx": Output("opinions:written", "opinions/", "每个项目一份审核意见"),
    "marked": Output("marked:written", "marked/", "加了批注的原文件"),
    "jsonl": Output("", RECORD, "每个文档一行：提取结果和检查结果"),
}
DEFAULT = "xlsx,html"


def score(
    paths: Paths,
    out: Annotated[Path, typer.Option("--out", help="写入这个文件夹；没有则新建", show_default=False)],
    format: Annotated[list[str] | None, typer.Option("--format", help=f"{'、'.join(OUTPUTS)}；逗号分隔")] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="同时读取的进程数")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="接着上次做：已读过且没有变的文件不再读")] = False,
    scoring: Annotated[
        Path | None, typer.Option(help="自己的评分办法（TOML）；不写则用默认的", show_default=False)
    ] = None,
    config: ConfigFile = None,
    year: Year = None,
) -> None:
    """Write the scorecard of all documents."""
    from kpi import batch

    formats = _formats(format)
    settings = batch.Settings(year, configured(config), _scheme_text(scoring))
    _prepare(out, paths)
    begun = time.monotonic()
    with _writing(out / RECORD):
        results = batch.run(paths, out / RECORD, settings, workers=workers, resume=resume, sources="marked" in formats)
        documents = list(_watched(results, paths, out))
    written = {name: _write(documents, out, name, settings) for name in formats}
    _show(documents, out, written, time.monotonic() - begun)
    problems = [(d.label, problem) for d in documents for problem in d.extraction.problems]
    list_problems([*problems, *(left for one in written.values() for left in one.left_out)])
    from kpi.scorecard.summary import is_unread

    raise typer.Exit(Exit.UNREAD if any(is_unread(d) for d in documents) else Exit.DONE)


def _formats(given: list[str] | None) -> list[str]:
    names = [name.strip().lower() for text in given or [DEFAULT] for name in text.split(",") if name.strip()]
    for name in names:
        if name not in OUTPUTS:
            raise typer.BadParameter(
                f"没有格式“{shown(name)}”；可用的有：{'、'.join(OUTPUTS)}。", param_hint="--format"
            )
    return list(dict.fromkeys(names))


def _scheme_text(path: Path | None) -> str | None:
    """The text of a scoring file, once it is known to describe one."""
    if path is None:
        return None
    from kpi.scoring import SchemeError, read

    try:
        text = path.read_text(encoding="utf-8-sig")
        read(text)
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{shown(str(path))} 打不开：{error}", param_hint="--scoring") from error
    except SchemeError as error:
        raise typer.BadParameter(f"{shown(str(path))}：{shown(str(error))}", param_hint="--scoring") from error
    return text


def _prepare(out: Path, paths: Sequence[Path]) -> None:
    if any(same_file(path, out) for path in paths):
        raise typer.BadParameter(f"{shown(str(out))} 是要读取的，不能作为输出的文件夹。", param_hint="--out")
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Say in one sentence that a file cannot be written, and how to go on."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise typer.BadParameter(
            f"无法写入 {shown(str(path))}：{why}。文件若正开着，请关闭后加 --resume 再运行。", param_hint="--out"
        ) from error


def _watched(results: Iterable[Scored], paths: list[Path], out: Path) -> Iterator[Scored]:
    """The results as they come, with a progress bar on a terminal."""
    err = console(stderr=True)
    if not err.is_terminal:
        yield from results
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("读取"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TextColumn("剩余"), TimeRemainingColumn(compact=True), TextColumn("[dim]{task.fields[name]}[/]"),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=count(paths, out), rate="", name="")
        for number, document in enumerate(results, start=1):
            speed = progress.tasks[0].speed
            rate = f"{speed:.1f} 个/秒" if speed else ""
            total = max(number, int(progress.tasks[0].total or 0))
            progress.update(task, advance=1, total=total, rate=rate, name=safe(Path(document.label).name[-30:]))
            yield document


def _write(documents: Sequence[Scored], out: Path, name: str, settings: batch.Settings) -> Written:
    """Write one format."""
    output = OUTPUTS[name]
    place = out / output.place
    if not output.writer:
        return Written([place], [], [])
    module, function = output.writer.split(":")
    write: Callable[..., Any] = getattr(import_module(f"kpi.scorecard.{module}"), function)
    if name in ("docx", "xlsx"):  # they say what a criterion is worth
        write = partial(write, schemes=settings.scheme_of)
    with _writing(place):
        if output.place.endswith("/"):
            return _renew(place, write(documents, place))
        if not output.place:
            return Written(write(documents, place), [], [])
        new = place.with_name(f".{place.stem}.new{place.suffix}")
        try:
            write(documents, new)
            new.replace(place)
        finally:
            new.unlink(missing_ok=True)
        return Written([place], [], [])


def _renew(folder: Path, results: Iterable[Path | tuple[str, Problem]]) -> Written:
    """Write the files of a folder in place of those of an earlier run."""
    from kpi.scorecard.renewal import renew

    left_out: list[tuple[str, Problem]] = []

    def files() -> Iterator[Path]:
        for result in results:
            if isinstance(result, Path):
                yield result
            else:
                left_out.append(result)

    renewed = renew(folder, files())
    return Written(renewed.files, left_out, renewed.changed)


def _show(documents: Sequence[Scored], out: Path, written: dict[str, Written], seconds: float) -> None:
    from rich import box
    from rich.table import Table

    from kpi.scorecard import summary

    total = summary.batch(documents)
    stdout = console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("四块（各项目平均）", "满分", "可机审", "机审得分", "机审得分率"):
        table.add_column(heading, justify="left" if heading.startswith("四块") else "right")
    count_of = max(1, total.projects)
    for block in total.blocks:
        points = (block.points, block.checkable, block.reached)
        table.add_row(block.block, *(f"{p / count_of:.2f}" for p in points), percent(block.share_reached))
    stdout.print(table)
    severities = "  ".join(f"{word} {total.findings[severity]}" for severity, word in explain.SEVERITIES.items())  # type: ignore[index]
    unread = sum(summary.is_unread(d) for d in documents)
    stdout.print(
        f"[bold]合计[/] {len(documents)} 个文档，{total.projects} 个项目，{total.indicators} 条指标；"
        f"机审得分率 {percent(total.share_reached)}（可机审的占全部分值 {percent(total.share_checkable)}），"
        f"量化率 {percent(total.share_quantified)}。 {severities}"
    )
    stdout.print(f"已写入 [bold]{safe(str(out))}[/]：", soft_wrap=True)
    for name, one in written.items():
        output = OUTPUTS[name]
        names = "、".join(file.name for file in one.files)
        where = f"{output.place}（{len(one.files)} 个文件）" if output.place.endswith("/") else names
        stdout.print(f"  {safe(where)}  [dim]{output.what}[/]", soft_wrap=True)
        for file in one.kept:
            stdout.print(f"    [yellow]{safe(file.name)} 是以前写入的，已被改动过，没有删除。[/]", soft_wrap=True)
        if one.left_out:
            stdout.print(f"    [yellow]{len(one.left_out)} 个文件不能加批注，原因如下。[/]")
    if unread:
        stdout.print(f"[red]{unread} 个文件未能读取[/]，原因如下。")


def percent(share: object) -> str:
    """A share as a person reads it; a dash where there is none."""
    return "—" if share is None else f"{share:.1%}"
