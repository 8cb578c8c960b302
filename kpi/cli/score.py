"""``kpi score``: documents → the scorecard, in as many formats as asked for."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi import explain, places, processes
from kpi.cli.common import ConfigFile, Exit, Year, configured, list_problems
from kpi.cli.outputs import OUTPUTS, UNREAD, Written, write, write_unread
from kpi.cli.terminal import console, safe, shown
from kpi.explain import percent
from kpi.inputs import count, same_file

if TYPE_CHECKING:
    from kpi.batch import Settings
    from kpi.scorecard.results import Results


class Engine(StrEnum):
    """Who reads the documents."""

    LOCAL = "local"
    DASK = "dask"


DEFAULT = "xlsx,html"
_MOST_WORKERS = 8  # by default
_MOST_SAID = 50  # problems on the terminal; all of them are in the file
_INTERRUPTED = 130
_WHY = {
    errno.ENOSPC: "磁盘已满", errno.EDQUOT: "磁盘配额已满", errno.EFBIG: "超过了文件大小的限制",
    errno.EACCES: "没有写入的权限", errno.EPERM: "没有写入的权限", errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件夹不见了", errno.ENOTDIR: "路径上有一段不是文件夹", errno.EEXIST: "那里已有同名的文件",
}  # fmt: skip


def score(
    paths: Annotated[
        list[str], typer.Argument(help="文件、文件夹、zip 压缩包，或 s3://… 等远程地址", show_default=False)
    ],
    out: Annotated[str, typer.Option("--out", help="写入这个文件夹（或远程地址）；没有则新建", show_default=False)],
    format: Annotated[list[str] | None, typer.Option("--format", help=f"{'、'.join(OUTPUTS)}；逗号分隔")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="同时读取的进程数；不写则按处理器的个数", show_default=False),
    ] = None,
    engine: Annotated[Engine, typer.Option(help="local 在本机读取；dask 交给集群读取")] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(help="集群调度程序的地址，如 tcp://10.0.0.5:8786", show_default=False)
    ] = None,
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
    _check_engine(engine, scheduler, workers)
    settings = batch.Settings(year, configured(config), _scheme_text(scoring))
    given: list[Path | str] = [text if places.is_remote(text) else places.local_path(text) for text in paths]
    with _writing(out), _interruptible(out):
        place = places.place(out)
        _refuse_own(given, place)
        place.make()
        at_once = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        processes.settle()
        with place.alone():
            results = _results(given, place, settings, at_once, scheduler, resume)
            written = {name: write(results, place, name, given, settings) for name in formats}
            write_unread(results, place)
    _show(results, out, written)
    list_problems([left for one in written.values() for left in one.left_out])
    raise typer.Exit(Exit.UNREAD if results.unread else Exit.DONE)


def _check_engine(engine: Engine, scheduler: str | None, workers: int | None) -> None:
    """An engine and its options belong together."""
    if engine is Engine.LOCAL and scheduler:
        raise typer.BadParameter("--scheduler 要和 --engine dask 一起用。", param_hint="--scheduler")
    if engine is Engine.DASK and not scheduler:
        message = "--engine dask 要用 --scheduler 写明调度程序的地址，如 tcp://10.0.0.5:8786。"
        raise typer.BadParameter(message, param_hint="--scheduler")
    if engine is Engine.DASK and workers:
        raise typer.BadParameter(
            "用 --engine dask 时，进程数在启动工作进程时定，不用 --workers。", param_hint="--workers"
        )


def _results(
    paths: list[Path | str], out: places.Place, settings: Settings, workers: int, scheduler: str | None, resume: bool
) -> Results:
    """The batch, read and reviewed."""
    from kpi import batch
    from kpi.cli.watching import watched
    from kpi.scorecard.results import Stored

    leave_out = out.folder if isinstance(out, places.Local) else str(out)
    with watched(console(stderr=True), lambda: count(paths, leave_out)) as seen:
        try:
            entries = batch.run(paths, out, settings, workers=workers, scheduler=scheduler, resume=resume, seen=seen)
        except batch.ClusterError as error:
            raise typer.BadParameter(f"{shown(str(error))}。", param_hint="--scheduler") from error
    return Stored(out, entries)


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


def _refuse_own(paths: Sequence[Path | str], out: places.Place) -> None:
    """What is read cannot be what is written to."""
    own = out.folder if isinstance(out, places.Local) else None
    if any(str(path).rstrip("/") == str(out) if isinstance(path, str) else same_file(path, own) for path in paths):
        raise typer.BadParameter(f"{shown(str(out))} 是要读取的，不能作为输出的文件夹。", param_hint="--out")


@contextmanager
def _interruptible(out: str) -> Iterator[None]:
    """Say what stays after Ctrl+C."""
    try:
        yield
    except KeyboardInterrupt:
        message = f"已中断。已完成的部分保存在 {safe(out)}，加 --resume 再运行即可接着做。"
        console(stderr=True).print(message, soft_wrap=True)
        raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def _writing(out: str) -> Iterator[None]:
    """Say in one sentence that something cannot be written, and how to go on."""
    try:
        yield
    except places.InUseError as error:
        message = f"另一次运行正在写入 {shown(out)}；请等它结束，或者换一个文件夹。"
        raise typer.BadParameter(message, param_hint="--out") from error
    except places.AddressError as error:
        raise typer.BadParameter(f"{shown(str(error.filename))}：{shown(str(error))}。") from error
    except OSError as error:
        why = _WHY.get(error.errno or 0) or error.strerror or str(error)
        what = shown(str(error.filename or out))
        raise typer.BadParameter(
            f"无法写入 {what}：{why}。已完成的部分还在；处理之后（文件若正开着，请先关闭）加 --resume 再运行。",
            param_hint="--out",
        ) from error


def _show(results: Results, out: str, written: dict[str, Written]) -> None:
    from rich import box
    from rich.table import Table

    total = results.total
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
    stdout.print(
        f"[bold]合计[/] {total.documents} 个文档，{total.projects} 个项目，{total.indicators} 条指标；"
        f"机审得分率 {percent(total.share_reached)}（可机审的占全部分值 {percent(total.share_checkable)}），"
        f"量化率 {percent(total.share_quantified)}。 {severities}"
    )
    stdout.print(f"已写入 [bold]{safe(out)}[/]：", soft_wrap=True)
    for name, one in written.items():
        output = OUTPUTS[name]
        where = f"{output.place}（{len(one.files)} 个文件）" if output.each else "、".join(one.files)
        stdout.print(f"  {safe(where)}  [dim]{output.what}[/]", soft_wrap=True)
        for file in one.kept:
            stdout.print(
                f"    [yellow]{safe(file)} 已被改动过，保留原样，没有覆盖；要用新的结果，请先移走或改名再运行。[/]",
                soft_wrap=True,
            )
        for file in one.changed:
            stdout.print(f"    [yellow]{safe(file)} 是以前写入的，已被改动过，没有删除。[/]", soft_wrap=True)
        if one.left_out:
            stdout.print(f"    [yellow]{len(one.left_out)} 个文件不能加批注，原因如下。[/]")
    if results.unread:
        stdout.print(f"  {UNREAD}  [dim]未能读取的文件和原因[/]", soft_wrap=True)
        stdout.print(f"[red]{results.unread} 个文件未能读取[/]，原因如下。")
    _list_troubles(results)


def _list_troubles(results: Results) -> None:
    """Write what could not be read, or only in part, to the error stream: what was not read at all first."""
    from kpi.scorecard.results import troubles

    err = console(stderr=True)
    left = 0
    for number, one in enumerate(troubles(results)):
        if number < _MOST_SAID:
            err.print(f"[yellow]![/] {safe(one.document)}：{safe(one.message)}[dim]（{one.code}）[/]", soft_wrap=True)
        else:
            left += 1
    if left:
        err.print(f"其余 {left} 条略；未能读取的文件全部列在 {UNREAD}。", soft_wrap=True)
