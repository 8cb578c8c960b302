"""A Dask cluster of this machine: a scheduler and workers, each a process of its own, started as the guide says."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.material import ROOT

_SECONDS = 60.0


class Cluster:
    """The scheduler's address, and the processes of its workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self.scheduler = self._started("dask_scheduler", "--port", "0", "--scheduler-file", str(self._file))
        self.workers: list[subprocess.Popen[bytes]] = []
        end = time.monotonic() + _SECONDS
        while not self._file.exists():
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)
        self.address = str(json.loads(self._file.read_text())["address"])

    def add(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start one more worker with one thread; it is there a little later."""
        options = ("--no-nanny", "--nthreads", "1", "--local-directory", str(self._folder))
        self.workers.append(self._started("dask_worker", self.address, *options, environment=environment))
        return self.workers[-1]

    def remove(self, worker: subprocess.Popen[bytes]) -> None:
        """Let a worker leave."""
        _end(worker)
        self.workers.remove(worker)

    def end(self) -> None:
        """End all processes."""
        for process in (*self.workers, self.scheduler):
            _end(process)

    def log(self) -> str:
        """What all of them said."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def _started(
        self, program: str, *options: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", "--host", "127.0.0.1", "--no-dashboard", *options],
                env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(2)
    process.kill()
    process.wait()


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster with so many workers."""
    made = Cluster(folder)
    try:
        for _ in range(workers):
            made.add()
        yield made
    finally:
        made.end()
