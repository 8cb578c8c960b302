"""Several processes that calls are handed out to, one call each at a time; see :mod:`kpi.processes` for one of them."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, NamedTuple

from kpi.processes import Child, after

# What a process has taken it seldom gives back; after so many calls a child is replaced.
CALLS_A_CHILD = 2_000
# A call that takes longer is a long one: it must not keep short ones waiting; one that takes still longer must not take
# their time either.
LONG_SECONDS = 0.5
LOWER_SECONDS = 2.0
# Spare children begin so long after the pool, when the first calls have been answered, or once one is needed.
SPARE_SECONDS = 5.0


class FullError(Exception):
    """So many calls wait that no further one is taken."""


class _Call(NamedTuple):
    arguments: tuple[Any, ...]
    answer: Future[Any]
    seen: Callable[[Any], None] | None


class _Once:
    """Does something the first time that it is called, from whichever thread."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act, self._lock, self._done = act, threading.Lock(), False

    def __call__(self) -> None:
        with self._lock:
            done, self._done = self._done, True
        if not done:
            self._act()


class Pool:
    """Several children, one call each at a time; calls wait in order, at most ``waiting`` of them.

    With ``spare`` children, a call that takes longer than :data:`LONG_SECONDS` makes room for another one, and as many
    as are spare may do so at a time. After :data:`LOWER_SECONDS` it goes on with a lower priority, in a child that is
    not used again.
    """

    def __init__(self, target: str, size: int, *, seconds: float, waiting: int = 0, spare: int = 0) -> None:
        self._target, self._seconds = target, seconds
        self._calls: queue.Queue[_Call | None] = queue.Queue()
        self._size, self._most = size, waiting
        # Calls that wait, those being done that are not long, and threads that do one.
        self._counting, self._waiting, self._short, self._busy = threading.Lock(), 0, 0, 0
        self._idle: queue.LifoQueue[Child] = queue.LifoQueue()
        self._room = threading.Semaphore(size)
        self._spare = spare
        self._beginning = threading.Lock()
        self._ready, self._coming = 0, 0  # threads that wait for a call or are about to; children that begin for them
        self._long = threading.Event()  # there has been a long call
        self._closed = threading.Event()
        self._ended = threading.Event()
        self._children: set[Child] = set()
        delays = [0.0] * size + [SPARE_SECONDS] * spare
        self._threads = [threading.Thread(target=self._serve, args=(delay,), daemon=True) for delay in delays]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many calls wait for a child."""
        return self._waiting

    @property
    def full(self) -> bool:
        """Whether no further call is taken now."""
        free = min(self._size - self._short, len(self._threads) - self._busy)
        return self._most > 0 and self._waiting - free >= self._most

    def submit(self, *arguments: Any, seen: Callable[[Any], None] | None = None) -> Future[Any]:
        """A call to be done; its future gives the answer, :class:`EndedError`, or what the function raised.

        ``seen`` is called with each of its steps, in another thread.

        Raises:
            FullError: Too many calls wait, or the pool is closed.

        """
        answer: Future[Any] = Future()
        with self._counting:
            if self._closed.is_set() or self.full:
                raise FullError
            self._waiting += 1
            self._calls.put(_Call(arguments, answer, seen))
        return answer

    def close(self) -> None:
        """Take no further calls, finish those taken, end the children."""
        with self._counting:  # what is taken stands before what ends the threads
            self._closed.set()
        self._long.set()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()
        while not self._idle.empty():
            self._drop(self._idle.get())

    def end(self) -> None:
        """End the children in the midst of their work; what was not answered yet never is."""
        self._closed.set()
        self._ended.set()
        for child in tuple(self._children):
            child.kill()
        self.close()

    def _serve(self, delay: float) -> None:
        self._long.wait(delay)
        while True:
            if self._spare:  # no call shall have to wait until a child has begun, least of all behind a long one
                self._begin_one()
            self._room.acquire()
            call = self._calls.get()
            with self._beginning:
                self._ready -= self._spare > 0
            if call is None:
                self._room.release()
                return
            if self._ended.is_set():
                call.answer.cancel()
            begins = call.answer.set_running_or_notify_cancel()
            with self._counting:
                self._waiting -= 1
                self._short += begins
                self._busy += begins
            if begins:
                self._answer(call)
            else:
                self._room.release()

    def _answer(self, call: _Call) -> None:
        """Do a call, and give its place in the room back, at its end or once it is long."""
        answer, error = None, None
        room = _Once(self._make_room)
        try:
            with self._lent(room) as child:
                answer = child.call(*call.arguments, seconds=self._seconds, seen=call.seen)
        except Exception as raised:
            error = raised
        room()
        with self._counting:
            self._busy -= 1
        if error is None:
            call.answer.set_result(answer)
        else:
            call.answer.set_exception(error)

    @contextlib.contextmanager
    def _lent(self, room: Callable[[], None]) -> Iterator[Child]:
        """A child for a call that makes ``room`` once it is long, and is lowered later; another call may have it then.

        One that was lowered cannot be raised again without privileges, and is not used any more.
        """
        child = self._child()
        ending, ended, lowered = threading.Lock(), False, False

        def long() -> None:
            room()
            self._long.set()

        def lower() -> None:
            nonlocal lowered
            with ending:
                if not ended:
                    lowered = True
                    child.lower()

        watches: list[threading.Timer] = []
        try:
            if self._spare:
                watches.append(after(LONG_SECONDS, long))
                watches.append(after(LOWER_SECONDS, lower))
            yield child
        finally:
            for watch in watches:
                watch.cancel()
            with ending:
                ended = True
            if lowered or child.calls >= CALLS_A_CHILD or not child.serves:
                self._drop(child)
            else:
                self._idle.put(child)

    def _make_room(self) -> None:
        """Give the place of a call to another one."""
        with self._counting:
            self._short -= 1
        self._room.release()

    def _begin_one(self) -> None:
        """Have one more child ready for each thread that waits for a call."""
        with self._beginning:
            self._ready += 1
            if self._ready <= self._idle.qsize() + self._coming or self._closed.is_set():
                return
            self._coming += 1
        try:
            with contextlib.suppress(Exception):  # the call will tell, or find that it can be started again
                self._idle.put(self._new())
        finally:
            with self._beginning:
                self._coming -= 1

    def _new(self) -> Child:
        child = Child(self._target)
        self._children.add(child)
        if self._ended.is_set():
            child.kill()
        try:
            child.begin()
        except BaseException:
            self._drop(child)
            raise
        return child

    def _child(self) -> Child:
        """One that is there, or a new one. The one used last comes first, so that no more begin than are needed."""
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                return self._new()
            if child.serves:
                return child
            self._drop(child)

    def _drop(self, child: Child) -> None:
        child.end()
        self._children.discard(child)
