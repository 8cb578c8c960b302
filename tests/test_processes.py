"""Work in other processes: what hangs, crashes or eats memory costs its own call, and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from kpi import pools, settings
from kpi.pools import FullError, Pool
from kpi.processes import Child, EndedError
from tests.browser.running import runs

TARGET = "tests.faults:act"


@pytest.fixture
def pool() -> Iterator[Pool]:
    kept = Pool(TARGET, 2, seconds=20)
    yield kept
    kept.close()


def failure(answer: Future[Any]) -> BaseException | None:
    return answer.exception(timeout=60)


@pytest.mark.parametrize("what", ["exit", "crash"])
def test_what_ends_its_process_costs_its_own_call(pool: Pool, what: str) -> None:
    bad, good = pool.submit(what), [pool.submit("say", str(n)) for n in range(6)]
    error = failure(bad)
    assert isinstance(error, EndedError)
    assert not error.late
    assert [answer.result(60).split()[1] for answer in good] == [str(n) for n in range(6)]


@pytest.mark.parametrize("what", ["hang", "spin"])
def test_what_never_ends_is_ended(what: str) -> None:
    pool = Pool(TARGET, 1, seconds=2)
    began = time.monotonic()
    bad, good = pool.submit(what), pool.submit("say", "next")
    error = failure(bad)
    assert isinstance(error, EndedError)
    assert error.late
    assert good.result(60).endswith("next")
    assert time.monotonic() - began < 20
    pool.close()


def test_memory_is_limited(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_READER_BYTES", 2**31)
    assert isinstance(failure(pool.submit("memory")), MemoryError | EndedError)
    assert pool.submit("say", "next").result(60).endswith("next")


def counted(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """The children that pools begin from now on."""
    begun: list[Child] = []

    class Counted(Child):
        def __init__(self, target: str) -> None:
            super().__init__(target)
            begun.append(self)

    monkeypatch.setattr(pools, "Child", Counted)
    return begun


def test_what_is_raised_comes_back_and_what_is_printed_does_not(pool: Pool) -> None:
    error = failure(pool.submit("raise", "此处有误"))
    assert isinstance(error, ValueError)
    assert str(error) == "此处有误"
    assert pool.submit("print", "x").result(60).endswith("x")


def test_calls_beyond_those_that_may_wait_are_refused() -> None:
    pool = Pool(TARGET, 1, seconds=20, waiting=2)
    taken: list[Future[Any]] = []
    while not pool.full:
        taken.append(pool.submit("slow", "x"))
    with pytest.raises(FullError):
        pool.submit("slow", "x")
    assert len(taken) == 3
    pool.close()
    assert all(answer.result().endswith("x") for answer in taken)
    with pytest.raises(FullError):
        pool.submit("say")


def test_long_calls_that_take_all_threads_let_no_more_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "LONG_SECONDS", 0.1)
    pool = Pool(TARGET, 1, seconds=20, waiting=2, spare=1)
    pool.submit("say").result(60)
    taken = [pool.submit("sleep", "3")]
    time.sleep(0.5)
    taken.append(pool.submit("sleep", "3"))
    time.sleep(1.5)  # the second one is long as well, and no thread is left
    taken += [pool.submit("say"), pool.submit("say")]
    with pytest.raises(FullError):
        pool.submit("say")
    assert pool.waiting == 2
    pool.close()
    assert all(answer.result() for answer in taken)


def test_a_child_that_ended_is_not_kept_for_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "SPARE_SECONDS", 0.0)
    begun = counted(monkeypatch)
    pool = Pool(TARGET, 1, seconds=20, spare=1)
    for _ in range(2):
        assert isinstance(failure(pool.submit("exit")), EndedError)
    late = time.monotonic() + 20
    while sum(child.serves for child in begun) < 2:  # one for each thread, before there is a call
        assert time.monotonic() < late
        time.sleep(0.05)
    pool.close()


def test_a_call_that_is_cancelled_while_it_waits_is_not_done() -> None:
    pool = Pool(TARGET, 1, seconds=20)
    first, second = pool.submit("slow", "1"), pool.submit("slow", "2")
    assert second.cancel()
    assert first.result(60).endswith("1")
    pool.close()


def test_a_child_is_replaced_after_so_many_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "CALLS_A_CHILD", 2)
    pool = Pool(TARGET, 1, seconds=20)
    pids = [pool.submit("say").result(60).split()[0] for _ in range(5)]
    pool.close()
    assert [pids[0], pids[2], pids[4]] == [pids[1], pids[3], pids[4]]
    assert len(set(pids)) == 3


def test_a_call_that_does_not_pickle_is_an_error_of_the_caller() -> None:
    child = Child(TARGET)
    with pytest.raises(Exception, match=r"pickle|local object"):
        child.call(lambda: None, seconds=20)
    assert not child.serves
    child.end()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_busy_child_leaves_with_a_parent_that_was_killed() -> None:
    program = (
        "import time; from kpi.pools import Pool; pool = Pool('tests.faults:act', 1, seconds=600); "
        "print(pool.submit('say').result().split()[0], flush=True); pool.submit('spin'); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.5)
        assert runs(child)
        parent.kill()
    late = time.monotonic() + 20
    while runs(child):
        assert time.monotonic() < late
        time.sleep(0.05)


def test_long_calls_make_room_for_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "LONG_SECONDS", 0.5)
    pool = Pool(TARGET, 1, seconds=60, spare=1)
    pool.submit("say").result(60)
    long = pool.submit("sleep", "5")
    pids = {pool.submit("say").result(60).split()[0] for _ in range(3)}
    assert not long.done()
    assert long.result(60).split()[0] not in pids | {pool.submit("say").result(60).split()[0]}
    pool.close()


def test_what_is_long_has_a_lower_priority_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "LOWER_SECONDS", 0.5)
    pool = Pool(TARGET, 1, seconds=30, spare=1)
    pid = int(pool.submit("say").result(60).split()[0])
    own = os.getpriority(os.PRIO_PROCESS, 0)
    long = pool.submit("start")
    time.sleep(1.5)
    [started] = (Path(f"/proc/{pid}/task/{pid}/children")).read_text().split()
    assert [os.getpriority(os.PRIO_PROCESS, one) for one in (pid, int(started))] == [min(19, own + 10)] * 2
    long.result(60)
    again = int(pool.submit("say").result(60).split()[0])
    assert again != pid
    assert os.getpriority(os.PRIO_PROCESS, again) == own
    pool.close()


def test_a_spare_child_is_there_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = counted(monkeypatch)
    monkeypatch.setattr(pools, "LONG_SECONDS", 0.2)
    monkeypatch.setattr(pools, "SPARE_SECONDS", 0.0)
    pool = Pool(TARGET, 1, seconds=30, spare=1)
    while len(begun) < 2:
        time.sleep(0.01)
    long = pool.submit("sleep", "5")
    assert pool.submit("say").result(60)
    assert pool.submit("say").result(60)
    assert not long.done()
    assert len(begun) == 2
    long.result(60)
    pool.close()


def test_no_more_children_begin_than_are_needed() -> None:
    pool = Pool(TARGET, 2, seconds=20, spare=2)
    assert len({pool.submit("say").result(60).split()[0] for _ in range(20)}) <= 2
    pool.close()


def test_a_process_that_cannot_be_started_costs_its_own_call(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(TARGET, 1, seconds=20, spare=1)
    try:
        assert pool.submit("say", "1").result(60)
        with monkeypatch.context() as lacking:

            def refuse(*_: Any, **__: Any) -> None:
                raise OSError("no more processes")

            lacking.setattr(subprocess, "Popen", refuse)
            assert failure(pool.submit("exit")) is not None
            assert isinstance(failure(pool.submit("say", "2")), OSError)
        assert pool.submit("say", "3").result(60).split()[1] == "3"
    finally:
        pool.close()
