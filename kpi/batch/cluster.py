"""A batch on a Dask cluster: the same pure function over the same parts, on workers of other machines.

Workers read the inputs by their address or path, write the five files of a part themselves and send back its entry;
documents travel over no connection but that to the store. Each worker keeps processes with the limits of time and
memory a document (:func:`kpi.batch.guarded`). ``dask.distributed`` is imported here, in functions, and nowhere else.

When a worker is lost, Dask gives its parts to another one; whoever makes a part writes the same bytes.
"""

from __future__ import annotations

import pickle
import queue
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi.batch import worker
from kpi.batch.compatible import ClusterError, about
from kpi.batch.making import Part, Settings
from kpi.batch.planning import Looked
from kpi.batch.running import Held, Seen
from kpi.batch.worker import Job
from kpi.inputs import listed
from kpi.places import Local, Place, place
from kpi.scorecard import shards
from kpi.scorecard.shards import Entry

if TYPE_CHECKING:
    from distributed import Client, Future

_SCHEMES = ("tcp://", "tls://")
_GO_ON = "已完成的部分还在，加 --resume 再运行即可接着做"
CONNECT_SECONDS = 10.0
# Workers may all be away for so long, being restarted; then the run ends.
AWAY_SECONDS = 60.0
_LOOK_SECONDS = 2.0
_AHEAD = 3  # parts for each thread of the cluster, those it works at counted
_FILES = 64  # looked at by one call
_RETRIES = 3


@contextmanager
def maker(
    scheduler: str, paths: Sequence[Path | str], out: Place, settings: Settings, seen: Seen, target: str
) -> Iterator[_Cluster]:
    """The workers of the scheduler at an address, once it is known that all of them would give the same.

    Raises:
        ClusterError: Dask is not installed, the scheduler does not answer, it has no workers, or one of them has other
            versions or limits, or does not see the inputs or the output.

    """
    job = Job(str(out.folder.absolute() if isinstance(out, Local) else out), settings, about(), target)
    client = _client(scheduler)
    made = _Cluster(client, job, seen)
    try:
        _wait_for_workers(client, scheduler)
        _check_workers(
            client, job, [str(path.absolute()) for path in paths if isinstance(path, Path) and path.exists()]
        )
        yield made
    finally:
        made.cancel()
        with suppress(Exception):  # the connection may be gone already
            client.close(timeout=CONNECT_SECONDS)


def _client(scheduler: str) -> Client:
    try:
        import distributed
    except ImportError as error:
        raise ClusterError('没有安装 dask；请先安装：pip install "kpi[dask]"') from error
    if not scheduler.startswith(_SCHEMES):
        raise ClusterError(f"{scheduler} 不是调度程序的地址；应写成 tcp://10.0.0.5:8786，加密的写成 tls://…")
    import logging

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said here, once
    try:
        # As it stands in Dask's settings; its client only finds out once it is half made.
        if scheduler.startswith("tls") and not distributed.Security().get_connection_args("client").get("ssl_context"):
            raise ClusterError(f"连接 {scheduler} 要先在 dask 的设置里写明证书，见 docs/deployment.md")
        return distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(f"连不上 {scheduler} 的调度程序（{str(error) or type(error).__name__}）") from error


def _wait_for_workers(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise ClusterError(f"{scheduler} 的调度程序还没有工作进程") from error


def _check_workers(client: Client, job: Job, paths: list[str]) -> None:
    """Ask every worker for its versions and limits, and whether it sees the files."""
    out = place(job.out)
    probe = f"{shards.FOLDER}/probe-{secrets.token_hex(8)}"
    out.write(probe, probe.encode())
    try:
        found = client.run(worker.answer, pickle.dumps((job, probe, paths)), on_error="return")
    except Exception as error:  # whatever a worker without this module raises
        raise ClusterError(f"有工作进程没有装 kpi，或版本太旧（{error}）") from error
    finally:
        out.remove(probe)
    for address, wrong in found.items():
        if wrong:
            raise ClusterError(f"工作进程 {address} 不能用：{wrong}")


class _Cluster:
    """The workers, as :class:`kpi.batch.running.Maker`."""

    def __init__(self, client: Client, job: Job, seen: Seen) -> None:
        self._client, self._job, self._seen = client, job, seen
        self._underway: dict[Future, Part] = {}
        self._looks: deque[Future] = deque()
        self._done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._threads, self._asked, self._served = 1, 0.0, time.monotonic()

    @property
    def ahead(self) -> int:
        self._ask()
        return _AHEAD * max(self._threads, 1)

    @property
    def waiting(self) -> int:
        return len(self._underway)

    def inputs(self, paths: Sequence[Path | str], leave_out: Path | str) -> Iterator[Looked]:
        """The inputs, hashed by the workers."""
        files = listed(paths, leave_out)
        while chunk := list(islice(files, _FILES)):
            self._looks.append(self._begin(worker.look, chunk, priority=1))
            if len(self._looks) > self.ahead:
                yield from self._next_look()
        while self._looks:
            yield from self._next_look()

    def _next_look(self) -> list[Looked]:
        first = self._looks.popleft()
        done = threading.Event()
        first.add_done_callback(lambda _: done.set())
        while not done.wait(_LOOK_SECONDS):
            self._ask()
        found: list[Looked] = self._result(first)
        return found

    def submit(self, part: Part, held: Held) -> None:
        """Hand a part out."""
        future = self._begin(worker.make, part, held, priority=0)
        self._underway[future] = part
        future.add_done_callback(self._done.put)

    def collect(self) -> Entry:
        """Wait for any part; the labels of its documents are told then."""
        while True:
            with suppress(queue.Empty):
                future = self._done.get(timeout=_LOOK_SECONDS)
                break
            self._ask()
        part = self._underway.pop(future)
        entry: Entry = self._result(future)
        for item in part.items:
            self._seen(item.label)
        return entry

    def cancel(self) -> None:
        """Want nothing more; workers stop at the next document (``worker.py``)."""
        with suppress(Exception):  # the connection may be gone already
            self._client.cancel([*self._underway, *self._looks], force=True)

    def _begin(self, function: Callable[..., Any], *arguments: Any, priority: int) -> Future:
        # As bytes: Dask would search the arguments for results of other calls.
        payload = pickle.dumps((self._job, *arguments))
        return self._client.submit(function, payload, pure=False, retries=_RETRIES, priority=priority)

    def _result(self, future: Future) -> Any:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            raise ClusterError(f"处理同一批文件的工作进程接连意外结束，可能是内存不足；{_GO_ON}") from error
        except CancelledError as error:
            raise ClusterError(f"与调度程序的连接断了；{_GO_ON}") from error

    def _ask(self) -> None:
        """Ask now and then how many threads there are; an error where there have been none for long."""
        now = time.monotonic()
        if now - self._asked < _LOOK_SECONDS:
            return
        self._asked = now
        try:
            self._threads = int(self._client.scheduler_info(n_workers=0)["total_threads"])
        except Exception as error:  # Dask's own kinds of closed connections share no base class
            raise ClusterError(f"与调度程序的连接断了；{_GO_ON}") from error
        if self._threads:
            self._served = now
        elif now - self._served > AWAY_SECONDS:
            raise ClusterError(f"集群里已经没有工作进程；{_GO_ON}")
