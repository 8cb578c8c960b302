"""Work in another process that can be ended: a hostile document may neither hang nor kill the one that serves others.

:class:`Child` is one such process and answers one call after another; :class:`Pool` keeps several and hands calls out.
A child is ended when a call takes too long, replaced when it is gone, and leaves with its parent, whose end closes its
input. What it calls is a function named ``module:function`` over arguments that pickle. Of a generator the answer is
what it returns; each thing that it yields is a step: the caller sees it, and the limit of time begins anew.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any, NamedTuple

from kpi import settings

# A service manager stops all processes at once: it is the parent that says when what was accepted is finished, so the
# child overlooks such signals from its first line on.
_START = "import signal, sys; [signal.signal(s, signal.SIG_IGN) for s in (signal.SIGINT, signal.SIGTERM)]; "
_START += "sys.path[:] = sys.argv[2:]; from kpi import processes; processes.main(sys.argv[1])"
# A child may take so long to begin; that is not counted as its first call's.
START_SECONDS = 60.0
# A child keeps the limit of time itself where it can; it is ended so many seconds later.
GRACE_SECONDS = 5.0
# So often a child looks whether its parent is there.
_LOOK_SECONDS = 1.0
# What a process has taken it seldom gives back; after so many calls a child is replaced.
CALLS_A_CHILD = 2_000
# A call that takes longer is a long one: it must not keep short ones waiting.
LONG_SECONDS = 2.0
# It goes on with about a tenth of the time of those that want to run as well, so that it still comes to its end.
_LOWER = 10


class EndedError(Exception):
    """The process was ended, or ended by itself, before it answered.

    ``late`` where it was given too long; ``left`` where the one that serves leaves, which says nothing of the call.
    ``steps`` is how many steps of the call were done before; -1 where the process did not even begin.
    """

    def __init__(self, late: bool, steps: int = 0, *, left: bool = False) -> None:
        super().__init__("out of time" if late else "the process ended")
        self.late, self.steps, self.left = late, steps, left


class FullError(Exception):
    """So many calls wait that no further one is taken."""


class _Step(NamedTuple):
    """What a generator yielded on its way to the answer."""

    value: Any


class Child:
    """Another process and the pipes to it. One call at a time; the caller sees to that."""

    def __init__(self, target: str) -> None:
        self.parent = os.getpid()
        self.calls = 0
        self._began = self._left = False
        self._process = subprocess.Popen(
            # -P: modules come from where this process has them, never from the folder it happens to stand in.
            [sys.executable, "-P", "-c", _START, target, *(path or os.getcwd() for path in sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the one that serves, which first finishes what it accepted
        )
        atexit.register(self._leave)

    def call(self, *arguments: Any, seconds: float, seen: Callable[[Any], None] | None = None) -> Any:
        """What the function answers; ``seen`` is called with each of its steps.

        Raises:
            EndedError: It, or one step, took longer than ``seconds``, or the process is gone; the child cannot be
                used again.
            Exception: Whatever the function raised.

        """
        limits = {name: value for name, value in vars(settings).items() if name.isupper()}
        self.calls += 1
        self.begin()
        answer, error = self._exchange((limits, seconds, arguments), seconds, seen)
        if isinstance(error, MemoryError):  # what was taken is seldom given back, and the next call would lack it
            self.end()
        if error is not None:
            raise error
        return answer

    def begin(self) -> None:
        """Wait until it is there.

        Raises:
            EndedError: It did not begin.

        """
        if not self._began:
            try:
                self._exchange(None, START_SECONDS)
            except EndedError as ended:
                raise EndedError(ended.late, -1, left=ended.left) from ended
            self._began = True

    def _exchange(self, message: object, seconds: float, seen: Callable[[Any], None] | None = None) -> Any:
        """Send a message, if there is one, and wait for the answer."""
        ended_by_us = threading.Event()
        steps = 0

        def end() -> None:
            ended_by_us.set()
            self._process.kill()

        late = _after(seconds, end)
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            if message is not None:
                pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.flush()
            while isinstance(found := pickle.load(self._process.stdout), _Step):
                late.cancel()
                steps += 1
                self.calls += 1
                if seen is not None:
                    seen(found.value)
                late = _after(seconds, end)
            return found
        except (OSError, EOFError, pickle.UnpicklingError) as gone:
            self.end()
            raise EndedError(ended_by_us.is_set(), steps, left=self._left) from gone
        except BaseException:  # interrupted: an answer may be on its way, and the next call must not get it
            self.end()
            raise
        finally:
            late.cancel()

    @property
    def serves(self) -> bool:
        """Whether it runs, and is this process's own: a forked process leaves its parent's child alone."""
        return self.parent == os.getpid() and self._process.poll() is None

    def lower(self) -> None:
        """Let the process, and all that it has started, stand behind others, where the system can do that."""
        if not hasattr(os, "setpriority"):
            return
        priority = min(19, os.getpriority(os.PRIO_PROCESS, 0) + _LOWER)
        for pid in _descendants(self._process.pid):
            with contextlib.suppress(OSError):  # it is gone
                os.setpriority(os.PRIO_PROCESS, pid, priority)
            with contextlib.suppress(OSError):  # some systems share their time between sessions first
                Path(f"/proc/{pid}/autogroup").write_text(f"{priority}", encoding="ascii")

    def kill(self) -> None:
        """End the process in the midst of a call, from another thread."""
        self._process.kill()

    def _leave(self) -> None:
        self._left = True
        self.end()

    def end(self) -> None:
        """End the process, if it is this process's own."""
        if self.parent != os.getpid():
            return
        atexit.unregister(self._leave)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not written yet is lost with the process
                    pipe.close()


def _after(seconds: float, act: Callable[..., object], *arguments: object) -> threading.Timer:
    timer = threading.Timer(seconds, act, arguments)
    timer.daemon = True
    timer.start()
    return timer


def _descendants(pid: int) -> list[int]:
    """A process, and those that it has started, as far as the system tells."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def main(target: str) -> None:
    """The child: says that it is there; then limits and arguments in, what the function answers or raises out."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not be taken for an answer
    if os.name == "posix":
        threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    pickle.dump(None, answers)
    answers.flush()
    settled = False
    while True:
        try:
            limits, seconds, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _keep_to(limits)
        try:
            answer, error = _answer(function, arguments, seconds, answers), None
        except Exception as raised:  # the caller decides; it must not take the process with it
            answer, error = None, raised
        pickle.dump((answer, error), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        del answer, error
        if not settled:  # what is loaded stays; to look through it again and again is a tenth of the work
            gc.collect()
            gc.freeze()
            settled = True


def _leave_with(parent: int) -> None:
    """End this process, however busy it is, when the one that started it was killed."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, answers: IO[bytes]) -> Any:
    """What the function answers; its steps are told on the way."""
    orphaned = _orphaned(seconds)
    try:
        answer = function(*arguments)
        while isinstance(answer, Generator):
            try:
                step = next(answer)
            except StopIteration as done:
                return done.value
            orphaned.cancel()
            pickle.dump(_Step(step), answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
            orphaned = _orphaned(seconds)
        return answer
    finally:
        orphaned.cancel()


def _orphaned(seconds: float) -> threading.Timer:
    """Should the parent be gone by then, nobody else ends this process."""
    try:
        return _after(seconds + GRACE_SECONDS, os._exit, 1)
    except RuntimeError:  # no memory for a thread: there is none for a document
        os._exit(1)


def _keep_to(limits: dict[str, Any]) -> None:
    for name, value in limits.items():
        setattr(settings, name, value)
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (settings.MAX_READER_BYTES, resource.RLIM_INFINITY))


class _Call(NamedTuple):
    arguments: tuple[Any, ...]
    answer: Future[Any]
    seen: Callable[[Any], None] | None


class _Room:
    """A place that a call has, which is given back once."""

    def __init__(self, places: threading.Semaphore) -> None:
        self._places, self._lock = places, threading.Lock()
        self.given_back = False

    def give_back(self) -> bool:
        """Give it back; whether it was not before."""
        with self._lock:
            first, self.given_back = not self.given_back, True
        if first:
            self._places.release()
        return first


class Pool:
    """Several children, one call each at a time; calls wait in order, at most ``waiting`` of them.

    With ``spare`` children, a call that takes longer than :data:`LONG_SECONDS` makes room for another one: it goes on
    with a lower priority, in a child that is not used again, and as many as are spare may do so at a time.
    """

    def __init__(self, target: str, size: int, *, seconds: float, waiting: int = 0, spare: int = 0) -> None:
        self._target, self._seconds = target, seconds
        self._calls: queue.Queue[_Call | None] = queue.Queue(waiting)
        self._idle: queue.LifoQueue[Child] = queue.LifoQueue()
        self._room = threading.Semaphore(size)
        self._spare = spare
        self._beginning, self._ready = threading.Lock(), 0  # threads that wait for a call
        self._closed = threading.Event()
        self._ended = threading.Event()
        self._children: set[Child] = set()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(size + spare)]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many calls wait for a child."""
        return self._calls.qsize()

    def submit(self, *arguments: Any, seen: Callable[[Any], None] | None = None) -> Future[Any]:
        """A call to be done; its future gives the answer, :class:`EndedError`, or what the function raised.

        ``seen`` is called with each of its steps, in another thread.

        Raises:
            FullError: Too many calls wait, or the pool is closed.

        """
        answer: Future[Any] = Future()
        if self._closed.is_set():
            raise FullError
        try:
            self._calls.put_nowait(_Call(arguments, answer, seen))
        except queue.Full as full:
            raise FullError from full
        return answer

    def close(self) -> None:
        """Take no further calls, finish those taken, end the children."""
        self._closed.set()
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

    def _serve(self) -> None:
        while True:
            self._room.acquire()
            if self._spare:  # no call shall have to wait until a child has begun, least of all behind a long one
                self._begin_one()
            call = self._calls.get()
            with self._beginning:
                self._ready -= self._spare > 0
            if call is None:
                self._room.release()
                return
            if self._ended.is_set():
                call.answer.cancel()
            if not call.answer.set_running_or_notify_cancel():
                self._room.release()
                continue
            self._answer(call)

    def _answer(self, call: _Call) -> None:
        """Do a call, and give its place in the room back, at its end or once it is long."""
        answer, error = None, None
        room = _Room(self._room)
        try:
            child = self._child()
            watch = threading.Timer(LONG_SECONDS, lambda: child.lower() if room.give_back() else None)
            watch.daemon = True
            if self._spare:
                watch.start()
            try:
                answer = child.call(*call.arguments, seconds=self._seconds, seen=call.seen)
            finally:
                watch.cancel()
                if room.given_back:
                    self._drop(child)  # only a privileged process could have its priority back
                else:
                    self._idle.put(child)
        except Exception as raised:
            error = raised
        room.give_back()
        if error is None:
            call.answer.set_result(answer)
        else:
            call.answer.set_exception(error)

    def _begin_one(self) -> None:
        """Have one more child ready for each thread that waits for a call."""
        with self._beginning:
            self._ready += 1
            lacking = self._ready - self._idle.qsize()
        if lacking > 0 and not self._closed.is_set():
            with contextlib.suppress(Exception):  # the call will tell, or find that it can be started again
                self._idle.put(self._new())

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
            if child.serves and child.calls < CALLS_A_CHILD:
                return child
            self._drop(child)

    def _drop(self, child: Child) -> None:
        child.end()
        self._children.discard(child)
