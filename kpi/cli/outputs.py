"""The files that ``kpi score`` makes of a batch: which there are, who writes them, where they go."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.inputs import expand
from kpi.places import Local, Place
from kpi.schema import Problem

if TYPE_CHECKING:
    from kpi.batch import Settings
    from kpi.scorecard.results import Results
    from kpi.scorecard.scored import Scored

# What could not be read; written whatever is asked for, where there is anything to say.
UNREAD = "unread.csv"


class Output(NamedTuple):
    """One format: the function that writes it, where (``/`` at its end: a folder; empty: beside), what it is.

    ``each``: it is given the documents one after the other, not the batch, and gives names and bytes to be written.
    """

    writer: str
    place: str
    what: str
    each: bool = False


OUTPUTS = {
    "xlsx": Output("workbook:write", "scorecard.xlsx", "Excel 工作簿：总览、项目评分、指标明细、问题清单、规则说明"),
    "html": Output("html:write", "scorecard.html", "网页报告"),
    "csv": Output("tables:write_csv", "", "三张表：项目、指标、问题"),
    "parquet": Output("tables:write_parquet", "", "三张表，供程序使用"),
    "docx": Output("opinions:files", "opinions/", "每个项目一份审核意见", each=True),
    "marked": Output("marked:files", "marked/", "加了批注的原文件", each=True),
    "jsonl": Output("tables:write_jsonl", "documents.jsonl", "每个文档一行：提取结果和检查结果"),
}
_UNREAD_LIST = Output("tables:write_unread", UNREAD, "未能读取的文件和原因")


class Written(NamedTuple):
    """The names of a format's files, and documents that have none and why.

    ``kept`` are files that were not written over, ``changed`` those of an earlier run that were not removed: somebody
    changed them.
    """

    files: list[str]
    left_out: Sequence[tuple[str, Problem]] = ()
    kept: Sequence[str] = ()
    changed: Sequence[str] = ()


def write(results: Results, out: Place, name: str, paths: list[Path | str], settings: Settings) -> Written:
    """Write one format. ``paths`` are where the documents came from.

    Raises:
        OSError: it cannot be written; what was there before stays.

    """
    output = OUTPUTS[name]
    documents: Any = results
    if output.each:
        documents = _with_sources(results, paths, out) if name == "marked" else (d for _, d in results.documents())
    # They say what a criterion is worth.
    more = {"schemes": settings.scheme_of} if name in ("docx", "xlsx") else {}
    return _written(output, partial(_function(output), documents, **more), out)


def write_unread(results: Results, out: Place) -> None:
    """Write the list of what could not be read; take an old one away where all was read.

    Raises:
        OSError: it cannot be written.

    """
    if results.unread:
        _written(_UNREAD_LIST, partial(_function(_UNREAD_LIST), results), out)
    else:
        out.remove(UNREAD)


def _function(output: Output) -> Callable[..., Any]:
    module, function = output.writer.split(":")
    found: Callable[..., Any] = getattr(import_module(f"kpi.scorecard.{module}"), function)
    return found


def _written(output: Output, write: Callable[..., Any], out: Place) -> Written:
    if isinstance(out, Local):
        return _local(output, write, out.folder)
    with tempfile.TemporaryDirectory() as folder:
        found = _local(output, write, Path(folder))
        for name in found.files:
            place = f"{output.place}{name}" if output.each else name
            out.write(place, (Path(folder) / place).read_bytes())
        return found


def _local(output: Output, write: Callable[..., Any], folder: Path) -> Written:
    place = folder / output.place
    if output.each:
        return _renewed(place, write())
    if not output.place:
        return Written([path.name for path in write(folder)])
    new = place.with_name(f".{place.stem}.new{place.suffix}")
    try:
        write(new)
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)
    return Written([place.name])


def _renewed(folder: Path, results: Iterable[tuple[str, bytes | Problem]]) -> Written:
    """Write the files of a folder in place of those of an earlier run."""
    from kpi.scorecard.renewal import renew

    left_out: list[tuple[str, Problem]] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for name, data in results:
            if isinstance(data, bytes):
                yield name, data
            else:
                left_out.append((name, data))

    renewed = renew(folder, files())
    return Written(renewed.files, left_out, renewed.kept, renewed.changed)


def _with_sources(results: Results, paths: list[Path | str], out: Place) -> Iterator[Scored]:
    """The documents with the files that they were read from: both come in the same order."""
    inputs = expand(paths, leave_out=out.folder if isinstance(out, Local) else str(out))
    for (_, document), given in zip(results.documents(), inputs, strict=False):
        if not isinstance(given.source, Problem):
            yield document._replace(source=given.source)
