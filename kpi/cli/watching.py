"""How far a long run is: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from rich.console import Console

from kpi.cli.terminal import safe

# Without a terminal a line is written so often, in seconds.
EVERY = 60.0


class _Counted:
    """How many documents there will be; counted aside, so that reading need not wait for it. Null until then."""

    def __init__(self, count: Callable[[], int]) -> None:
        self.total: int | None = None
        threading.Thread(target=self._run, args=(count,), daemon=True).start()

    def _run(self, count: Callable[[], int]) -> None:
        try:
            self.total = count()
        except OSError:  # the run itself says so
            return


@contextmanager
def watched(err: Console, count: Callable[[], int]) -> Iterator[Callable[[str], None]]:
    """Gives what is to be called with the label of each document that is done, from any thread."""
    counted = _Counted(count)
    with _bar(err, counted) if err.is_terminal else _lines(err, counted) as seen:
        yield seen


@contextmanager
def _lines(err: Console, counted: _Counted) -> Iterator[Callable[[str], None]]:
    lock = threading.Lock()
    begun = said = time.monotonic()
    done = 0

    def seen(_: str) -> None:
        nonlocal said, done
        with lock:
            done += 1
            now = time.monotonic()
            if now - said < EVERY:
                return
            said = now
            err.print(_said(done, counted.total, now - begun), soft_wrap=True)

    yield seen


def _said(done: int, total: int | None, seconds: float) -> str:
    rate = done / seconds
    if not total:
        return f"已读 {done} 个，{rate:.1f} 个/秒"
    minutes = max(total - done, 0) / rate / 60
    return f"已读 {done} / {total} 个，{rate:.1f} 个/秒，约剩 {minutes:.0f} 分钟"


@contextmanager
def _bar(err: Console, counted: _Counted) -> Iterator[Callable[[str], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("读取"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TextColumn("剩余"), TimeRemainingColumn(compact=True), TextColumn("[dim]{task.fields[name]}[/]"),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=None, rate="", name="")

        def seen(label: str) -> None:
            speed = progress.tasks[0].speed
            rate = f"{speed:.1f} 个/秒" if speed else ""
            name = safe(PurePath(label).name[-30:])
            progress.update(task, advance=1, total=counted.total, rate=rate, name=name)

        yield seen
