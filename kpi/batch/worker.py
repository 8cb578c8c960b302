"""What a worker of a cluster does for a batch (``cluster.py``): says what it is, hashes inputs, makes parts.

Each function takes its arguments pickled, the :class:`Job` first. What a part needs is opened here; reading and
reviewing is left to processes that are this worker's own, with limits of time and memory a document.
"""

from __future__ import annotations

import pickle
import platform
import secrets
import threading
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kpi.batch import making, running
from kpi.batch.compatible import About, ClusterError, about, differences
from kpi.batch.making import Part, Settings
from kpi.batch.planning import Looked, looked
from kpi.inputs import Away, Input, expand
from kpi.places import place
from kpi.pools import Pool
from kpi.schema import Problem
from kpi.scorecard import shards
from kpi.scorecard.shards import Entry


class _UnwantedError(Exception):
    """Nobody waits for this part any more."""


class Job(NamedTuple):
    """What is the same for all parts of a run: where they go, how they are made, what must be alike on every worker."""

    out: str
    settings: Settings
    about: About
    target: str = running.TARGET


def answer(payload: bytes) -> str:
    """In a worker: why it cannot take part; empty where it can."""
    job, probe, paths = pickle.loads(payload)
    if wrong := differences(job.about, about()):
        return wrong
    for path in paths:
        if not Path(path).exists():
            return f"看不到 {path}；要读取的本地文件夹，须是每台机器都以同一路径挂载的共享文件夹"
    own = f"{probe}-{secrets.token_hex(8)}"
    try:
        out = place(job.out)
        if out.read(probe) != probe.encode():
            raise OSError("内容不符")
        out.write(own, b"")
        out.remove(own)
    except OSError as error:
        return f"不能读写 {job.out}（{error}）；输出的本地文件夹，须是每台机器都以同一路径挂载、可以写入的共享文件夹"
    return ""


def look(payload: bytes) -> list[Looked]:
    """In a worker: the documents behind some files, hashed; what need not stay in memory is named by its place."""
    _, files = pickle.loads(payload)
    return [_found(label, file, nth, given) for label, file in files for nth, given in enumerate(expand([file]))]


def _found(label: str, file: Path | str, nth: int, given: Input) -> Looked:
    found = looked(given)
    source = Away(file, nth) if isinstance(found.source, bytes) else found.source
    return found._replace(label=label + found.label.removeprefix(str(file)), source=source)


def make(payload: bytes) -> Entry:
    """In a worker: make a part, write it, give its entry."""
    job, part, held = pickle.loads(payload)
    if wrong := differences(job.about, about()):  # a worker that came later
        raise ClusterError(f"工作进程 {platform.node()} 不能用：{wrong}")
    out = place(job.out)
    wanted = _wanted()
    ready = opened(running.with_held(out, part, held))
    made = running.guarded(job.settings, ready, seen=wanted, pool=_pool(job.target))
    wanted("")
    shards.store(out, made)
    return made.entry


def opened(part: Part) -> Part:
    """The part with the bytes of its documents; what no longer is what it was is reported."""
    items = list(part.items)
    by_file: dict[Path | str, dict[int, int]] = {}
    for at, item in enumerate(items):
        if isinstance(item.source, Away) and item.held is None:
            by_file.setdefault(item.source.file, {})[item.source.nth] = at
            items[at] = item._replace(source=making.CHANGED)
    for file, wanted in by_file.items():
        for nth, given in enumerate(islice(expand([file]), max(wanted) + 1)):
            if nth in wanted and (
                isinstance(given.source, Problem) or looked(given).digest == part.items[wanted[nth]].digest
            ):
                items[wanted[nth]] = items[wanted[nth]]._replace(source=given.source)
    return part._replace(items=tuple(items))


def _wanted() -> Callable[[str], None]:
    """What to call between documents: it raises once the run that waits for this part is gone."""
    from distributed import get_worker
    from distributed.worker import thread_state

    tasks, key = get_worker().state.tasks, thread_state.key

    def check(_: str) -> None:
        task = tasks.get(key)
        if task is None or task.state == "cancelled":
            raise _UnwantedError

    return check


_LOCK = threading.Lock()


def _pool(target: str) -> Pool:
    """The processes of this worker, as many as it has threads; they stay for the parts to come."""
    with _LOCK:
        return _new_pool(target)


@cache
def _new_pool(target: str) -> Pool:
    from distributed import get_worker

    return Pool(target, get_worker().state.nthreads, seconds=running.most_seconds())
