"""A batch from its inputs to its shards: workers with one limit of time and memory a document, going on after a stop.

The parent hashes the inputs, deals them out and writes what comes back; reading, reviewing and the making of Parquet
are the workers'. A document that takes too long or ends its worker is reported; the worker is replaced and the shard
made anew without it. What ends a worker but once, or lacks memory beside the documents before it, may have been no
fault of the document: it gets a second try, alone, and what is read of it then goes into the shard.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from kpi import documents, processes
from kpi import settings as limits
from kpi.batch.making import NO_MEMORY, Part, Settings, made_key, planned, steps
from kpi.batch.planning import First, Key, Looked, key, parts
from kpi.inputs import Input, expand
from kpi.places import Local, Place
from kpi.pools import Pool
from kpi.schema import Problem
from kpi.scorecard import shards
from kpi.scorecard.shards import Entry, Shard

TARGET = "kpi.batch.making:steps"
Seen = Callable[[str], None]
Held = Mapping[int, tuple[Entry, int]]  # items of a part whose record stands in a part: which one, in which row
_AHEAD = 4  # shards that wait for each worker; more would only fill the memory
_TRIES, _STARTS = 2, 5


class Maker(Protocol):
    """Those who make the parts of a batch and write them."""

    @property
    def ahead(self) -> int:
        """How many parts may be underway."""

    @property
    def waiting(self) -> int:
        """How many are."""

    def inputs(self, paths: Sequence[Path | str], leave_out: Path | str) -> Iterator[Input | Looked]:
        """What the batch is made of."""

    def submit(self, part: Part, held: Held) -> None:
        """Begin with a part."""

    def collect(self) -> Entry:
        """Wait for a part, whichever is done, and give its entry."""


def run(
    paths: Sequence[Path | str],
    out: Place,
    settings: Settings,
    *,
    workers: int = 0,
    scheduler: str | None = None,
    resume: bool = False,
    seen: Seen = lambda _: None,
    target: str = TARGET,
) -> list[Entry]:
    """Read and review every document behind ``paths`` into shards; what cannot be read comes with its problem.

    Args:
        paths: files, folders, zips; addresses of remote stores as ``str``. What lies in ``out`` is left out.
        out: takes the shards; the place exists.
        settings: what the results depend on.
        workers: processes; 0 is this one, without limits of time and memory a document.
        scheduler: the address of a Dask scheduler, whose workers then do the work (``kpi/batch/cluster.py``).
        resume: use again what ``out`` already holds.
        seen: called with the label of each document that is done, from any thread.
        target: what the workers run, as :func:`kpi.batch.making.steps`.

    Returns:
        The entries of the shards, in the order of the inputs.

    Raises:
        OSError: the shards cannot be written, or an address cannot be listed.
        ClusterError: the cluster does not serve.

    """
    made = made_key(settings)
    firsts: dict[Key, First] = {}
    done: dict[int, Entry] = {}
    with _maker(paths, out, settings, workers, scheduler, seen, target) as maker:
        earlier = [entry for entry in shards.entries(out) if entry.made == made] if resume else []
        shards.begin(out, keep=resume)
        known = _Known(out, earlier)

        def collect() -> None:
            entry = maker.collect()
            done[entry.part] = entry

        inputs = maker.inputs(paths, out.folder if isinstance(out, Local) else str(out))
        for part in (planned(settings, part) for part in parts(inputs, firsts)):
            if whole := known.whole(part.plan):
                done[part.part] = whole
                for item in part.items:
                    seen(item.label)
            else:
                while not _needed(part, firsts) - {part.part} <= done.keys():
                    collect()
                maker.submit(part, _held(part, firsts, done, known))
            while maker.waiting > maker.ahead:
                collect()
        while maker.waiting:
            collect()
    entries = [done[number] for number in sorted(done)]
    shards.finish(out, made, entries)
    return entries


def _needed(part: Part, firsts: dict[Key, First]) -> set[int]:
    """The shards that hold the first document of a content that comes again in ``part``."""
    return {firsts[key(item.digest, item.name)].part for item in part.items if item.same_as is not None}


class _Known:
    """What the shards of an earlier run hold, by content; unread documents may be readable by now and do not count."""

    def __init__(self, out: Place, entries: Sequence[Entry]) -> None:
        self._plans = {entry.plan: entry for entry in entries if not entry.unread}
        self.rows: dict[Key, tuple[Entry, int]] = {}
        for entry in entries:
            table = shards.read(out, entry, "documents", ["sha256", "name", "unread"])
            for row, (digest, name, unread) in enumerate(zip(*(c.to_pylist() for c in table.columns), strict=True)):
                if not unread:
                    self.rows[key(digest, name or "")] = entry, row

    def whole(self, plan: str) -> Entry | None:
        """The shard of just these documents."""
        return self._plans.get(plan)


def _held(part: Part, firsts: Mapping[Key, First], done: Mapping[int, Entry], known: _Known) -> Held:
    """Where the records stand of those documents that were read before, in this run or an earlier one."""
    places: dict[int, tuple[Entry, int]] = {}
    for at, item in enumerate(part.items):
        if not item.digest:
            continue
        own = key(item.digest, item.name)
        first = firsts[own]
        if own in known.rows:
            places[at] = known.rows[own]
        elif first.part < part.part:
            places[at] = done[first.part], first.row
    return places


def with_held(out: Place, part: Part, held: Held) -> Part:
    """The part with the records that stand in other parts."""
    by_entry: dict[str, list[int]] = {}
    for at, (entry, _) in held.items():
        by_entry.setdefault(entry.stem, []).append(at)
    items = list(part.items)
    for wanted in by_entry.values():
        entry = held[wanted[0]][0]
        for at, record in zip(wanted, shards.records(out, entry, [held[at][1] for at in wanted]), strict=True):
            items[at] = items[at]._replace(held=record)
    return part._replace(items=tuple(items))


@contextmanager
def _maker(
    paths: Sequence[Path | str],
    out: Place,
    settings: Settings,
    workers: int,
    scheduler: str | None,
    seen: Seen,
    target: str,
) -> Iterator[Maker]:
    if scheduler:
        from kpi.batch import cluster

        with cluster.maker(scheduler, paths, out, settings, seen, target) as maker:
            yield maker
    elif workers:
        pool = Pool(target, workers, seconds=most_seconds())
        try:
            yield _Local(out, _AHEAD * workers, lambda part: _Guarded(pool, settings, part, seen))
        finally:
            pool.end()
    else:
        yield _Local(out, 0, lambda part: lambda: _made_here(settings, part, seen))


class _Local:
    """In this machine the parts are made by processes, or in this one, and written by this one."""

    def __init__(self, out: Place, ahead: int, begin: Callable[[Part], Callable[[], Shard]]) -> None:
        self.ahead = ahead
        self._out, self._begin = out, begin
        self._underway: deque[Callable[[], Shard]] = deque()

    @property
    def waiting(self) -> int:
        return len(self._underway)

    def inputs(self, paths: Sequence[Path | str], leave_out: Path | str) -> Iterator[Input]:
        return expand(paths, leave_out)

    def submit(self, part: Part, held: Held) -> None:
        self._underway.append(self._begin(with_held(self._out, part, held)))

    def collect(self) -> Entry:
        shard = self._underway.popleft()()
        shards.store(self._out, shard)
        return shard.entry


def _made_here(settings: Settings, part: Part, seen: Seen) -> Shard:
    generator = steps(settings, part)
    while True:
        try:
            seen(next(generator))
        except StopIteration as done:
            shard: Shard = done.value
            return shard


class _Guarded:
    """A part that is made by a worker; called, it gives the shard, however often the worker must be replaced."""

    def __init__(self, pool: Pool, settings: Settings, part: Part, seen: Seen) -> None:
        self._pool, self._settings, self._part, self._seen = pool, settings, part, seen
        self._told = self._steps = 0
        self._answer = self._submitted()

    def _submitted(self) -> Future[Shard]:
        self._steps = 0

        def step(label: str) -> None:
            self._steps += 1
            if self._steps > self._told:  # what is done again was told before
                self._told = self._steps
                self._seen(label)

        return self._pool.submit(self._settings, self._part._replace(guarded=True), seen=step)

    def __call__(self) -> Shard:
        tries: Counter[int] = Counter()
        while True:
            try:
                return self._answer.result()
            except (processes.EndedError, MemoryError) as ended:
                at = ended.steps if isinstance(ended, processes.EndedError) else self._steps
                tries[at] += 1
                if 0 <= at < len(self._part.items):
                    last = _is_late(ended) or tries[at] >= _TRIES
                    self._part = _without(self._part, at, ended) if last else self._tried_alone(at)
                elif tries[at] >= _STARTS:
                    raise OSError("读取文件的进程一再意外结束，可能是内存不足") from ended
                self._answer = self._submitted()

    def _tried_alone(self, at: int) -> Part:
        """The part with what is read of a document where no other takes memory, or with the problem it has there."""
        items = self._part.items
        alone = Part(self._part.part, self._part.first + at, (items[at],))
        try:
            record = shards.first_record(self._pool.submit(self._settings, alone).result())
        except (processes.EndedError, MemoryError) as ended:
            began = not isinstance(ended, processes.EndedError) or ended.steps >= 0
            return _without(self._part, at, ended) if began else self._part
        return self._part._replace(items=(*items[:at], items[at]._replace(held=record), *items[at + 1 :]))


def guarded(
    settings: Settings,
    part: Part,
    *,
    seen: Seen = lambda _: None,
    target: str = TARGET,
    pool: Pool | None = None,
) -> Shard:
    """As :func:`kpi.batch.making.shard`, in a process of its own, with limits of time and memory for each document.

    ``pool`` lends the process; its target counts then. What ``seen`` raises ends the process and is raised here.

    Raises:
        OSError: the process cannot be started, or ends again and again over no document.

    """
    if pool is not None:
        return _Guarded(pool, settings, part, seen)()
    own = Pool(target, 1, seconds=most_seconds())
    try:
        return _Guarded(own, settings, part, seen)()
    finally:
        own.end()


def _without(part: Part, at: int, ended: Exception) -> Part:
    """The part with a problem in the place of the document over which a worker was ended, or had no memory left."""
    why = NO_MEMORY if isinstance(ended, MemoryError) else _UNEXPECTED
    if _is_late(ended):
        why = documents.problem("out_of_time", f"{most_seconds():g}")
    items = (*part.items[:at], part.items[at]._replace(source=why, held=None, same_as=None), *part.items[at + 1 :])
    return part._replace(items=items)


def _is_late(ended: Exception) -> bool:
    return isinstance(ended, processes.EndedError) and ended.late


_UNEXPECTED: Problem = documents.problem("not_readable", "读取时程序意外结束")


def most_seconds() -> float:
    """What a document may take when each step takes all it may: conversion, reading, finding its targets."""
    return limits.CONVERT_SECONDS + 2 * limits.READ_SECONDS + processes.GRACE_SECONDS
