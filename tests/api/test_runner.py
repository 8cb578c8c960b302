"""Documents of batches in the background: what happens when storing fails, processes end, the service stops."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DataError, OperationalError

from api import runner
from api.runner import Runner
from api.settings import Settings
from api.store import batches
from api.store.batches import Incoming, Progress
from api.store.store import Store
from kpi.configuration import Config
from kpi.processes import Child
from tests.api.samples import TABLE

SECONDS = 60.0
TARGET = "tests.faults:read"


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database="", workers=1, seconds=20)


@pytest.fixture
def store(told: Settings) -> Iterator[Store]:
    opened = Store(told.url)
    yield opened
    opened.close()


def waited(store: Store, batch: str, holds: Callable[[Progress], bool]) -> Progress:
    late = time.monotonic() + SECONDS
    while True:
        progress = batches.progress(store, batch)
        assert progress is not None
        if holds(progress):
            return progress
        assert time.monotonic() < late, progress
        time.sleep(0.02)


def over(store: Store, batch: str) -> Progress:
    return waited(store, batch, lambda progress: progress.state not in ("queued", "running"))


def batch_of(store: Store, *texts: str) -> str:
    incoming = [Incoming(f"{n}.txt", text.encode()) for n, text in enumerate(texts)]
    return batches.create(store, incoming, creator="张三", title="")


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, times: int) -> list[int]:
    """Let the store not take so many results."""
    finish, left = batches.finish, [times]

    def fail_first(*arguments: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise error
        finish(*arguments)

    monkeypatch.setattr(runner, "_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(batches, "finish", fail_first)
    return left


def test_a_result_is_stored_as_soon_as_the_database_is_back(
    store: Store, told: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = failing(monkeypatch, OperationalError("", None, Exception("locked")), 8)
    batch = batch_of(store, TABLE)
    running = Runner(store, Config(), told, TARGET)
    progress = over(store, batch)
    running.stop()
    assert (progress.state, progress.done, progress.problems, left) == ("done", 1, (), [0])


def test_a_result_that_the_database_refuses_is_said_to_be_unread(
    store: Store, told: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, DataError("", None, Exception("NUL")), 1000)
    batch = batch_of(store, TABLE)
    running = Runner(store, Config(), told, TARGET)
    progress = over(store, batch)
    running.stop()
    assert [problem[2] for problem in progress.problems] == ["not_readable"]


def _children() -> set[int]:
    tasks = Path("/proc/self/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


@pytest.mark.parametrize("how", ["killed while it stops", "left"])
def test_what_was_being_read_when_the_service_ended_is_read_again(store: Store, told: Settings, how: str) -> None:
    others = _children()
    batch = batch_of(store, f"mock:sleep 4\n{TABLE}")
    first = Runner(store, Config(), told, TARGET)
    waited(store, batch, lambda progress: progress.state == "running")
    late = time.monotonic() + SECONDS
    while not (own := _children() - others):
        assert time.monotonic() < late
        time.sleep(0.02)
    time.sleep(1)  # its process has begun
    if how == "left":  # what a second Ctrl+C does: children end with the process, threads go on for a moment
        for child in (one for one in gc.get_objects() if isinstance(one, Child) and one._process.pid in own):
            child._leave()
        time.sleep(0.5)
        first.stop()
    else:
        stopping = threading.Thread(target=first.stop)
        stopping.start()
        time.sleep(0.2)
        while stopping.is_alive():
            for child_id in _children() - others:
                os.kill(child_id, signal.SIGKILL)
            stopping.join(1)
    progress = batches.progress(store, batch)
    assert progress is not None
    assert (progress.state, progress.problems) == ("running", ())
    again = Runner(store, Config(), told, TARGET)
    assert over(store, batch).problems == ()
    again.stop()


def test_a_service_manager_that_ends_all_processes_at_once_loses_nothing(store: Store, told: Settings) -> None:
    others = _children()
    batch = batch_of(store, TABLE, f"mock:sleep 2\n{TABLE}")
    running = Runner(store, Config(), told, TARGET)
    waited(store, batch, lambda progress: progress.done == 1)
    time.sleep(0.3)
    for child_id in _children() - others:
        for each in (signal.SIGTERM, signal.SIGINT):
            os.kill(child_id, each)
    running.stop()
    assert over(store, batch).problems == ()
